import EventModel
import RuleEngine
import RuleLanguage

extension ConfiguredRules {
    /// The names of the event types that a rule can match, sorted.
    func eventNames(of rule: ResolvedRule) -> [String] { eventNames(of: rule.condition) }

    /// The names of the event types that a condition can match, sorted.
    func eventNames(of condition: Condition) -> [String] { [] }

    /// The fields of a rule's output, as written, sorted.
    func outputFields(of rule: ResolvedRule) -> [String] { [] }
}
