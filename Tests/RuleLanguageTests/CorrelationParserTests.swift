import RuleLanguage
import Testing

/// The condition of a correlation.
@Suite struct CorrelationParserTests {
    private static func parse(_ text: String) throws(SyntaxProblem) -> CorrelationPattern {
        try CorrelationParser.parse(bytes: Array(text.utf8))
    }

    private static func words(_ pattern: CorrelationPattern) -> String {
        func names(_ operands: [Operand]) -> String { operands.flatMap(\.fields).map(\.text).joined(separator: ",") }
        let what =
            switch pattern.form {
            case .count(let event, let distinct, let least):
                "count \(event.name) \(distinct.map { names([$0]) } ?? "-") \(least)"
            case .sequence(let events): "sequence " + events.map(\.name).joined(separator: ",")
            case .first(let event, let values): "first \(event.name) \(names(values))"
            }
        return "\(what) | \(pattern.windowNanoseconds / 1_000_000) | \(names(pattern.keys))"
    }

    @Test(arguments: [
        ("count(a) >= 5 in 60s", "count a - 5 | 60000 | "),
        ("count(a)>5 in 250ms by user.name", "count a - 6 | 250 | user.name"),
        (" count ( a ) >= 1000 in 30d ", nil),
        ("count( a , proc.aname[2] ) >= 3 in 1m30s by proc.tree", "count a proc.aname[2] 3 | 90000 | proc.tree"),
        ("count(a, tolower(proc.name)) > 127 in 1h", "count a proc.name 128 | 3600000 | "),
        ("a then b in 2m by proc.tree", "sequence a,b | 120000 | proc.tree"),
        ("a then b\n  then a in 1d by user.uid,\n container.id", "sequence a,b,a | 86400000 | user.uid,container.id"),
        ("first(login, user.name, fd.cip) in 7d", "first login user.name,fd.cip | 604800000 | "),
        ("count then first in 1s", "sequence count,first | 1000 | "),
    ])
    func `what is right is read`(_ text: String, _ expected: String?) throws {
        guard let expected else {
            #expect(throws: SyntaxProblem.self) { try Self.parse(text) }
            return
        }
        #expect(Self.words(try Self.parse(text)) == expected)
    }

    @Test(arguments: [
        ("", 0, "the condition ends where 'count(…)', 'first(…)' or an event's name was expected"),
        ("a", 1, "the condition ends where 'then' and another event's name was expected"),
        ("a in 60s", 2, "unexpected 'in', expected 'then' and another event's name"),
        ("a then b", 8, "the condition ends where 'in' and a time, such as 'in 60s' was expected"),
        ("a then b in", 11, "the condition ends where a time, such as 60s was expected"),
        ("a then b in 60", 12, "the time has no unit"),
        ("a then b in 60x", 12, "the time has no unit"),
        ("a then b in 1.5s", 12, "the time has no unit"),
        ("a then b in 0s", 12, "the time must be from 1ms to 30d"),
        ("a then b in 31d", 12, "the time must be from 1ms to 30d"),
        ("a then b in 99999999999999999999d", 12, "the number is too large, at most 2592000000000000"),
        ("a then b in 60s by", 18, "the condition ends where a field in 'by' was expected"),
        ("a then b in 60s by name", 19, "unexpected 'name', expected a field in 'by'"),
        ("a then b in 60s by proc.name x", 29, "unexpected 'x', expected ',' or the end"),
        ("a then b in 60s, x", 15, "unexpected ',', expected 'by' and a field, or the end"),
        ("count(a) in 60s", 9, "unexpected 'in', expected '>=' and a number"),
        ("count(a) = 3 in 60s", 9, "unexpected '=', expected '>=' and a number"),
        ("count(a) >= 0 in 60s", 9, "a count must ask for 1 to 1000"),
        ("count(a) > 1000 in 60s", 9, "a count must ask for 1 to 1000"),
        ("count(a) >= 1001 in 60s", 12, "the number is too large, at most 1000"),
        ("count(a, proc.name) > 128 in 60s", 20, "a count must ask for 1 to 128 different values"),
        ("count(a b) > 1 in 60s", 8, "unexpected 'b', expected ',' and a field, or ')'"),
        ("sum(a) > 1 in 60s", 0, "unknown function 'sum', expected 'count' or 'first'"),
        ("first(a) in 60s", 7, "unexpected ')', expected ',' and the field whose values are to be new"),
        (
            "a then a then a then a then a then a then a then a then a in 1s", 0,
            "a sequence can have 8 steps, this one has 9"
        ),
    ])
    func `what is wrong is told with its place`(_ text: String, _ offset: Int, _ message: String) throws {
        let problem = #expect(throws: SyntaxProblem.self) { try Self.parse(text) }
        #expect(problem?.message == message)
        #expect(problem?.range.start == offset)
    }
}
