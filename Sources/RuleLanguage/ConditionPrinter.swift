extension Condition {
    /// The canonical text: `(a and b)`, `not a`, values quoted only where they need it. It parses back to this tree.
    public var canonicalText: String {
        var printer = ConditionPrinter()
        printer.print(self)
        return printer.text
    }
}

/// Writes conditions as canonical text.
struct ConditionPrinter {
    private(set) var text = ""

    mutating func print(_ condition: Condition) {
        switch condition {
        case .and(let operands): printGroup(operands, separator: " and ")
        case .or(let operands): printGroup(operands, separator: " or ")
        case .not(let operand):
            text += "not "
            print(operand)
        case .macro(let name, _): text += name
        case .comparison(let comparison): print(comparison)
        }
    }

    private mutating func printGroup(_ operands: [Condition], separator: String) {
        text += "("
        for (index, operand) in operands.enumerated() {
            if index > 0 { text += separator }
            print(operand)
        }
        text += ")"
    }

    private mutating func print(_ comparison: Comparison) {
        print(comparison.left)
        text += " " + comparison.comparator.rawValue
        if let modifier = comparison.modifier { text += " " + modifier.rawValue }
        switch comparison.right {
        case .none: break
        case .literal(let literal): text += " " + Self.quotedIfNeeded(literal)
        case .list(let literals): text += " (" + literals.map(Self.quotedIfNeeded).joined(separator: ", ") + ")"
        case .operand(.field(let field)):
            text += " val("
            print(.field(field))
            text += ")"
        case .operand(let operand):
            text += " "
            print(operand)
        }
    }

    mutating func print(_ operand: Operand) {
        switch operand {
        case .field(let field):
            text += field.name
            if let argument = field.argument { text += "[" + Self.bracketed(argument) + "]" }
        case .transformer(let transformer):
            text += transformer.name + "("
            print(transformer.arguments)
            text += ")"
            if let selector = transformer.selector { text += "[" + Self.bracketed(selector) + "]" }
        }
    }

    private mutating func print(_ arguments: [TransformerArgument]) {
        for (index, argument) in arguments.enumerated() {
            if index > 0 { text += ", " }
            switch argument {
            case .operand(let operand): print(operand)
            case .literal(let literal): text += Self.argumentText(literal)
            case .list(let elements):
                text += "("
                print(elements)
                text += ")"
            }
        }
    }

    // MARK: - Quoting

    private static func quotedIfNeeded(_ literal: Literal) -> String {
        let isPlain =
            !literal.bytes.isEmpty
            && literal.bytes.allSatisfy { byte in
                TextCursor.isBare(byte) && byte >= 0x20 && byte != 0x7F && byte != UInt8(ascii: "\\")
            }
        // Bare `oneof` before something that could be a list would read as a modifier.
        return isPlain && Modifier(rawValue: literal.text) == nil ? literal.text : quoted(literal.bytes)
    }

    /// A transformer's literal must not read as a field, so it keeps its quotes.
    private static func argumentText(_ literal: Literal) -> String {
        literal.isQuoted ? quoted(literal.bytes) : quotedIfNeeded(literal)
    }

    private static func bracketed(_ argument: String) -> String {
        let needsQuotes = argument.utf8.contains { byte in
            !TextCursor.isBare(byte) || byte < 0x20 || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]")
        }
        return needsQuotes || argument.isEmpty ? quoted(Array(argument.utf8)) : argument
    }

    private static func quoted(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = [UInt8(ascii: "\"")]
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
            case 0x08: output += Array(#"\b"#.utf8)
            case 0x0C: output += Array(#"\f"#.utf8)
            case 0x0A: output += Array(#"\n"#.utf8)
            case 0x0D: output += Array(#"\r"#.utf8)
            case 0x09: output += Array(#"\t"#.utf8)
            case ..<0x20, 0x7F:
                let digits = Array("0123456789abcdef".utf8)
                output += Array(#"\x"#.utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: output.append(byte)
            }
        }
        // A quote behind a backslash does not close a string, so a last backslash is written by its number.
        if bytes.last == UInt8(ascii: "\\") {
            output.replaceSubrange((output.count - 2)..., with: Array(#"\x5c"#.utf8))
        }
        output.append(UInt8(ascii: "\""))
        return String(decoding: output, as: UTF8.self)
    }
}
