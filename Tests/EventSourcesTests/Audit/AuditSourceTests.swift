import EventModel
import Glibc
import Testing

@testable import EventSources

/// Against a scripted audit subsystem: what can't or must not be tried on a real one.
@Suite struct AuditSourceTests {
    private static let second: UInt64 = 1_000_000_000

    private static func tick(_ source: AuditSource, _ sink: RecordingSink, seconds: ClosedRange<UInt64>) {
        for second in seconds { source.tick(nowNanoseconds: second * Self.second, into: sink) }
    }

    private static let execve = [
        ScriptedAudit.record(
            1300,
            """
            audit(1700000000.000:7): arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=0 ppid=1 \
            pid=99 auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=1 comm="id" \
            exe="/usr/bin/id" key="shrike"
            """
        ),
        ScriptedAudit.record(1309, #"audit(1700000000.000:7): argc=1 a0="id""#),
        ScriptedAudit.record(1320, "audit(1700000000.000:7): "),
    ]

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

    @Test func `at the end rules and settings go first, and what is queued still comes`() throws {
        let audit = ScriptedAudit()
        let source = try audit.source()
        let sink = RecordingSink()
        audit.datagrams.append(Self.execve)
        source.finish()
        #expect(audit.loaded.isEmpty && audit.state.enabled == .off && !audit.isReleased)
        Self.tick(source, sink, seconds: 1...60)
        #expect(audit.loaded.isEmpty)
        _ = source.drain(into: sink)
        #expect(sink.events.count == 1)
        source.stop()
        #expect(audit.isReleased && source.isRestored && source.counters.unread == 0)
    }

    @Test func `what is queued and not read is counted`() throws {
        let audit = ScriptedAudit()
        let source = try audit.source()
        audit.datagrams.append(Self.execve)
        source.endReading()
        #expect(source.counters.unread == 1)
        source.stop()
        #expect(source.counters.unread == 1)
    }

    @Test func `an event that lacks its end is delivered at the end`() throws {
        let audit = ScriptedAudit()
        let source = try audit.source()
        let sink = RecordingSink()
        audit.datagrams.append(Array(Self.execve.dropLast()))
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
        audit.datagrams = [Self.execve]
        #expect(source.drain(into: sink))
        #expect(sink.received.map(\.type) == ["execve"])
        Self.tick(source, sink, seconds: 1...40)
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
        Self.tick(source, sink, seconds: 1...1)
        audit.state.enabled = .immutable
        Self.tick(source, sink, seconds: 2...40)
        #expect(sink.notices.count { $0.kind == .tampered && $0.message.contains("immutable") } == 1)
        #expect(!source.canConfigure)
    }

    @Test func `with permission to read alone a copy is read`() throws {
        let audit = ScriptedAudit()
        audit.errors["status"] = EPERM
        let source = try audit.source()
        let sink = RecordingSink()
        Self.tick(source, sink, seconds: 1...30)
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
        audit.datagrams = [Self.execve]
        _ = source.drain(into: sink)
        #expect(sink.received.isEmpty)
        #expect(source.counters.malformed == 3)
    }

    @Test func `an overflow is no end, and the owner reports what the kernel says it lost`() throws {
        let audit = ScriptedAudit()
        audit.state.lost = 5
        let source = try audit.source()
        let sink = RecordingSink()
        Self.tick(source, sink, seconds: 1...1)
        audit.receiveErrors = [ENOBUFS]
        audit.datagrams = [Self.execve]
        audit.state.lost = 12
        #expect(source.drain(into: sink))
        #expect(sink.received.count == 1)
        #expect(source.counters.overruns == 1)
        // Looked at at once, not at the next regular time.
        Self.tick(source, sink, seconds: 2...2)
        #expect(sink.notices.filter { $0.kind == .lost }.map(\.count) == [7])
        #expect(source.counters.lostInKernel == 7)
    }

    @Test func `loss names who floods, and makes who floods wait for a while`() throws {
        let audit = ScriptedAudit()
        audit.state.backlogWaitTime = 15000
        let source = try audit.source()
        let sink = RecordingSink()
        Self.tick(source, sink, seconds: 1...1)
        for serial in 0..<20 {
            let text =
                "audit(1700000000.000:\(serial)): arch=c000003e syscall=59 success=yes exit=0 items=0 ppid=1 "
                + "pid=\(getpid()) uid=0 comm=\"x\" exe=\"/x\""
            audit.datagrams.append([ScriptedAudit.record(1300, text)])
            audit.datagrams.append([ScriptedAudit.record(1320, "audit(1700000000.000:\(serial)): ")])
        }
        while !audit.datagrams.isEmpty { _ = source.drain(into: sink) }
        audit.state.lost = 100
        Self.tick(source, sink, seconds: 6...8)
        #expect(sink.said(.lost, "most events came from pid \(getpid()) ("))
        #expect(audit.state.backlogWaitTime == 25)
        Self.tick(source, sink, seconds: 9...90)
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
        Self.tick(source, sink, seconds: 1...1)
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
        Self.tick(source, sink, seconds: 1...1)
        audit.state.pid = 0
        Self.tick(source, sink, seconds: 6...6)
        #expect(audit.state.pid == getpid())
        #expect(sink.said(.tampered, "receives them again"))
        audit.state.pid = 1
        audit.errors["claim"] = EEXIST
        Self.tick(source, sink, seconds: 12...12)
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
        Self.tick(source, sink, seconds: 1...1)
        #expect(sink.said(.tampered, "pid \(getppid())"))
    }

    @Test func `removed rules come back and the record says who removed them`() throws {
        let audit = ScriptedAudit()
        let source = try audit.source()
        let sink = RecordingSink()
        Self.tick(source, sink, seconds: 1...1)
        let rules = audit.loaded
        audit.loaded.removeAll { $0.action == .always }
        audit.datagrams = [
            [
                ScriptedAudit.record(
                    1305,
                    #"audit(1700000000.000:9): auid=1000 ses=2 subj=unconfined op=remove_rule key="shrike" list=4 res=1"#
                ), ScriptedAudit.record(1320, "audit(1700000000.000:9): "),
            ]
        ]
        _ = source.drain(into: sink)
        Self.tick(source, sink, seconds: 4...8)
        #expect(Set(audit.loaded) == Set(rules))
        #expect(sink.said(.tampered, "had been removed (auid=1000)"))
    }

    @Test func `rules about a directory that went are no tampering, and come back with it`() throws {
        let audit = ScriptedAudit()
        let need = EventNeed(paths: .oneOf(exact: [], prefixes: ["/srv/"], suffixes: []), outcome: .success)
        let source = try audit.source(
            LiveAudit.needs(["openat": [need]]), files: ScriptedFiles(directories: ["/srv"])
        )
        let sink = RecordingSink()
        Self.tick(source, sink, seconds: 1...1)
        let rules = audit.loaded
        audit.loaded.removeAll { $0.watchedPath != nil }
        Self.tick(source, sink, seconds: 2...40)
        #expect(Set(audit.loaded) == Set(rules))
        #expect(!sink.notices.contains { $0.kind == .tampered })
    }

    @Test(arguments: [
        (AuditRule(list: .task, action: .never), true),
        (AuditRule(list: .exclude, fields: [AuditRuleField(.messageType, .equal, 1300)]), true),
        (AuditRule(list: .exclude, fields: [AuditRuleField(.messageType, .equal, 1327)]), false),
        // Ours come first.
        (AuditRule(action: .never, syscalls: .all, fields: [AuditRuleField(.pid, .equal, 7)]), false),
        (
            AuditRule(list: .filesystem, action: .never, fields: [AuditRuleField(.init(rawValue: 26), .equal, 0xef53)]),
            true
        ),
        (AuditRule(list: .user, action: .never, fields: [AuditRuleField(.pid, .equal, 7)]), false),
        (AuditRule(action: .never, syscalls: SyscallMask([0])), false),
        (AuditRule(syscalls: .all), false),
    ])
    func `rules of others that hide events are told`(rule: AuditRule, isBlinding: Bool) throws {
        let audit = ScriptedAudit()
        audit.loaded = [rule]
        let source = try audit.source()
        let sink = RecordingSink()
        Self.tick(source, sink, seconds: 1...1)
        #expect(sink.notices.contains { $0.kind == .blind } == isBlinding)
        #expect(audit.loaded.contains(rule))
        source.stop()
        #expect(audit.loaded == [rule])
    }

    @Test func `a rule that others put before ours is told once, and ours are before it again`() throws {
        let audit = ScriptedAudit()
        let source = try audit.source()
        let sink = RecordingSink()
        Self.tick(source, sink, seconds: 1...1)
        let hiding = AuditRule(action: .never, syscalls: .all, fields: [AuditRuleField(.pid, .equal, 7)])
        audit.loaded.insert(hiding, at: 0)
        Self.tick(source, sink, seconds: 2...60)
        #expect(sink.notices.filter { $0.message.contains("hides the calls") }.map(\.kind) == [.tampered])
        let place = try #require(audit.loaded.firstIndex(of: hiding))
        #expect(audit.loaded[..<place].contains { $0.action == .always })
        #expect(!audit.loaded[place...].dropFirst().contains { $0.action == .always })
        #expect(source.outage == nil)
        source.stop()
        #expect(audit.loaded == [hiding])
    }

    @Test(arguments: [("backlog_limit", 2), ("rate_limit", 1), ("failure", 2), ("backlog_wait_time", 60000)])
    func `a setting that others change for the worse is set back and told once`(name: String, value: Int) throws {
        let path: WritableKeyPath<AuditStatus, UInt32> =
            switch name {
            case "backlog_limit": \.backlogLimit
            case "rate_limit": \.rateLimit
            case "failure": \.failure
            default: \.backlogWaitTime
            }
        let audit = ScriptedAudit()
        audit.state.failure = 1
        audit.state.backlogLimit = 64
        let source = try audit.source()
        let sink = RecordingSink()
        Self.tick(source, sink, seconds: 1...1)
        let before = audit.state[keyPath: path]
        for second in stride(from: UInt64(2), through: 30, by: 6) {
            audit.state[keyPath: path] = UInt32(value)
            Self.tick(source, sink, seconds: second...second + 5)
            #expect(audit.state[keyPath: path] == before)
        }
        #expect(sink.notices.count { $0.kind == .tampered } == 1)
        #expect(sink.said(.tampered, "\(name) was set from \(before) to \(value)"))
    }

    @Test func `removing all rules is one deed, however it is seen`() throws {
        let audit = ScriptedAudit()
        let source = try audit.source(LiveAudit.needs(["ptrace": [EventNeed()], "bpf": [EventNeed()]]))
        let sink = RecordingSink()
        Self.tick(source, sink, seconds: 1...1)
        let record = ScriptedAudit.record(
            1305, #"audit(1700000000.000:9): auid=1000 ses=2 op=remove_rule key="shrike" list=4 res=1"#)
        for tenth in UInt64(20)...60 {
            // As auditctl -D goes on, rule by rule, while they are put back.
            if tenth < 30, !audit.loaded.isEmpty { audit.loaded.removeLast() }
            audit.datagrams = [[record, ScriptedAudit.record(1320, "audit(1700000000.000:9): ")]]
            _ = source.drain(into: sink)
            source.tick(nowNanoseconds: tenth * Self.second / 10, into: sink)
        }
        #expect(sink.notices.count { $0.kind == .tampered } == 1)
        #expect(sink.said(.tampered, "had been removed (auid=1000)"))
    }

    @Test func `new needs leave the rules that stay loaded all the time`() throws {
        let audit = ScriptedAudit()
        let source = try audit.source(LiveAudit.needs(["ptrace": [EventNeed()]]))
        let before = Set(audit.loaded)
        audit.log = []
        source.reload(needs: LiveAudit.needs(["ptrace": [EventNeed()]]), fieldNames: [])
        #expect(!audit.log.contains("add") && !audit.log.contains("remove"))
        source.reload(needs: LiveAudit.needs(["bpf": [EventNeed()]]), fieldNames: [])
        #expect(Set(audit.loaded) != before)
    }

    @Test(arguments: [
        ("audit=0", true), ("quiet audit=1 audit=off", true), ("audit=0 audit=1", false), ("xaudit=0", false),
        ("", false),
    ])
    func `the kernel command line tells whether audit is off`(line: String, isOff: Bool) {
        #expect(AuditDiagnosis.isAuditOffAtBoot(line) == isOff)
    }
}
