import EventModel
import EventSources
import RuleEngine
import RuleLanguage

/// What one source can tell of a rule.
public struct SourceView: Sendable, Equatable {
    /// The source, and the fields that it can't fill.
    public var visibility: RuleExplanation.Visibility
    /// The rule's event types that the source tells of, sorted.
    public var seen: [String]
    /// Those that it does not tell of, sorted.
    public var unseen: [String]
}

extension ConfiguredRules {
    /// The compiled form of a rule.
    public func compiledRule(named name: String) -> CompiledRule? { compiled.first { $0.name == name } }

    /// The names of the event types that a rule can match, sorted.
    public func eventNames(of rule: ResolvedRule) -> [String] {
        compiledRule(named: rule.name)?.eventTypes.types.map(\.name).sorted() ?? []
    }

    /// The names of the event types that a macro's condition can match, sorted; nothing when it restricts none.
    public func eventNames(of condition: Condition) -> [String] {
        let rule = ResolvedRule(
            name: "", priority: "debug", condition: condition, conditionText: "", outputText: "",
            warnsEventTypes: false, location: SourceLocation(file: "", line: 1, column: 1))
        guard let types = RuleCompiler(catalogue: catalogue).compile(rule).rule?.eventTypes, types != .all else {
            return []
        }
        return types.types.map(\.name).sorted()
    }

    /// The fields of a rule's output, as written, in order, each once.
    public func outputFields(of rule: ResolvedRule) -> [String] {
        let names = FieldNameTable(catalogue.fields.map(\.name))
        var fields: [String] = []
        for piece in OutputTemplateParser.parse(rule.outputText, fields: names).template.pieces {
            guard case .value(let operand, _) = piece else { continue }
            for field in operand.fields.map(\.text) where !fields.contains(field) { fields.append(field) }
        }
        return fields
    }

    /// What each source can and can't see of a rule, best source first; nothing for a rule that doesn't compile.
    public func views(of rule: ResolvedRule) -> [SourceView] {
        guard let explanation = explanation(of: rule) else { return [] }
        let types = EventTypeSet(explanation.eventTypes)
        return SourceTraits.all.compactMap { source in
            let provided = source.provides
            return explanation.visibility.first { $0.source == source.kind }.map { visibility in
                SourceView(
                    visibility: visibility, seen: types.intersection(provided).types.map(\.name).sorted(),
                    unseen: types.intersection(provided.complement).types.map(\.name).sorted())
            }
        }
    }

    /// What is known of a rule before any event; nil for a rule that doesn't compile.
    public func explanation(of rule: ResolvedRule) -> RuleExplanation? {
        compiledRule(named: rule.name).map { RuleExplanation($0, catalogue: catalogue) }
    }
}
