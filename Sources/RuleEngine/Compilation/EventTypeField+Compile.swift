import EventModel
import RuleLanguage

extension EventTypeField {
    /// Types a comparison of the event's type: a set of types. Nil where the name's text is looked at.
    static func compile(_ comparison: Comparison, isSyscallOnly: Bool) throws(ConditionError) -> TypedCondition? {
        // A field that is null for other events fails every comparison with them.
        let domain = isSyscallOnly ? EventTypeSet(EventType.all.filter(\.isSyscall)) : .all
        let literals: [Literal]
        switch comparison.right {
        case .none: return .typeIn(domain)
        // Compared as text, as Falco does: it says nothing of the types that can match.
        case .operand: return nil
        case .literal(let literal): literals = [literal]
        case .list(let list): literals = list
        }
        guard [.equal, .notEqual, .in].contains(comparison.comparator) else { return nil }
        var types = EventTypeSet()
        for literal in literals {
            guard let type = EventType(name: literal.text) else {
                throw ConditionError(
                    "unknown event type '\(literal.text)'", at: literal.range,
                    suggestion: Suggestion.question(for: literal.text, in: EventType.all.map(\.name)),
                    isUnknownFilter: true
                )
            }
            types.insert(type)
        }
        guard comparison.modifier == nil else { return nil }
        let named = comparison.comparator == .notEqual ? types.complement : types
        return .typeIn(named.intersection(domain))
    }
}

/// The running number of events: it is never missing and never below 1, so some comparisons are decided at once.
enum EventNumber {
    /// A comparison with `evt.num`, or what it always comes to.
    static func folded(_ condition: TypedCondition) -> TypedCondition {
        guard case .test(let test) = condition else { return condition }
        switch test.operation {
        case .exists: return .constant(true)
        case .numberIn(let numbers):
            guard !numbers.contains(where: { $0 > 0 }) else { return condition }
            return .constant(test.isNegated)
        case .numberOrder(let order, let number, _):
            switch (order, number) {
            case (.less, 0...1), (.lessOrEqual, 0): return .constant(false)
            case (.greater, 0), (.greaterOrEqual, 0...1): return .constant(true)
            default: return condition
            }
        default: return condition
        }
    }
}
