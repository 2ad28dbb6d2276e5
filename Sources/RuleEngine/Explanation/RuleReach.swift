public import EventModel

/// How much of a rule can match where only some sources are there.
public struct RuleReach: Sendable, Hashable {
    /// Whether the rule can match.
    public enum Verdict: Sendable, Hashable {
        /// Every field of the condition can have a value.
        case full
        /// Some can't, and the rule can match all the same.
        case partial
        /// Without them the condition never holds.
        case never
    }

    /// Whether the rule can match.
    public let verdict: Verdict
    /// The fields of the condition, as written, that none of the sources can fill; sorted.
    public let missingFields: [String]

    /// What a rule comes to with sources; by default with all that there are.
    public init(_ rule: CompiledRule, catalogue: FieldCatalogue, sources: SourceSet = .all) {
        var references: Set<FieldReference> = []
        rule.condition.forEachTest { references.formUnion($0.references) }
        missingFields = Set(
            references.filter { catalogue[$0.field].sources.isDisjoint(with: sources) }.map { $0.text(in: catalogue) }
        ).sorted()
        guard !missingFields.isEmpty else {
            verdict = .full
            return
        }
        let canHold = FieldVisibility(sources: sources, catalogue: catalogue).possibility(of: rule.condition).canHold
        verdict = canHold ? .partial : .never
    }
}
