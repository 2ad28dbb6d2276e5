import Testing
import YAMLTree

@Suite struct ScalarPositionsTests {
    struct Style: CustomTestStringConvertible, Sendable {
        var name: String
        var yaml: String
        var value: String
        var testDescription: String { name }
    }

    static let styles = [
        Style(name: "plain", yaml: "k: one two", value: "one two"),
        Style(name: "plain over lines", yaml: "k: one\n  two\n\n   three  four\n", value: "one two\nthree  four"),
        Style(name: "plain with CRLF", yaml: "k: one\r\n  two\r\n", value: "one two"),
        Style(name: "anchored", yaml: "k: &name   one two", value: "one two"),
        Style(name: "tagged and anchored", yaml: "k: !!str &name # note\n  one two", value: "one two"),
        Style(name: "single quoted", yaml: "k: 'it''s  one\n   two'", value: "it's  one two"),
        Style(name: "double quoted", yaml: #"k: "one \"two\" \x41é end""#, value: "one \"two\" Aé end"),
        Style(
            name: "double quoted, wide escapes", yaml: #"k: "\u00e9x\U0001F600y\Nz\Lq""#, value: "éx😀y\u{85}z\u{2028}q"),
        Style(name: "double quoted, joined lines", yaml: "k: \"one \\\n   two\n   three\"", value: "one two three"),
        Style(name: "literal", yaml: "k: |\n  one\n    two\n\n  three\n", value: "one\n  two\n\nthree\n"),
        Style(name: "literal, stripped", yaml: "k: |-  # note\n\n   one\n   two\n\n", value: "\none\ntwo"),
        Style(name: "literal, explicit indentation", yaml: "k: |2\n    one\n  two\n", value: "  one\ntwo\n"),
        Style(name: "folded", yaml: "k: >\n  one\n  two\n\n  three\n", value: "one two\nthree\n"),
        Style(
            name: "folded, more indented", yaml: "k: >\n  one\n   two\n   three\n  four\n",
            value: "one\n two\n three\nfour\n"),
        Style(name: "folded, kept", yaml: "k: >+\n  one\n  two\n\n\n", value: "one two\n\n\n"),
        Style(name: "folded with CRLF", yaml: "k: >\r\n  one\r\n  two\r\n", value: "one two\n"),
        Style(name: "beyond ASCII", yaml: "é: ü\nk: >\n  äöü one\n  two\n", value: "äöü one two\n"),
    ]

    @Test(arguments: styles)
    func `each letter of a value maps to that letter of the file`(_ style: Style) throws {
        let file = Array(style.yaml.utf8)
        let node = try #require(try YAMLDocument.parse(text: style.yaml).first?["k"])
        let value = Array(try #require(node.text).utf8)
        #expect(String(decoding: value, as: UTF8.self) == style.value)
        let positions = ScalarPositions(of: node, in: file)
        var last = -1
        for (offset, byte) in value.enumerated() {
            let place = positions.fileOffset(ofValueOffset: offset)
            #expect(place >= node.bytes.lowerBound && place < file.count)
            let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            if isLetter { #expect(file[place] == byte, "byte \(offset) of \(style.value)") }
            if isLetter {
                #expect(place > last)
                last = place
            }
        }
    }

    @Test func `an offset past the end stays in reach`() throws {
        let node = try #require(try YAMLDocument.parse(text: "k: abc").first?["k"])
        #expect(ScalarPositions(of: node, in: Array("k: abc".utf8)).fileOffset(ofValueOffset: 3) == 6)
    }

    @Test func `a node that is no scalar maps to its beginning`() throws {
        let node = try #require(try YAMLDocument.parse(text: "k: [a]").first?["k"])
        #expect(ScalarPositions(of: node, in: Array("k: [a]".utf8)).fileOffset(ofValueOffset: 0) == 3)
    }
}
