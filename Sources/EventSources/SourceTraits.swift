public import EventModel
public import KernelInterface

/// What is true of a source wherever it runs: what selection, messages and privileges go by.
public struct SourceTraits: Sendable {
    /// What a source tells of.
    public enum Coverage: Sendable {
        /// System calls, whole: with arguments, paths and outcome.
        case systemCalls
        /// Starts and ends of processes.
        case processes
        /// Opens of the files that rules name.
        case opens
        /// What a look at the processes shows.
        case scan
    }

    /// Which source.
    public var kind: SourceKind
    /// The name that users choose it by.
    public var choiceName: String
    /// What it tells of.
    public var coverage: Coverage
    /// The event types that it tells of, as far as that does not depend on the rules.
    public var provides: EventTypeSet
    /// What it needs of root's privileges once it is open, beside reading other users' processes and files.
    public var capabilities: CapabilitySet
    /// Whether it may be chosen without being asked for by name.
    public var isAutomatic: Bool
    /// What it may leave out without anybody being able to count it, as a sentence's end; nil: nothing.
    public var uncounted: String?
    /// Whether it can be opened, and closed, while the daemon runs, as rules need it.
    public var opensLater: Bool

    /// What its filter can look up, roughly; nil: it tells what it tells, whatever the rules need.
    public var filter: FilterAbility?

    /// Traits from their parts.
    public init(
        _ kind: SourceKind, choiceName: String? = nil, coverage: Coverage, provides: EventTypeSet,
        capabilities: CapabilitySet = [], isAutomatic: Bool = true, opensLater: Bool = false,
        uncounted: String? = nil, filter: FilterAbility? = nil
    ) {
        self.kind = kind
        self.choiceName = choiceName ?? kind.name
        self.coverage = coverage
        self.provides = provides
        self.capabilities = capabilities
        self.isAutomatic = isAutomatic
        self.opensLater = opensLater
        self.uncounted = uncounted
        self.filter = filter
    }
}
