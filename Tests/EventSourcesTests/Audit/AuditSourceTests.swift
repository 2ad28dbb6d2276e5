import EventModel
import Glibc
import Testing

@testable import EventSources

/// Against a scripted audit subsystem: what can't or must not be tried on a real one.
@Suite struct AuditSourceTests {
    @Test func `where nobody receives the records we do, with room and without making processes wait`() throws {
        let audit = ScriptedAudit()
        audit.state.backlogLimit = 64
        audit.state.backlogWaitTime = 15000
        let source = try audit.source()
        #expect(source.mode == .owner)
        #expect(audit.state.enabled == .on)
        #expect(audit.state.backlogLimit == 16384)
        #expect(audit.state.backlogWaitTime == 0)
        #expect(audit.loaded.first?.action == .never)
        source.stop()
        #expect(audit.loaded.isEmpty)
        #expect(audit.isReleased)
        #expect(
            [audit.state.backlogLimit, audit.state.backlogWaitTime] == [64, 15000] && audit.state.enabled == .off
        )
    }

    @Test func `at the end rules go first, and settings when what is queued has come`() throws {
        let audit = ScriptedAudit()
        let source = try audit.source()
        let sink = RecordingSink()
        audit.datagrams.append(ScriptedAudit.execve)
        source.finish()
        // Only while events are made does the kernel write a last record.
        #expect(audit.loaded.isEmpty && audit.state.enabled == .on && !audit.isReleased)
        source.tick(sink, seconds: 1...60)
        #expect(audit.loaded.isEmpty)
        _ = source.drain(into: sink)
        #expect(sink.events.count == 1)
        source.stop()
        #expect(audit.isReleased && source.isRestored && source.counters.unread == 0 && audit.state.enabled == .off)
    }

    @Test func `what is queued and not read is counted`() throws {
        let audit = ScriptedAudit()
        let source = try audit.source()
        audit.datagrams.append(ScriptedAudit.execve)
        source.endReading()
        #expect(source.counters.unread == 1)
        source.stop()
        #expect(source.counters.unread == 1)
    }

    /// What the change of a setting makes is no event.
    @Test(arguments: [(false, UInt64(0)), (true, 1)])
    func `what the kernel has queued at the end is looked at before it is counted`(
        _ isEventQueued: Bool, _ unread: UInt64
    ) throws {
        let audit = ScriptedAudit()
        let source = try audit.source()
        audit.queued = [
            [ScriptedAudit.record(1305, "audit(1700000000.000:9): op=set audit_enabled=0 old=1 auid=0 ses=1 res=1")]
        ]
        if isEventQueued { audit.queued.append(ScriptedAudit.execve) }
        source.endReading()
        #expect(source.counters.unread == unread)
        #expect(audit.queued.isEmpty && audit.isReleased)
    }

    /// The kernel sends what it could not send before, and behind it what it was asked for.
    @Test func `the end is reached with the record that was asked for, not with any`() throws {
        let audit = ScriptedAudit()
        audit.markEnd = {}
        let source = try audit.source()
        let sink = RecordingSink()
        source.finish()
        #expect(!source.isDrained)
        audit.datagrams.append(ScriptedAudit.execve)
        _ = source.drain(into: sink)
        #expect(sink.events.count == 1 && !source.isDrained)
        audit.datagrams.append(
            [ScriptedAudit.record(1305, "audit(1700000000.000:9): op=set audit_rate_limit=0 old=0 auid=0 ses=1 res=1")])
        _ = source.drain(into: sink)
        #expect(source.isDrained)
    }

    /// The control thread goes on to put settings back, and each change makes a record.
    @Test func `what is queued after all was read at the end is not counted`() throws {
        let audit = ScriptedAudit()
        let source = try audit.source()
        audit.queuedLater = [
            [ScriptedAudit.record(1305, "audit(1700000000.000:9): op=set audit_enabled=0 old=1 auid=0 ses=1 res=1")]
        ]
        source.endReading()
        #expect(source.counters.unread == 0)
    }

    @Test func `an event that lacks its end is delivered at the end`() throws {
        let audit = ScriptedAudit()
        let source = try audit.source()
        let sink = RecordingSink()
        audit.datagrams.append(Array(ScriptedAudit.execve.dropLast()))
        source.finish()
        _ = source.drain(into: sink)
        #expect(sink.events.isEmpty)
        source.conclude(into: sink)
        #expect(sink.events.count == 1)
    }

    @Test func `what was as wanted before, or changed by others since, is not restored`() throws {
        let audit = ScriptedAudit()
        audit.state.enabled = .on
        audit.state.backlogLimit = 64
        let source = try audit.source()
        audit.state.backlogLimit = 320
        source.stop()
        #expect(audit.state.enabled == .on)
        #expect(audit.state.backlogLimit == 320)
    }

    @Test func `beside another owner a copy is read and its settings stay`() throws {
        let audit = ScriptedAudit()
        audit.state.enabled = .on
        audit.state.pid = 1
        audit.state.backlogLimit = 64
        let source = try audit.source()
        #expect(source.mode == .multicast)
        #expect(audit.isJoined)
        #expect(!audit.log.contains("claim"))
        #expect(audit.state.backlogLimit == 64)
        #expect(!audit.loaded.isEmpty)
    }

    @Test func `in immutable mode records are received and nothing is changed`() throws {
        let audit = ScriptedAudit()
        audit.state.enabled = .immutable
        audit.loaded = [
            AuditRule(
                syscalls: SyscallMask([59, 322]), fields: [AuditRuleField(.architecture, .equal, 0xc000_003e)],
                keys: [Array("site".utf8)]
            )
        ]
        let source = try audit.source(LiveAudit.needs(["ptrace": [EventNeed()]]))
        let sink = RecordingSink()
        #expect(!source.canConfigure)
        #expect(source.mode == .owner)
        #expect(source.provides.contains(try #require(EventType(name: "execve"))))
        #expect(!source.provides.contains(try #require(EventType(name: "ptrace"))))
        audit.datagrams = [ScriptedAudit.execve]
        #expect(source.drain(into: sink))
        #expect(sink.received.map(\.type) == ["execve"])
        source.tick(sink, seconds: 1...40)
        #expect(sink.said(.blind, "immutable until the next boot and its rules do not let through ptrace"))
        source.addContainerRoot("/run/c")
        source.stop()
        #expect(audit.applied.isEmpty)
        #expect(!audit.log.contains("add") && !audit.log.contains("remove"))
        #expect(audit.isReleased)
    }

    @Test func `audit that becomes immutable while we run is reported once and left`() throws {
        let audit = ScriptedAudit()
        let source = try audit.source()
        let sink = RecordingSink()
        source.tick(sink, seconds: 1...1)
        audit.state.enabled = .immutable
        source.tick(sink, seconds: 2...40)
        #expect(sink.notices.count { $0.kind == .tampered && $0.message.contains("immutable") } == 1)
        #expect(!source.canConfigure)
    }

    @Test func `with permission to read alone a copy is read`() throws {
        let audit = ScriptedAudit()
        audit.errors["status"] = EPERM
        let source = try audit.source()
        let sink = RecordingSink()
        source.tick(sink, seconds: 1...30)
        #expect(source.mode == .multicast)
        #expect(sink.said(.blind, "only events that rules of others let through"))
    }

    @Test func `an error on the way takes back what was done`() throws {
        let audit = ScriptedAudit()
        audit.state.backlogLimit = 64
        audit.errors["rules"] = EIO
        #expect(throws: AuditFailure.self) { try audit.source() }
        #expect(audit.isReleased)
        #expect(audit.state.backlogLimit == 64)
    }

    @Test func `an owner that was asked for and can't be had is an error that names who is`() throws {
        let audit = ScriptedAudit()
        audit.state.pid = getppid()
        audit.errors["claim"] = EEXIST
        var options = AuditSource.Options()
        options.mode = .owner
        let error = #expect(throws: AuditFailure.self) { try audit.source(options: options) }
        #expect(error?.reason.contains("pid \(getppid())") == true)
    }

    @Test func `a forged record is counted and not believed`() throws {
        let audit = ScriptedAudit()
        let source = try audit.source()
        let sink = RecordingSink()
        audit.sender = 4711
        audit.datagrams = [ScriptedAudit.execve]
        _ = source.drain(into: sink)
        #expect(sink.received.isEmpty)
        #expect(source.counters.malformed == 3)
    }

    @Test func `an overflow is no end, and the owner reports what the kernel says it lost`() throws {
        let audit = ScriptedAudit()
        audit.state.lost = 5
        let source = try audit.source()
        let sink = RecordingSink()
        source.tick(sink, seconds: 1...1)
        audit.receiveErrors = [ENOBUFS]
        audit.datagrams = [ScriptedAudit.execve]
        audit.state.lost = 12
        #expect(source.drain(into: sink))
        #expect(sink.received.count == 1)
        #expect(source.counters.overruns == 1)
        // Looked at at once, not at the next regular time.
        source.tick(sink, seconds: 2...2)
        #expect(sink.notices.filter { $0.kind == .lost }.map(\.count) == [7])
        #expect(source.counters.lostInKernel == 7)
    }

    @Test func `loss names who floods, and makes who floods wait for a while`() throws {
        let audit = ScriptedAudit()
        audit.state.backlogWaitTime = 15000
        let source = try audit.source()
        let sink = RecordingSink()
        source.tick(sink, seconds: 1...1)
        for serial in 0..<20 {
            let text =
                "audit(1700000000.000:\(serial)): arch=c000003e syscall=59 success=yes exit=0 items=0 ppid=1 "
                + "pid=\(getpid()) uid=0 comm=\"x\" exe=\"/x\""
            audit.datagrams.append([ScriptedAudit.record(1300, text)])
            audit.datagrams.append([ScriptedAudit.record(1320, "audit(1700000000.000:\(serial)): ")])
        }
        while !audit.datagrams.isEmpty { _ = source.drain(into: sink) }
        audit.state.lost = 100
        source.tick(sink, seconds: 6...8)
        #expect(sink.said(.lost, "most events came from pid \(getpid()) ("))
        #expect(audit.state.backlogWaitTime == 25)
        source.tick(sink, seconds: 9...90)
        #expect(audit.state.backlogWaitTime == 0)
        #expect(!sink.notices.contains { $0.kind == .tampered })
        source.stop()
        #expect(audit.state.backlogWaitTime == 15000)
    }

    @Test func `a copy's loss is counted by serials`() throws {
        let audit = ScriptedAudit()
        audit.state.pid = 1
        let source = try audit.source()
        let sink = RecordingSink()
        audit.datagrams = [[ScriptedAudit.record(1320, "audit(1.000:4294967290): ")]]
        _ = source.drain(into: sink)
        audit.receiveErrors = [ENOBUFS]
        audit.datagrams = [[ScriptedAudit.record(1320, "audit(1.000:10): ")]]
        _ = source.drain(into: sink)
        source.tick(sink, seconds: 1...1)
        #expect(sink.notices.filter { $0.kind == .lost }.map(\.count) == [15])
    }

    @Test func `a broken socket makes the source blind and ends it`() throws {
        let audit = ScriptedAudit()
        let source = try audit.source()
        let sink = RecordingSink()
        audit.receiveErrors = [EBADF]
        #expect(!source.drain(into: sink))
        #expect(sink.notices.contains { $0.kind == .blind })
        #expect(audit.loaded.isEmpty)
    }

    @Test func `an owner that the kernel dropped claims again, and reads a copy where another was quicker`() throws {
        let audit = ScriptedAudit()
        let source = try audit.source()
        let sink = RecordingSink()
        source.tick(sink, seconds: 1...1)
        audit.state.pid = 0
        source.tick(sink, seconds: 6...6)
        #expect(audit.state.pid == getpid())
        #expect(sink.said(.tampered, "receives them again"))
        audit.state.pid = 1
        audit.errors["claim"] = EEXIST
        source.tick(sink, seconds: 12...12)
        #expect(source.mode == .multicast)
        #expect(sink.said(.tampered, "reads a copy"))
    }

    @Test func `who asks to own audit is named`() throws {
        let audit = ScriptedAudit()
        let source = try audit.source()
        let sink = RecordingSink()
        var request = AuditMessage.request(.replace, sequence: 0)
        request += withUnsafeBytes(of: getppid()) { Array($0) }
        audit.datagrams = [[request]]
        _ = source.drain(into: sink)
        source.tick(sink, seconds: 1...1)
        #expect(sink.said(.tampered, "pid \(getppid())"))
    }

    @Test(arguments: [
        ("audit=0", true), ("quiet audit=1 audit=off", true), ("audit=0 audit=1", false), ("xaudit=0", false),
        ("", false),
    ])
    func `the kernel command line tells whether audit is off`(line: String, isOff: Bool) {
        #expect(AuditDiagnosis.isAuditOffAtBoot(line) == isOff)
    }
}
