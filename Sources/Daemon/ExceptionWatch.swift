import EventModel
import InternalAlerts
import RuleEngine

/// Tells that exceptions which were made for a time hold no longer, each once a run.
struct ExceptionWatch {
    private var waiting: [ExceptionExpiration] = []
    private var told: [ExceptionExpiration] = []
    private var next = UInt64.max

    /// Goes on with the exceptions of these rules.
    mutating func watch(_ expirations: [ExceptionExpiration]) {
        waiting = expirations.filter { !told.contains($0) }
        next = waiting.map(\.timeNanoseconds).min() ?? .max
    }

    /// Whether there is one to tell of.
    @inline(__always) func isDue(_ wall: UInt64) -> Bool { wall >= next }

    /// The alerts about those whose time is over.
    mutating func alerts(wall: UInt64) -> [Alert] {
        let over = waiting.filter { $0.timeNanoseconds <= wall }
        told += over
        watch(waiting)
        return over.map { expiration in
            var day: [UInt8] = []
            CalendarTime(expiration.timeNanoseconds, isLocal: false).appendDate(to: &day)
            let text = String(decoding: day, as: UTF8.self)
            return InternalAlert.make(
                .exceptionExpired,
                "the exception '\(expiration.exception)' of the rule '\(expiration.rule)' held until \(text): what it kept quiet is "
                    + "told again",
                [
                    ("rule_name", .string(Array(expiration.rule.utf8))),
                    ("exception", .string(Array(expiration.exception.utf8))), ("expired", .string(day)),
                ], wall)
        }
    }
}
