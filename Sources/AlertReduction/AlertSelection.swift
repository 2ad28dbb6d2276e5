public import EventModel
import RuleEngine

/// Which alerts a setting is for: those that satisfy all criteria that are given.
public struct AlertSelection: Sendable, Equatable {
    /// Names of rules, `*` standing for any text; empty: all.
    public var rules: [String] = []
    /// Tags of which the alert must have one; empty: all.
    public var tags: [String] = []
    /// The least severe priority.
    public var minimumPriority = Priority.debug

    /// All alerts.
    public init() {}

    /// Whether an alert is meant.
    func selects(_ alert: Alert) -> Bool { selects(rule: alert.rule, alert.priority, tags: alert.tags) }

    /// Whether the alerts of a rule are meant.
    func selects(rule name: String, _ priority: Priority, tags ruleTags: [String]) -> Bool {
        guard priority <= minimumPriority else { return false }
        let isNamed = rules.contains { RuleSelection(isEnabling: true, rule: $0).selects(rule: name, tags: []) }
        guard rules.isEmpty || isNamed else { return false }
        return tags.isEmpty || tags.contains(where: ruleTags.contains)
    }
}
