import RuleLanguage
import Testing

@Suite struct SourceTextTests {
    @Test func `lines end at LF, CR LF and CR`() {
        let source = SourceText(name: "f", text: "a\nb\r\nc\rd")
        #expect((1...4).map { source.line($0) } == ["a", "b", "c", "d"])
        #expect(source.line(0) == nil && source.line(5) == nil)
        #expect(source.location(ofByte: 5).described == "f:3:1")
        #expect(source.location(ofByte: 7).described == "f:4:1")
        #expect(source.location(ofByte: 100).described == "f:4:2")
        #expect(source.location(ofByte: -1).described == "f:1:1")
    }

    @Test func `columns count characters`() {
        let source = SourceText(name: "f", text: "äö😀x")
        #expect(source.location(ofByte: 8).column == 4)
        #expect(source.length(from: 0, to: 8) == 3)
        #expect(source.length(from: 8, to: 8) == 1)
    }

    @Test func `a length stops at the line's end`() {
        #expect(SourceText(name: "f", text: "abc\ndef").length(from: 1, to: 6) == 2)
    }

    @Test func `a byte order mark takes no column`() {
        let source = SourceText(name: "f", text: "\u{FEFF}ab")
        #expect(source.location(ofByte: 4).column == 2)
        #expect(source.line(1) == "ab")
    }

    @Test(arguments: [
        ("1.2.3", true), ("0.0.0", true), ("1.2", false), ("1.2.3.4", false), ("1..3", false),
        ("a.b.c", false), ("+1.2.3", false), ("", false), ("1.2.99999999999", false),
    ])
    func `a version is three numbers`(_ text: String, _ isVersion: Bool) {
        #expect((SemanticVersion(text) != nil) == isVersion)
    }

    @Test(arguments: [
        ((0, 63, 0), (0, 63, 0), true), ((0, 63, 1), (0, 63, 0), true), ((0, 64, 0), (0, 63, 9), true),
        ((0, 62, 9), (0, 63, 0), false), ((1, 0, 0), (0, 63, 0), false),
    ])
    func `a version satisfies an equal or older one of its major version`(
        _ have: (UInt32, UInt32, UInt32), _ want: (UInt32, UInt32, UInt32), _ does: Bool
    ) {
        let have = SemanticVersion(have.0, have.1, have.2)
        #expect(have.satisfies(SemanticVersion(want.0, want.1, want.2)) == does)
    }
}
