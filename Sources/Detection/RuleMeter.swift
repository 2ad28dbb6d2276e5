import EventFields
import EventModel
import RuleEngine

/// Estimates what each rule costs: about one in `interval` events is evaluated with a look at the clock after each rule, and
/// what that finds stands for the others. All other events pay for counting down a number.
struct RuleMeter {
    /// The mean distance between two events that are measured.
    static var interval: UInt64 { RuleCostEstimate.sampleInterval }

    private let names: [String]
    private let clock: (@Sendable () -> UInt64)?
    private var costs: RuleCosts
    /// What was estimated before the last reload.
    private var before = RuleCostEstimate()
    private var countdown: UInt64 = 1
    private var random: UInt64

    /// A meter for what is matched under these names, in order of the evaluator's numbers; a name may come several times. Without a clock (nanoseconds) it measures nothing.
    init(_ names: [String], clock: (@Sendable () -> UInt64)?) {
        self.names = names
        self.clock = clock
        costs = RuleCosts(ruleCount: names.count, clockNanoseconds: clock.map(Self.readingTime) ?? 0)
        random = (clock?() ?? 0) | 1
        skip()
    }

    /// Counts an event; whether it is to be measured.
    var isDue: Bool {
        @inline(__always) mutating get {
            countdown &-= 1
            return countdown == 0
        }
    }

    /// Evaluates an event and measures it.
    @inline(never)
    mutating func measure(
        _ type: EventType, from source: RuleSource, _ reader: EventFieldReader, stepsOnly: Bool,
        _ evaluator: inout Evaluator
    ) -> Bool {
        skip()
        guard let clock else { return evaluator.evaluate(type, from: source, reader: reader, stepsOnly: stepsOnly) }
        return evaluator.measure(
            type, from: source, reader: reader, stepsOnly: stepsOnly, clock: clock, into: &costs)
    }

    /// What was found so far, for all events.
    var estimate: RuleCostEstimate {
        var estimate = before
        estimate.selectionNanoseconds &+= costs.selectionNanoseconds &* Self.interval
        estimate.sampledEvents &+= costs.events
        for (index, name) in names.enumerated() {
            var rule = estimate.rules[name] ?? RuleCostEstimate.Rule()
            rule.nanoseconds &+= costs.nanoseconds[index] &* Self.interval
            rule.evaluations &+= costs.evaluations[index] &* Self.interval
            estimate.rules[name] = rule
        }
        return estimate
    }

    /// Takes over what was estimated of rules that are still there: counters don't go back.
    mutating func goOn(from old: RuleCostEstimate) {
        before = old
        let present = Set(names)
        before.rules = old.rules.filter { present.contains($0.key) }
    }

    /// Waits for 1 to 2 * `interval` - 1 events, all equally likely (xorshift64; Marsaglia, 2003): at equal distances a node
    /// that does the same again and again would always be measured at the same point.
    mutating func skip() {
        guard clock != nil else { return countdown = .max }
        random ^= random << 13
        random ^= random >> 7
        random ^= random << 17
        countdown = 1 &+ random % (2 &* Self.interval &- 1)
    }

    /// What reading the clock takes: the shortest of some times.
    private static func readingTime(of clock: @Sendable () -> UInt64) -> UInt64 {
        var shortest = UInt64.max
        var last = clock()
        for _ in 0..<64 {
            let now = clock()
            shortest = min(shortest, now &- last)
            last = now
        }
        return shortest
    }
}

/// What rules cost since the start: estimated from a sample, so exact only in the long run.
public struct RuleCostEstimate: Sendable, Equatable {
    /// One in so many events is measured.
    public static let sampleInterval: UInt64 = 1024

    /// One rule.
    public struct Rule: Sendable, Equatable {
        /// Time in its condition.
        public var nanoseconds: UInt64 = 0
        /// How often its condition was tried.
        public var evaluations: UInt64 = 0

        /// From its parts.
        public init(nanoseconds: UInt64 = 0, evaluations: UInt64 = 0) {
            self.nanoseconds = nanoseconds
            self.evaluations = evaluations
        }
    }

    /// By the rule's name.
    public var rules: [String: Rule] = [:]
    /// Time in which the rules were found that an event may match.
    public var selectionNanoseconds: UInt64 = 0
    /// Events that were measured.
    public var sampledEvents: UInt64 = 0

    /// Nothing was measured.
    public init() {}
}
