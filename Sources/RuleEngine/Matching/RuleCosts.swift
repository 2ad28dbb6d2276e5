/// What the conditions of the rules of a set took, in the events that were measured.
///
/// A rule is charged for what its condition took in its place: the result of a test, and a field's value, that several rules
/// share are found once in an event, and charged to the first rule that asked. Looking up which rules can match at all, and
/// the fields that this reads, is counted apart.
public struct RuleCosts: Sendable {
    /// Nanoseconds by the index of the rule.
    public private(set) var nanoseconds: [UInt64]
    /// How often the condition was tried, by the index of the rule.
    public private(set) var evaluations: [UInt64]
    /// Nanoseconds in which the rules were found that an event may match.
    public private(set) var selectionNanoseconds: UInt64 = 0
    /// Events that were measured.
    public private(set) var events: UInt64 = 0
    private let clockNanoseconds: UInt64

    /// No costs yet of a number of rules. `clockNanoseconds` is what a reading of the clock takes itself, and is subtracted.
    public init(ruleCount: Int, clockNanoseconds: UInt64) {
        nanoseconds = Array(repeating: 0, count: ruleCount)
        evaluations = Array(repeating: 0, count: ruleCount)
        self.clockNanoseconds = clockNanoseconds
    }

    mutating func addSelection(_ time: UInt64) {
        events &+= 1
        selectionNanoseconds &+= time > clockNanoseconds ? time &- clockNanoseconds : 0
    }

    mutating func add(_ time: UInt64, toRule rule: Int) {
        guard nanoseconds.indices.contains(rule) else { return }
        nanoseconds[rule] &+= time > clockNanoseconds ? time &- clockNanoseconds : 0
        evaluations[rule] &+= 1
    }
}
