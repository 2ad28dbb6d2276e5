import AuditRecords
import EventModel
import Testing

/// SECCOMP records: what a filter told of a call.
@Suite struct SeccompRecordTests {
    private func records(_ lines: [String]) -> (records: [SeccompRecord], counters: AuditCounters) {
        var decoder = AuditDecoder(syscalls: SyscallTable([]), source: .auditLog)
        for line in lines { decoder.pushLine(Array(line.utf8).span) }
        var found: [SeccompRecord] = []
        while let record = decoder.nextSeccompRecord() { found.append(record) }
        return (found, decoder.counters)
    }

    private static let start = "type=SECCOMP msg=audit(1795492211.530:2157): auid=54321 uid=33 gid=0 ses=1 pid=17138"

    @Test func `a record as the kernel writes it`() throws {
        let record = try #require(
            records([
                Self.start
                    + #" comm="w64" exe="/tmp/rcap/w64" sig=9 arch=c000003e syscall=39 compat=0 ip=0x7fb68d4e8829 code=0x0"#
            ]).records.first)
        #expect(record.timeNanoseconds == 1_795_492_211_530_000_000)
        #expect(record.pid == 17138)
        #expect(record.uid == 33)
        #expect(record.command == Array("w64".utf8))
        #expect(record.executable == Array("/tmp/rcap/w64".utf8))
        #expect(record.architecture == .x86_64)
        #expect(record.number == 39)
        #expect(record.instruction == 0x7fb6_8d4e_8829)
        #expect(record.action == .killedThread)
    }

    @Test(
        arguments: [
            ("0x7ffc0000", .logged), ("0x50000", .refused), ("0x50026", .refused), ("0x30000", .trapped),
            ("0x80000000", .killedProcess), ("0x7ff00000", .other(0x7ff0_0000)), ("0x7fff0000", .allowed),
        ] as [(String, SeccompRecord.Action)])
    func `what the filter did`(_ code: String, _ action: SeccompRecord.Action) {
        let line = Self.start + #" comm="a" exe="/a" sig=0 arch=c000003e syscall=1 compat=0 ip=0x1 code=\#(code)"#
        #expect(records([line]).records.map(\.action) == [action])
    }

    @Test(arguments: ["arch=c000003e", "syscall=1", "code=0x0"])
    func `one without what matters is malformed`(_ missing: String) {
        let line = Self.start + " arch=c000003e syscall=1 code=0x0"
        let result = records([line.replacing(missing, with: "")])
        #expect(result.records.isEmpty)
        #expect(result.counters.malformed == 1)
        #expect(records([line]).records.count == 1)
    }

    @Test func `those that nobody takes are bounded and counted`() {
        let line = Self.start + " arch=c000003e syscall=1 code=0x0"
        let result = records(Array(repeating: line, count: 1000))
        #expect(result.records.count == 512)
        #expect(result.counters.evicted == 488)
    }
}
