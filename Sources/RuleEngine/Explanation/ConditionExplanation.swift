public import EventModel
public import RuleLanguage

/// A condition and what came of each of its parts for one event.
public struct ConditionExplanation: Sendable {
    /// A part of the condition.
    public struct Part: Sendable {
        /// What it is made of.
        public enum Kind: Sendable, Hashable { case all, any, not, comparison }

        /// What it is made of.
        public var kind: Kind
        /// What came of it.
        public var outcome: Outcome
        /// A comparison's text; empty for anything else.
        public var text: String = ""
        /// Where a comparison stands in the condition's text.
        public var range: TextRange?
        /// The values of the fields that a comparison reads, in order; nil: the event has none.
        public var values: [(field: String, value: String?)] = []
        /// Those of these fields of which nothing is known.
        public var unknownFields: [String] = []
        /// Its parts.
        public var parts: [Part] = []
        /// The exception whose values these are.
        public var exception: String?
        /// The event of a correlation whose condition this is.
        public var event: String?

        /// Whether it is known to hold.
        public var holds: Bool { outcome == .holds }
    }

    /// What comes of a part of a condition.
    public enum Outcome: Sendable, Hashable {
        /// It holds.
        case holds
        /// It does not.
        case fails
        /// It rests on fields of which nothing is known, be it that they have no value.
        case undecided

        fileprivate var negated: Outcome {
            switch self {
            case .holds: .fails
            case .fails: .holds
            case .undecided: .undecided
            }
        }

        /// Of parts that must all hold.
        fileprivate static func all(_ parts: [Outcome]) -> Outcome {
            parts.contains(.fails) ? .fails : parts.contains(.undecided) ? .undecided : .holds
        }
    }

    /// The whole condition, exceptions included.
    public var condition: Part
    /// The event's type, where the rule can't match any event of it.
    public var wrongType: EventType?

    /// The exceptions that the event satisfies, so that the rule doesn't match.
    public var heldExceptions: [String] {
        var names: [String] = []
        let conditions = condition.parts.contains { $0.event != nil } ? condition.parts : [condition]
        for part in conditions.flatMap(\.parts) where part.outcome == .fails {
            if let name = part.exception, !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// The fields that would have to be known for the outcome to be, sorted; none where it is known.
    public var undecidedFields: [String] {
        guard condition.outcome == .undecided else { return [] }
        return Set(reasons.flatMap(\.unknownFields)).sorted()
    }

    /// The events of a correlation whose conditions have an outcome.
    public func events(_ outcome: Outcome) -> [String] {
        ([condition] + condition.parts).filter { $0.outcome == outcome }.compactMap(\.event)
    }

    /// The smallest parts that decide the outcome: those that, were each of them otherwise, would change it.
    public var reasons: [Part] { Self.reasons(condition) }

    private static func reasons(_ part: Part) -> [Part] {
        switch part.kind {
        case .comparison: return [part]
        case .not: return part.parts.flatMap(reasons)
        // A conjunction holds because of all parts, and doesn't because of those that don't; a disjunction the other way round.
        case .all, .any: return part.parts.filter { $0.outcome == part.outcome }.flatMap(reasons)
        }
    }
}

extension RuleCompiler {
    /// Explains what comes of a rule's condition for an event; nil for a rule that does not compile.
    ///
    /// - Parameter isKnown: whether anything is known of a field, be it that it has no value.
    public func explanation(
        of rule: ResolvedRule, type: EventType, reader: some FieldReader,
        isKnown: (FieldReference) -> Bool = { _ in true }
    ) -> ConditionExplanation? {
        guard let compiled = compile(rule).rule else { return nil }
        var leaves: [CompiledRule] = []
        collect(rule.condition, compiled.condition, into: &leaves)
        let set = RuleSet(leaves, catalogue: catalogue)
        var evaluator = Evaluator(set, mode: .all)
        evaluator.evaluate(type, from: compiled.ruleSource ?? .syscall, reader: reader)
        let holding = Set(evaluator.matches)
        let builder = AlertBuilder(set)
        var values: [[(field: String, value: String?)]] = []
        for index in leaves.indices {
            let alert = builder.alert(forRule: index, timeNanoseconds: 0, evaluator: &evaluator, reader: reader)
            let fields = alert?.fields.dropFirst() ?? []
            values.append(fields.map { (field: $0.key, value: $0.value.shown) })
        }
        var found: [ConditionExplanation.Part] = []
        for (index, leaf) in leaves.enumerated() {
            let unknown = leaf.output.fields.filter { !$0.value.expression.references.allSatisfy(isKnown) }.map(\.key)
            found.append(
                ConditionExplanation.Part(
                    kind: .comparison,
                    outcome: !unknown.isEmpty ? .undecided : holding.contains(index) ? .holds : .fails,
                    values: values[index], unknownFields: unknown))
        }
        var next = 0
        var condition = part(rule.condition, compiled.condition, found, type, &next)
        let events = rule.correlation?.events ?? []
        if events.count > 1, condition.parts.count == events.count {
            for (index, event) in events.enumerated() {
                condition.parts[index].event = event.name
                Self.name(rule.activeExceptions, in: &condition.parts[index])
            }
        } else {
            condition.event = events.first?.name
            Self.name(rule.activeExceptions, in: &condition)
        }
        return ConditionExplanation(
            condition: condition, wrongType: compiled.eventTypes.contains(type) ? nil : type)
    }

    /// Exceptions that have values are the last parts of a condition.
    private static func name(_ exceptions: [String], in condition: inout ConditionExplanation.Part) {
        guard condition.kind == .all, condition.parts.count > exceptions.count else { return }
        let first = condition.parts.count - exceptions.count
        for (index, name) in exceptions.enumerated() { condition.parts[first + index].exception = name }
    }

    /// The comparisons of a condition, each as a rule of its own whose output is the fields that it reads.
    private func collect(_ written: Condition, _ typed: TypedCondition, into leaves: inout [CompiledRule]) {
        switch (written, typed) {
        case (.and(let parts), .and(let inner)), (.or(let parts), .or(let inner)):
            for (part, typed) in zip(parts, inner) { collect(part, typed, into: &leaves) }
        case (.not(let part), .not(let inner)): collect(part, inner, into: &leaves)
        default: leaves.append(leaf(typed, number: leaves.count))
        }
    }

    private func leaf(_ condition: TypedCondition, number: Int) -> CompiledRule {
        var references: [FieldReference] = []
        condition.forEachTest { test in
            for reference in test.references where !references.contains(reference) { references.append(reference) }
        }
        var output = CompiledTemplate()
        output.fields = references.map { reference in
            let field = catalogue[reference.field]
            let shape = ValueShape(type: field.type, isList: field.flags.contains(.list))
            return (
                reference.text(in: catalogue),
                CompiledValue(expression: .field(reference), shape: shape, rendering: field.rendering)
            )
        }
        return CompiledRule(
            name: "\(number)", description: "", priority: .debug, source: RuleSource.syscall.name.description, tags: [],
            eventTypes: .all, condition: condition, output: output, extraFields: [])
    }

    private func part(
        _ written: Condition, _ typed: TypedCondition, _ leaves: [ConditionExplanation.Part], _ type: EventType,
        _ next: inout Int
    ) -> ConditionExplanation.Part {
        switch (written, typed) {
        case (.and(let parts), .and(let inner)):
            let found = zip(parts, inner).map { part($0, $1, leaves, type, &next) }
            return ConditionExplanation.Part(kind: .all, outcome: .all(found.map(\.outcome)), parts: found)
        case (.or(let parts), .or(let inner)):
            let found = zip(parts, inner).map { part($0, $1, leaves, type, &next) }
            let failing = ConditionExplanation.Outcome.all(found.map(\.outcome.negated))
            return ConditionExplanation.Part(kind: .any, outcome: failing.negated, parts: found)
        case (.not(let inside), .not(let inner)):
            let found = part(inside, inner, leaves, type, &next)
            return ConditionExplanation.Part(kind: .not, outcome: found.outcome.negated, parts: [found])
        default:
            defer { next += 1 }
            var leaf =
                leaves.indices.contains(next)
                ? leaves[next] : ConditionExplanation.Part(kind: .comparison, outcome: .undecided)
            leaf.text = written.canonicalText
            if case .comparison(let comparison) = written { leaf.range = comparison.range }
            if case .typeIn = typed {
                // It is not read: rules are sorted by it.
                leaf.values = [("evt.type", type.name)]
            }
            return leaf
        }
    }
}

extension AlertValue {
    /// The value as a person reads it; nil: none.
    fileprivate var shown: String? {
        switch self {
        case .null: nil
        case .signed(let number): "\(number)"
        case .unsigned(let number): "\(number)"
        case .bool(let bool): "\(bool)"
        case .double(let number): "\(number)"
        case .string(let bytes): String(decoding: bytes, as: UTF8.self)
        case .list(let elements): "(" + elements.map { $0.shown ?? "<NA>" }.joined(separator: ", ") + ")"
        }
    }
}
