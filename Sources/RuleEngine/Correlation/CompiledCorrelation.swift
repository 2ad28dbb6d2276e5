import EventModel

/// What a rule joins events by, typed.
struct CompiledCorrelation: Sendable {
    /// One of the events.
    struct Event: Sendable {
        var name: String
        var condition: TypedCondition
        /// The types of the events that can satisfy the condition.
        var eventTypes: EventTypeSet
    }

    /// What must happen; numbers are of `events`.
    enum Form: Sendable {
        case count(atLeast: Int)
        case distinct(Expression, atLeast: Int)
        case sequence([Int])
        case first([Expression])
    }

    /// The events in written order.
    var events: [Event]
    var form: Form
    var windowNanoseconds: UInt64
    /// What the events must have in common.
    var keys: [Expression]
    /// What makes it the same correlation after a reload: then its state stays.
    var signature: String

    /// The fields that it reads beside its events' conditions.
    var references: [FieldReference] {
        let values: [Expression] =
            switch form {
            case .count, .sequence: []
            case .distinct(let value, _): [value]
            case .first(let values): values
            }
        return (keys + values).flatMap(\.references)
    }
}
