import CBPFRecords
import EventModel
import FuzzChecks
import SeededRandom
import Testing

@testable import BPFRecords

/// Records that contradict themselves, and bytes that are none.
@Suite struct BrokenRecordTests {
    struct BrokenCase: Sendable, CustomTestStringConvertible {
        var name: String
        var isForeign = false
        var change: @Sendable (inout [UInt8]) -> Void
        var testDescription: String { name }
    }

    static let head = MemoryLayout<shrike_record>.size
    static let broken: [BrokenCase] = [
        BrokenCase(name: "nothing") { $0 = [] },
        BrokenCase(name: "half a head") { $0.removeLast($0.count - 100) },
        BrokenCase(name: "longer than it is") {
            $0[0] = 255; $0[1] = 255
        },
        BrokenCase(name: "shorter than its head") {
            $0[0] = 8; $0[1] = 0
        },
        BrokenCase(name: "of another version", isForeign: true) { $0[4] = 99 },
        BrokenCase(name: "of no kind") { $0[6] = 200 },
        BrokenCase(name: "of no type") {
            $0[8] = 255; $0[9] = 255
        },
        BrokenCase(name: "a part too many") { $0[7] += 1 },
        BrokenCase(name: "a part beyond the end") { $0[head + 4] = 200 },
        BrokenCase(name: "a part of 4 GiB") { for index in 4..<8 { $0[head + index] = 255 } },
    ]

    @Test(arguments: broken)
    func `what contradicts its layout is counted and gives nothing`(_ row: BrokenCase) {
        var builder = RecordBuilder(SHRIKE_RECORD_CALL, type: "openat")
        builder.add(SHRIKE_PART_ASKED, "/etc/passwd")
        var bytes = builder.bytes
        row.change(&bytes)
        var decoder = BPFRecordDecoder()
        var event = RawEvent()
        #expect(decoder.decode(bytes.span, into: &event) == .none)
        #expect(event.bytes.isEmpty && event.paths.isEmpty)
        #expect(decoder.counters.malformed == (row.isForeign ? 0 : 1))
        #expect(decoder.counters.foreign == (row.isForeign ? 1 : 0))
        #expect(decode(builder) != nil)
    }

    @Test func `any bytes are taken`() {
        var generator = SeededGenerator(seed: 1)
        for round in 0..<400 {
            var builder = RecordBuilder(round % 3 == 0 ? SHRIKE_RECORD_EXEC : SHRIKE_RECORD_CALL, type: "connect")
            for _ in 0..<Int.random(in: 0...8, using: &generator) {
                let kind = shrike_part_kind(rawValue: UInt32.random(in: 0...25, using: &generator))
                builder.add(
                    kind,
                    (0..<Int.random(in: 0...80, using: &generator)).map { _ in .random(in: 0...255, using: &generator) }
                )
            }
            var bytes = builder.bytes
            for _ in 0..<Int.random(in: 0...6, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            BPFRecordCheck.decode(bytes.span)
        }
    }
}
