import EventModel
public import RuleLanguage

extension RuleCompiler {
    /// The alternatives of a condition that no event can satisfy, each with why; outermost ones only. Of a condition that can't
    /// hold at all the compiler itself warns.
    public func deadAlternatives(of rule: ResolvedRule) -> [(alternative: Condition, reason: String)] {
        guard let compiled = compile(rule).rule else { return [] }
        var found: [(alternative: Condition, reason: String)] = []
        search(rule.condition, compiled.condition, beside: [], into: &found)
        return found
    }

    /// - Parameter context: what must hold beside this part.
    private func search(
        _ written: Condition, _ typed: TypedCondition, beside context: [TypedCondition],
        into found: inout [(alternative: Condition, reason: String)]
    ) {
        switch (written, typed) {
        case (.and(let parts), .and(let inner)):
            for (index, (part, typed)) in zip(parts, inner).enumerated() {
                let others = inner.enumerated().filter { $0.offset != index }.map(\.element)
                search(part, typed, beside: context + others, into: &found)
            }
        case (.or(let parts), .or(let inner)):
            for (part, typed) in zip(parts, inner) {
                if let reason = Contradiction(catalogue: catalogue).find(in: .and(context + [typed])) {
                    found.append((part, reason))
                } else {
                    search(part, typed, beside: context, into: &found)
                }
            }
        default: return
        }
    }
}
