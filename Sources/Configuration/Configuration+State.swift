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
        return options
    }
}
