import EventModel
import Glibc
import Testing

@testable import EventSources

/// What others do to audit while it is used: rules that hide or are taken away, settings that starve.
@Suite struct AuditTamperingTests {
    @Test func `removed rules come back and the record says who removed them`() throws {
        let audit = ScriptedAudit()
        let source = try audit.source()
        let sink = RecordingSink()
        source.tick(sink, seconds: 1...1)
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
        source.tick(sink, seconds: 4...8)
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
        source.tick(sink, seconds: 1...1)
        let rules = audit.loaded
        audit.loaded.removeAll { $0.watchedPath != nil }
        source.tick(sink, seconds: 2...40)
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
        var options = AuditSource.Options()
        options.takesOutHidingRules = false
        let source = try audit.source(options: options)
        let sink = RecordingSink()
        source.tick(sink, seconds: 1...1)
        #expect(sink.notices.contains { $0.kind == .blind } == isBlinding)
        #expect(audit.loaded.contains(rule))
        source.stop()
        #expect(audit.loaded == [rule])
    }

    private static let hidingTask = AuditRule(list: .task, action: .never)

    @Test func `rules that hide events from before the start are taken out, told, and put back at the end`() throws {
        let audit = ScriptedAudit()
        audit.loaded = [Self.hidingTask]
        let source = try audit.source()
        let sink = RecordingSink()
        source.tick(sink, seconds: 1...30)
        #expect(!audit.loaded.contains(Self.hidingTask))
        #expect(sink.notices.filter { $0.message.contains("hides every process") }.map(\.kind) == [.blind])
        #expect(sink.said(.blind, "until they are started anew"))
        #expect(source.outage == nil)
        let copy = try #require(source.restoration.flatMap { AuditRestoration(text: $0.text) })
        #expect(copy.rules == [Self.hidingTask])
        source.stop()
        #expect(audit.loaded == [Self.hidingTask])
    }

    @Test func `rules that hide events and come later are taken out for good, told once with who did it`() throws {
        let audit = ScriptedAudit()
        let source = try audit.source()
        let sink = RecordingSink()
        source.tick(sink, seconds: 1...1)
        for second in stride(from: UInt64(4), through: 40, by: 6) {
            audit.loaded.append(Self.hidingTask)
            audit.datagrams = [
                [
                    ScriptedAudit.record(
                        1305, "audit(1700000000.000:9): auid=1000 ses=2 op=add_rule key=(null) list=1 res=1"),
                    ScriptedAudit.record(1320, "audit(1700000000.000:9): "),
                ]
            ]
            _ = source.drain(into: sink)
            source.tick(sink, seconds: second...second + 5)
            #expect(!audit.loaded.contains(Self.hidingTask) && source.outage == nil)
        }
        #expect(sink.notices.filter { $0.message.contains("hides every process") }.map(\.kind) == [.tampered])
        #expect(sink.said(.tampered, "loaded (auid=1000), and taken out"))
        source.stop()
        #expect(audit.loaded.isEmpty)
    }

    @Test(arguments: [(EPERM, true), (ENOENT, false)])
    func `a hiding rule that can't be taken out stays in the health, one that is gone does not`(
        error: Int32, isOut: Bool
    ) throws {
        let audit = ScriptedAudit()
        let source = try audit.source()
        let sink = RecordingSink()
        source.tick(sink, seconds: 1...1)
        audit.loaded.append(Self.hidingTask)
        audit.errors["remove"] = error
        source.tick(sink, seconds: 4...8)
        #expect((source.outage != nil) == isOut)
        #expect(sink.said(.blind, "hides every process") == isOut)
        audit.errors = [:]
        source.stop()
    }

    @Test func `a rule that others put before ours is told once, and ours are before it again`() throws {
        let audit = ScriptedAudit()
        let source = try audit.source()
        let sink = RecordingSink()
        source.tick(sink, seconds: 1...1)
        let hiding = AuditRule(action: .never, syscalls: .all, fields: [AuditRuleField(.pid, .equal, 7)])
        audit.loaded.insert(hiding, at: 0)
        source.tick(sink, seconds: 2...60)
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
        source.tick(sink, seconds: 1...1)
        let before = audit.state[keyPath: path]
        for second in stride(from: UInt64(2), through: 30, by: 6) {
            audit.state[keyPath: path] = UInt32(value)
            source.tick(sink, seconds: second...second + 5)
            #expect(audit.state[keyPath: path] == before)
        }
        #expect(sink.notices.count { $0.kind == .tampered } == 1)
        #expect(sink.said(.tampered, "\(name) was set from \(before) to \(value)"))
    }

    @Test func `removing all rules is one deed, however it is seen`() throws {
        let audit = ScriptedAudit()
        let source = try audit.source(LiveAudit.needs(["ptrace": [EventNeed()], "bpf": [EventNeed()]]))
        let sink = RecordingSink()
        source.tick(sink, seconds: 1...1)
        let record = ScriptedAudit.record(
            1305, #"audit(1700000000.000:9): auid=1000 ses=2 op=remove_rule key="shrike" list=4 res=1"#)
        for tenth in UInt64(20)...60 {
            // As auditctl -D goes on, rule by rule, while they are put back.
            if tenth < 30, !audit.loaded.isEmpty { audit.loaded.removeLast() }
            audit.datagrams = [[record, ScriptedAudit.record(1320, "audit(1700000000.000:9): ")]]
            _ = source.drain(into: sink)
            source.tick(nowNanoseconds: tenth * ScriptedAudit.second / 10, into: sink)
        }
        #expect(sink.notices.count { $0.kind == .tampered } == 1)
        #expect(sink.said(.tampered, "had been removed (auid=1000)"))
    }

    @Test func `new needs leave the rules that stay loaded all the time`() throws {
        let audit = ScriptedAudit()
        let source = try audit.source(LiveAudit.needs(["ptrace": [EventNeed()]]))
        let before = Set(audit.loaded)
        audit.log = []
        try source.reload(needs: LiveAudit.needs(["ptrace": [EventNeed()]]), fieldNames: [])
        #expect(!audit.log.contains("add") && !audit.log.contains("remove"))
        try source.reload(needs: LiveAudit.needs(["bpf": [EventNeed()]]), fieldNames: [])
        #expect(Set(audit.loaded) != before)
    }
}
