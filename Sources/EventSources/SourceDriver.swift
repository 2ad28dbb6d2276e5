public import EventModel
public import KernelInterface
import NodeState

/// How a source is found out about and opened. A new source is a folder with one of these, and an entry in `all`.
public struct SourceDriver: Sendable {
    /// What is true of the source wherever it runs.
    public var traits: SourceTraits
    /// Finds out whether it works here; changes nothing.
    public var probe: @Sendable () -> SourceAvailability
    /// Opens it for what rules need.
    public var open: @Sendable (SourceNeeds, SourceContext) throws(SourceFailure) -> any EventSource
    /// Begins with what needs no rules; nil where there is nothing of that kind.
    public var prepare: @Sendable (SourceContext) -> (any SourcePreparation)?

    /// What these needs come to in the kernel, and how long it took to find that out, as a sentence; nil where nothing is to be said.
    /// Nothing that is there is changed.
    public var measure: @Sendable (SourceNeeds, _ hostRoot: String) -> String?

    /// A driver from its parts.
    public init(
        _ traits: SourceTraits, probe: @escaping @Sendable () -> SourceAvailability,
        open: @escaping @Sendable (SourceNeeds, SourceContext) throws(SourceFailure) -> any EventSource,
        prepare: @escaping @Sendable (SourceContext) -> (any SourcePreparation)? = { _ in nil },
        measure: @escaping @Sendable (SourceNeeds, _ hostRoot: String) -> String? = { _, _ in nil }
    ) {
        self.traits = traits
        self.probe = probe
        self.open = open
        self.prepare = prepare
        self.measure = measure
    }

    /// Every source that Shrike has, best first: what the first tell of is complete and exact.
    public static let all: [SourceDriver] = [
        BPFSource.driver, AuditSource.driver, AuditLogFollower.driver, ProcessConnectorSource.driver,
        FanotifySource.driver,
        ProcfsSource.driver,
    ]
}

extension SourceTraits {
    /// Those of every source that Shrike has, best first.
    public static let all = SourceDriver.all.map(\.traits)

    /// Those of one source; nil for one that Shrike does not have.
    public static func of(_ kind: SourceKind) -> SourceTraits? { all.first { $0.kind == kind } }
}

/// What sources are opened with, beside what rules need.
public struct SourceContext {
    /// Where the host's root directory is mounted for us; empty on the host itself.
    public var hostRoot = ""
    /// The log to follow.
    public var auditLogPath = "/var/log/audit/audit.log"
    /// Whether audit rules of others that hide events are taken out.
    public var takesOutHidingRules = true
    /// The time between two looks at /proc where nothing else tells of processes.
    public var scanIntervalNanoseconds: UInt64 = 1_000_000_000
    /// Bounds of the eBPF source.
    public var bpfLimits = BPFLimits()
    /// What a look at /proc is for.
    public var scanRole = ProcfsSource.Role.only
    /// Who knows processes already.
    public var known: (any KnownProcesses)?
    /// What is known of other Shrikes on this node.
    public var instance = Instance()
    /// What the Shrike before left for this one to go on with.
    public var takeover: AuditTakeover?
    /// What the service manager kept of a run before.
    public var stored: StoredDescriptors?
    /// What sources have begun already.
    public var prepared: [SourceKind: any SourcePreparation] = [:]
    /// The sources that were opened before.
    public var running: [any EventSource] = []
    /// Where one source notes the programs that it saw start, for the look at /proc.
    public let execLedger = ExecLedger()

    /// The usual places.
    public init() {}

    /// What sources must know of other Shrikes.
    public struct Instance: Sendable {
        /// The key of this one's audit rules.
        public var key = "shrike"
        /// The key of the node's own Shrike, where this one runs beside it: it has rules of its own and listens to a copy.
        public var besideKey: String?
        /// What one before changed and did not put back.
        public var inherited: AuditRestoration?

        /// The only one.
        public init() {}
    }
}
