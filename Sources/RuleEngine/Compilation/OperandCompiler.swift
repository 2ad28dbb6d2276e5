import EventModel
import RuleLanguage

/// Checks and types what a comparison or an output template reads.
struct OperandCompiler {
    /// Where an operand stands.
    enum Place { case left, right, output }

    /// An operand as typed.
    struct Typed {
        var expression: Expression
        var shape: ValueShape
        /// The field's flags, if the operand is a field.
        var flags: FieldFlags = []
        /// The field's name, if the operand is a field.
        var fieldName: String?
        /// Whether the text form of the value is unprintable: `len` of text inherits a format that shows nothing.
        var isUnprintable = false
        /// Whether the value is a raw argument that is signed in some events and unsigned in others.
        var isMixedNumber = false
        /// How numbers print.
        var rendering: FieldDescription.Rendering = .plain
    }

    let resolver: FieldResolver
    /// The rule's event source.
    let source: String

    /// Types an operand.
    func compile(_ operand: Operand, _ place: Place) throws(ConditionError) -> Typed {
        switch operand {
        case .field(let field): try compile(field, place, inTransformer: false)
        case .transformer(let transformer): try compile(transformer, place)
        }
    }

    private func compile(
        _ field: FieldExpression, _ place: Place, inTransformer: Bool
    ) throws(ConditionError) -> Typed {
        let found = try resolver.resolve(field, source: source)
        let name = found.description.name
        switch place {
        case .output:
            guard !found.flags.contains(.filterOnly) else {
                throw ConditionError("field '\(name)' can be used in conditions only", at: field.range)
            }
        case .left, .right:
            guard !found.flags.contains(.outputOnly) else {
                throw ConditionError("field '\(name)' can be used in outputs only", at: field.range)
            }
        }
        if place == .right, !inTransformer {
            guard !found.flags.contains(.noRightSide), found.shape.type != .network else {
                throw ConditionError("field '\(name)' can't stand on the right side of a comparison", at: field.range)
            }
        }
        if inTransformer {
            guard !found.flags.contains(.noTransformer), found.shape.type != .network else {
                throw ConditionError("field '\(name)' can't be used in a transformer", at: field.range)
            }
        }
        return Typed(
            expression: .field(found.reference), shape: found.shape, flags: found.flags, fieldName: name,
            isMixedNumber: name == "evt.rawarg" && Self.isMixedNumber(found.reference.argument),
            rendering: found.description.rendering
        )
    }

    private static func isMixedNumber(_ argument: FieldArgument) -> Bool {
        guard case .key(let name) = argument else { return false }
        return EventArgument.hasMixedSign(named: String(decoding: name, as: UTF8.self))
    }

    // MARK: - Transformers

    private static let names = ["tolower", "toupper", "b64", "basename", "len", "join", "concat", "getopt", "val"]

    private func compile(_ call: Transformer, _ place: Place) throws(ConditionError) -> Typed {
        if call.name != "getopt", call.selector != nil {
            throw ConditionError("only 'getopt' takes a selector in brackets", at: call.range)
        }
        switch call.name {
        case "tolower": return try mapping(.toLower, call, place)
        case "toupper": return try mapping(.toUpper, call, place)
        case "basename": return try mapping(.baseName, call, place)
        case "b64": return try mapping(.decodeBase64, call, place, acceptsBytes: true)
        case "len": return try length(call, place)
        case "join": return try join(call, place)
        case "concat": return try concat(call, place)
        case "getopt": return try getopt(call, place)
        case "val":
            throw ConditionError("'val' belongs on the right side of a comparison, around a field", at: call.range)
        default:
            throw ConditionError(
                "unknown transformer '\(call.name)'", at: call.range,
                suggestion: Suggestion.question(for: call.name, in: Self.names)
                    ?? "transformers are \(Self.names.joined(separator: " "))"
            )
        }
    }

    private func expect(_ count: ClosedRange<Int>, _ call: Transformer, _ what: String) throws(ConditionError) {
        guard count.contains(call.arguments.count) else {
            throw ConditionError("'\(call.name)' takes \(what), found \(call.arguments.count)", at: call.range)
        }
    }

    private func mapping(
        _ function: TransformerFunction, _ call: Transformer, _ place: Place, acceptsBytes: Bool = false
    ) throws(ConditionError) -> Typed {
        try expect(1...1, call, "one argument")
        let operand = try argument(call.arguments[0], call, place)
        guard operand.shape.isText || (acceptsBytes && operand.shape.type == .bytes) else {
            throw unfit(operand, call, acceptsBytes ? "a string or byte buffer" : "a string")
        }
        var shape = operand.shape
        if shape.type == .path { shape.type = .string }
        return Typed(expression: .call(function, [operand.expression]), shape: shape)
    }

    private func length(_ call: Transformer, _ place: Place) throws(ConditionError) -> Typed {
        try expect(1...1, call, "one argument")
        let operand = try argument(call.arguments[0], call, place)
        guard operand.shape.isText || operand.shape.type == .bytes || operand.shape.isList else {
            throw unfit(operand, call, "a string, byte buffer or list")
        }
        return Typed(
            expression: .call(.length, [operand.expression]), shape: ValueShape(type: .u64),
            isUnprintable: operand.shape.isText && !operand.shape.isList
        )
    }

    private func join(_ call: Transformer, _ place: Place) throws(ConditionError) -> Typed {
        try expect(2...2, call, "a separator and a list")
        let separator = try argument(call.arguments[0], call, place)
        let list = try argument(call.arguments[1], call, place)
        guard separator.shape.isText, !separator.shape.isList else {
            throw unfit(separator, call, "a separator string")
        }
        guard list.shape.isList, list.shape.isText else { throw unfit(list, call, "a list of strings") }
        return Typed(
            expression: .call(.join, [separator.expression, list.expression]), shape: ValueShape(type: .string)
        )
    }

    private func concat(_ call: Transformer, _ place: Place) throws(ConditionError) -> Typed {
        try expect(2...Int.max, call, "two or more arguments")
        var parts: [Expression] = []
        for argument in call.arguments {
            let part = try self.argument(argument, call, place)
            guard part.shape.isText, !part.shape.isList else { throw unfit(part, call, "single strings") }
            parts.append(part.expression)
        }
        return Typed(expression: .call(.concat, parts), shape: ValueShape(type: .string))
    }

    private func getopt(_ call: Transformer, _ place: Place) throws(ConditionError) -> Typed {
        try expect(2...2, call, "an argument list and an option string")
        let words = try argument(call.arguments[0], call, place)
        let options = try argument(call.arguments[1], call, place)
        guard words.shape.isText, words.shape.isList else { throw unfit(words, call, "a list of strings") }
        guard options.shape.isText, !options.shape.isList else { throw unfit(options, call, "an option string") }
        var selector: UInt8?
        if let text = call.selector {
            guard text.utf8.count == 1 else {
                throw ConditionError("the selector of 'getopt' must be one character, found '\(text)'", at: call.range)
            }
            selector = text.utf8.first
        }
        return Typed(
            expression: .call(.getopt(selector: selector), [words.expression, options.expression]),
            shape: ValueShape(type: .string, isList: selector == nil)
        )
    }

    private func argument(
        _ argument: TransformerArgument, _ call: Transformer, _ place: Place
    ) throws(ConditionError) -> Typed {
        switch argument {
        case .operand(.field(let field)): return try compile(field, place, inTransformer: true)
        case .operand(.transformer(let transformer)): return try compile(transformer, place)
        case .literal(let literal):
            let shape = ValueShape(type: .string)
            try LiteralConverter.check(literal, for: shape)
            return Typed(expression: .constant(literal.bytes), shape: shape)
        case .list(let arguments):
            var parts: [Expression] = []
            for argument in arguments {
                let part = try self.argument(argument, call, place)
                // Numbers are joined in decimal.
                let isNumber = [.signed, .unsigned].contains(part.shape.category) && call.name == "join"
                guard part.shape.isText || isNumber, !part.shape.isList else {
                    throw unfit(part, call, "lists of single strings")
                }
                parts.append(part.expression)
            }
            return Typed(expression: .list(parts), shape: ValueShape(type: .string, isList: true))
        }
    }

    private func unfit(_ operand: Typed, _ call: Transformer, _ wanted: String) -> ConditionError {
        let list = operand.shape.isList ? "list of " : ""
        return ConditionError(
            "'\(call.name)' takes \(wanted), found a \(list)\(operand.shape.category.name)", at: call.range
        )
    }
}

/// The fields that hold the event's type; comparisons with them decide which events a rule sees.
enum EventTypeField {
    /// Whether a field holds the event's type.
    static func contains(_ name: String) -> Bool { name == "evt.type" || name == "syscall.type" }
}
