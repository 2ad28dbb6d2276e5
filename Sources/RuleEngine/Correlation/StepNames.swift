import EventModel
import RuleLanguage

/// The names in a correlation's output: fields of the last event, and, behind an event's name, those of an earlier one.
struct StepNames: Sendable {
    /// All names, as the template's parser needs them.
    let fields: FieldNameTable
    /// The position in the sequence by event name; nil: the last event, which is the one at hand.
    private let positions: [String: Int?]

    init(_ correlation: ResolvedCorrelation, catalogue: FieldCatalogue) {
        let names = catalogue.fields.map(\.name)
        var all = names
        var dotted = FieldResolver.dottedArgumentFields
        for event in correlation.events {
            all += names.map { "\(event.name).\($0)" }
            dotted.formUnion(FieldResolver.dottedArgumentFields.map { "\(event.name).\($0)" })
        }
        fields = FieldNameTable(all, dottedArgumentFields: dotted)
        let sequence = correlation.pattern.eventNames.map(\.name)
        var positions: [String: Int?] = [:]
        for event in correlation.events {
            let first = sequence.firstIndex(of: event.name)
            positions[event.name] = .some(first == sequence.count - 1 ? nil : first)
        }
        self.positions = positions
    }

    /// An operand without its event's name, and the position of that event; nil: the event at hand.
    func parted(_ operand: Operand) throws(ConditionError) -> (operand: Operand, step: Int?) {
        var found: Set<Int?> = []
        let plain = stripped(operand, &found)
        guard found.count <= 1 else {
            throw ConditionError(
                "the fields in a transformer must be of one event", at: operand.fields[0].range,
                suggestion: "write them one by one")
        }
        return (plain, found.first ?? nil)
    }

    private func stripped(_ operand: Operand, _ found: inout Set<Int?>) -> Operand {
        switch operand {
        case .field(var field):
            var step: Int?
            if let dot = field.name.firstIndex(of: "."), let position = positions[String(field.name[..<dot])] {
                field.name = String(field.name[field.name.index(after: dot)...])
                step = position
            }
            found.insert(step)
            return .field(field)
        case .transformer(var call):
            call.arguments = call.arguments.map { stripped($0, &found) }
            return .transformer(call)
        }
    }

    private func stripped(_ argument: TransformerArgument, _ found: inout Set<Int?>) -> TransformerArgument {
        switch argument {
        case .operand(let operand): .operand(stripped(operand, &found))
        case .literal: argument
        case .list(let elements): .list(elements.map { stripped($0, &found) })
        }
    }
}
