public import EventModel

/// How much of a rule can match where only some sources are there.
public struct RuleReach: Sendable, Hashable {
    /// Whether the rule can match.
    public enum Verdict: Int, Sendable, Hashable, Comparable {
        /// Without what is missing the condition never holds.
        case never
        /// Something is missing, and the rule can match all the same.
        case partial
        /// Everything that the condition asks for can be known.
        case full

        /// Less can match.
        public static func < (left: Verdict, right: Verdict) -> Bool { left.rawValue < right.rawValue }
    }

    /// Whether the rule can match. A correlation of several events can as far as the worst of them.
    public let verdict: Verdict
    /// The fields of the condition, as written, that none of the sources can fill; sorted.
    public let missingFields: [String]

    /// What a rule comes to with sources that tell of all its events; by default with all that there are.
    public init(_ rule: CompiledRule, catalogue: FieldCatalogue, sources: SourceSet = .all) {
        // Nearly always there is nothing that could be missing.
        var references = Set(rule.correlation?.references ?? [])
        rule.condition.forEachTest { references.formUnion($0.references) }
        let isCertain = references.allSatisfy { reference in
            !catalogue[reference.field].sources.isDisjoint(with: sources)
                && FieldVisibility.dependence(of: reference, catalogue) == .none
        }
        guard !isCertain else {
            self.init(verdict: .full, missingFields: [])
            return
        }
        self.init(
            rule, catalogue: catalogue,
            authorities: Dictionary(
                rule.eventTypes.types.map { ($0, sources) }, uniquingKeysWith: { first, _ in first }))
    }

    private init(verdict: Verdict, missingFields: [String]) {
        self.verdict = verdict
        self.missingFields = missingFields
    }

    /// What a rule comes to with certain sources for each type of event.
    ///
    /// - Parameters:
    ///   - authorities: the sources that tell of events of a type.
    ///   - unseen: the types of events that nobody tells of.
    public init(
        _ rule: CompiledRule, catalogue: FieldCatalogue, authorities: [EventType: SourceSet], unseen: [EventType] = []
    ) {
        let parts =
            rule.correlation?.events.map { ($0.condition, $0.eventTypes) } ?? [(rule.condition, rule.eventTypes)]
        let unseen = EventTypeSet(unseen)
        var missing: Set<FieldReference> = []
        var verdict = Verdict.full
        for (condition, types) in parts {
            var (isTold, canHold, isWhole) = (false, false, true)
            for type in types.types {
                guard let sources = authorities[type] else {
                    if unseen.contains(type) { isWhole = false }
                    continue
                }
                isTold = true
                let sees = FieldVisibility(sources: sources, type: type, catalogue: catalogue)
                // A value that is not known joins an event to nothing.
                let unjoined = (rule.correlation?.references ?? []).filter { !sees.isTold($0) }
                let lacking = sees.missing(in: condition).union(unjoined)
                missing.formUnion(lacking)
                if !lacking.isEmpty { isWhole = false }
                if unjoined.isEmpty, sees.possibility(of: condition).canHold { canHold = true }
            }
            verdict = min(verdict, !isTold ? .never : isWhole ? .full : canHold ? .partial : .never)
        }
        self.verdict = verdict
        missingFields = Set(missing.map { $0.text(in: catalogue) }).sorted()
    }
}
