import EventFields
import EventModel
import Glibc
import RuleEngine

/// Estimates what each rule costs: about one in `interval` events is evaluated with a look at the clock after each rule, and
/// what that finds stands for the others. All other events pay for counting down a number.
struct RuleMeter {
    /// The mean distance between two events that are measured.
    static let interval: UInt64 = 1024

    private let names: [String]
    private var costs: RuleCosts
    /// What was estimated before the last reload.
    private var before = RuleCostEstimate()
    private var countdown: UInt64 = 1
    private var random: UInt64

    /// A meter for rules with these names, in order of their indices.
    init(_ names: [String]) {
        self.names = names
        costs = RuleCosts(ruleCount: names.count, clockNanoseconds: Self.clockNanoseconds())
        random = Pipeline.now() | 1
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
    mutating func measure(_ type: EventType, _ reader: EventFieldReader, _ evaluator: inout Evaluator) -> Bool {
        skip()
        return evaluator.measure(
            type, reader: reader, clock: { Pipeline.clock(CLOCK_MONOTONIC) }, into: &costs)
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
        random ^= random << 13
        random ^= random >> 7
        random ^= random << 17
        countdown = 1 &+ random % (2 &* Self.interval &- 1)
    }

    /// What reading the clock takes: the shortest of some times.
    private static func clockNanoseconds() -> UInt64 {
        var shortest = UInt64.max
        var last = Pipeline.clock(CLOCK_MONOTONIC)
        for _ in 0..<64 {
            let now = Pipeline.clock(CLOCK_MONOTONIC)
            shortest = min(shortest, now &- last)
            last = now
        }
        return shortest
    }
}

/// What rules cost since the start: estimated from a sample, so exact only in the long run.
struct RuleCostEstimate: Sendable, Equatable {
    /// One rule.
    struct Rule: Sendable, Equatable {
        /// Time in its condition.
        var nanoseconds: UInt64 = 0
        /// How often its condition was tried.
        var evaluations: UInt64 = 0
    }

    /// By the rule's name.
    var rules: [String: Rule] = [:]
    /// Time in which the rules were found that an event may match.
    var selectionNanoseconds: UInt64 = 0
    /// Events that were measured.
    var sampledEvents: UInt64 = 0
}
