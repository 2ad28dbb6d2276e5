import EventModel
import Glibc
import Testing

@testable import EventSources

/// One Shrike after another: what the one leaves, and the other goes on with.
@Suite struct AuditHandoverTests {
    @Test func `one that hands over completes what has begun, reads no more and leaves all as it is`() throws {
        let audit = ScriptedAudit()
        let source = try audit.source(LiveAudit.needs(["ptrace": [EventNeed()]]))
        let sink = RecordingSink()
        let rules = audit.loaded
        func call(_ serial: Int) -> [UInt8] {
            ScriptedAudit.record(
                1300,
                "audit(1700000000.000:\(serial)): arch=c000003e syscall=101 success=yes exit=0 a0=0 a1=0 a2=0 a3=0 items=0 ppid=1 "
                    + "pid=\(serial) auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=1 comm=\"x\" exe=\"/x\""
            )
        }
        func end(_ serial: Int) -> [UInt8] { ScriptedAudit.record(1320, "audit(1700000000.000:\(serial)): ") }
        audit.datagrams = [[call(7)]]
        _ = source.drain(into: sink)
        #expect(source.handOver())
        #expect(!source.isDrained)
        audit.datagrams = [[end(7)], [call(8)], [end(8)]]
        _ = source.drain(into: sink)
        #expect(source.isDrained && audit.datagrams.count == 2, "the rest is the other's")
        _ = source.drain(into: sink)
        source.finish()
        source.conclude(into: sink)
        source.stop()
        #expect(sink.received.map(\.pid) == [7])
        #expect(audit.loaded == rules && !audit.isReleased && audit.state.enabled == .on && audit.state.pid == getpid())
        #expect(source.counters.unread == 0)
    }

    @Test func `an owner that was killed is followed as the owner`() throws {
        let audit = ScriptedAudit()
        // Nobody has this process id.
        audit.state.pid = .max
        let source = try audit.source()
        #expect(source.mode == .owner && audit.state.pid == getpid())
        source.stop()
    }

    @Test func `a copy of the records can't be handed over`() throws {
        let audit = ScriptedAudit()
        audit.state.pid = 1
        let source = try audit.source()
        #expect(source.handoverDescriptor == nil && !source.handOver())
        source.stop()
        #expect(audit.loaded.isEmpty)
    }

    @Test func `one that takes over keeps the rules that both need, and what was before both comes back`() throws {
        let audit = ScriptedAudit()
        audit.state.backlogLimit = 64
        let needs = LiveAudit.needs(["ptrace": [EventNeed()]])
        let first = try audit.source(needs)
        let restoration = first.restoration
        // Lost before the end, and told by the first.
        audit.state.lost += 5
        let sinkOfFirst = RecordingSink()
        #expect(first.handOver())
        first.conclude(into: sinkOfFirst)
        #expect(sinkOfFirst.notices.filter { $0.kind == .lost }.map(\.count) == [5])
        var lostBefore = first.handoverLost
        #expect(lostBefore == audit.state.lost)
        first.stop()
        // Lost while nobody looked.
        audit.state.lost += 7
        let rules = Set(audit.loaded)
        audit.log = []
        var options = AuditSource.Options()
        options.inherited = restoration
        swap(&options.lostBefore, &lostBefore)
        // As the kernel goes on to say, though that one is gone.
        audit.state.pid = .max
        let second = try audit.source(needs, options: options, isTakeover: true)
        #expect(second.mode == .owner && !audit.log.contains("claim"))
        let sink = RecordingSink()
        second.tick(sink, seconds: 1...30)
        #expect(sink.notices.filter { $0.kind == .lost }.map(\.count) == [7])
        #expect(!sink.notices.contains { ![.remark, .lost].contains($0.kind) }, "\(sink.notices)")
        #expect(Set(audit.loaded) == rules)
        #expect(!audit.log.contains("add"))
        second.stop()
        #expect(audit.loaded.isEmpty && audit.state.backlogLimit == 64)
    }
}
