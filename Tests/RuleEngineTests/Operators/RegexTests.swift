import EventModel
import RuleLanguage
import Testing

@testable import RuleEngine

@Suite struct RegexTests {
    static func matches(_ pattern: String, _ value: [UInt8]) throws -> Bool {
        let rules = try ruleSet("proc.name regex \"\(pattern.replacing("\\", with: "\\\\"))\"")
        return RuleEngineTests.matches(rules, TestEvent("openat", ["proc.name": .rawText(value)])) == [0]
    }

    typealias Case = GlobTests.Case
    static let cases = [
        Case("abc", "abc", true), Case("abc", "abcd", false), Case("b", "abc", false), Case("a|ab", "ab", true),
        Case("", "", true), Case("", "a", false), Case("a*", "", true), Case("a+", "", false), Case("a?b", "b", true),
        Case("(ab)+", "abab", true), Case("(ab)+", "aba", false), Case("a{3}", "aaa", true), Case("a{2,}", "a", false),
        Case("a{2,}", "aaaa", true), Case("a{1,2}", "aaa", false), Case("a{0}b", "b", true),
        Case("a{,2}", "a{,2}", true),
        Case("a{x", "a{x", true), Case("[a-c]+", "abcabc", true), Case("[^a-c]+", "xyz", true), Case("[]a]", "]", true),
        Case("[^]a]", "]", false), Case("[a-]", "-", true), Case("[[:digit:]]+", "123", true),
        Case("[^[:space:]]+", "a b", false), Case("[[:alpha:]_]", "_", true), Case(".", "\n", false),
        Case("[^a]", "\n", true), Case(".*", "", true), Case("^abc$", "abc", true), Case("a\n^b", "a\nb", true),
        Case("a$\nb", "a\nb", true), Case("a^b", "ab", false), Case("\\.", ".", true), Case("\\.", "a", false),
        Case("a\\|b", "a|b", true), Case("\\x41", "A", true), Case("\\t", "\t", true), Case(".", "é", true),
        Case("[à-ü]", "é", true), Case("(a|b)*c|d", "ababc", true), Case("(a|b)*c|d", "d", true), Case("()", "", true),
        Case("(|a)b", "b", true), Case("(a*)*", "aaa", true), Case("(a*)+b", "aab", true), Case("a**", "aa", true),
        Case("/etc/(passwd|shadow)", "/etc/shadow", true), Case("x*y*z*", "xxzz", true),
    ]

    @Test(arguments: cases)
    func `an expression matches the whole value`(_ test: Case) throws {
        #expect(try Self.matches(test.pattern, Array(test.value.utf8)) == test.expected)
    }

    @Test func `bad UTF-8 counts as replacement characters`() throws {
        #expect(try Self.matches("a.b", [0x61, 0xff, 0x62]))
        #expect(try Self.matches("\u{fffd}", [0xc3]))
        #expect(try Self.matches("..", [0xe2, 0x82]))
        #expect(try !Self.matches(".", [0xf0, 0x80, 0x80, 0x80]))
    }

    @Test(arguments: [
        "(", ")", "a)", "[", "[a", "*", "+a", "(?:a)", "(?i)a", "\\d", "\\w+", "\\b", "\\", "(a)\\1", "[z-a]", "a{2,1}",
        "a{1001}", "[[:nope:]]", "[[:digit:]", "a|*", "\\x4", "(a{1000}){1000}", "((((a{100}){100}){100}){100})",
    ])
    func `an expression that is none is refused`(_ pattern: String) {
        #expect(throws: RegularExpression.SyntaxError.self) { try RegularExpression(Array(pattern.utf8)) }
    }

    @Test func `no expression takes for ever`() throws {
        let value = Array(repeating: UInt8(ascii: "a"), count: 4096)
        for pattern in ["(a*)*b", "(a|aa)*b", "(a|b)*a(a|b){200}c", "((a+)+)+b"] {
            #expect(try !Self.matches(pattern, value))
        }
    }

    @Test(arguments: [
        ("proc.name regex 'ab[z-a]'", 20..<23), ("proc.name regex ab[za", 18..<21), ("proc.name regex 'a'", 0..<0),
    ])
    func `a bad expression is shown where it is bad`(_ condition: String, _ place: Range<Int>) throws {
        let problem = testCompiler.compile(try resolvedRule(condition)).problems.first { $0.severity == .error }
        #expect((problem?.range.start ?? 0)..<(problem?.range.end ?? 0) == place)
    }

    @Test func `a value leaves nothing behind for the next`() throws {
        // The first two crashed, the third and fourth answered wrongly, while the automaton's memory was shared.
        let rules = try ruleSet(
            "proc.name regex oneof (my.*, b.*)", "proc.name regex \"my(exe|prog)\"", "proc.name regex b",
            "proc.name regex shadow", "not proc.name regex shadow"
        )
        var evaluator = Evaluator(rules, mode: .all)
        for (name, expected) in [
            ("myexe", [0, 1, 4]), ("b", [0, 2, 4]), ("shadow", [3]), ("w", [4]), ("myprog", [0, 1, 4]), ("", [4]),
        ] {
            evaluator.evaluate(EventType(index: 0), reader: TestEvent("openat", ["proc.name": .text(name)]))
            #expect(evaluator.matches == expected, "\(name)")
        }
    }
}
