import EventModel
import EventSources
import RuleEngine
import RuleLanguage

/// What one source can tell of a rule.
struct SourceView: Sendable, Equatable {
    /// The source.
    var source: SourceKind
    /// The rule's event types that the source tells of, sorted.
    var seen: [String]
    /// Those that it does not tell of, sorted.
    var unseen: [String]
    /// Fields of the condition that the source can't fill: comparisons with them never hold there.
    var missingInCondition: [String]
    /// Fields of the output that the source can't fill: they show as `<NA>`.
    var missingInOutput: [String]
}

extension ConfiguredRules {
    /// The compiled form of a rule.
    func compiledRule(named name: String) -> CompiledRule? { compiled.first { $0.name == name } }

    /// The names of the event types that a rule can match, sorted.
    func eventNames(of rule: ResolvedRule) -> [String] {
        compiledRule(named: rule.name)?.eventTypes.types.map(\.name).sorted() ?? []
    }

    /// The names of the event types that a macro's condition can match, sorted; nothing when it restricts none.
    func eventNames(of condition: Condition) -> [String] {
        let rule = ResolvedRule(
            name: "", priority: "debug", condition: condition, conditionText: "", outputText: "",
            warnsEventTypes: false, location: SourceLocation(file: "", line: 1, column: 1))
        guard let types = RuleCompiler(catalogue: catalogue).compile(rule).rule?.eventTypes, types != .all else {
            return []
        }
        return types.types.map(\.name).sorted()
    }

    /// The fields of a rule's output, as written, in order, each once.
    func outputFields(of rule: ResolvedRule) -> [String] {
        let names = FieldNameTable(catalogue.fields.map(\.name))
        var fields: [String] = []
        for piece in OutputTemplateParser.parse(rule.outputText, fields: names).template.pieces {
            guard case .value(let operand, _) = piece else { continue }
            for field in operand.fields.map(\.text) where !fields.contains(field) { fields.append(field) }
        }
        return fields
    }

    /// What each source can and can't see of a rule, best source first.
    func views(of rule: ResolvedRule) -> [SourceView] {
        let types = compiledRule(named: rule.name)?.eventTypes ?? EventTypeSet()
        let inCondition = ConditionSummary(of: rule.condition).fields
        let inOutput = outputFields(of: rule)
        return [SourceKind.audit, .auditLog, .processConnector, .procfs, .fanotify].map { source in
            let provided = SourceSelection.usuallyProvided(by: source)
            func missing(_ fields: [String]) -> [String] {
                fields.filter { description(of: $0).map { !$0.sources.contains(SourceSet(source)) } ?? false }
            }
            return SourceView(
                source: source, seen: types.intersection(provided).types.map(\.name).sorted(),
                unseen: types.intersection(provided.complement).types.map(\.name).sorted(),
                missingInCondition: missing(inCondition), missingInOutput: missing(inOutput))
        }
    }

    /// The catalogue's description of a field as written: `proc.aname[2]`, `evt.arg.flags`.
    private func description(of field: String) -> FieldDescription? {
        let name = field.prefix { $0 != "[" }
        if let id = catalogue.id(named: String(name)) { return catalogue[id] }
        let dotted = FieldNameTable.dottedArgumentFields.first { name.hasPrefix($0 + ".") }
        return dotted.flatMap { catalogue.id(named: $0) }.map { catalogue[$0] }
    }
}
