public import EventModel
import NodeState

extension EventFieldReader {
    /// What a kernel that filters would have known of the current event: for saying what a source would have delivered of events
    /// that another one told. Names are those of this reading: a file that goes by two is asked for under each.
    public func filterInput() -> FilterInput {
        var input = FilterInput(type: state.current.event.type)
        if state.current.event.hasResult { input.isFailed = state.current.event.result < 0 }
        addProcess(to: &input)
        addDescriptor(to: &input)
        var arena = ValueArena()
        addNames(to: &input, &arena)
        guard !state.current.event.hasUnknownArguments else { return input }
        if trait.openCall == .open || trait.openCall == .handle {
            input.accessMode = OpenFlags(of: self).map { UInt8(truncatingIfNeeded: $0.bits & 3) }
        }
        input.arguments = eventArguments.all.map { argument in
            switch argument.source {
            case .register(let index): register(index)
            case .openHow(0): state.current.event.openHow?.flags
            case .openHow(1): state.current.event.openHow?.mode
            case .openHow(2): state.current.event.openHow?.resolve
            default: nil
            }
        }
        return input
    }

    private func addProcess(to input: inout FilterInput) {
        guard let process else { return }
        input.user = process.credentials.effectiveUID
        let command = process.command
        if !command.isEmpty, command.count <= FilterInput.commandLength { input.command = Array(command) }
        let executable = process.executablePath
        if !executable.isEmpty { input.executables = [Array(executable)] }
        input.isInContainer = process.container != nil ? true : process.isOnHost ? false : nil
    }

    private func addDescriptor(to input: inout FilterInput) {
        guard isDescriptorEvent, let descriptor = state.current.descriptor else { return }
        // linux/socket.h: AF_UNIX, AF_INET, AF_INET6.
        switch descriptor.kind {
        case .unknown, .unsupported: return
        case .unix: input.families = [1]
        case .ipv4: input.families = [2]
        case .ipv6: input.families = [10]
        default: input.families = [0]
        }
        let server = endpoint(.server, of: descriptor)
        guard trait.isNetworkCall, server.isKnown else { return }
        input.ports = [server.port]
        input.addresses = [(0..<Int(server.addressLength)).map { server.address[$0] }]
    }

    private func addNames(to input: inout FilterInput, _ arena: inout ValueArena) {
        func text(_ append: (inout ValueArena) -> Bool) -> [UInt8]? {
            let start = arena.mark
            return append(&arena) ? Array(arena.slice(arena.string(from: start))) : nil
        }
        if trait.openCall != .none { input.files = text { appendDescriptorName(into: &$0) }.map { [$0] } }
        var names: [[UInt8]] = []
        for argument in eventArguments.all where argument.kind == .path {
            guard case .path = argument.source else { continue }
            // One that no source told may be anything.
            guard let passed = text({ appendPath(argument, into: &$0) }) else { return }
            names.append(passed)
            if let absolute = text({ appendAbsolutePath(argument, onlyRelative: false, into: &$0) }) {
                names.append(absolute)
            }
        }
        if trait.openCall != .none, let raw = text({ appendRawDescriptorName(into: &$0) }) { names.append(raw) }
        if !names.isEmpty { input.names = names }
    }
}
