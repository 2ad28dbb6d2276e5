import EventModel
import RuleLanguage

/// Types what joins a correlation's events.
enum CorrelationCompiler {
    /// Types a correlation whose events' conditions were typed together as `condition`; all that is wrong is found.
    static func compile(
        _ written: ResolvedCorrelation, _ condition: TypedCondition?, _ operands: OperandCompiler, name: String,
        output: String
    ) -> (correlation: CompiledCorrelation?, errors: [ConditionError]) {
        var errors: [ConditionError] = []
        func value(_ operand: Operand) -> Expression? {
            do throws(ConditionError) {
                return try single(operand, operands)
            } catch {
                errors.append(error)
                return nil
            }
        }
        let keys = written.pattern.keys.compactMap(value)
        let form: CompiledCorrelation.Form?
        switch written.pattern.form {
        case .count(_, nil, let least): form = .count(atLeast: least)
        case .count(_, let distinct?, let least): form = value(distinct).map { .distinct($0, atLeast: least) }
        case .sequence(let names):
            form = .sequence(names.compactMap { name in written.events.firstIndex { $0.name == name.name } })
        case .first(_, let values): form = .first(values.compactMap(value))
        }
        guard errors.isEmpty, let form, let condition else { return (nil, errors) }
        var conditions = [condition]
        if written.events.count > 1 {
            guard case .or(let parts) = condition, parts.count == written.events.count else { return (nil, errors) }
            conditions = parts
        }
        let events = zip(written.events, conditions).map { event, condition in
            CompiledCorrelation.Event(
                name: event.name, condition: condition,
                eventTypes: EventTypeAnalysis.types(of: condition).intersection(
                    RuleSource(name: operands.source)?.eventTypes ?? .all))
        }
        let conditionTexts = written.events.map { "\($0.name): \($0.condition.canonicalText)" }
        return (
            CompiledCorrelation(
                events: events, form: form, windowNanoseconds: written.pattern.windowNanoseconds, keys: keys,
                signature: ([name, written.patternText, output] + conditionTexts).joined(separator: "\n")), errors
        )
    }

    /// Types what has one value for an event.
    private static func single(_ operand: Operand, _ operands: OperandCompiler) throws(ConditionError) -> Expression {
        let typed = try operands.compile(operand, .left)
        let range =
            switch operand {
            case .field(let field): field.range
            case .transformer(let call): call.range
            }
        let text = operand.fields.first?.text ?? ""
        if case .field(let reference) = typed.expression, typed.flags.contains(.anyElement), reference.argument == .none
        {
            throw ConditionError(
                "'\(text)' has a value for each ancestor", at: range, suggestion: "write '\(text)[1]' for the parent")
        }
        guard !typed.flags.contains(.twoSided), typed.shape.type != .network else {
            throw ConditionError(
                "'\(text)' has two values, one for each end of a connection", at: range,
                suggestion: "name one end, such as fd.sip")
        }
        return typed.expression
    }
}
