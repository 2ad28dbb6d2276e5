import RuleLanguage
import Testing

@Suite struct SourcedTextTests {
    private func verbatim(_ text: String, file: Int, at offset: Int) -> SourcedText {
        SourcedText(bytes: Array(text.utf8), file: file, runs: [(0, offset)])
    }

    @Test func `pieces keep their places`() {
        var text = verbatim("hello world", file: 0, at: 100)
        text.append(" (", standingFor: SourceSpan(file: 1, start: 7, end: 9))
        text.append(verbatim("xyz", file: 2, at: 50), 1..<3)
        #expect(text.text == "hello world (yz")
        #expect(text.span(of: 6..<11) == SourceSpan(file: 0, start: 106, end: 111))
        #expect(text.span(of: 11..<13) == SourceSpan(file: 1, start: 7, end: 8))
        #expect(text.span(of: 14..<15) == SourceSpan(file: 2, start: 52, end: 53))
        // A range over several files is shown from its first byte.
        #expect(text.span(of: 6..<15) == SourceSpan(file: 0, start: 106, end: 107))
    }

    @Test func `a part of a part keeps its places`() {
        let folded = SourcedText(bytes: Array("one two".utf8), file: 0, runs: [(0, 10), (4, 30)])
        var part = SourcedText()
        part.append(folded, 2..<6)
        #expect(part.text == "e tw")
        #expect(part.span(of: 0..<1)?.start == 12)
        #expect(part.span(of: 2..<4) == SourceSpan(file: 0, start: 30, end: 32))
        #expect(part.span(of: 0..<4) == SourceSpan(file: 0, start: 12, end: 32))
    }

    @Test func `trimming keeps places and empties blank texts`() {
        let trimmed = verbatim(" \n ab\t", file: 0, at: 5).trimmed()
        #expect(trimmed.text == "ab")
        #expect(trimmed.span(of: 0..<2) == SourceSpan(file: 0, start: 8, end: 10))
        #expect(verbatim(" \n", file: 0, at: 0).trimmed().isEmpty)
        #expect(SourcedText().span(of: 0..<1) == nil)
    }
}
