/// What a self test found of one rule of one case.
public struct SelfTestResult: Sendable, Equatable {
    /// What came of it.
    public enum Outcome: Sendable, Equatable {
        /// The alert was there, so many milliseconds after its event, the last one of a correlation; nil: the event's time is not known.
        case seen(milliseconds: UInt64?)
        /// It was not, and why.
        case missed(String)
        /// There was no alert, as there must be none.
        case quiet
        /// There was one; its output.
        case falseAlarm(String)
        /// It can't be run here, and why.
        case skipped(String)
        /// It could not be done, and why.
        case failed(String)

        /// Whether the test fails for it.
        public var isBad: Bool {
            switch self {
            case .seen, .quiet, .skipped: false
            case .missed, .falseAlarm, .failed: true
            }
        }
    }

    /// The case.
    public var attack: AttackCase
    /// The rule.
    public var rule: String
    /// What came of it.
    public var outcome: Outcome

    /// The result in one line.
    public var line: String {
        let what = "\(rule)  (\(attack.summary))"
        return switch outcome {
        case .seen(let milliseconds): "ok           \(what)" + (milliseconds.map { "  \($0) ms" } ?? "")
        case .quiet: "ok quiet     \(what)"
        case .missed(let reason): "MISSED       \(what) [\(attack.name)]: \(reason)"
        case .falseAlarm(let output): "FALSE ALARM  \(what) [\(attack.name)]: \(output)"
        case .skipped(let reason): "skipped      \(what) [\(attack.name)]: \(reason)"
        case .failed(let reason): "FAILED       \(what) [\(attack.name)]: \(reason)"
        }
    }

    /// The outcome's name, and what it comes with, for JSON.
    var parts: (name: String, milliseconds: UInt64?, reason: String?) {
        switch outcome {
        case .seen(let milliseconds): ("seen", milliseconds, nil)
        case .quiet: ("quiet", nil, nil)
        case .missed(let reason): ("missed", nil, reason)
        case .falseAlarm(let output): ("false_alarm", nil, output)
        case .skipped(let reason): ("skipped", nil, reason)
        case .failed(let reason): ("failed", nil, reason)
        }
    }
}
