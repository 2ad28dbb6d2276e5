import Testing
import YAMLTree

@Suite struct YAMLDocumentTests {
    @Test func `documents come in order and an empty one is null`() throws {
        let documents = try YAMLDocument.parse(text: "- a\n---\n---\nb: c\n...\n")
        #expect(documents.count == 3)
        #expect(documents[0].elements?.map(\.text) == ["a"])
        #expect(documents[1].isNull)
        #expect(documents[2]["b"]?.text == "c")
        #expect(try YAMLDocument.parse(text: "# nothing\n").isEmpty)
    }

    @Test(arguments: ["", "~", "null", "Null", "NULL"])
    func `a plain null is null`(_ text: String) throws {
        #expect(try YAMLDocument.parse(text: "k: \(text)\n").first?["k"]?.isNull == true)
    }

    @Test(arguments: ["''", "\"~\"", "'null'", "!!str null", "nUll"])
    func `a quoted or tagged null is text`(_ text: String) throws {
        #expect(try YAMLDocument.parse(text: "k: \(text)\n").first?["k"]?.text != nil)
    }

    @Test(arguments: [
        ("yes", true), ("Yes", true), ("YES", true), ("on", true), ("True", true), ("y", true),
        ("no", false), ("off", false), ("FALSE", false), ("N", false),
    ])
    func `booleans are those of YAML 1.1`(_ text: String, _ value: Bool) throws {
        #expect(try YAMLDocument.parse(text: "k: \(text)").first?["k"]?.bool == value)
    }

    @Test(arguments: ["yEs", "1", "tRUE", "enabled", "''"])
    func `other text is no boolean`(_ text: String) throws {
        #expect(try YAMLDocument.parse(text: "k: \(text)").first?["k"]?.bool == nil)
    }

    @Test func `places count lines and characters from one`() throws {
        let text = "- é: x\n  ü: [ä, b]\n"
        let item = try #require(try YAMLDocument.parse(text: text).first?.elements?.first)
        let element = try #require(item["ü"]?.elements?.last)
        #expect((element.line, element.column) == (2, 10))
        #expect(Array(text.utf8)[element.bytes] == Array("b".utf8)[...])
    }

    @Test func `a byte order mark is skipped and offsets count it`() throws {
        let node = try #require(try YAMLDocument.parse(text: "\u{FEFF}k: v").first?["k"])
        #expect((node.line, node.column, node.bytes.lowerBound) == (1, 4, 6))
    }

    @Test func `repeated keys stay`() throws {
        #expect(try YAMLDocument.parse(text: "a: 1\na: 2").first?.pairs?.count == 2)
    }

    @Test func `an alias repeats its anchor's node at the anchor's place`() throws {
        let root = try #require(try YAMLDocument.parse(text: "a: &x [1, 2]\nb: *x").first)
        #expect(root["b"] == root["a"])
        #expect(root["b"]?.line == 1)
    }

    @Test func `aliases to aliases are counted before they are built`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(throws: YAMLSyntaxError.self) { try YAMLDocument.parse(text: text) }
        #expect(throws: YAMLSyntaxError.self) { try YAMLDocument.parse(text: text + "? *a12\n: v\n") }
    }

    @Test func `nesting by aliases counts as nesting`() {
        var text = "a0: &a0 [x]\n"
        for level in 1...200 { text += "a\(level): &a\(level) [*a\(level - 1)]\n" }
        #expect(throws: YAMLSyntaxError.self) { try YAMLDocument.parse(text: text) }
    }

    struct Bad: CustomTestStringConvertible, Sendable {
        var text: String
        var line: Int
        var column: Int
        var part: String
        var testDescription: String { text }
    }

    @Test(arguments: [
        Bad(text: "a: b: c", line: 1, column: 5, part: "mapping values"),
        Bad(text: "a: 1\n\tb: 2", line: 2, column: 1, part: "tab character"),
        Bad(text: "a: [1, 2", line: 1, column: 9, part: "did not find expected ',' or ']'"),
        Bad(text: "a: 'x\n", line: 2, column: 1, part: "end of stream"),
        Bad(text: "a: *b", line: 1, column: 4, part: "'*b'"),
        Bad(text: "&a [*a]", line: 1, column: 5, part: "'*a'"),
        Bad(text: "a: \u{01}", line: 1, column: 4, part: "control characters"),
        Bad(text: String(repeating: "[", count: 150), line: 1, column: 101, part: "nested more than 100"),
    ])
    func `a syntax error says where`(_ bad: Bad) throws {
        let error = try #require(throws: YAMLSyntaxError.self) { try YAMLDocument.parse(text: bad.text) }
        #expect(error.message.contains(bad.part), "\(error.message)")
        #expect((error.line, error.column) == (bad.line, bad.column))
    }

    @Test func `bytes that are not UTF-8 are refused with their place`() throws {
        let bytes = Array("a: 1\nb: ".utf8) + [0xFF, 0x0A]
        let error = try #require(throws: YAMLSyntaxError.self) { try YAMLDocument.parse(bytes: bytes) }
        #expect((error.line, error.column, error.offset) == (2, 4, 8))
    }

    @Test func `a tab gets a hint`() throws {
        let error = try #require(throws: YAMLSyntaxError.self) { try YAMLDocument.parse(text: "a:\n\tb: 2") }
        #expect(error.hint?.contains("tabs") == true)
    }

    @Test func `nesting beyond what libyaml takes is an error too`() {
        #expect(throws: YAMLSyntaxError.self) { try YAMLDocument.parse(text: String(repeating: "[", count: 50_000)) }
    }

    @Test func `a text over the limit is refused`() {
        #expect(throws: YAMLSyntaxError.self) {
            try YAMLDocument.parse(text: "abcdef", limits: YAMLLimits(bytes: 5))
        }
    }
}
