import EventModel
import Testing

@testable import Outputs

@Suite struct OutputBufferTests {
    private static func line(_ text: String) -> [UInt8] { Array(text.utf8) }
    private static func texts(_ entries: [OutputBuffer.Entry]) -> [String] {
        entries.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    @Test func `lines of all priorities come out in the order in which they came`() {
        var buffer = OutputBuffer()
        for (text, priority) in [("a", Priority.debug), ("b", .critical), ("c", .debug), ("d", .notice)] {
            buffer.append(Self.line(text), priority)
        }
        #expect(buffer.count == 4 && buffer.bytes == 4)
        #expect(Self.texts(buffer.takeFirst(bytes: 100)) == ["a", "b", "c", "d"])
        #expect(buffer.isEmpty && buffer.bytes == 0 && buffer.dropped == 0)
    }

    @Test func `over the bound the oldest of the least severe goes first`() {
        var buffer = OutputBuffer(limits: .init(bytes: 3))
        for (text, priority) in [("a", Priority.notice), ("b", .critical), ("c", .notice), ("d", .warning)] {
            buffer.append(Self.line(text), priority)
        }
        buffer.append(Self.line("e"), .critical)
        #expect(Self.texts(buffer.takeFirst(bytes: 100)) == ["b", "d", "e"])
        #expect(buffer.dropped == 2)
    }

    @Test func `a less severe line does not push out what waits`() {
        var buffer = OutputBuffer(limits: .init(bytes: 1000, alerts: 2))
        buffer.append(Self.line("a"), .warning)
        buffer.append(Self.line("b"), .critical)
        buffer.append(Self.line("c"), .debug)
        #expect(Self.texts(buffer.takeFirst(bytes: 100)) == ["a", "b"])
        #expect(buffer.dropped == 1)
    }

    @Test func `a line that is larger than the bound is dropped and counted`() {
        var buffer = OutputBuffer(limits: .init(bytes: 4))
        buffer.append(Self.line("12345"), .emergency)
        #expect(buffer.isEmpty && buffer.dropped == 1)
    }

    @Test(arguments: [(1, ["aa"]), (2, ["aa"]), (4, ["aa", "bb"]), (5, ["aa", "bb"]), (6, ["aa", "bb", "cc"])])
    func `a batch has at least one line and no more bytes than asked for`(limit: Int, expected: [String]) {
        var buffer = OutputBuffer()
        for text in ["aa", "bb", "cc"] { buffer.append(Self.line(text), .notice) }
        #expect(Self.texts(buffer.takeFirst(bytes: limit)) == expected)
    }

    @Test func `a batch ends before a sequence`() {
        var buffer = OutputBuffer()
        buffer.append(Self.line("a"), .notice)
        let end = buffer.endSequence
        buffer.append(Self.line("b"), .notice)
        #expect(Self.texts(buffer.takeFirst(bytes: 100, before: end)) == ["a"])
        #expect(buffer.takeFirst(bytes: 100, before: end).isEmpty)
        #expect(buffer.firstSequence == end)
    }

    /// What goes in comes out, was dropped, or waits; and the bounds hold all the time.
    @Test func `nothing is lost uncounted, whatever the order of calls`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            let limits = OutputBuffer.Limits(
                bytes: Int.random(in: 1...200, using: &random), alerts: Int.random(in: 1...40, using: &random))
            var buffer = OutputBuffer(limits: limits)
            var (appended, taken): (UInt64, UInt64) = (0, 0)
            var last: UInt64?
            for _ in 0..<500 {
                if Bool.random(using: &random) {
                    let size = Int.random(in: 0...20, using: &random)
                    guard let priority = Priority.allCases.randomElement(using: &random) else { continue }
                    buffer.append([UInt8](repeating: 1, count: size), priority)
                    appended += 1
                } else {
                    for entry in buffer.takeFirst(bytes: Int.random(in: 0...60, using: &random)) {
                        if let last { #expect(entry.sequence > last) }
                        last = entry.sequence
                        taken += 1
                    }
                }
                #expect(buffer.bytes <= limits.bytes && buffer.count <= limits.alerts)
                #expect(appended == taken + buffer.dropped + UInt64(buffer.count))
            }
            let left = UInt64(buffer.count)
            #expect(buffer.removeAll() == left && buffer.isEmpty)
        }
    }
}
