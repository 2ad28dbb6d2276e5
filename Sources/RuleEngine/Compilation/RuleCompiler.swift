public import EventModel
public import RuleLanguage

/// Compiles rules: checks their conditions and outputs against a field catalogue and types them.
public struct RuleCompiler: Sendable {
    private let resolver: FieldResolver
    /// The fields that rules may use.
    var catalogue: FieldCatalogue { resolver.catalogue }
    private let converter: LiteralConverter

    /// A compiler for rules that may use these fields. `services` gives port numbers by service name (services(5)).
    public init(catalogue: FieldCatalogue, services: @escaping @Sendable (String) -> UInt16? = { _ in nil }) {
        resolver = FieldResolver(catalogue)
        converter = LiteralConverter(services: services)
    }

    /// Compiles a rule. All its problems are found, not only the first.
    public func compile(_ rule: ResolvedRule) -> RuleCompilation {
        var problems: [CompileProblem] = []
        let operands = OperandCompiler(resolver: resolver, source: rule.source)

        let steps = rule.correlation.map { StepNames($0, catalogue: resolver.catalogue) }
        var template = TemplateCompiler(operands: operands, subject: .output, steps: steps)
        let output = template.compile(rule.outputText)
        problems += template.problems
        problems += deprecated(output)
        if rule.correlation == nil { problems += withoutCorrelation(output, .output) }
        var extraFields: [CompiledExtraField] = []
        for (index, field) in rule.extraFields.enumerated() {
            var template = TemplateCompiler(operands: operands, subject: .extraField(index))
            let content: CompiledExtraField.Content? =
                field.isRaw
                ? template.compileRaw(field.template).map { .raw($0) } : .text(template.compile(field.template))
            // Only the output itself may ask to be skipped.
            problems += template.problems.map {
                var problem = $0
                problem.isUnknownFilter = false
                return problem
            }
            if rule.correlation == nil, let content {
                problems += withoutCorrelation(content, .extraField(index))
            }
            if let content { extraFields.append(CompiledExtraField(key: field.key, content: content)) }
        }

        let (condition, errors) = ConditionCompiler.compile(
            rule.condition, resolver, converter, source: rule.source
        )
        problems += errors.map(Self.problem)
        var correlation: CompiledCorrelation?
        if let written = rule.correlation {
            let compiled = CorrelationCompiler.compile(
                written, condition, operands, name: rule.name, output: rule.outputText)
            problems += compiled.errors.map(Self.problem)
            correlation = compiled.correlation
        }
        if let skipped = skipped(rule, problems) { return skipped }
        guard let condition else { return RuleCompilation(rule: nil, problems: problems) }

        var hints = ConditionHints(resolver)
        hints.collect(rule.condition)
        problems += hints.problems
        let types = EventTypeAnalysis.types(of: condition)
        if rule.source == "syscall", rule.warnsEventTypes, EventTypeAnalysis.isUnrestricted(types) {
            problems.append(unrestricted(rule))
        }
        problems += contradictions(in: condition, correlation)
        guard !problems.contains(where: { $0.severity == .error }) else {
            return RuleCompilation(rule: nil, problems: problems)
        }
        let compiled = CompiledRule(
            name: rule.name, description: rule.description, priority: Priority(ruleText: rule.priority) ?? .debug,
            source: rule.source, tags: rule.tags,
            eventTypes: types.intersection(RuleSource(name: rule.source)?.eventTypes ?? .all), condition: condition,
            output: output,
            extraFields: extraFields, correlation: correlation
        )
        let reach = RuleReach(compiled, catalogue: resolver.catalogue)
        if reach.verdict == .never, !reach.missingFields.isEmpty { problems.append(unavailable(reach)) }
        return RuleCompilation(rule: compiled, problems: problems)
    }

    private func contradictions(
        in condition: TypedCondition, _ correlation: CompiledCorrelation?
    ) -> [CompileProblem] {
        let parts = correlation?.events.map { ("the event '\($0.name)'", $0.condition) } ?? [("the rule", condition)]
        return parts.compactMap { subject, condition in
            Contradiction(catalogue: resolver.catalogue).find(in: condition).map { why in
                CompileProblem(
                    severity: .warning, code: .neverMatches, message: "\(subject) can never match: \(why)",
                    range: TextRange(0, 0)
                )
            }
        }
    }

    private func unavailable(_ reach: RuleReach) -> CompileProblem {
        CompileProblem(
            severity: .warning, code: .unavailableField,
            message:
                "the rule can never match here: no source of Shrike's knows \(reach.missingFields.joined(separator: ", "))",
            range: TextRange(0, 0)
        )
    }

    /// What is wrong with an addition to the outputs of rules, whatever rule it is added to.
    public func problems(in addition: OutputAddition) -> [CompileProblem] {
        let operands = OperandCompiler(resolver: resolver, source: addition.source ?? "syscall")
        var output = TemplateCompiler(operands: operands, subject: .output)
        _ = output.compile(addition.output ?? "")
        return addition.fields.enumerated().reduce(output.problems) { problems, field in
            var template = TemplateCompiler(operands: operands, subject: .extraField(field.offset))
            if field.element.isRaw {
                _ = template.compileRaw(field.element.template)
            } else {
                _ = template.compile(field.element.template)
            }
            return problems + template.problems
        }
    }

    private static func problem(_ error: ConditionError) -> CompileProblem {
        var problem = CompileProblem(
            code: .errCompileCondition, message: error.message, range: error.range, suggestion: error.suggestion
        )
        problem.isUnknownFilter = error.isUnknownFilter
        problem.isUndefinedMacro = error.isUndefinedMacro
        return problem
    }

    /// A rule with `skip-if-unknown-filter` whose errors are all about unknown fields and event types is left out.
    private func skipped(_ rule: ResolvedRule, _ problems: [CompileProblem]) -> RuleCompilation? {
        let errors = problems.filter { $0.severity == .error }
        guard rule.skipsIfUnknownFilter, !errors.isEmpty, errors.allSatisfy(\.isUnknownFilter) else { return nil }
        let warnings = problems.map {
            guard $0.severity == .error else { return $0 }
            var warning = $0
            warning.severity = .warning
            warning.code = .unknownFilter
            return warning
        }
        return RuleCompilation(rule: nil, problems: warnings)
    }

    private func deprecated(_ template: CompiledTemplate) -> [CompileProblem] {
        template.fields.compactMap { field in
            guard case .field(let reference) = field.value.expression,
                resolver.catalogue[reference.field].flags.contains(.deprecated)
            else { return nil }
            return CompileProblem(
                severity: .warning, code: .deprecatedItem, message: "field '\(field.key)' is deprecated",
                range: TextRange(0, 0), subject: .output
            )
        }
    }

    private func withoutCorrelation(
        _ content: CompiledExtraField.Content, _ subject: CompileProblem.Subject
    ) -> [CompileProblem] {
        switch content {
        case .raw(let value): withoutCorrelation([value], subject)
        case .text(let template): withoutCorrelation(template, subject)
        }
    }

    private func withoutCorrelation(
        _ template: CompiledTemplate, _ subject: CompileProblem.Subject
    ) -> [CompileProblem] {
        withoutCorrelation(template.fields.map(\.value), subject)
    }

    /// The facts of correlations that a plain rule asks for.
    private func withoutCorrelation(
        _ values: [CompiledValue], _ subject: CompileProblem.Subject
    ) -> [CompileProblem] {
        values.compactMap(\.fact).filter(\.isOfCorrelation).map { fact in
            CompileProblem(
                severity: .warning, code: .outputWithoutValue,
                message: "'\(fact.rawValue)' has no value in a rule: only alerts of correlations have one",
                range: TextRange(0, 0), suggestion: "remove it, or make the rule a correlation", subject: subject
            )
        }
    }

    private func unrestricted(_ rule: ResolvedRule) -> CompileProblem {
        CompileProblem(
            severity: .warning, code: .noEventTypes,
            message: "rule matches too many evt.type values; this has a significant performance penalty",
            range: TextRange(0, 0), suggestion: "restrict it with 'evt.type in (…)'"
        )
    }
}
