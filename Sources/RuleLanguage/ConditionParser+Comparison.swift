extension ConditionParser {
    /// Operators that are words; of two that begin alike the longer comes first.
    static let wordOperators = [
        "bstartswith", "startswith", "bcontains", "icontains", "contains", "endswith", "intersects", "pmatch", "iglob",
        "glob", "regex", "exists", "in",
    ]
    private static let symbolOperators: [(text: String, comparator: ComparisonOperator)] = [
        ("==", .equal), ("!=", .notEqual), ("<=", .lessOrEqual), (">=", .greaterOrEqual), ("=", .equal), ("<", .less),
        (">", .greater),
    ]
    private static let listOperators: Set<ComparisonOperator> = [.in, .intersects, .pmatch]
    private static let numericOperators: Set<ComparisonOperator> = [.less, .lessOrEqual, .greater, .greaterOrEqual]

    /// Parses what follows a comparison's left side.
    mutating func comparison(of left: Operand, start: Int) throws(SyntaxProblem) -> Comparison {
        let endOfLeft = cursor.at
        cursor.skipBlanks()
        guard let comparator = try takeOperator() else { throw missingOperator(start: start, end: endOfLeft) }
        var modifier: Modifier?
        var right = RightSide.none
        switch comparator {
        case .exists: break
        case .in, .intersects, .pmatch:
            cursor.skipBlanks()
            right = try list(after: comparator.rawValue)
        default:
            let hasBlank = cursor.skipBlanks()
            let isWord = Self.wordOperators.contains(comparator.rawValue)
            if isWord, !hasBlank { throw unexpected(expected: "a blank after '\(comparator.rawValue)'") }
            if Self.numericOperators.contains(comparator) {
                right = try number(after: comparator.rawValue)
            } else if hasBlank, let found = try takeModifier() {
                modifier = found
                right = try list(after: found.rawValue)
            } else {
                right = try value(after: comparator.rawValue)
            }
        }
        return Comparison(
            left: left, comparator: comparator, modifier: modifier, right: right, range: cursor.range(from: start)
        )
    }

    // MARK: - Operators

    private mutating func takeOperator() throws(SyntaxProblem) -> ComparisonOperator? {
        for (text, comparator) in Self.symbolOperators where cursor.isNext(text) {
            cursor.at += text.utf8.count
            return comparator
        }
        for word in Self.wordOperators where cursor.isNext(word) {
            guard let comparator = ComparisonOperator(rawValue: word) else { continue }
            if !cursor.isNext(keyword: word) {
                // The grammar lets a list's name follow at once (`in shells` as `inshells`), but only a name.
                var ahead = cursor
                ahead.at += cursor.identifierLength()
                ahead.skipBlanks()
                let isName = Self.listOperators.contains(comparator) && ahead.peek() != UInt8(ascii: "(")
                guard isName else { continue }
            }
            cursor.at += word.utf8.count
            return comparator
        }
        return nil
    }

    private mutating func missingOperator(start: Int, end: Int) -> SyntaxProblem {
        let left = cursor.text(from: start, to: end)
        let endsHere =
            cursor.isAtEnd || cursor.peek() == UInt8(ascii: ")") || cursor.isNext(keyword: "and")
            || cursor.isNext(keyword: "or")
        if endsHere {
            return SyntaxProblem(
                message: "'\(left)' is compared with nothing; a field alone is no condition",
                range: TextRange(start, end, text: cursor.textID), suggestion: "did you mean '\(left) exists'?"
            )
        }
        let length = cursor.identifierLength()
        let word = cursor.text(from: cursor.at, to: cursor.at + length)
        let foreign = [
            "like": "glob", "matches": "regex", "match": "regex", "is": "=", "eq": "=", "equals": "=", "ne": "!=",
            "has": "contains", "includes": "contains",
        ]
        return SyntaxProblem(
            message: "expected an operator after '\(left)', found \(cursor.nextInWords())", range: cursor.nextRange(),
            suggestion: foreign[word].map { "did you mean '\($0)'?" }
                ?? Suggestion.question(for: word, in: Self.wordOperators)
                ?? "operators are = != < <= > >= \(Self.wordOperators.reversed().joined(separator: " "))"
        )
    }

    /// Takes `oneof`, `anyof` or `allof` if a list or a list's name follows; else they are ordinary values.
    private mutating func takeModifier() throws(SyntaxProblem) -> Modifier? {
        for modifier in Modifier.allCases where cursor.isNext(keyword: modifier.rawValue) {
            var ahead = cursor
            ahead.at += modifier.rawValue.utf8.count
            let hasBlank = ahead.skipBlanks()
            let isList = ahead.peek() == UInt8(ascii: "(")
            if isList, !hasBlank {
                throw SyntaxProblem(
                    message: "a blank is missing between '\(modifier.rawValue)' and its list", range: ahead.nextRange(),
                    suggestion: "write '\(modifier.rawValue) (…)'"
                )
            }
            let isName =
                ahead.identifierLength() > 0 && !ahead.isNext(keyword: "and") && !ahead.isNext(keyword: "or")
            guard hasBlank, isList || isName else { continue }
            cursor = ahead
            return modifier
        }
        return nil
    }

    // MARK: - Right sides

    private mutating func value(after comparator: String) throws(SyntaxProblem) -> RightSide {
        if let operand = try takeRightOperand() { return .operand(operand) }
        if let literal = try cursor.takeLiteral() { return .literal(literal) }
        throw unexpected(expected: "a value after '\(comparator)'")
    }

    /// The right side of `<` and its kin: a number, also where the field is text.
    private mutating func number(after comparator: String) throws(SyntaxProblem) -> RightSide {
        if let operand = try takeRightOperand() { return .operand(operand) }
        let before = cursor
        if let literal = try cursor.takeLiteral() {
            if literal.isNumber { return .literal(literal) }
            cursor = before
        }
        throw unexpected(expected: "a number after '\(comparator)'")
    }

    private mutating func list(after comparator: String) throws(SyntaxProblem) -> RightSide {
        if cursor.peek() == UInt8(ascii: "(") { return .list(try parenthesisedList()) }
        if let operand = try takeRightOperand() { return .operand(operand) }
        let start = cursor.at
        let length = cursor.identifierLength()
        guard length > 0 else {
            var problem = unexpected(expected: "a list in parentheses after '\(comparator)'")
            if !cursor.isAtEnd, problem.suggestion == nil { problem.suggestion = "put the values in parentheses" }
            throw problem
        }
        cursor.at += length
        let range = cursor.range(from: start)
        return .list([Literal(bytes: Array(cursor.bytes[start..<cursor.at]), range: range)])
    }

    private mutating func parenthesisedList() throws(SyntaxProblem) -> [Literal] {
        let open = cursor.at
        cursor.at += 1
        cursor.skipBlanks()
        if cursor.take(")") { return [] }
        var values: [Literal] = []
        while true {
            guard let literal = try cursor.takeLiteral() else {
                if cursor.isAtEnd { throw unclosedList(open) }
                throw unexpected(expected: "a value in the list")
            }
            values.append(literal)
            cursor.skipBlanks()
            if cursor.take(")") { return values }
            guard cursor.take(",") else {
                if cursor.isAtEnd { throw unclosedList(open) }
                throw unexpected(expected: "',' or ')' in the list")
            }
            cursor.skipBlanks()
        }
    }

    private func unclosedList(_ open: Int) -> SyntaxProblem {
        SyntaxProblem(message: "the list has no ')'", range: TextRange(open, open + 1, text: cursor.textID))
    }

    /// Takes `val(field)` or a transformer if one comes next.
    private mutating func takeRightOperand() throws(SyntaxProblem) -> Operand? {
        guard cursor.isNext("val(") else { return try takeTransformer().map { .transformer($0) } }
        cursor.at += 4
        cursor.skipBlanks()
        guard let field = try takeField() else { throw unexpected(expected: "a field in 'val(…)'") }
        cursor.skipBlanks()
        guard cursor.take(")") else { throw unexpected(expected: "')' after the field") }
        return .field(field)
    }
}
