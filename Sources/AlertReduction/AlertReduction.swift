import EventModel

/// What becomes of the alerts of rules on their way to the outputs: repeats are folded, then each rule is limited. Shrike's
/// own alerts don't come here. No alert gets lost: each is sent, or counted in one that is sent.
public struct AlertReduction {
    private var folding: AlertFolding
    private var rateLimit: AlertRateLimit
    private var before = ReductionCounters()

    /// Reduction by these settings.
    public init(_ settings: ReductionSettings) {
        folding = AlertFolding(settings.repeats)
        rateLimit = AlertRateLimit(settings.rateLimit)
    }

    /// Whether it does anything at all.
    public var isActive: Bool { folding.isActive || rateLimit.isActive }

    /// When `tick` has something to do; never early, perhaps for nothing.
    public var nextDeadline: UInt64 { min(folding.nextDeadline, rateLimit.nextDeadline) }

    /// What was kept from the outputs so far.
    public var counters: ReductionCounters {
        ReductionCounters(
            folded: before.folded &+ folding.folded, rateLimited: before.rateLimited &+ rateLimit.heldBack)
    }

    /// Takes an alert; gives those to be sent now, in order. `now` is in nanoseconds and never goes back.
    public mutating func take(_ alert: Alert, now: UInt64) -> [CountedAlert] {
        limit(folding.take(alert, now: now), now)
    }

    /// Ends what is at its end.
    public mutating func tick(now: UInt64) -> [CountedAlert] {
        guard now >= nextDeadline else { return [] }
        return limit(folding.close(now: now), now) + rateLimit.tell(now: now)
    }

    /// Ends everything: at a reload, and when the daemon stops.
    public mutating func flush(now: UInt64) -> [CountedAlert] { limit(folding.closeAll(), now) + rateLimit.tellAll() }

    /// Goes on by other settings; what the old ones kept must have been flushed.
    public mutating func apply(_ settings: ReductionSettings) {
        let counters = counters
        self = AlertReduction(settings)
        before = counters
    }

    private mutating func limit(_ alerts: [CountedAlert], _ now: UInt64) -> [CountedAlert] {
        var sent: [CountedAlert] = []
        for alert in alerts { sent += rateLimit.take(alert, now: now) }
        return sent
    }
}

/// Alerts that were not sent by themselves; all of them were counted in one that was.
public struct ReductionCounters: Sendable, Equatable {
    /// Repeats of an alert.
    public var folded: UInt64 = 0
    /// Alerts over the limit of their rule.
    public var rateLimited: UInt64 = 0

    /// From its parts.
    public init(folded: UInt64 = 0, rateLimited: UInt64 = 0) {
        self.folded = folded
        self.rateLimited = rateLimited
    }
}
