import EventModel

/// An output template with its fields found.
struct CompiledTemplate: Sendable {
    /// A piece of the template.
    enum Piece: Sendable {
        case text([UInt8])
        case value(CompiledValue, width: Int?)
    }

    /// The pieces in order.
    var pieces: [Piece] = []
    /// The fields that the pieces read, each once, with the key under which `output_fields` shows it.
    var fields: [(key: String, value: CompiledValue)] = []
}

/// What a template shows: an expression and how its value prints.
struct CompiledValue: Sendable {
    let expression: Expression
    let shape: ValueShape
    var rendering: FieldDescription.Rendering = .plain
    /// Whether the text form shows `<NA>` whatever the value is.
    var isUnprintable = false
    /// Whether the JSON form is the event's time as a number.
    var isEventTime = false
    /// The step of a correlation whose event it is of; nil: the event at hand.
    var step: Int?
    /// What the alert itself knows, for a field that no event has.
    var fact: AlertFact?
}

/// An output field beyond the template.
struct CompiledExtraField: Sendable {
    let key: String
    let content: Content

    /// What the field shows.
    enum Content: Sendable {
        /// A value that keeps its type.
        case raw(CompiledValue)
        /// Rendered text.
        case text(CompiledTemplate)
    }
}
