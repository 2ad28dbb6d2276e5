/// When in a run something was seen. A run is a container's life, a service's, or a process's.
public struct BehaviourPhases: OptionSet, Sendable, Hashable {
    /// A bit for each phase.
    public let rawValue: UInt8
    /// Phases from their bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Soon after the run began.
    public static let start = BehaviourPhases(rawValue: 1)
    /// In between.
    public static let steady = BehaviourPhases(rawValue: 2)
    /// Shortly before the run ended.
    public static let shutdown = BehaviourPhases(rawValue: 4)

    /// The phases' words in documents, in the order of a run.
    static let words: [(phase: BehaviourPhases, word: String)] = [
        (.start, "start"), (.steady, "steady"), (.shutdown, "shutdown"),
    ]
}

/// What is counted of one behaviour.
public struct BehaviourCounts: Sendable, Hashable {
    /// How often it was seen.
    public var count: UInt32
    /// When first, seconds since the epoch.
    public var firstSeen: UInt32
    /// When last, seconds since the epoch.
    public var lastSeen: UInt32
    /// In how many of the profile's windows.
    public var windows: UInt32
    /// In how many of its runs, at least.
    public var runs: UInt16
    /// When in them.
    public var phases: BehaviourPhases

    /// Counts from their parts.
    public init(
        count: UInt32, firstSeen: UInt32, lastSeen: UInt32, windows: UInt32, runs: UInt16, phases: BehaviourPhases
    ) {
        self.count = count
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
        self.windows = windows
        self.runs = runs
        self.phases = phases
    }

    /// Adds what another observer counted of the same behaviour, in other windows and runs.
    mutating func add(_ other: BehaviourCounts) {
        count = count.addingClamped(other.count)
        firstSeen = min(firstSeen, other.firstSeen)
        lastSeen = max(lastSeen, other.lastSeen)
        windows = windows.addingClamped(other.windows)
        runs = runs.addingClamped(other.runs)
        phases.formUnion(other.phases)
    }
}

/// One thing that a workload does, as its profile has it.
public struct Behaviour: Sendable, Hashable {
    /// Its kind.
    public var kind: BehaviourKind
    /// What it is: printable ASCII, generalised.
    public var text: String
    /// What was counted.
    public var counts: BehaviourCounts
    /// Why it counts as unknown until somebody approves it: the name of a rule, or `new`; nil: it is known.
    public var quarantine: String?

    /// A behaviour from its parts.
    public init(kind: BehaviourKind, text: String, counts: BehaviourCounts, quarantine: String? = nil) {
        self.kind = kind
        self.text = text
        self.counts = counts
        self.quarantine = quarantine
    }

    /// By kind, then by text: the order of documents.
    static func isBefore(_ left: Behaviour, _ right: Behaviour) -> Bool {
        left.kind == right.kind ? left.text < right.text : left.kind < right.kind
    }
}

extension FixedWidthInteger {
    /// The sum, or the largest number.
    func addingClamped(_ other: Self) -> Self {
        let (sum, isOver) = addingReportingOverflow(other)
        return isOver ? .max : sum
    }
}
