import AlertReduction
import Delivery
import Detection
import EventModel
import EventSources
import KernelInterface
import NodeState
import Outputs
import RuleEngine

/// What the daemon has done and how it is, at one moment: what health, metrics and the periodic alert are made of.
struct HealthSnapshot: Sendable {
    /// One source.
    struct Source: Sendable {
        var kind: SourceKind
        var counters: SourceCounters
        /// Why it tells nothing any more; nil while it works.
        var outage: String?
        /// What it has not read yet; nil where that can't be known.
        var queue: ReceiveQueue?
        /// What the kernel has not handed over to it yet.
        var backlog: KernelBacklog?
        /// What became of canaries; nil where it can't see them.
        var canary: SourceCanary?
        /// How quickly containers' files were watched; nil where it watches none.
        var arming: ContainerArming?
        /// What its filter in the kernel has no room for; nil where it has no such bounds.
        var gaps: FilterGaps?
        /// Of which control groups the kernel held events back.
        var heldBack: [HeldBack] = []

        var name: String { kind.name }
    }

    /// The wall clock, nanoseconds since the epoch.
    var timeNanoseconds: UInt64 = 0
    /// When the daemon was started, nanoseconds since the epoch.
    var startedNanoseconds: UInt64 = 0
    /// How long it runs, in nanoseconds, by a clock that nobody sets.
    var uptimeNanoseconds: UInt64 = 0
    /// Events that reached the rules.
    var events: UInt64 = 0
    /// Matches by the rule's name, sorted; Shrike's own alerts are among them.
    var matches: [(rule: String, count: UInt64)] = []
    /// Alerts that went out only as part of another.
    var reduction = ReductionCounters()
    /// What the rules cost, estimated.
    var costs = RuleCostEstimate()
    /// What correlations counted, by name.
    var correlations: [(name: String, counters: CorrelationCounters)] = []
    /// Incidents that were ended for others before their time was over.
    var incidentsEndedEarly: UInt64 = 0
    /// How learning goes; nil where nothing is learned.
    var learning: LearningStatus?
    /// How late events reached the rules.
    var lag = EventLag()
    /// Rules that events are matched against.
    var rules = 0
    var sources: [Source] = []
    var outputs: [OutputChannels.Counters] = []
    /// Outputs that fail at present: their names, and the spool's trouble.
    var failingOutputs: [String] = []
    /// How the delivery over the network goes; nil without network outputs.
    var delivery: DeliveryStatus?
    var state = StateCounters()
    var usage = ProcessUsage()
    var reloads = ReloadCounters()
    /// The longest time for which the event thread read nothing.
    var longestStandstillNanoseconds: UInt64 = 0
    var requests: UInt64 = 0

    /// Why the daemon is not in order; empty when it is.
    ///
    /// A webhook that is away is no reason: alerts wait for it in the spool, and no restart would help.
    var complaints: [String] {
        var complaints = sources.compactMap { source in source.outage.map { "source \(source.name): \($0)" } }
        if sources.isEmpty { complaints.append("no event source runs") }
        if let trouble = delivery?.trouble { complaints.append("network outputs: \(trouble)") }
        return complaints + failingOutputs.map { "output \($0): deliveries fail" }
    }
}

/// Changes of rules and configuration that were tried.
struct ReloadCounters: Sendable, Equatable {
    /// Changes that are in effect.
    var accepted: UInt64 = 0
    /// Changes that were refused.
    var rejected: UInt64 = 0
    /// When the last one took effect, nanoseconds since the epoch; 0: never.
    var lastAcceptedNanoseconds: UInt64 = 0
}
