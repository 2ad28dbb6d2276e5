import EventModel
import Foundation
import Glibc
import KernelInterface
import Testing

@testable import EventSources

/// What others do to audit on the real kernel while it is used. Each test leaves audit as it was.
@Suite(.serialized, .enabled(if: LiveAudit.isAvailable, "needs root and an audit subsystem that can be configured"))
struct LiveAuditTamperingTests {
    private static func runCanary(_ source: AuditSource) throws {
        let file = try #require(source.canaryFile)
        source.canaryRan(try CanaryProcess.run(opening: [file]))
    }

    @Test func `a rule that hides files is told and shows in the canary's open`() throws {
        let directory = try MarkTarget(path: Array("/etc".utf8))
        let magic = directory.filesystemMagic ?? 0
        let kind = "fstype=\(magic)"
        defer { try? LiveAudit.auditctl("-d", "never,filesystem", "-F", kind) }
        var options = LiveAudit.quick
        options.takesOutHidingRules = false
        let source = try AuditSource(needs: EventNeeds(), fieldNames: [], options: options)
        defer { source.stop() }
        let sink = RecordingSink()
        try LiveAudit.auditctl("-a", "never,filesystem", "-F", kind)
        try Self.runCanary(source)
        #expect(LiveKernel.pump(source, sink) { sink.said(.blind, "hides the files") })
        source.concludeCanary(into: sink)
        #expect(source.outage != nil)
        // Why it is blind was told.
        #expect(sink.notices.count { $0.kind == .blind } == 1)
        try LiveAudit.auditctl("-d", "never,filesystem", "-F", kind)
        #expect(LiveKernel.pump(source, sink) { sink.said(.recovered, "hides the files") })
        try Self.runCanary(source)
        _ = LiveKernel.pump(source, sink) { false }
        source.concludeCanary(into: sink)
        #expect(source.outage == nil)
    }

    @Test(arguments: [
        ["never,task"], ["never,filesystem", "-F", "fstype=0xef53"], ["always,exclude", "-F", "msgtype=PATH"],
    ])
    func `a rule that hides everything is taken out, and put back if it was there before`(rule: [String]) throws {
        func auditctl(_ option: String) throws {
            try LiveKernel.start("/sbin/auditctl", [option] + rule).waitUntilExit()
        }
        defer { try? auditctl("-d") }
        try auditctl("-a")
        let before = try LiveAudit.State()
        try #require(before.rules.contains { $0.list != .exit }, "the kernel takes the rule")
        try LiveAudit.withSource(
            LiveAudit.opens(.oneOf(exact: ["/etc/shadow"], prefixes: [], suffixes: [])), options: LiveAudit.quick
        ) {
            source, sink in
            for round in 0..<2 {
                #expect(
                    LiveKernel.pump(source, sink) {
                        (try? LiveAudit.State().rules.allSatisfy { $0.list == .exit || $0.list == .ioUring }) ?? false
                    })
                #expect(source.outage == nil)
                let pid = try LiveKernel.run("/bin/cat", "/etc/shadow")
                #expect(
                    LiveKernel.pump(source, sink) { sink.opens(of: "/etc/shadow").contains { $0.process.pid == pid } })
                if round == 0 { try auditctl("-a") }
            }
            let name = "loaded by pid"
            #expect(
                LiveKernel.pump(source, sink) {
                    sink.notices.contains { $0.message.contains(name) || $0.message.contains("taken out") }
                })
        }
        #expect(try LiveAudit.State() == before)
    }

    @Test func `removed rules are put back and reported, foreign ones are left alone`() throws {
        let foreign = try LiveAudit.Directory()
        try LiveAudit.auditctl("-a", "always,exit", "-F", "dir=\(foreign.path)", "-F", "perm=w", "-k", "foreign")
        defer {
            try? LiveAudit.auditctl("-d", "always,exit", "-F", "dir=\(foreign.path)", "-F", "perm=w", "-k", "foreign")
        }
        try LiveAudit.withSource(EventNeeds(), options: LiveAudit.quick) { source, sink in
            _ = LiveKernel.pump(source, sink) { false }
            #expect(!sink.notices.contains { $0.kind == .tampered })
            let control = try NetlinkAuditControl()
            let rules = try control.rules().filter { $0.keys == [Array("shrike".utf8)] && $0.action == .always }
            #expect(!rules.isEmpty)
            for rule in rules { try control.remove(rule) }
            #expect(LiveKernel.pump(source, sink) { sink.said(.tampered, "had been removed") })
            let after = try control.rules()
            #expect(Set(rules).isSubset(of: Set(after)))
            #expect(after.contains { $0.keys == [Array("foreign".utf8)] })
            let pid = try LiveKernel.run("/bin/true")
            #expect(LiveKernel.pump(source, sink) { !sink.events(of: pid, "execve").isEmpty })
        }
        #expect(try NetlinkAuditControl().rules().contains { $0.keys == [Array("foreign".utf8)] })
    }

    @Test func `audit that somebody switches off is switched on again`() throws {
        try LiveAudit.withSource(EventNeeds(), options: LiveAudit.quick) { source, sink in
            _ = LiveKernel.pump(source, sink) { false }
            try LiveAudit.auditctl("-e", "0")
            #expect(LiveKernel.pump(source, sink) { sink.said(.tampered, "switched off") })
            let pid = try LiveKernel.run("/bin/true")
            #expect(LiveKernel.pump(source, sink) { !sink.events(of: pid, "execve").isEmpty })
        }
    }

    @Test func `rules of others that hide events are overtaken, and told when they come later`() throws {
        let rule = ["never,exit", "-F", "arch=b64", "-S", "execve", "-F", "uid=0", "-k", "foreign"]
        let remove = { try? LiveKernel.start("/sbin/auditctl", ["-d"] + rule).waitUntilExit() }
        try LiveKernel.start("/sbin/auditctl", ["-a"] + rule).waitUntilExit()
        defer { remove() }
        let source = try AuditSource(needs: EventNeeds(), fieldNames: [], options: LiveAudit.quick)
        defer { source.stop() }
        let sink = RecordingSink()
        let early = try LiveKernel.run("/bin/true")
        #expect(LiveKernel.pump(source, sink) { !sink.events(of: early, "execve").isEmpty })
        remove()
        try LiveKernel.start("/sbin/auditctl", ["-A"] + rule).waitUntilExit()
        #expect(LiveKernel.pump(source, sink) { sink.said(.tampered, "hides the calls") })
        let late = try LiveKernel.run("/bin/true")
        #expect(LiveKernel.pump(source, sink) { !sink.events(of: late, "execve").isEmpty })
    }

    @Test func `settings that starve the queue are set back`() throws {
        try LiveAudit.withSource(EventNeeds(), options: LiveAudit.quick) { source, sink in
            _ = LiveKernel.pump(source, sink) { false }
            for (option, value, name) in [("-b", "2", "backlog_limit"), ("-r", "1", "rate_limit")] {
                try LiveAudit.auditctl(option, value)
                #expect(LiveKernel.pump(source, sink) { sink.said(.tampered, "\(name) was set from") })
            }
            let status = try NetlinkAuditControl().status()
            #expect(status.backlogLimit == 16384 && status.rateLimit == 0)
        }
    }

    @Test func `rules that a killed run left behind are taken over`() throws {
        let before = try LiveAudit.State()
        let control = try NetlinkAuditControl()
        let leftover = AuditRule(
            syscalls: SyscallMask([1]), fields: [AuditRuleField(.architecture, .equal, 0xc000_003e)],
            keys: [Array("shrike".utf8)]
        )
        try control.add(leftover, first: false)
        let source = try AuditSource(needs: EventNeeds(), fieldNames: [])
        // Behind what is new: taking a rule back is slow.
        let sink = RecordingSink()
        #expect(LiveKernel.pump(source, sink) { (try? control.rules().contains(leftover)) == false })
        source.stop()
        source.stop()
        let after = try LiveAudit.State()
        #expect(after == before)
    }

    @Test func `a kernel that can't deliver its records is noticed, and what is lost is counted`() throws {
        var options = LiveAudit.quick
        options.receiveBufferBytes = 4096
        options.backlogLimit = 64
        try LiveAudit.withSource(LiveAudit.needs(["getppid": [EventNeed()]]), options: options) { source, sink in
            // More records than buffer and backlog hold while nobody reads.
            try LiveKernel.run("/usr/bin/python3", "-c", "import os\nfor i in range(20000): os.getppid()")
            #expect(LiveKernel.pump(source, sink) { sink.said(.lost, "lost in the kernel") })
            #expect(source.counters.lostInKernel > 0)
            // The kernel may have given its receiver up, and what comes before the source is that again is lost too.
            let isSeen = try (0..<5).contains { _ in
                let pid = try LiveKernel.run("/bin/true")
                return LiveKernel.pump(source, sink) { !sink.events(of: pid, "execve").isEmpty }
            }
            #expect(isSeen)
        }
    }
}
