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
    func selects(_ alert: Alert) -> Bool {
        guard alert.priority <= minimumPriority else { return false }
        let isNamed = rules.contains { RuleSelection(isEnabling: true, rule: $0).selects(rule: alert.rule, tags: []) }
        guard rules.isEmpty || isNamed else { return false }
        return tags.isEmpty || tags.contains(where: alert.tags.contains)
    }
}
