/// Parses condition text into a syntax tree. The grammar is Falco's, with its quirks: see `parse`.
///
///     Or         = And ( 'or' And )*                 And = Not ( 'and' Not )*
///     Not        = 'not'* Primary                    Primary = '(' Or ')' | Operand Comparison | macro name
///     Operand    = field [ '[' argument ']' ] | name '(' arguments ')' [ '[' selector ']' ]
///     Comparison = 'exists' | operator value | operator modifier list | list operator list
public struct ConditionParser {
    /// How deep parentheses may nest; Falco sets the same.
    public static let maximumDepth = 1000

    var cursor: TextCursor
    private var depth = 0
    private let maximumDepth: Int

    private init(_ bytes: [UInt8], textID: UInt32, maximumDepth: Int) {
        cursor = TextCursor(bytes, textID: textID)
        self.maximumDepth = maximumDepth
    }

    /// Parses a whole condition. `textID` goes into every range of the tree.
    ///
    /// After `and`, `or` and `not` a blank or a parenthesis must follow, and a group that follows without a blank is a
    /// whole operand: `a or(b) and c` is an error. An even number of `not` cancels out.
    public static func parse(
        _ text: String, textID: UInt32 = 0, maximumDepth: Int = maximumDepth
    ) throws(SyntaxProblem) -> Condition {
        try parse(bytes: Array(text.utf8), textID: textID, maximumDepth: maximumDepth)
    }

    /// Parses a whole condition from its bytes.
    public static func parse(
        bytes: [UInt8], textID: UInt32 = 0, maximumDepth: Int = maximumDepth
    ) throws(SyntaxProblem) -> Condition {
        var parser = ConditionParser(bytes, textID: textID, maximumDepth: maximumDepth)
        return try parser.whole()
    }

    private mutating func whole() throws(SyntaxProblem) -> Condition {
        cursor.skipBlanks()
        guard !cursor.isAtEnd else { throw SyntaxProblem(message: "the condition is empty", range: cursor.nextRange()) }
        let condition = try or()
        guard cursor.isAtEnd else { throw unexpected(expected: "'and', 'or' or the end") }
        return condition
    }

    // MARK: - Boolean structure

    private mutating func or() throws(SyntaxProblem) -> Condition {
        let first = try and()
        cursor.skipBlanks()
        guard cursor.isNext(keyword: "or") else { return first }
        var operands = [first]
        while cursor.take(keyword: "or") {
            let isWhole = !cursor.skipBlanks()
            operands.append(isWhole ? try adjacentGroup(after: "or") : try and())
            cursor.skipBlanks()
            if isWhole, cursor.isNext(keyword: "and") { throw andAfterWholeOperand() }
        }
        return .or(operands)
    }

    private mutating func and() throws(SyntaxProblem) -> Condition {
        let first = try not()
        cursor.skipBlanks()
        guard cursor.isNext(keyword: "and") else { return first }
        var operands = [first]
        while cursor.take(keyword: "and") {
            operands.append(cursor.skipBlanks() ? try not() : try adjacentGroup(after: "and"))
            cursor.skipBlanks()
        }
        return .and(operands)
    }

    private mutating func not() throws(SyntaxProblem) -> Condition {
        var isNegated = false
        while cursor.take(keyword: "not") {
            isNegated.toggle()
            if !cursor.skipBlanks() {
                let operand = try adjacentGroup(after: "not")
                return isNegated ? .not(operand) : operand
            }
        }
        let operand = try primary()
        return isNegated ? .not(operand) : operand
    }

    private mutating func adjacentGroup(after keyword: String) throws(SyntaxProblem) -> Condition {
        if cursor.peek() == UInt8(ascii: "(") { return try group() }
        if cursor.isAtEnd { throw unexpected(expected: "a condition after '\(keyword)'") }
        throw unexpected(expected: "a blank or '(' after '\(keyword)'")
    }

    private mutating func group() throws(SyntaxProblem) -> Condition {
        let open = cursor.at
        cursor.at += 1
        depth += 1
        defer { depth -= 1 }
        guard depth <= maximumDepth else {
            throw SyntaxProblem(
                message: "exceeded max depth: parentheses nest more than \(maximumDepth) deep",
                range: cursor.range(from: open)
            )
        }
        cursor.skipBlanks()
        let condition = try or()
        cursor.skipBlanks()
        if cursor.take(")") { return condition }
        if cursor.isAtEnd {
            throw SyntaxProblem(
                message: "the '(' has no ')'", range: TextRange(open, open + 1, text: cursor.textID),
                suggestion: "add ')' at the end of the group"
            )
        }
        throw unexpected(expected: "'and', 'or' or ')'")
    }

    private mutating func primary() throws(SyntaxProblem) -> Condition {
        if cursor.peek() == UInt8(ascii: "(") { return try group() }
        let start = cursor.at
        for keyword in ["and", "or"] where cursor.isNext(keyword: keyword) {
            throw SyntaxProblem(
                message: "expected a condition before '\(keyword)'", range: cursor.nextRange()
            )
        }
        if let operand = try takeOperand() { return .comparison(try comparison(of: operand, start: start)) }
        let length = cursor.identifierLength()
        guard length > 0 else { throw unexpected(expected: "a field, a macro, 'not' or '('") }
        cursor.at += length
        let name = cursor.text(from: start)
        let range = cursor.range(from: start)
        try checkIsNoField(name, range)
        return .macro(name: name, range: range)
    }

    /// A macro's name before an operator is a field's name that lost its dot.
    private func checkIsNoField(_ name: String, _ range: TextRange) throws(SyntaxProblem) {
        var ahead = cursor
        ahead.skipBlanks()
        let isSymbol = ["=", "!=", "<", ">"].contains { ahead.isNext($0) }
        let isWord = Self.wordOperators.contains { ahead.isNext(keyword: $0) }
        guard isSymbol || isWord else { return }
        throw SyntaxProblem(
            message: "'\(name)' is no field: a field's name has a dot, such as proc.name", range: range,
            suggestion: name.contains("_") ? "did you mean '\(name.replacingFirst("_", with: "."))'?" : nil
        )
    }

    // MARK: - Errors

    /// What to write instead of words and symbols that other languages use.
    private static let foreignTokens = [
        "&&": "and", "||": "or", "!": "not", "AND": "and", "OR": "or", "NOT": "not", "And": "and", "Or": "or",
        "Not": "not", "&": "and", "|": "or",
    ]

    /// For `a or(b) and c`, where `and` can't take the group from `or`.
    private func andAfterWholeOperand() -> SyntaxProblem {
        SyntaxProblem(
            message: "unexpected 'and': a group directly after 'or', without a blank, is its whole operand",
            range: cursor.nextRange(), suggestion: "write a blank between 'or' and '('"
        )
    }

    func unexpected(expected: String) -> SyntaxProblem {
        let found = cursor.nextInWords()
        let word = String(found.dropFirst().dropLast())
        var suggestion = Self.foreignTokens[word].map { "did you mean '\($0)'?" }
        if suggestion == nil, expected.contains("'and'"), cursor.identifierLength() > 0 {
            suggestion = Suggestion.question(for: word, in: ["and", "or"])
        }
        return SyntaxProblem(
            message: cursor.isAtEnd
                ? "the condition ends where \(expected) was expected"
                : "unexpected \(found), expected \(expected)",
            range: cursor.nextRange(), suggestion: suggestion
        )
    }
}

extension String {
    fileprivate func replacingFirst(_ character: Character, with replacement: String) -> String {
        guard let index = firstIndex(of: character) else { return self }
        return self[..<index] + replacement + self[self.index(after: index)...]
    }
}
