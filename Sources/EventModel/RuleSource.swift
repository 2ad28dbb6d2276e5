/// The event source that rules name under `source`: a rule is matched against events of its source only.
///
/// Not to be taken for `SourceKind`, which says by what means an event of the kernel came: all of those are `syscall`.
public enum RuleSource: UInt8, Sendable, Hashable, CaseIterable {
    /// System calls, and what the kernel tells of processes besides.
    case syscall
    /// The audit log of a Kubernetes API server.
    case kubernetesAudit

    /// The name that rules write and `evt.source` shows.
    public var name: String {
        switch self {
        case .syscall: "syscall"
        case .kubernetesAudit: "k8s_audit"
        }
    }

    /// The source of a name; nil for one that Shrike does not have.
    public init?(name: String) {
        guard let source = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = source
    }

    /// The types of the events that the source can bring; every event of a plugin is a `pluginevent`, as in Falco.
    public var eventTypes: EventTypeSet {
        guard self != .syscall, let plugin = EventType(name: "pluginevent") else { return .all }
        return EventTypeSet([plugin])
    }
}
