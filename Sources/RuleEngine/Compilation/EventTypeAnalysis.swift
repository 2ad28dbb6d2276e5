import EventModel

/// Decides which events can satisfy a condition, by type alone.
///
/// Comparisons with the type are sets, `and`, `or` and `not` combine them; every other comparison may hold or not,
/// whether negated or not. `not` is pushed down to the comparisons, so `not (evt.type = open and x = y)` is all types.
enum EventTypeAnalysis {
    /// The types of the events that can satisfy a condition.
    static func types(of condition: TypedCondition) -> EventTypeSet {
        restriction(of: condition, isNegated: false) ?? .all
    }

    /// The types; nil for all, which is what most parts of a condition allow.
    private static func restriction(of condition: TypedCondition, isNegated: Bool) -> EventTypeSet? {
        switch condition {
        case .constant(let value): value != isNegated ? nil : EventTypeSet()
        case .typeIn(let set): isNegated ? set.complement : set
        case .test, .exactlyOne: nil
        case .not(let part): restriction(of: part, isNegated: !isNegated)
        case .and(let parts): isNegated ? union(parts, isNegated: true) : intersection(parts, isNegated: false)
        case .or(let parts): isNegated ? intersection(parts, isNegated: true) : union(parts, isNegated: false)
        }
    }

    private static func union(_ parts: [TypedCondition], isNegated: Bool) -> EventTypeSet? {
        var result = EventTypeSet()
        for part in parts {
            guard let set = restriction(of: part, isNegated: isNegated) else { return nil }
            result = result.union(set)
        }
        return result
    }

    private static func intersection(_ parts: [TypedCondition], isNegated: Bool) -> EventTypeSet? {
        var result: EventTypeSet?
        for part in parts {
            guard let set = restriction(of: part, isNegated: isNegated) else { continue }
            result = result?.intersection(set) ?? set
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
