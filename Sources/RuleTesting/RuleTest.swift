import EventModel
public import RuleEngine
public import RuleLanguage

/// One test of a rule: what happens, and whether the rule must alert.
public struct RuleTest: Sendable {
    /// What happens.
    public enum Subject: Sendable {
        /// Events, one after the other; a rule alerts when it does on any of them, a correlation when they complete it.
        case events([TimedEvent])
        /// What an audit log tells.
        case log(path: String)
    }

    /// An event and when it happens.
    public struct TimedEvent: Sendable {
        /// The event.
        public var event: WrittenEvent
        /// Nanoseconds from the first event of the test.
        public var timeNanoseconds: UInt64
    }

    /// The rule's name.
    public var rule: String
    /// Whether it must alert; else it must not.
    public var mustAlert: Bool
    /// What the test shows.
    public var name: String
    /// What happens.
    public var subject: Subject
    /// Where the test is written.
    public var location: SourceLocation
}

/// What came of a test.
public struct RuleTestResult: Sendable {
    /// The test.
    public var test: RuleTest
    /// Why it failed; nil: it passed.
    public var failure: String?
    /// What decided it, a line each.
    public var details: [String] = []

    /// Where it is, what failed and why, in lines.
    public var lines: [String] {
        guard let failure else { return [] }
        return ["\(test.location.described): FAILED: rule '\(test.rule)' \(failure): \(test.name)"]
            + details.map { "    \($0)" }
    }
}
