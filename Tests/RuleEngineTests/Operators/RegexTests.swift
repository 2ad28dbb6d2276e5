import Testing

@testable import RuleEngine

@Suite struct RegexTests {
    static func matches(_ pattern: String, _ value: [UInt8]) throws -> Bool {
        let program = try RegexParser.parse(Array(pattern.utf8))
        var matcher = RegexMatcher()
        return matcher.matches(program, value, value.indices)
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
        #expect(throws: RegexParser.SyntaxError.self) { try RegexParser.parse(Array(pattern.utf8)) }
    }

    @Test func `no expression takes for ever`() throws {
        let value = Array(repeating: UInt8(ascii: "a"), count: 4096)
        for pattern in ["(a*)*b", "(a|aa)*b", "(a|b)*a(a|b){200}c", "((a+)+)+b"] {
            #expect(try !Self.matches(pattern, value))
        }
        #expect(try RegexParser.parse(Array("((((){1000}){1000}){1000}){1000}".utf8)).instructions.count == 1)
        #expect(throws: RegexParser.SyntaxError.self) {
            try RegexParser.parse(Array(repeating: UInt8(ascii: "("), count: 255))
        }
    }
}
