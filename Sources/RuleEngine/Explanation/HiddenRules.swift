/// Finds rules that never raise an alert where the first rule that matches is the only one: an earlier rule matches
/// whatever they match, because all that it asks for they ask for too.
public enum HiddenRules {
    /// A rule, and the earlier one that hides it.
    public struct Pair: Sendable, Hashable {
        /// The name of the rule that is never alone.
        public let hidden: String
        /// The name of the earlier rule.
        public let hider: String
    }

    /// The hidden rules among rules in their order, each with the first rule that hides it.
    public static func find(in rules: [CompiledRule]) -> [Pair] {
        var pairs: [Pair] = []
        // By one of its conjuncts: an earlier rule hides only what has that one too.
        var earlier: [TypedCondition: [(rule: CompiledRule, conjuncts: Set<TypedCondition>)]] = [:]
        for rule in rules {
            let conjuncts = Set(rule.condition.conjuncts)
            let hider = conjuncts.lazy.flatMap { earlier[$0] ?? [] }.first { other in
                other.rule.source == rule.source && other.conjuncts.isSubset(of: conjuncts)
            }
            if let hider { pairs.append(Pair(hidden: rule.name, hider: hider.rule.name)) }
            if let key = conjuncts.first { earlier[key, default: []].append((rule, conjuncts)) }
        }
        return pairs
    }
}

extension TypedCondition {
    /// The conditions that all must hold, nested conjunctions opened; what is no conjunction is one itself.
    var conjuncts: [TypedCondition] {
        if case .and(let parts) = self { parts.flatMap(\.conjuncts) } else { [self] }
    }
}
