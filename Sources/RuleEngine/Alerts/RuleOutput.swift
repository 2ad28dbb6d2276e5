import EventModel

/// A rule's output with its values as slots of the program.
struct RuleOutput: Sendable {
    /// A value of the output.
    struct Value: Sendable {
        let slot: Int32
        let form: CompiledValue
        /// For a value of an earlier event: its place among those that are kept of that event.
        var keptIndex = 0
    }
    /// A piece of a template.
    enum Piece: Sendable {
        case text([UInt8])
        case value(Value, width: Int?)
    }
    /// A field beyond the template.
    enum Extra: Sendable {
        case raw(Value)
        case text([Piece])
    }

    let pieces: [Piece]
    let fields: [(key: String, value: Value)]
    let extras: [(key: String, content: Extra)]
    /// By step of a sequence, the values of its event that are kept for the alert.
    let kept: [[Value]]

    /// A rule's output; `slots` gives the slots of expressions.
    init(_ rule: CompiledRule, slots: ([Expression]) -> [Int32]) {
        var kept: [[Value]] = []
        func value(_ form: CompiledValue) -> Value {
            var value = Value(slot: slots([form.expression])[0], form: form)
            guard let step = form.step else { return value }
            while kept.count <= step { kept.append([]) }
            if let known = kept[step].firstIndex(where: { $0.slot == value.slot }) {
                value.keptIndex = known
            } else {
                value.keptIndex = kept[step].count
                kept[step].append(value)
            }
            return value
        }
        func pieces(_ template: CompiledTemplate) -> [Piece] {
            template.pieces.map { piece in
                switch piece {
                case .text(let text): .text(text)
                case .value(let form, let width): .value(value(form), width: width)
                }
            }
        }
        self.pieces = pieces(rule.output)
        fields = rule.output.fields.map { ($0.key, value($0.value)) }
        extras = rule.extraFields.map { field in
            switch field.content {
            case .raw(let form): (field.key, .raw(value(form)))
            case .text(let template): (field.key, .text(pieces(template)))
            }
        }
        self.kept = kept
    }
}
