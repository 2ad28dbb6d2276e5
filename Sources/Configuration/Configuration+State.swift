import EventModel
import NodeState

extension Configuration {
    /// The node state's bounds and places, and what it must read of a process while the process is surely there, given
    /// what the rules need.
    public func stateOptions(_ needs: EventNeeds, _ catalogue: FieldCatalogue) -> NodeStateOptions {
        var options = NodeStateOptions()
        options.hostRoot = hostRoot
        if let processLimit { options.processLimit = processLimit }
        for reference in needs.fields {
            options.wanted.formUnion(ProcessDetails(field: catalogue[reference.field].name))
        }
        options.namedFiles = Array(Self.namedFiles(needs))
        return options
    }

    /// The paths that rules compare the file of an open with.
    private static func namedFiles(_ needs: EventNeeds) -> Set<String> {
        let opens = ["open", "openat", "openat2", "creat"].compactMap(EventType.init(name:))
        var names: Set<String> = []
        for need in opens.flatMap({ needs.alternatives[$0] ?? [] }) {
            if case .oneOf(let exact, _, _) = need.paths { names.formUnion(exact.filter { $0.hasPrefix("/") }) }
        }
        return names
    }
}
