import EventModel
import Testing

@testable import EventSources

/// Events that vanish between the kernel's queue and its socket.
@Suite struct SerialWindowTests {
    private static func missed(
        _ serials: [UInt32], settlingAfter: Set<Int> = [], concludes: Bool = true
    ) -> UInt64 {
        var window = SerialWindow(bits: 7)
        for (index, serial) in serials.enumerated() {
            window.take(serial)
            if settlingAfter.contains(index) { window.settle() }
        }
        if concludes { window.conclude() }
        return window.missed
    }

    @Test(
        arguments: [
            ([], 0), ([7], 0), ([7, 7, 8, 8, 9], 0), ([7, 9, 8], 0), ([7, 10], 2), ([7, 10, 8], 1), ([10, 7, 11], 0),
            // Over the wrap, and farther than the window is long.
            ([.max - 1, .max, 0, 2], 1), ([1, 1000], 998), ([1, 1000, 999, 2], 997), (Array(1...1000), 0),
        ] as [([UInt32], UInt64)])
    func `what has not come is missing`(_ serials: [UInt32], _ expected: UInt64) {
        #expect(Self.missed(serials) == expected)
    }

    /// The kernel sends again what it could not send, behind newer records.
    @Test func `a late one is missing only when it has been outrun for a time`() {
        #expect(Self.missed([1, 5], settlingAfter: [1], concludes: false) == 0)
        #expect(Self.missed([1, 5, 3, 2, 4], settlingAfter: [1, 4]) == 0)
        #expect(Self.missed([1, 5, 6], settlingAfter: [1, 2], concludes: false) == 3)
        // Too late to be taken back.
        #expect(Self.missed([1, 5, 6, 3], settlingAfter: [1, 2]) == 3)
    }

    @Test func `events that the kernel gave up without counting them are told`() throws {
        let audit = ScriptedAudit()
        let source = try audit.source()
        let sink = RecordingSink()
        source.tick(sink, seconds: 1...1)
        func exec(_ serial: Int) -> [UInt8] {
            ScriptedAudit.record(
                1300,
                "audit(1700000000.000:\(serial)): arch=c000003e syscall=59 success=yes exit=0 a0=0 a1=0 a2=0 a3=0 items=0 ppid=1 "
                    + "pid=\(serial) auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=1 "
                    + "comm=\"a\" exe=\"/a\" key=\"shrike\"")
        }
        audit.datagrams = [[exec(40), exec(41), exec(44)]]
        _ = source.drain(into: sink)
        source.tick(sink, seconds: 2...30)
        #expect(source.counters.lostInKernel == 2)
        #expect(sink.notices.contains { $0.kind == .lost && $0.count == 2 && $0.message.contains("without counting") })
        // At the end nothing is waited for.
        audit.datagrams = [[exec(46)]]
        source.finish()
        _ = source.drain(into: sink)
        source.conclude(into: sink)
        #expect(source.counters.lostInKernel == 3)
    }
}
