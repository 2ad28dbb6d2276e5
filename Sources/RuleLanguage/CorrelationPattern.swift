/// What a correlation joins events by, as written in its condition: what must happen, within which time, to what.
public struct CorrelationPattern: Sendable, Hashable {
    /// What must happen.
    public enum Form: Sendable, Hashable {
        /// So many events; with `distinct` so many different values of it.
        case count(event: EventName, distinct: Operand?, atLeast: Int)
        /// Events one after the other; two or more, an event may come several times.
        case sequence([EventName])
        /// An event with values that were not seen before.
        case first(event: EventName, values: [Operand])
    }

    /// A reference to one of the correlation's events.
    public struct EventName: Sendable, Hashable {
        /// The event's name.
        public var name: String
        /// Where it stands.
        public var range: TextRange
        /// A reference at a place.
        public init(name: String, range: TextRange) {
            self.name = name
            self.range = range
        }
    }

    /// What must happen.
    public var form: Form
    /// Within which time, nanoseconds.
    public var windowNanoseconds: UInt64
    /// What the events must have in common; empty: all events of the node belong together.
    public var keys: [Operand]

    /// A pattern from its parts.
    public init(form: Form, windowNanoseconds: UInt64, keys: [Operand]) {
        self.form = form
        self.windowNanoseconds = windowNanoseconds
        self.keys = keys
    }

    /// The references to events, in the order of the text.
    public var eventNames: [EventName] {
        switch form {
        case .count(let event, _, _), .first(let event, _): [event]
        case .sequence(let events): events
        }
    }
}

/// A correlation's events and what joins them, resolved.
public struct ResolvedCorrelation: Sendable, Hashable {
    /// One of the events.
    public struct Event: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// What it must satisfy, exceptions included, with no macro left.
        public var condition: Condition
        /// An event from its parts.
        public init(name: String, condition: Condition) {
            self.name = name
            self.condition = condition
        }
    }

    /// The events in written order.
    public var events: [Event]
    /// What joins them.
    public var pattern: CorrelationPattern
    /// The pattern as written.
    public var patternText: String

    /// A correlation from its parts.
    public init(events: [Event], pattern: CorrelationPattern, patternText: String) {
        self.events = events
        self.pattern = pattern
        self.patternText = patternText
    }

    /// What holds for every event that the correlation looks at, and for no other: the condition of the rule that it is to
    /// everything that asks which events a rule needs.
    public var anyEvent: Condition {
        events.count == 1 ? events[0].condition : .or(events.map(\.condition))
    }
}
