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
        // A correlation neither takes an event from others nor loses one to them.
        let rules = rules.filter { !$0.isCorrelation }
        let conjuncts = numberedConjuncts(of: rules)
        var uses: [Int: Int] = [:]
        for set in conjuncts { for conjunct in set { uses[conjunct, default: 0] += 1 } }
        var pairs: [Pair] = []
        // By its rarest conjunct: an earlier rule hides only what has that one too. Others, as the type of event, half of all rules have.
        var earlier: [Int: [Int]] = [:]
        for index in rules.indices {
            var hider: Int?
            for conjunct in conjuncts[index] {
                for other in earlier[conjunct] ?? [] where other < hider ?? index {
                    let hides =
                        rules[other].source == rules[index].source && conjuncts[other].isSubset(of: conjuncts[index])
                    if hides { hider = other }
                }
            }
            if let hider { pairs.append(Pair(hidden: rules[index].name, hider: rules[hider].name)) }
            let rarest = conjuncts[index].min { (uses[$0] ?? 0, $0) < (uses[$1] ?? 0, $1) }
            if let rarest { earlier[rarest, default: []].append(index) }
        }
        return pairs
    }

    /// The conjuncts of each rule as numbers, the same for equal ones: hashing a condition is costly.
    private static func numberedConjuncts(of rules: [CompiledRule]) -> [Set<Int>] {
        var numbers: [TypedCondition: Int] = [:]
        return rules.map { rule in
            var set: Set<Int> = []
            for conjunct in rule.condition.conjuncts {
                let number = numbers[conjunct] ?? numbers.count
                numbers[conjunct] = number
                set.insert(number)
            }
            return set
        }
    }
}

extension TypedCondition {
    /// The conditions that all must hold, nested conjunctions opened; what is no conjunction is one itself.
    var conjuncts: [TypedCondition] {
        if case .and(let parts) = self { parts.flatMap(\.conjuncts) } else { [self] }
    }
}
