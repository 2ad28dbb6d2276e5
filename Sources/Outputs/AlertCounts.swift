public import EventModel

/// How many alerts were raised, by rule and by priority.
public struct AlertCounts: Sendable {
    private var byPriority = [UInt64](repeating: 0, count: Priority.allCases.count)
    private var byRule: [String: UInt64] = [:]

    /// None.
    public init() {}

    /// All of them.
    public var total: UInt64 { byPriority.reduce(0, &+) }

    /// The number of alerts of each rule that raised any, by its name, sorted.
    public var rules: [(rule: String, count: UInt64)] {
        byRule.sorted { $0.key < $1.key }.map { (rule: $0.key, count: $0.value) }
    }

    /// The number of alerts of a priority.
    public subscript(priority: Priority) -> UInt64 { byPriority[Int(priority.rawValue)] }

    /// Counts an alert.
    public mutating func count(_ alert: Alert) {
        byPriority[Int(alert.priority.rawValue)] &+= 1
        byRule[alert.rule, default: 0] &+= 1
    }

    /// Adds what others counted.
    public mutating func add(_ other: AlertCounts) {
        for priority in Priority.allCases { byPriority[Int(priority.rawValue)] &+= other[priority] }
        byRule.merge(other.byRule, uniquingKeysWith: &+)
    }
}
