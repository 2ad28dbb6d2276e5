import EventFields
import EventModel
import NodeState
import Profiles

/// The fields of events that learning reads.
struct ObservedFields {
    let fileName = Self.field("fd.name")
    let opensForWriting = Self.field("evt.is_open_write")

    private static func field(_ name: String) -> FieldReference? {
        EventFields.catalogue.id(named: name).map { FieldReference($0) }
    }
}

/// Makes texts of what an event shows.
struct BehaviourCollector {
    let kinds: BehaviourKinds
    let generalisation: Generalisation
    let fields: ObservedFields

    /// Ports that the kernel gives out, as it comes (net.ipv4.ip_local_port_range, ip(7)).
    private static let ephemeralPorts: ClosedRange<UInt16> = 32_768...60_999
    /// connect(2) that goes on in the background, errno-base.h.
    private static let inProgress: Int64 = -115

    /// Adds what an event shows.
    func collect(
        _ row: ObservedCalls.Row, _ process: ProcessRecord, _ reader: EventFieldReader, _ arena: inout ValueArena,
        _ behaviours: inout EventBehaviours
    ) {
        let result = reader.state.current.event.hasResult ? reader.state.current.event.result : 0
        let isDone = result >= 0
        switch row.act {
        case .none: return
        case .execute:
            if isDone { collectProgram(process, reader, &behaviours) }
            return
        case .open:
            guard isDone else { return }
            collectFile(reader, &arena, &behaviours)
            if row.capability >= 0 { collectCapability(Int(row.capability), process, &behaviours) }
            return
        case .connect:
            if isDone || result == Self.inProgress { collectConnection(reader, &behaviours) }
            return
        case .listen, .bind:
            if isDone { collectPort(row, reader, &behaviours) }
        case .changeUser:
            if isDone { collectUser(process, &behaviours) }
        case .namespaces:
            if isDone { collectNamespaces(row, reader.state.current.event.registers[0], &behaviours) }
        case .enterNamespace:
            if isDone { collectNamespaces(row, reader.state.current.event.registers[1], &behaviours) }
        case .module:
            if isDone { collectModule(reader, &behaviours) }
        case .other: break
        }
        if kinds.has(.syscall) {
            let mark = behaviours.mark
            behaviours.text.append(contentsOf: row.name)
            behaviours.add(.syscall, from: mark)
        }
        if isDone, row.capability >= 0 { collectCapability(Int(row.capability), process, &behaviours) }
    }

    private func collectProgram(
        _ process: ProcessRecord, _ reader: EventFieldReader, _ behaviours: inout EventBehaviours
    ) {
        let path = process.executablePath
        guard !path.isEmpty else { return }
        if kinds.has(.exec) {
            let mark = behaviours.mark
            generalisation.append(path: path[...], to: &behaviours.text)
            behaviours.add(.exec, from: mark)
        }
        if kinds.has(.child), let parent = reader.state.parent(of: process), !parent.executablePath.isEmpty {
            let mark = behaviours.mark
            generalisation.append(path: parent.executablePath[...], to: &behaviours.text)
            behaviours.text.append(contentsOf: Self.byParent)
            generalisation.append(path: path[...], to: &behaviours.text)
            behaviours.add(.child, from: mark)
        }
        if kinds.has(.arguments) { behaviours.addArguments(of: path, process.arguments, generalisation) }
        collectUser(process, &behaviours)
    }

    private func collectUser(_ process: ProcessRecord, _ behaviours: inout EventBehaviours) {
        guard kinds.has(.user) else { return }
        let mark = behaviours.mark
        behaviours.text.append(decimal: UInt64(process.credentials.effectiveUID))
        behaviours.add(.user, from: mark)
    }

    private func collectFile(
        _ reader: EventFieldReader, _ arena: inout ValueArena, _ behaviours: inout EventBehaviours
    ) {
        guard kinds.has(.read) || kinds.has(.write), let name = fields.fileName, let writes = fields.opensForWriting
        else { return }
        let isCreated = ObservedCalls.isCreate(reader.state.current.event.type)
        let kind = isCreated || reader.read(writes, into: &arena).bool ? BehaviourKind.write : .read
        guard kinds.has(kind) else { return }
        let value = reader.read(name, into: &arena)
        guard value.kind == .string, arena.slice(value).first == UInt8(ascii: "/") else { return }
        let mark = behaviours.mark
        generalisation.append(path: arena.slice(value), to: &behaviours.text)
        behaviours.add(kind, from: mark)
    }

    private func collectConnection(_ reader: EventFieldReader, _ behaviours: inout EventBehaviours) {
        guard kinds.has(.connect), let descriptor = reader.state.current.descriptor else { return }
        let mark = behaviours.mark
        if descriptor.kind.isInternet {
            let remote = descriptor.remote
            guard remote.isKnown else { return }
            append(descriptor.transport, to: &behaviours.text)
            append(remote, to: &behaviours.text)
            behaviours.text.append(UInt8(ascii: ":"))
            behaviours.text.append(decimal: UInt64(remote.port))
        } else if descriptor.kind == .unix, !descriptor.path.isEmpty {
            behaviours.text.append(contentsOf: Self.unix)
            generalisation.append(path: descriptor.path[...], to: &behaviours.text)
        } else {
            return
        }
        behaviours.add(.connect, from: mark)
    }

    private func collectPort(
        _ row: ObservedCalls.Row, _ reader: EventFieldReader, _ behaviours: inout EventBehaviours
    ) {
        guard kinds.has(.listen), let descriptor = reader.state.current.descriptor, descriptor.kind.isInternet else {
            return
        }
        // What is bound listens for datagrams at once; for connections with listen(2).
        guard row.act == .listen || descriptor.transport == .udp else { return }
        let local = descriptor.local
        guard local.isKnown, local.port > 0 else { return }
        // Who binds a datagram socket to a port of these was given it, most likely, to ask others from.
        let isEphemeral = Self.ephemeralPorts.contains(local.port)
        guard row.act == .listen || !isEphemeral else { return }
        let mark = behaviours.mark
        append(descriptor.transport, to: &behaviours.text)
        if isEphemeral {
            behaviours.text.append(contentsOf: Self.ephemeral)
        } else {
            behaviours.text.append(decimal: UInt64(local.port))
        }
        behaviours.add(.listen, from: mark)
    }

    private func collectNamespaces(
        _ row: ObservedCalls.Row, _ flags: UInt64, _ behaviours: inout EventBehaviours
    ) {
        guard kinds.has(.namespace) else { return }
        for (flag, word) in Self.namespaces where flags & flag != 0 || (flags == 0 && row.act == .enterNamespace) {
            let mark = behaviours.mark
            behaviours.text.append(contentsOf: row.name)
            behaviours.text.append(UInt8(ascii: " "))
            // setns(2) with 0 enters whatever the descriptor is of.
            behaviours.text.append(contentsOf: flags == 0 ? Self.anyNamespace : word)
            behaviours.add(.namespace, from: mark)
            if flags == 0 { return }
        }
    }

    private func collectModule(_ reader: EventFieldReader, _ behaviours: inout EventBehaviours) {
        let name = reader.state.current.event.moduleName
        guard kinds.has(.module), name.isPresent else { return }
        let mark = behaviours.mark
        behaviours.text.append(canonical: reader.state.current.event.slice(name))
        behaviours.add(.module, from: mark)
    }

    private func collectCapability(_ number: Int, _ process: ProcessRecord, _ behaviours: inout EventBehaviours) {
        guard kinds.has(.capability), process.capabilities.effective >> UInt64(number) & 1 == 1,
            let name = CapabilityNames.name(of: number)
        else { return }
        let mark = behaviours.mark
        behaviours.text.append(contentsOf: name)
        behaviours.add(.capability, from: mark)
    }

    private func append(_ transport: TransportProtocol, to text: inout [UInt8]) {
        text.append(contentsOf: transport == .udp ? Self.udp : transport == .tcp ? Self.tcp : Self.raw)
    }

    private func append(_ endpoint: SocketEndpoint, to text: inout [UInt8]) {
        text.append(address: endpoint.address, count: Int(endpoint.addressLength))
    }

    private static let tcp = Array("tcp ".utf8)
    private static let udp = Array("udp ".utf8)
    private static let raw = Array("raw ".utf8)
    private static let unix = Array("unix ".utf8)
    private static let ephemeral = Array("{ephemeral}".utf8)
    private static let byParent = Array(" > ".utf8)
    private static let anyNamespace = Array("{any}".utf8)

    /// linux/sched.h, `CLONE_NEW…`.
    private static let namespaces: [(UInt64, [UInt8])] = [
        (0x2_0000, Array("mnt".utf8)), (0x200_0000, Array("cgroup".utf8)), (0x400_0000, Array("uts".utf8)),
        (0x800_0000, Array("ipc".utf8)), (0x1000_0000, Array("user".utf8)), (0x2000_0000, Array("pid".utf8)),
        (0x4000_0000, Array("net".utf8)), (0x80, Array("time".utf8)),
    ]
}

extension ObservedCalls {
    private static let create = EventType(name: "creat")

    /// Whether events of a type open for writing whatever their flags.
    static func isCreate(_ type: EventType) -> Bool { type == create }
}
