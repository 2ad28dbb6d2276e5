import EventModel
public import Outputs

/// What a detection has taken and found.
public struct DetectionCounters: Sendable {
    /// Events that reached the rules.
    public internal(set) var events: UInt64 = 0
    /// Alerts that rules raised.
    public internal(set) var alerts = AlertCounts()

    /// Nothing yet.
    public init() {}

    mutating func count(_ alert: Alert) { alerts.count(alert) }
}
