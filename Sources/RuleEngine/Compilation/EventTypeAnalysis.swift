import EventModel

/// Decides which events can satisfy a condition, by type alone.
///
/// Comparisons with the type are sets, `and`, `or` and `not` combine them; every other comparison may hold or not,
/// whether negated or not. `not` is pushed down to the comparisons, so `not (evt.type = open and x = y)` is all types.
enum EventTypeAnalysis {
    /// The types of the events that can satisfy a condition.
    static func types(of condition: TypedCondition) -> EventTypeSet { types(of: condition, isNegated: false) }

    private static func types(of condition: TypedCondition, isNegated: Bool) -> EventTypeSet {
        switch condition {
        case .constant(let value): value != isNegated ? .all : EventTypeSet()
        case .typeIn(let set): isNegated ? set.complement : set
        case .test, .exactlyOne: .all
        case .not(let part): types(of: part, isNegated: !isNegated)
        case .and(let parts): combined(parts, isNegated: isNegated, isUnion: isNegated)
        case .or(let parts): combined(parts, isNegated: isNegated, isUnion: !isNegated)
        }
    }

    private static func combined(_ parts: [TypedCondition], isNegated: Bool, isUnion: Bool) -> EventTypeSet {
        var result = isUnion ? EventTypeSet() : .all
        for part in parts {
            let set = types(of: part, isNegated: isNegated)
            result = isUnion ? result.union(set) : result.intersection(set)
        }
        return result
    }

    /// Whether a set is so large that the rule looks at nearly everything: more than 100 of Falco's event codes. Falco
    /// has two codes per event, and two for all system calls without an event of their own.
    static func isUnrestricted(_ set: EventTypeSet) -> Bool {
        let types = set.types
        let named = types.count { !$0.isGeneric }
        return named * 2 + (named < types.count ? 2 : 0) > 100
    }
}
