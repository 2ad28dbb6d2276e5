import Detection
import EventModel
import InternalAlerts
import RuleEngine

/// Tells that correlations gave up keys before their time was over, once a minute at most.
struct CorrelationWatch {
    /// How many of them were told of.
    var told: UInt64 = 0
    private var next: UInt64 = 0
    private static let pause: UInt64 = 60_000_000_000

    /// The alert about the keys that were given up since the last one; nil when it is not time yet.
    mutating func alert(_ rules: RuleEvaluation, now: UInt64, wall: UInt64) -> Alert? {
        guard now >= next else { return nil }
        next = now &+ Self.pause
        let given = rules.keysGivenUp
        defer { told = given }
        let names = rules.correlations.filter { $0.counters.keysPushedOut > 0 }.map(\.name)
        return InternalAlert.make(
            .correlationKeysGivenUp,
            "\(given &- told) keys of correlations were given up for newer ones of the same user or container, so what they "
                + "had begun is forgotten; since the start in: \(names.joined(separator: ", "))",
            [("keys", .unsigned(given &- told))], wall)
    }
}
