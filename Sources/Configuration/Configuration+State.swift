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
        options.namedFiles = Array(needs.namedFiles)
        options.namedDirectories = Array(needs.namedDirectories)
        return options
    }
}
