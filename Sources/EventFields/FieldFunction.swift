import EventModel
import NodeState

/// How a field is read. The cases say what must be known for the field to have a value: without it the value is null,
/// and the function isn't called.
enum FieldFunction: Sendable {
    /// From the event.
    case event(@Sendable (EventFieldReader, inout ValueArena) -> FieldValue)
    /// From the event, with the argument in brackets.
    case argument(@Sendable (EventFieldReader, FieldArgument, inout ValueArena) -> FieldValue)
    /// From the event's process.
    case process(@Sendable (ProcessRecord, EventFieldReader, inout ValueArena) -> FieldValue)
    /// From the event's process, with the argument in brackets.
    case processArgument(@Sendable (ProcessRecord, FieldArgument, EventFieldReader, inout ValueArena) -> FieldValue)
    /// From the parent.
    case parent(@Sendable (ProcessRecord, EventFieldReader, inout ValueArena) -> FieldValue)
    /// From the ancestor that the index tells (0: the process itself); without index a list, from the parent
    /// upwards, of those that have a value.
    case ancestor(@Sendable (ProcessRecord, EventFieldReader, inout ValueArena) -> FieldValue)
    /// From the leader of the process's session or group.
    case leader(ProcessLeader, @Sendable (ProcessRecord, inout ValueArena) -> FieldValue)
    /// From the record of the event's file descriptor.
    case descriptor(@Sendable (DescriptorRecord, EventFieldReader, inout ValueArena) -> FieldValue)
    /// From one end of the connection of the event's file descriptor.
    case connection(ConnectionEnd, @Sendable (SocketEndpoint, inout ValueArena) -> FieldValue)
    /// From one of the process's standard streams.
    case stream(Int32, @Sendable (DescriptorRecord, EventFieldReader, inout ValueArena) -> FieldValue)
    /// From the container's metadata; a process that is known to be on the host has `host` instead.
    case container(host: HostValue, @Sendable (ContainerRecord, FieldArgument, inout ValueArena) -> FieldValue)
    /// From the container's mount that the argument names.
    case mount(MountPatterns.Side, @Sendable (ContainerRecord.Mount, inout ValueArena) -> FieldValue)
    /// No source here can know it.
    case unavailable

    /// A container field's value for a process on the host.
    enum HostValue: Sendable { case null, no, empty, host }

    /// What fields of this kind cost unless their row says otherwise.
    var usualCost: FieldCost {
        switch self {
        case .event, .unavailable: .free
        case .argument, .process, .processArgument, .parent, .ancestor, .container, .mount: .cheap
        // The call that connects tells the server; where the other ends are is asked of the kernel.
        case .connection(.server, _): .cheap
        case .leader, .descriptor, .connection, .stream: .lookup
        }
    }
}

/// Which process stands for a group of them.
enum ProcessLeader: Sendable { case session, virtualGroup, group }

extension EventFieldReader {
    /// Calls a field's function when what it needs is known.
    func call(_ function: FieldFunction, _ argument: FieldArgument, _ arena: inout ValueArena) -> FieldValue {
        switch function {
        case .event(let read):
            return read(self, &arena)
        case .argument(let read):
            return read(self, argument, &arena)
        case .process(let read):
            guard let process else { return .null }
            return read(process, self, &arena)
        case .processArgument(let read):
            guard let process else { return .null }
            return read(process, argument, self, &arena)
        case .parent(let read):
            guard let process, let parent = state.parent(of: process) else { return .null }
            return read(parent, self, &arena)
        case .ancestor(let read):
            return ancestor(argument, read, &arena)
        case .leader(let leader, let read):
            guard let process, let found = self.leader(leader, of: process) else { return .null }
            return read(found, &arena)
        case .descriptor(let read):
            guard process != nil, let descriptor = state.current.descriptor else { return .null }
            return read(descriptor, self, &arena)
        case .connection(let end, let read):
            guard process != nil, let descriptor = state.current.descriptor else { return .null }
            let endpoint = self.endpoint(end, of: descriptor)
            return endpoint.isKnown ? read(endpoint, &arena) : .null
        case .stream(let number, let read):
            guard let process, let descriptor = state.standardStream(number, of: process) else { return .null }
            return read(descriptor, self, &arena)
        case .container(let host, let read):
            guard let process else { return .null }
            guard let container = process.container else { return process.isOnHost ? hostValue(host, &arena) : .null }
            return container.hasMetadata ? read(container, argument, &arena) : .null
        case .mount(let side, let read):
            guard let container = process?.container, container.hasMetadata,
                let mount = mountPatterns.find(argument, side, among: container.mounts)
            else { return .null }
            return read(mount, &arena)
        case .unavailable:
            return .null
        }
    }

    private func ancestor(
        _ argument: FieldArgument, _ read: (ProcessRecord, EventFieldReader, inout ValueArena) -> FieldValue,
        _ arena: inout ValueArena
    ) -> FieldValue {
        guard let process else { return .null }
        if case .index(let generation) = argument {
            guard let found = state.ancestor(generation, of: process) else { return .null }
            return read(found, self, &arena)
        }
        guard var ancestor = state.parent(of: process) else { return .null }
        let start = arena.elementMark
        var generation = 1
        while true {
            let value = read(ancestor, self, &arena)
            if value.kind != .null { arena.appendElement(value) }
            generation += 1
            guard let next = state.ancestor(generation, of: process) else { break }
            ancestor = next
        }
        return arena.elementMark > start ? arena.list(from: start) : .null
    }

    private func leader(_ leader: ProcessLeader, of process: ProcessRecord) -> ProcessRecord? {
        switch leader {
        case .session: state.sessionLeader(of: process)
        case .virtualGroup: state.virtualGroupLeader(of: process)
        case .group: state.groupLeader(of: process)
        }
    }

    private func hostValue(_ value: FieldFunction.HostValue, _ arena: inout ValueArena) -> FieldValue {
        switch value {
        case .null: .null
        case .no: .bool(false)
        case .empty: arena.string("")
        case .host: arena.string("host")
        }
    }
}
