public import EventModel

/// What is learned, and how much of it is kept.
public struct LearningSettings: Sendable, Equatable {
    /// What workloads are told apart by.
    public enum Grouping: String, Sendable, CaseIterable {
        /// Kubernetes objects.
        case kubernetes
        /// Containers outside Kubernetes.
        case container
        /// systemd services.
        case unit
        /// Programs of the host, by user and path.
        case program
    }

    /// How profiles are learned.
    public var profiles = ProfileSettings()
    /// The workloads that are learned; others have no profile.
    public var groupings = Set(Grouping.allCases)
    /// Most workloads at a time; others have no profile, and are counted.
    public var workloads = 300
    /// Bytes that profiles may take in memory; beyond, those that were not seen for longest give way.
    public var memoryBytes = 32 << 20
    /// Bytes that profiles may take on disk; beyond, those that were not written for longest are removed.
    public var diskBytes = 128 << 20

    /// What a process does that raised an alert of this priority, or of a more severe one, is not learned.
    public var judgingPriority = Priority.warning

    /// Everything, within the usual bounds.
    public init() {}
}

/// What was learned and what found no room.
public struct LearningCounters: Sendable, Equatable {
    /// Events that were held against a profile.
    public var events: UInt64 = 0
    /// Events with something that the profile lacked.
    public var news: UInt64 = 0
    /// Processes that were judged since they raised an alert.
    public var judged: UInt64 = 0
    /// Times that a profile was quarantined in part, since a process that had brought it in was judged afterwards.
    public var takenBack: UInt64 = 0
    /// Behaviours that a quarantine had no room for. They were told all the same.
    public var quarantineLeftOut: UInt64 = 0
    /// Workloads that found no room.
    public var workloadsLeftOut: UInt64 = 0
    /// Workloads that gave way to others in memory; they are kept on disk.
    public var workloadsGivenUp: UInt64 = 0
    /// Profiles that were removed since all took more on disk than they may.
    public var profilesRemoved: UInt64 = 0
    /// Behaviours that would have been told and were not, since they came before the profile of a workload that had come back was read.
    public var untold: UInt64 = 0
    /// Times that calls or capabilities which the kernel counted could not be said to be of a workload.
    public var usesLeftOut: UInt64 = 0

    /// Nothing yet.
    public init() {}
}
