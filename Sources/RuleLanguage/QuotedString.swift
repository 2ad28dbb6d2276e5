extension TextCursor {
    /// The longest constant that Falco's filters take.
    static let maximumConstantLength = 255

    /// Takes a quoted or bare constant; nil when none comes next.
    mutating func takeLiteral() throws(SyntaxProblem) -> Literal? {
        let start = at
        let literal: Literal
        if let bytes = try takeQuotedString() {
            literal = Literal(bytes: bytes, isQuoted: true, range: range(from: start))
        } else {
            let bare = takeBareString()
            guard !bare.isEmpty else { return nil }
            literal = Literal(bytes: Array(bare), range: range(from: start))
        }
        guard literal.bytes.count <= Self.maximumConstantLength else {
            throw SyntaxProblem(
                message: "a constant of \(literal.bytes.count) bytes is too long; "
                    + "at most \(Self.maximumConstantLength) are allowed",
                range: literal.range
            )
        }
        return literal
    }

    /// Takes a string in single or double quotes and resolves its escapes; nil when no quote comes next. The string ends
    /// at the first such quote without a backslash directly before it, even if that backslash is itself escaped.
    mutating func takeQuotedString() throws(SyntaxProblem) -> [UInt8]? {
        guard let quote = peek(), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
        let start = at
        var end = start + 1
        while end < bytes.count, bytes[end] != quote || bytes[end - 1] == UInt8(ascii: "\\") { end += 1 }
        guard end < bytes.count else {
            let shown = min(bytes.count, start + 1)
            throw SyntaxProblem(
                message:
                    "the string that begins here has no closing \(quote == UInt8(ascii: "'") ? "single" : "double") "
                    + "quote",
                range: TextRange(start, shown, text: textID),
                suggestion: bytes.last == quote ? #"a string can't end in a backslash"# : nil
            )
        }
        at = start + 1
        var content: [UInt8] = []
        while at < end {
            if bytes[at] == UInt8(ascii: "\\") {
                content.append(try takeEscape(quote: quote, end: end))
            } else {
                content.append(bytes[at])
                at += 1
            }
        }
        at = end + 1
        return content
    }

    private mutating func takeEscape(quote: UInt8, end: Int) throws(SyntaxProblem) -> UInt8 {
        let start = at
        let code = at + 1 < end ? bytes[at + 1] : 0
        at += 2
        switch code {
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "\\"), UInt8(ascii: "/"), quote: return code
        // Falco reads a backslash before a space as a backslash alone.
        case UInt8(ascii: " "): return UInt8(ascii: "\\")
        case UInt8(ascii: "x"):
            if at + 1 < end, let high = hexadecimal(bytes[at]), let low = hexadecimal(bytes[at + 1]) {
                at += 2
                return high << 4 | low
            }
            let shown = TextRange(start, min(end, start + 4), text: textID)
            throw SyntaxProblem(message: #"'\x' needs exactly two hexadecimal digits"#, range: shown)
        default:
            let shown = TextRange(start, min(end, start + 2), text: textID)
            throw SyntaxProblem(
                message: "unknown escape '\(text(from: shown.start, to: shown.end))' in a quoted string", range: shown,
                suggestion: #"write '\\' for a backslash, or leave out the quotes"#
            )
        }
    }

    private func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
