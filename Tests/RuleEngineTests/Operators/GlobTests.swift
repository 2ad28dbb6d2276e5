import Glibc
import SeededRandom
import Testing

@testable import RuleEngine

@Suite struct GlobTests {
    static func matches(_ pattern: String, _ value: String, ignoresCase: Bool = false) -> Bool {
        let value = Array(value.utf8)
        let pattern = Array(pattern.utf8)
        return Glob.matches(
            value, value.indices, pattern: pattern, pattern.indices, ignoresCase: ignoresCase
        )
    }

    /// What the C library says in the C locale.
    static func systemMatches(_ pattern: String, _ value: String, ignoresCase: Bool) -> Bool {
        // FNM_CASEFOLD (glibc's fnmatch.h) is behind a feature macro.
        fnmatch(pattern, value, ignoresCase ? 1 << 4 : 0) == 0
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let pattern: String
        let value: String
        let expected: Bool
        init(_ pattern: String, _ value: String, _ expected: Bool) {
            self.pattern = pattern
            self.value = value
            self.expected = expected
        }
        var testDescription: String { "\(pattern) on \(value)" }
    }

    static let cases = [
        Case("", "", true), Case("", "a", false), Case("*", "", true), Case("*", "/a/.b", true), Case("?", "/", true),
        Case("?", "", false), Case("*.conf", "/etc/.conf", true), Case("/etc/*/x", "/etc/a/b/x", true),
        Case("a*b*c", "aXXbXXbc", true), Case("a*b*c", "aXXbXX", false), Case("\\*", "*", true),
        Case("\\*", "a", false),
        Case("[abc]", "b", true), Case("[!abc]", "b", false), Case("[^abc]", "d", true), Case("[a-c]x", "bx", true),
        Case("[]]", "]", true), Case("[!]]", "]", false), Case("[a-]", "-", true), Case("[[:digit:]]", "7", true),
        Case("[[:digit:]x]", "x", true), Case("[[:alpha:][:digit:]]", "_", false), Case("[abc", "[abc", true),
        Case("[", "[", true), Case("[\\]]", "]", true), Case("**a", "bba", true), Case("[[:nope:]]", "n", false),
    ]

    @Test(arguments: cases)
    func `a pattern matches the whole value`(_ test: Case) {
        #expect(Self.matches(test.pattern, test.value) == test.expected)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `random patterns agree with fnmatch`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pieces = ["*", "?", "a", "b", "B", "[ab]", "[!a]", "[a-c]", "[[:upper:]]", "\\*", "/", "."]
        let letters = ["a", "b", "B", "c", "*", "/", "."]
        for _ in 0..<500 {
            let pattern = (0..<Int.random(in: 0...6, using: &random)).map { _ in random.pick(pieces) }.joined()
            let value = (0..<Int.random(in: 0...6, using: &random)).map { _ in random.pick(letters) }.joined()
            for ignoresCase in [false, true] where !(ignoresCase && pattern.contains("upper")) {
                #expect(
                    Self.matches(pattern, value, ignoresCase: ignoresCase)
                        == Self.systemMatches(pattern, value, ignoresCase: ignoresCase),
                    "\(pattern) on \(value), ignoring case: \(ignoresCase)"
                )
            }
        }
    }

    @Test func `many stars do not take for ever`() {
        let pattern = String(repeating: "a*", count: 120) + "b"
        #expect(!Self.matches(pattern, String(repeating: "a", count: 4000)))
    }
}
