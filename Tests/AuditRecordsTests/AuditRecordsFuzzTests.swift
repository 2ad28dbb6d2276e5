import AuditRecords
import EventModel
import SeededRandom
import Testing

/// Robustness against any bytes, repeatable: the same seed makes the same mutations.
@Suite struct AuditRecordsFuzzTests {

    @Test(arguments: ["normal", "enriched", "node", "i386", "io-uring", "weird-names"])
    func `mutated logs make no trap and lose no record uncounted`(_ name: String) throws {
        let lines = try fixture("\(name).log")
        var generator = SeededGenerator(seed: 42)
        for _ in 0..<60 {
            var text: [UInt8] = []
            for line in lines where Int.random(in: 0..<20, using: &generator) > 0 {
                var line = line
                for _ in 0..<Int.random(in: 0..<4, using: &generator) where !line.isEmpty {
                    let position = Int.random(in: line.indices, using: &generator)
                    switch Int.random(in: 0..<5, using: &generator) {
                    case 0: line[position] = UInt8.random(in: 0...255, using: &generator)
                    case 1: line.remove(at: position)
                    case 2: line.insert(contentsOf: Array("\"=[0,(null)99999999999999999999 ".utf8), at: position)
                    case 3: line.removeSubrange(position...)
                    default: line.append(contentsOf: line[position...])
                    }
                }
                text += line + [0x0a]
            }
            let counters = AuditRecordsCheck.decode(text.span, syscalls: .fixtures)
            #expect(counters.malformed + counters.ignored + counters.late <= counters.records)
        }
    }

    @Test func `random bytes make no trap`() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<2000 {
            let count = Int.random(in: 0..<300, using: &generator)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            _ = AuditRecordsCheck.decode(bytes.span, syscalls: .fixtures)
            _ = AuditRecordsCheck.decode(
                (Array("type=EXECVE msg=audit(1.1:1): ".utf8) + bytes).span, syscalls: .fixtures)
            _ = AuditRecordsCheck.decode(
                (Array("type=SYSCALL msg=audit(1.1:1): ".utf8) + bytes).span, syscalls: .fixtures)
        }
    }

    @Test func `a record cut at each byte makes no trap`() throws {
        for line in try fixture("normal.log").prefix(60) {
            for end in line.indices { _ = AuditRecordsCheck.decode(Array(line[..<end]).span, syscalls: .fixtures) }
        }
    }
}
