extension ConditionParser {
    /// Takes a field or a transformer call if one comes next.
    mutating func takeOperand() throws(SyntaxProblem) -> Operand? {
        if let transformer = try takeTransformer() { return .transformer(transformer) }
        return try takeField().map { .field($0) }
    }

    /// Takes a field with its argument if one comes next.
    mutating func takeField() throws(SyntaxProblem) -> FieldExpression? { try cursor.takeField() }

    /// Takes a transformer call if one comes next: a name with a parenthesis directly behind it.
    mutating func takeTransformer() throws(SyntaxProblem) -> Transformer? { try cursor.takeTransformer() }
}

extension TextCursor {
    /// How deep transformer calls and their lists may nest; a hostile text must not exhaust the stack.
    private static let maximumTransformerDepth = 100

    mutating func takeField() throws(SyntaxProblem) -> FieldExpression? {
        let length = fieldNameLength()
        guard length > 0 else { return nil }
        let start = at
        at += length
        let name = text(from: start)
        let argument = try takeBracketed()
        return FieldExpression(name: name, argument: argument, range: range(from: start))
    }

    /// Takes text in brackets that follows at once; quoted, or without blanks, quotes and brackets.
    mutating func takeBracketed() throws(SyntaxProblem) -> String? {
        let open = at
        guard take("[") else { return nil }
        var content: String?
        if let quoted = try takeQuotedString() {
            content = String(decoding: quoted, as: UTF8.self)
        } else {
            let start = at
            while let byte = peek(), !Self.isBracketEnd(byte) { at += 1 }
            if at > start { content = text(from: start) }
        }
        guard let content else {
            throw SyntaxProblem(message: "the brackets hold no argument", range: range(from: open))
        }
        guard take("]") else {
            throw SyntaxProblem(
                message: "the '[' has no ']'", range: TextRange(open, open + 1, text: textID),
                suggestion: "quote an argument that holds blanks, quotes or brackets"
            )
        }
        return content
    }

    private static func isBracketEnd(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "'"), UInt8(ascii: "\""), 0x20, 0x08...0x0D: true
        default: false
        }
    }

    mutating func takeTransformer(depth: Int = 0) throws(SyntaxProblem) -> Transformer? {
        let length = identifierLength()
        guard length > 0, peek(length) == UInt8(ascii: "(") else { return nil }
        let start = at
        at += length
        let name = text(from: start)
        guard depth < Self.maximumTransformerDepth else {
            throw SyntaxProblem(message: "transformers nest too deep", range: range(from: start))
        }
        at += 1
        let arguments = try takeArguments(of: "'\(name)'", depth: depth)
        let selector = try takeBracketed()
        return Transformer(name: name, arguments: arguments, selector: selector, range: range(from: start))
    }

    /// Takes arguments up to and with the closing parenthesis.
    private mutating func takeArguments(of what: String, depth: Int) throws(SyntaxProblem) -> [TransformerArgument] {
        var arguments: [TransformerArgument] = []
        while true {
            skipBlanks()
            arguments.append(try takeArgument(of: what, depth: depth))
            skipBlanks()
            if take(")") { return arguments }
            guard take(",") else {
                throw SyntaxProblem(
                    message: "unexpected \(nextInWords()), expected ',' or ')' in the arguments of \(what)",
                    range: nextRange()
                )
            }
        }
    }

    private mutating func takeArgument(of what: String, depth: Int) throws(SyntaxProblem) -> TransformerArgument {
        guard depth < Self.maximumTransformerDepth else {
            throw SyntaxProblem(message: "transformers nest too deep", range: nextRange())
        }
        if take("(") {
            skipBlanks()
            return .list(take(")") ? [] : try takeArguments(of: what, depth: depth + 1))
        }
        if let transformer = try takeTransformer(depth: depth + 1) { return .operand(.transformer(transformer)) }
        if let field = try takeField() { return .operand(.field(field)) }
        let start = at
        if let literal = try takeLiteral() {
            if literal.isQuoted || literal.isNumber { return .literal(literal) }
            throw SyntaxProblem(
                message:
                    "'\(literal.text)' is neither a field nor a quoted text nor a number, as an argument of \(what) must be",
                range: range(from: start), suggestion: "put quotes around it if it is a text"
            )
        }
        throw SyntaxProblem(
            message: "unexpected \(nextInWords()), expected a field or a value as argument of \(what)",
            range: nextRange()
        )
    }
}
