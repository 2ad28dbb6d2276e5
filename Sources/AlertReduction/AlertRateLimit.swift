import EventModel

/// Limits the alerts of each rule with a token bucket. What is over the limit is counted, and once in an interval an alert
/// of the rule tells how many were held back. Each alert taken is given back, or counted in one that is given back.
///
/// It knows no clock: times are passed in, in nanoseconds, and never go back.
struct AlertRateLimit {
    /// Alerts that were held back.
    private(set) var heldBack: UInt64 = 0
    /// When is told of what was held back; `UInt64.max` when nothing was.
    private(set) var nextDeadline = UInt64.max

    private let settings: RateLimitSettings
    /// A bucket for each rule that had an alert. As many as there are rules.
    private var buckets: [String: Bucket] = [:]
    /// The rules that have something to tell, in the order in which they began to.
    private var waiting: [String] = []

    private struct Bucket {
        /// Nanoseconds; 0: no limit.
        var interval: UInt64
        var alertsInInterval: Double
        var burst: Double
        var tokens: Double
        var refilled: UInt64
        var held: HeldBack?
    }

    private struct HeldBack {
        var count: UInt64 = 0
        var firstTimeNanoseconds: UInt64
        /// Without fields and message: what tells of the held back goes where they would have gone.
        var last: Alert
        var deadline: UInt64
        var messages = FrequentMessages()
    }

    /// A limit by these settings.
    init(_ settings: RateLimitSettings) { self.settings = settings }

    /// Whether any alert can be held back.
    var isActive: Bool { settings.alertsPerRule > 0 || settings.overrides.contains { ($0.alertsPerRule ?? 0) > 0 } }

    /// Takes an alert of a rule; gives what goes out now.
    mutating func take(_ counted: CountedAlert, now: UInt64) -> [CountedAlert] {
        var sent = tell(now: now)
        let rule = counted.alert.rule
        var bucket = buckets[rule] ?? bucket(for: counted.alert, now)
        defer { buckets[rule] = bucket }
        guard bucket.interval > 0 else { return sent + [counted] }
        let elapsed = Double(now &- bucket.refilled) / Double(bucket.interval)
        bucket.tokens = min(bucket.burst, bucket.tokens + elapsed * bucket.alertsInInterval)
        bucket.refilled = now
        if bucket.tokens >= 1 {
            bucket.tokens -= 1
            sent.append(counted)
            return sent
        }
        heldBack += counted.count
        hold(counted, in: &bucket, now)
        return sent
    }

    /// Tells of what was held back in intervals that are at their end.
    mutating func tell(now: UInt64) -> [CountedAlert] {
        guard now >= nextDeadline else { return [] }
        return tell { $0.deadline <= now }
    }

    /// Tells of all that was held back.
    mutating func tellAll() -> [CountedAlert] { tell { _ in true } }

    private mutating func tell(where isOver: (HeldBack) -> Bool) -> [CountedAlert] {
        var sent: [CountedAlert] = []
        var rest: [String] = []
        nextDeadline = .max
        for rule in waiting {
            guard let held = buckets[rule]?.held else { continue }
            if isOver(held) {
                buckets[rule]?.held = nil
                sent.append(Self.notice(of: held))
            } else {
                rest.append(rule)
                nextDeadline = min(nextDeadline, held.deadline)
            }
        }
        waiting = rest
        return sent
    }

    private func bucket(for alert: Alert, _ now: UInt64) -> Bucket {
        let override = settings.overrides.first { $0.selection.selects(alert) }
        let alerts = override?.alertsPerRule ?? settings.alertsPerRule
        let seconds = override?.intervalSeconds ?? settings.intervalSeconds
        let burst = override?.burst ?? settings.burst
        let full = Double(max(burst > 0 ? burst : alerts, 1))
        return Bucket(
            interval: alerts > 0 ? UInt64(max(seconds, 1)) * 1_000_000_000 : 0, alertsInInterval: Double(alerts),
            burst: full, tokens: full, refilled: now)
    }

    private mutating func hold(_ counted: CountedAlert, in bucket: inout Bucket, _ now: UInt64) {
        var held: HeldBack
        if let known = bucket.held {
            held = known
            bucket.held = nil
        } else {
            held = HeldBack(
                firstTimeNanoseconds: counted.firstTimeNanoseconds, last: counted.alert,
                deadline: now &+ bucket.interval)
            waiting.append(counted.alert.rule)
            nextDeadline = min(nextDeadline, held.deadline)
        }
        held.count += counted.count
        held.messages.count(counted.alert.message, counted.count)
        held.last = counted.alert
        held.last.message = []
        held.last.fields = []
        bucket.held = held
    }

    private static func notice(of held: HeldBack) -> CountedAlert {
        var told = CountedAlert(held.last)
        told.count = held.count
        told.firstTimeNanoseconds = held.firstTimeNanoseconds
        let (first, last) = (held.firstTimeNanoseconds, held.last.timeNanoseconds)
        told.alert.fields = [
            ("shrike.rate_limited", .unsigned(held.count)), ("shrike.first_time", .unsigned(first)),
            ("shrike.last_time", .unsigned(last)),
        ]
        var message = Array(
            "\(held.count) alerts of rule \(held.last.rule) were held back by the rate limit, from ".utf8)
        message += CountedAlert.timeText(first) + Array(" to ".utf8) + CountedAlert.timeText(last)
        if let frequent = held.messages.mostFrequent {
            told.alert.fields += [
                ("shrike.most_frequent", .string(frequent.message)),
                ("shrike.most_frequent_count", .unsigned(frequent.count)),
            ]
            let how = frequent.count > 1 ? "most often, \(frequent.count) times or more" : "one of them"
            message += Array("; \(how): ".utf8) + frequent.message
        }
        told.alert.message = message
        return told
    }
}
