/// Parses output templates: text with `%field`, `%12field`, `%field[argument]` and `%transformer(…)`.
public struct OutputTemplateParser {
    /// Widths beyond this are refused; an output line is no place for megabytes of blanks.
    public static let maximumWidth = 65_536

    private var cursor: TextCursor
    private let fields: FieldNameTable
    private var pieces: [OutputTemplate.Piece] = []
    private var problems: [SyntaxProblem] = []
    private var literal: [UInt8] = []

    private init(_ text: String, fields: FieldNameTable, textID: UInt32) {
        cursor = TextCursor(Array(text.utf8), textID: textID)
        self.fields = fields
    }

    /// Parses a template and finds all its problems; where there are any, the template lacks the bad references.
    /// The longest known field name counts, so text may follow a field directly.
    public static func parse(
        _ text: String, fields: FieldNameTable, textID: UInt32 = 0
    ) -> (template: OutputTemplate, problems: [SyntaxProblem]) {
        var parser = OutputTemplateParser(text, fields: fields, textID: textID)
        parser.run()
        return (OutputTemplate(pieces: parser.pieces), parser.problems)
    }

    private mutating func run() {
        while let byte = cursor.peek() {
            guard byte == UInt8(ascii: "%") else {
                literal.append(byte)
                cursor.at += 1
                continue
            }
            let start = cursor.at
            do throws(SyntaxProblem) {
                try takeReference()
            } catch {
                problems.append(error)
                cursor.at = max(cursor.at, start + 1)
            }
        }
        flushLiteral()
    }

    private mutating func flushLiteral() {
        guard !literal.isEmpty else { return }
        pieces.append(.text(literal))
        literal.removeAll()
    }

    private mutating func takeReference() throws(SyntaxProblem) {
        let start = cursor.at
        cursor.at += 1
        let width = try takeWidth(start: start)
        let operand: Operand
        if let transformer = try cursor.takeTransformer() {
            operand = .transformer(transformer)
        } else if let length = fields.longestPrefix(of: cursor.bytes[cursor.at...]) {
            let fieldStart = cursor.at
            cursor.at += length
            let name = cursor.text(from: fieldStart)
            let argument = try cursor.takeBracketed()
            operand = .field(FieldExpression(name: name, argument: argument, range: cursor.range(from: fieldStart)))
        } else {
            throw unknownReference(start: start)
        }
        flushLiteral()
        pieces.append(.value(operand, width: width))
    }

    private mutating func takeWidth(start: Int) throws(SyntaxProblem) -> Int? {
        let digits = cursor.bytes[cursor.at...].prefix(while: TextCursor.isDigit)
        guard !digits.isEmpty else { return nil }
        cursor.at = digits.endIndex
        guard let width = Int(String(decoding: digits, as: UTF8.self)), width <= Self.maximumWidth else {
            throw SyntaxProblem(
                message: "the width is too large; at most \(Self.maximumWidth) bytes are allowed",
                range: cursor.range(from: start)
            )
        }
        return width
    }

    private mutating func unknownReference(start: Int) -> SyntaxProblem {
        let nameStart = cursor.at
        while let byte = cursor.peek(), TextCursor.isWord(byte) || byte == UInt8(ascii: ".") { cursor.at += 1 }
        // A sentence's end is no part of a name.
        while cursor.at > nameStart, cursor.bytes[cursor.at - 1] == UInt8(ascii: ".") { cursor.at -= 1 }
        let name = cursor.text(from: nameStart)
        if name.isEmpty {
            return SyntaxProblem(
                message: "invalid formatting token: '%' must be followed by a field's name",
                range: TextRange(start, max(start + 1, cursor.at), text: cursor.textID),
                suggestion: "a literal '%' can't be written in an output"
            )
        }
        return SyntaxProblem(
            message: "invalid formatting token: unknown field '\(name)'",
            range: TextRange(nameStart, cursor.at, text: cursor.textID), suggestion: fields.suggestion(for: name)
        )
    }
}
