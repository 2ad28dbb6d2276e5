import EventModel
import RuleLanguage

/// Finds the field that a name with its argument means.
struct FieldResolver: Sendable {
    /// A field as found.
    struct Resolved {
        var reference: FieldReference
        var shape: ValueShape
        var flags: FieldFlags
        var description: FieldDescription
    }

    let catalogue: FieldCatalogue
    /// The names as the output template's parser needs them.
    let names: FieldNameTable
    private let fieldNames: Set<String>
    private let argumentNames: Set<String>

    /// Fields whose argument may follow a dot.
    static let dottedArgumentFields: Set<String> = FieldNameTable.dottedArgumentFields.union(["evt.abspath"])

    init(_ catalogue: FieldCatalogue) {
        self.catalogue = catalogue
        let names = catalogue.fields.map(\.name)
        fieldNames = Set(names)
        self.names = FieldNameTable(names, dottedArgumentFields: Self.dottedArgumentFields)
        argumentNames = Set(EventType.all.flatMap { $0.arguments.map(\.name) })
    }

    /// Whether a text is a field's name.
    func isField(_ text: String) -> Bool { fieldNames.contains(text) }

    /// Finds a field for a rule of an event source.
    func resolve(_ expression: FieldExpression, source: String) throws(ConditionError) -> Resolved {
        var name = expression.name
        var argument = expression.argument
        if catalogue.id(named: name) == nil, argument == nil, let split = Self.dottedArgument(of: name, in: catalogue) {
            (name, argument) = (split.field, split.argument)
        }
        guard let id = catalogue.id(named: name) else {
            throw ConditionError(
                "unknown field '\(expression.name)'", at: expression.range,
                suggestion: names.suggestion(for: expression.name), isUnknownFilter: true
            )
        }
        let description = catalogue[id]
        if let owner = description.eventSource, owner != source {
            throw ConditionError(
                "field '\(name)' belongs to events of source '\(owner)', the rule's source is '\(source)'",
                at: expression.range, isUnknownFilter: true
            )
        }
        let reference = FieldReference(
            id, try self.argument(argument, of: description, written: expression)
        )
        return Resolved(
            reference: reference, shape: try shape(of: description, reference.argument, at: expression.range),
            flags: description.flags, description: description
        )
    }

    /// Splits `evt.arg.flags` into field and argument: the longest known field with a dotted argument counts.
    private static func dottedArgument(
        of name: String, in catalogue: FieldCatalogue
    ) -> (field: String, argument: String)? {
        dottedArgumentFields
            .filter {
                name.hasPrefix($0 + ".") && name.utf8.count > $0.utf8.count + 1 && catalogue.id(named: $0) != nil
            }
            .max { $0.utf8.count < $1.utf8.count }
            .map { ($0, String(name.dropFirst($0.count + 1))) }
    }

    private func argument(
        _ text: String?, of field: FieldDescription, written: FieldExpression
    ) throws(ConditionError) -> FieldArgument {
        let flags = field.flags
        let takesArgument = !flags.isDisjoint(with: [
            .argumentRequired, .argumentAllowed, .argumentIsIndex, .argumentIsKey,
        ])
        guard let text else {
            guard !flags.contains(.argumentRequired) else {
                let example = Self.dottedArgumentFields.contains(field.name) ? "\(field.name).NAME" : "\(field.name)[…]"
                throw ConditionError(
                    "field '\(field.name)' requires an argument", at: written.range, suggestion: "write '\(example)'"
                )
            }
            return .none
        }
        guard takesArgument else {
            throw ConditionError(
                "field '\(field.name)' takes no argument, found '[\(text)]'", at: written.range,
                suggestion: "write '\(field.name)'"
            )
        }
        if field.name == "evt.arg" || field.name == "evt.rawarg" {
            return try eventArgument(text, of: field, written: written)
        }
        let isIndex = flags.contains(.argumentIsIndex)
        if isIndex, let index = Self.decimal(text) { return .index(index) }
        guard !isIndex || flags.contains(.argumentIsKey) else {
            throw ConditionError(
                "the argument of field '\(field.name)' must be a decimal index, found '\(text)'", at: written.range,
                suggestion: "write '\(field.name)[1]'"
            )
        }
        return .key(Array(text.utf8))
    }

    private func eventArgument(
        _ text: String, of field: FieldDescription, written: FieldExpression
    ) throws(ConditionError) -> FieldArgument {
        if field.name == "evt.arg", let index = Self.decimal(text) { return .index(index) }
        guard argumentNames.contains(text) else {
            throw ConditionError(
                "no event has an argument named '\(text)'", at: written.range,
                suggestion: Suggestion.nearest(to: text, in: argumentNames.sorted())
                    .map { "did you mean '\(field.name).\($0)'?" },
                isUnknownFilter: true
            )
        }
        return .key(Array(text.utf8))
    }

    private func shape(
        of field: FieldDescription, _ argument: FieldArgument, at range: TextRange
    ) throws(ConditionError) -> ValueShape {
        guard field.name == "evt.rawarg", case .key(let name) = argument else {
            return ValueShape(type: field.type, isList: field.flags.contains(.list))
        }
        let type = EventArgument.nativeType(named: String(decoding: name, as: UTF8.self))
        return ValueShape(type: type ?? field.type)
    }

    /// Reads an index: decimal digits only.
    private static func decimal(_ text: String) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
    }
}
