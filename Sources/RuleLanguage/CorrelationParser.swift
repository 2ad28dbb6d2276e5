/// Parses a correlation's condition.
///
///     Pattern  = What 'in' duration [ 'by' operand ( ',' operand )* ]
///     What     = 'count' '(' event [ ',' operand ] ')' ( '>=' | '>' ) number
///              | event ( 'then' event )+
///              | 'first' '(' event ( ',' operand )+ ')'
///     duration = ( number ( 'ms' | 's' | 'm' | 'h' | 'd' ) )+
public struct CorrelationParser {
    /// What a count may ask for at most.
    public static let maximumCount = 1000
    /// How many different values a count may ask for at most.
    public static let maximumDistinctCount = 128
    /// How many steps a sequence may have at most.
    public static let maximumSteps = 8
    /// How many fields a key, or the values of `first`, may have at most.
    public static let maximumFields = 8
    /// The longest time: 30 days.
    public static let maximumWindow: UInt64 = 30 * 86_400 * 1_000_000_000

    private var cursor: TextCursor

    private init(_ bytes: [UInt8], textID: UInt32) { cursor = TextCursor(bytes, textID: textID) }

    /// Parses a whole condition. `textID` goes into every range.
    public static func parse(bytes: [UInt8], textID: UInt32 = 0) throws(SyntaxProblem) -> CorrelationPattern {
        var parser = CorrelationParser(bytes, textID: textID)
        return try parser.whole()
    }

    private mutating func whole() throws(SyntaxProblem) -> CorrelationPattern {
        cursor.skipBlanks()
        let form = try form()
        cursor.skipBlanks()
        guard cursor.take(keyword: "in") else {
            throw unexpected("'in' and a time, such as 'in 60s'")
        }
        cursor.skipBlanks()
        let window = try duration()
        cursor.skipBlanks()
        var keys: [Operand] = []
        if cursor.take(keyword: "by") { keys = try operands(after: "'by'") }
        cursor.skipBlanks()
        guard cursor.isAtEnd else { throw unexpected(keys.isEmpty ? "'by' and a field, or the end" : "',' or the end") }
        return CorrelationPattern(form: form, windowNanoseconds: window, keys: keys)
    }

    // MARK: - Forms

    private mutating func form() throws(SyntaxProblem) -> CorrelationPattern.Form {
        let length = cursor.identifierLength()
        guard length > 0 else { throw unexpected("'count(…)', 'first(…)' or an event's name") }
        guard cursor.peek(length) == UInt8(ascii: "(") else { return try sequence() }
        let start = cursor.at
        cursor.at += length
        let name = cursor.text(from: start)
        let range = cursor.range(from: start)
        cursor.at += 1
        switch name {
        case "count": return try count()
        case "first": return try first()
        default:
            throw SyntaxProblem(
                message: "unknown function '\(name)', expected 'count' or 'first'", range: range,
                suggestion: Suggestion.question(for: name, in: ["count", "first"]))
        }
    }

    private mutating func count() throws(SyntaxProblem) -> CorrelationPattern.Form {
        cursor.skipBlanks()
        let event = try eventName()
        cursor.skipBlanks()
        var distinct: Operand?
        if cursor.take(",") {
            cursor.skipBlanks()
            distinct = try operand(in: "'count(…)'")
            cursor.skipBlanks()
        }
        guard cursor.take(")") else { throw unexpected(distinct == nil ? "',' and a field, or ')'" : "')'") }
        cursor.skipBlanks()
        let start = cursor.at
        let isOrEqual = cursor.isNext(">=")
        guard isOrEqual || cursor.isNext(">") else { throw unexpected("'>=' and a number") }
        cursor.at += isOrEqual ? 2 : 1
        cursor.skipBlanks()
        let limit = distinct == nil ? Self.maximumCount : Self.maximumDistinctCount
        let number = try number(atMost: UInt64(limit))
        let least = Int(number) + (isOrEqual ? 0 : 1)
        guard least >= 1, least <= limit else {
            throw SyntaxProblem(
                message: "a count must ask for 1 to \(limit)\(distinct == nil ? "" : " different values")",
                range: cursor.range(from: start))
        }
        return .count(event: event, distinct: distinct, atLeast: least)
    }

    private mutating func sequence() throws(SyntaxProblem) -> CorrelationPattern.Form {
        let start = cursor.at
        var events = [try eventName()]
        cursor.skipBlanks()
        while cursor.take(keyword: "then") {
            cursor.skipBlanks()
            events.append(try eventName())
            cursor.skipBlanks()
        }
        guard events.count > 1 else {
            throw unexpected("'then' and another event's name")
        }
        guard events.count <= Self.maximumSteps else {
            throw SyntaxProblem(
                message: "a sequence can have \(Self.maximumSteps) steps, this one has \(events.count)",
                range: cursor.range(from: start))
        }
        return .sequence(events)
    }

    private mutating func first() throws(SyntaxProblem) -> CorrelationPattern.Form {
        cursor.skipBlanks()
        let event = try eventName()
        cursor.skipBlanks()
        guard cursor.take(",") else { throw unexpected("',' and the field whose values are to be new") }
        let values = try operands(after: "the event's name")
        guard cursor.take(")") else { throw unexpected("',' or ')'") }
        return .first(event: event, values: values)
    }

    // MARK: - Parts

    private mutating func eventName() throws(SyntaxProblem) -> CorrelationPattern.EventName {
        let length = cursor.identifierLength()
        guard length > 0 else { throw unexpected("an event's name") }
        let start = cursor.at
        cursor.at += length
        return CorrelationPattern.EventName(name: cursor.text(from: start), range: cursor.range(from: start))
    }

    private mutating func operands(after what: String) throws(SyntaxProblem) -> [Operand] {
        let start = cursor.at
        var operands: [Operand] = []
        repeat {
            cursor.skipBlanks()
            operands.append(try operand(in: what))
            cursor.skipBlanks()
        } while cursor.take(",")
        guard operands.count <= Self.maximumFields else {
            throw SyntaxProblem(
                message: "\(operands.count) fields stand here, at most \(Self.maximumFields) are allowed",
                range: cursor.range(from: start))
        }
        return operands
    }

    private mutating func operand(in what: String) throws(SyntaxProblem) -> Operand {
        if let transformer = try cursor.takeTransformer() { return .transformer(transformer) }
        if let field = try cursor.takeField() { return .field(field) }
        throw unexpected("a field in \(what)")
    }

    private mutating func number(atMost limit: UInt64) throws(SyntaxProblem) -> UInt64 {
        let digits = cursor.bytes[cursor.at...].prefix(while: TextCursor.isDigit)
        guard !digits.isEmpty else { throw unexpected("a number") }
        let start = cursor.at
        cursor.at = digits.endIndex
        guard let number = UInt64(String(decoding: digits, as: UTF8.self)), number <= limit else {
            throw SyntaxProblem(message: "the number is too large, at most \(limit)", range: cursor.range(from: start))
        }
        return number
    }

    private static let units: [(text: String, nanoseconds: UInt64)] = [
        ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
        ("d", 86_400_000_000_000),
    ]

    private mutating func duration() throws(SyntaxProblem) -> UInt64 {
        let start = cursor.at
        var sum: UInt64 = 0
        repeat {
            guard cursor.peek().map(TextCursor.isDigit) ?? false else { throw unexpected("a time, such as 60s") }
            let number = try number(atMost: Self.maximumWindow)
            guard let unit = Self.units.first(where: { cursor.isNext($0.text) }) else {
                throw SyntaxProblem(
                    message: "the time has no unit", range: cursor.range(from: start),
                    suggestion: "write \(number)s for seconds; units are ms, s, m, h, d")
            }
            cursor.at += unit.text.utf8.count
            let (part, isTooLong) = number.multipliedReportingOverflow(by: unit.nanoseconds)
            sum = isTooLong ? .max : sum.addingReportingOverflow(part).overflow ? .max : sum + part
        } while cursor.peek().map(TextCursor.isDigit) ?? false
        if let byte = cursor.peek(), TextCursor.isWord(byte) || byte == UInt8(ascii: ".") {
            throw unexpected("a time in whole numbers, such as 1m30s")
        }
        guard sum > 0, sum <= Self.maximumWindow else {
            throw SyntaxProblem(
                message: "the time must be from 1ms to \(Self.maximumWindow / 86_400_000_000_000)d",
                range: cursor.range(from: start))
        }
        return sum
    }

    private func unexpected(_ expected: String) -> SyntaxProblem {
        SyntaxProblem(
            message: cursor.isAtEnd
                ? "the condition ends where \(expected) was expected"
                : "unexpected \(cursor.nextInWords()), expected \(expected)",
            range: cursor.nextRange())
    }
}
