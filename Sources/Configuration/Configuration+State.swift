import EventModel
import EventSources
import NodeState

extension Configuration {
    /// The node state's bounds and places, and what it must read of a process while the process is surely there, given
    /// what the rules need.
    public func stateOptions(_ needs: EventNeeds, _ catalogue: FieldCatalogue) -> NodeStateOptions {
        var options = NodeStateOptions()
        options.hostRoot = hostRoot
        if let processLimit { options.processLimit = processLimit }
        // What the kernel tells of by inode must be known here, too.
        options.namedFileLimit = max(options.namedFileLimit, bpfLimits.files)
        for reference in needs.fields {
            options.wanted.formUnion(ProcessDetails(field: catalogue[reference.field].name))
        }
        options.namedFiles = Array(Self.namedFiles(needs))
        options.namedDirectories = Array(Self.namedDirectories(needs))
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

    /// The directories that rules name files in or name as the beginning of a path.
    private static func namedDirectories(_ needs: EventNeeds) -> Set<String> {
        var names: Set<String> = []
        for case .oneOf(let exact, let prefixes, _) in needs.alternatives.values.joined().map(\.paths) {
            for path in exact.union(prefixes) where path.hasPrefix("/") {
                // `/etc/pam.d` begins paths in `/etc`, too.
                names.insert(
                    path.lastIndex(of: "/").map { path[..<$0] }.flatMap { $0.isEmpty ? "/" : String($0) } ?? "/")
                if !path.hasSuffix("/"), prefixes.contains(path) { names.insert(path) }
            }
        }
        return names
    }
}
