public import EventModel

/// What is known of a rule before any event: for `shrike rules show`.
public struct RuleExplanation: Sendable {
    /// What a source can see of a rule.
    public struct Visibility: Sendable, Hashable {
        /// Whether the rule can match with that source alone.
        public enum Verdict: String, Sendable, Hashable {
            /// The source fills every field of the condition.
            case full
            /// It leaves some empty; the rule can match all the same.
            case partial
            /// Without the fields that it leaves empty the condition never holds.
            case never
        }
        /// The source.
        public let source: SourceKind
        /// Whether the rule can match.
        public let verdict: Verdict
        /// The fields of the condition that the source can't fill.
        public let missingConditionFields: [String]
        /// The fields of the output that it can't fill.
        public let missingOutputFields: [String]
    }

    /// The rule's name.
    public let name: String
    /// The types of the events that can match.
    public let eventTypes: [EventType]
    /// Whether the condition leaves nearly every event type possible.
    public let isUnrestricted: Bool
    /// The fields that the condition reads, as written, sorted.
    public let conditionFields: [String]
    /// The fields that the output reads, as written, sorted.
    public let outputFields: [String]
    /// What the rule alone needs from sources.
    public let needs: EventNeeds
    /// What each source can see of it.
    public let visibility: [Visibility]
}

extension RuleSet {
    /// Explains a rule; nil when the set has none at this index.
    public func explain(_ index: Int) -> RuleExplanation? {
        rules.indices.contains(index) ? RuleExplanation(rules[index], catalogue: catalogue) : nil
    }
}

extension RuleExplanation {
    /// Explains a compiled rule.
    public init(_ rule: CompiledRule, catalogue: FieldCatalogue) {
        var condition: Set<FieldReference> = []
        rule.condition.forEachTest { condition.formUnion($0.references) }
        let output = Set(
            (rule.output.fields.map(\.value) + rule.extraFields.flatMap(\.values)).flatMap(\.expression.references)
        )
        func names(_ references: Set<FieldReference>, missingFrom source: SourceKind? = nil) -> [String] {
            references.filter { reference in
                source.map { !catalogue[reference.field].sources.contains(SourceSet($0)) } ?? true
            }.map { $0.text(in: catalogue) }.sorted()
        }
        name = rule.name
        eventTypes = rule.eventTypes.types
        isUnrestricted = EventTypeAnalysis.isUnrestricted(rule.eventTypes)
        conditionFields = names(condition)
        outputFields = names(output)
        needs = EventNeeds([rule], catalogue: catalogue)
        visibility = SourceKind.allCases.map { source in
            let reach = RuleReach(rule, catalogue: catalogue, sources: SourceSet(source))
            let verdict: Visibility.Verdict =
                switch reach.verdict {
                case .full: .full
                case .partial: .partial
                case .never: .never
                }
            return Visibility(
                source: source, verdict: verdict, missingConditionFields: reach.missingFields,
                missingOutputFields: names(output, missingFrom: source)
            )
        }
    }
}

extension FieldReference {
    /// The field as users write it.
    func text(in catalogue: FieldCatalogue) -> String {
        let name = catalogue[field].name
        switch argument {
        case .none: return name
        case .index(let index): return "\(name)[\(index)]"
        case .key(let key):
            let text = String(decoding: key, as: UTF8.self)
            return FieldResolver.dottedArgumentFields.contains(name) ? "\(name).\(text)" : "\(name)[\(text)]"
        }
    }
}
