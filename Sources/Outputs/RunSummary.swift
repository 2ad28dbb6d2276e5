import EventModel

/// What a run found and what it lost; printed when it stops.
public struct RunSummary: Sendable {
    /// Events that reached the rules.
    public var events: UInt64 = 0
    /// The alerts.
    public var alerts = AlertCounts()
    /// Alerts that were counted in one of their repeats instead of sent.
    public var repeatsFolded: UInt64 = 0
    /// Alerts over their rule's rate limit, counted in an alert that told of them.
    public var alertsHeldBack: UInt64 = 0
    /// The longest time for which no event was read; nil: nothing was watched live.
    public var longestStandstillNanoseconds: UInt64?
    private var drops: [(what: String, count: UInt64)] = []
    private var deliveries: [String] = []
    private var uncounted: [String] = []

    /// Nothing found, nothing lost.
    public init() {}

    /// Notes something that was lost, e.g. `audit: events lost in the kernel`. Zero is not worth a line.
    public mutating func addDrop(_ what: String, count: UInt64) {
        if count > 0 { drops.append((what, count)) }
    }

    /// Notes what may be missing that nobody can count.
    public mutating func addUncounted(_ what: String) { uncounted.append(what) }

    /// Notes what the channels lost.
    public mutating func addDrops(of channels: OutputChannels) {
        for channel in channels.counters {
            addDrop("output \(channel.name): alerts lost", count: channel.failed)
        }
    }

    /// Notes what a network output's receiver got, and what still waits for it.
    public mutating func addNetworkOutput(_ name: String, delivered: UInt64, refused: UInt64, queued: UInt64) {
        deliveries.append("\(name): \(delivered) delivered, \(refused) refused, \(queued) queued")
    }

    /// The summary as lines of text: Falco's three sections, then what was delivered and what was dropped.
    public var text: String {
        var lines = ["Events detected: \(alerts.total)"]
        if alerts.total > 0 {
            lines.append("Rule counts by severity:")
            for priority in Priority.allCases where alerts[priority] > 0 {
                lines.append("   \(priority.displayName.uppercased()): \(alerts[priority])")
            }
            lines.append("Triggered rules by rule name:")
            for (rule, count) in alerts.rules.sorted(by: { ($1.count, $0.rule) < ($0.count, $1.rule) }) {
                lines.append("   \(rule): \(count)")
            }
        }
        if repeatsFolded > 0 { lines.append("Repeats folded: \(repeatsFolded)") }
        if alertsHeldBack > 0 { lines.append("Held back by the rate limit: \(alertsHeldBack)") }
        lines.append("Events examined: \(events)")
        if let longestStandstillNanoseconds {
            lines.append("Longest standing still: \(longestStandstillNanoseconds / 1_000_000) ms")
        }
        if !deliveries.isEmpty {
            lines.append("Network outputs:")
            for delivery in deliveries { lines.append("   \(delivery)") }
        }
        if drops.isEmpty {
            lines.append(uncounted.isEmpty ? "Dropped: nothing" : "Dropped: nothing that can be counted")
        } else {
            lines.append("Dropped:")
            for drop in drops { lines.append("   \(drop.what): \(drop.count)") }
        }
        if !uncounted.isEmpty {
            lines.append("Not counted:")
            for what in uncounted { lines.append("   \(what)") }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
