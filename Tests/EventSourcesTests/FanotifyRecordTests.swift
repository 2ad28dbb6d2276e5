import KernelInterface
import Testing

@testable import EventSources

@Suite struct FanotifyRecordTests {
    private static func record(
        length: UInt32 = 24, version: UInt8 = 3, mask: UInt64 = 0x20, descriptor: Int32 = 9, pid: Int32 = 100
    ) -> [UInt8] {
        var bytes = Datagram()
        bytes.add(length)
        bytes.add(version)
        bytes.add(UInt8(0))
        bytes.add(UInt16(24))
        bytes.add(mask)
        bytes.add(descriptor)
        bytes.add(pid)
        while bytes.bytes.count < Int(min(length, 64)) { bytes.bytes.append(0xee) }
        return bytes.bytes
    }

    private func decodeAll(_ bytes: [UInt8]) -> (records: [FanotifyRecord], isWhole: Bool) {
        var offset = 0
        var records: [FanotifyRecord] = []
        while let record = FanotifyRecord.next(bytes.span, at: &offset) { records.append(record) }
        return (records, offset == bytes.count)
    }

    @Test func `records of different lengths follow each other`() {
        let bytes = Self.record() + Self.record(length: 40, mask: 0x8, descriptor: 10) + Self.record(pid: 7)
        let (records, isWhole) = decodeAll(bytes)
        #expect(isWhole)
        #expect(records.map(\.descriptor) == [9, 10, 9])
        #expect(records.map(\.events) == [.open, .closeWrite, .open])
        #expect(records.map(\.pid) == [100, 100, 7])
    }

    @Test func `an overflow has no descriptor`() {
        let (records, _) = decodeAll(Self.record(mask: 0x4000, descriptor: -1, pid: 0))
        #expect(records.first?.events == .queueOverflow)
        #expect(records.first?.descriptor == -1)
    }

    @Test(arguments: [
        ("shorter than a record", record(length: 8)), ("longer than what was read", record(length: 4096)),
        ("of another version", record(version: 4)), ("cut", Array(record().prefix(20))),
        ("of no length", record(length: 0)),
    ])
    func `a record that can't be is none and ends the reading`(_ what: String, _ bytes: [UInt8]) {
        let (records, isWhole) = decodeAll(Self.record() + bytes)
        #expect(records.count == 1, "\(what)")
        #expect(!isWhole)
    }

    @Test func `changed bytes never trap and never loop`() {
        let whole = Self.record() + Self.record(length: 40) + Self.record()
        for _ in 0..<5_000 {
            var bytes = Array(whole.prefix(Int.random(in: 0...whole.count)))
            for _ in 0..<3 where !bytes.isEmpty { bytes[Int.random(in: bytes.indices)] = .random(in: 0...255) }
            #expect(decodeAll(bytes).records.count <= 4)
        }
    }
}
