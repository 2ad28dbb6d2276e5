import EventModel
import Foundation
import Glibc
import KernelInterface
import Testing

@testable import EventSources

/// Against the real kernel, as the owner of audit. Each test leaves audit as it was.
@Suite(.serialized, .enabled(if: LiveAudit.isAvailable, "needs root and an audit subsystem that can be configured"))
struct LiveAuditSourceTests {
    private func withSource(
        _ needs: EventNeeds, options: AuditSource.Options = .init(), fieldNames: Set<String> = [],
        _ body: (AuditSource, RecordingSink) throws -> Void
    ) throws {
        let before = try LiveAudit.State()
        let source = try AuditSource(needs: needs, fieldNames: fieldNames, options: options)
        do {
            defer { source.stop() }
            try body(source, RecordingSink())
        }
        let after = try LiveAudit.State()
        #expect(after == before)
    }

    private static var quick: AuditSource.Options {
        var options = AuditSource.Options()
        options.statusIntervalNanoseconds = 100_000_000
        options.rulesIntervalNanoseconds = 100_000_000
        options.planIntervalNanoseconds = 100_000_000
        return options
    }

    @Test func `a program's arguments are exact, whatever bytes they have`() throws {
        try withSource(EventNeeds()) { source, sink in
            #expect(source.mode == .owner)
            let odd = "a b\"c\\\n=é\u{1}"
            let pid = try LiveKernel.run("/bin/true", odd, "", "--x=1", "ünï")
            #expect(LiveKernel.pump(source, sink) { !sink.events(of: pid, "execve").isEmpty })
            let event = try #require(sink.events(of: pid, "execve").first)
            #expect(LiveAudit.arguments(event) == ["/bin/true", odd, "", "--x=1", "ünï"].map { Array($0.utf8) })
            #expect(event.process.known.contains([.parent, .userIDs]))
            #expect(event.process.parentPID == getpid())
            #expect(source.counters.malformed == 0)
        }
    }

    @Test func `the canary's system call and open are seen and not told, and others' are not audited for it`() throws {
        try withSource(EventNeeds()) { source, sink in
            let process = try CanaryProcess.run(opening: [try #require(source.canaryFile)])
            source.canaryRan(process)
            #expect(LiveKernel.pump(source, sink) { source.canary?.latencyNanoseconds != nil })
            source.concludeCanary(into: sink)
            #expect(sink.events.allSatisfy { $0.process.pid != process.pid && $0.type.name == "execve" })
            #expect(source.outage == nil && !sink.notices.contains { $0.kind == .blind })
            // One that never ran.
            source.canaryRan(CanaryProcess(pid: process.pid, startedNanoseconds: 1, openedFile: false))
            source.concludeCanary(into: sink)
            #expect(source.outage != nil && sink.notices.contains { $0.kind == .blind })
        }
    }

    private static func runCanary(_ source: AuditSource) throws {
        let file = try #require(source.canaryFile)
        source.canaryRan(try CanaryProcess.run(opening: [file]))
    }

    @Test func `a rule that hides files is told and shows in the canary's open`() throws {
        let directory = try MarkTarget(path: Array("/etc".utf8))
        let magic = directory.filesystemMagic ?? 0
        let kind = "fstype=\(magic)"
        defer { try? LiveAudit.auditctl("-d", "never,filesystem", "-F", kind) }
        let source = try AuditSource(needs: EventNeeds(), fieldNames: [], options: Self.quick)
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

    @Test func `very long arguments come in several records and are whole`() throws {
        try withSource(EventNeeds()) { source, sink in
            let long = String(repeating: "abcdefghij ", count: 3000)
            let pid = try LiveKernel.run("/bin/true", long, "end")
            #expect(LiveKernel.pump(source, sink) { !sink.events(of: pid, "execve").isEmpty })
            let event = try #require(sink.events(of: pid, "execve").first)
            let arguments = LiveAudit.arguments(event)
            #expect(arguments.last == Array("end".utf8))
            #expect(event.isTruncated || arguments[1] == Array(long.utf8))
        }
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/usr/lib32/crt1.o"), "needs a 32-bit C library"))
    func `a 32-bit program's calls are seen by their own numbers`() throws {
        let directory = try LiveAudit.Directory()
        let code = directory.path + "/a.c"
        try #"""
        #include <fcntl.h>
        #include <sys/socket.h>
        #include <unistd.h>
        int main(int c, char **v) { open(v[1], O_RDONLY); socket(AF_INET, SOCK_DGRAM, 0); execl(v[0], "second", (char *)0); }
        """#.write(toFile: code, atomically: true, encoding: .utf8)
        let program = directory.path + "/a"
        try LiveKernel.run("/usr/bin/gcc", "-w", "-m32", "-static", "-o", program, code)
        let file = directory.path + "/watched"
        try "x".write(toFile: file, atomically: true, encoding: .utf8)
        var needs = LiveAudit.opens(.oneOf(exact: [file], prefixes: [], suffixes: []))
        needs.alternatives.merge(LiveAudit.needs(["socket": [EventNeed()]]).alternatives) { left, _ in left }
        try withSource(needs) { source, sink in
            let process = try LiveKernel.start(program, [file])
            usleep(200_000)
            process.terminate()
            process.waitUntilExit()
            let pid = process.processIdentifier
            #expect(LiveKernel.pump(source, sink) { sink.events(of: pid, "execve").count >= 2 })
            let opened = try #require(sink.opens(of: file).first { $0.process.pid == pid })
            #expect(opened.architecture == .i386)
            #expect(sink.events(of: pid, "socket").contains { $0.architecture == .i386 })
            #expect(sink.events(of: pid, "execve").contains { $0.architecture == .i386 })
        }
    }

    @Test func `only opens of the watched file come, and reads and writes are told apart`() throws {
        let directory = try LiveAudit.Directory()
        let file = directory.path + "/secret"
        let other = directory.path + "/other"
        for path in [file, other] { try "x".write(toFile: path, atomically: true, encoding: .utf8) }
        let need = PathNeed.oneOf(exact: [file], prefixes: [], suffixes: [])
        try withSource(LiveAudit.opens(need, .read)) { source, sink in
            try LiveKernel.run("/bin/sh", "-c", "cat \(other) \(file); echo x > \(other); echo x >> \(file)")
            #expect(LiveKernel.pump(source, sink) { !sink.opens(of: file).isEmpty })
            #expect(sink.opens(of: file).count == 1)
            #expect(sink.opens(of: other).isEmpty)
        }
        try withSource(LiveAudit.opens(need, .write)) { source, sink in
            let pid = try LiveKernel.run("/bin/sh", "-c", "read x < \(file); echo x >> \(file)")
            #expect(LiveKernel.pump(source, sink) { !sink.opens(of: file).isEmpty })
            #expect(sink.opens(of: file).map { $0.registers[2] & 3 } == [1])
            #expect(sink.opens(of: file).first?.process.pid == pid)
        }
    }

    @Test func `a watched file that does not exist yet is seen when it is made, moved in, and removed`() throws {
        let directory = try LiveAudit.Directory()
        let file = directory.path + "/new"
        let need = EventNeed(paths: .oneOf(exact: [file], prefixes: [], suffixes: []), outcome: .success)
        let types = [
            "openat", "rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir", "mkdirat", "link", "linkat",
        ]
        let needs = LiveAudit.needs(Dictionary(uniqueKeysWithValues: types.map { ($0, [need]) }))
        try withSource(needs) { source, sink in
            let names: (String) -> Bool = { prefix in
                sink.events.contains { $0.type.name.hasPrefix(prefix) && LiveAudit.paths($0).contains(file) }
            }
            try LiveKernel.run("/bin/sh", "-c", "echo x > \(file)")
            #expect(LiveKernel.pump(source, sink) { names("open") })
            try LiveKernel.run("/bin/rm", file)
            #expect(LiveKernel.pump(source, sink) { names("unlink") })
            try LiveKernel.run("/bin/sh", "-c", "echo y > \(file)2; mv \(file)2 \(file)")
            #expect(LiveKernel.pump(source, sink) { names("rename") })
            try LiveKernel.run("/bin/rm", file)
            try LiveKernel.run("/bin/mkdir", file)
            #expect(LiveKernel.pump(source, sink) { names("mkdir") })
            try LiveKernel.run("/bin/sh", "-c", "rmdir \(file); echo z > \(file)3; ln \(file)3 \(file)")
            #expect(LiveKernel.pump(source, sink) { names("link") })
        }
    }

    @Test func `a directory's files are seen at every depth, and through links that lead out of it`() throws {
        let directory = try LiveAudit.Directory()
        let outside = try LiveAudit.Directory()
        let root = directory.path + "/etc"
        try FileManager.default.createDirectory(atPath: root + "/a/b", withIntermediateDirectories: true)
        let target = outside.path + "/target"
        try "x".write(toFile: target, atomically: true, encoding: .utf8)
        try FileManager.default.createSymbolicLink(atPath: root + "/link", withDestinationPath: target)
        let need = PathNeed.oneOf(exact: [], prefixes: [root + "/"], suffixes: [])
        try withSource(LiveAudit.opens(need, .write)) { source, sink in
            try LiveKernel.run(
                "/bin/sh", "-c",
                "echo x > \(root)/a/b/deep; echo x > \(root)/link; mkdir \(root)/new; echo x > \(root)/new/file")
            #expect(LiveKernel.pump(source, sink) { !sink.opens(of: root + "/new/file").isEmpty })
            #expect(!sink.opens(of: root + "/a/b/deep").isEmpty)
            #expect(!sink.opens(of: root + "/link").isEmpty)
        }
    }

    @Test func `writes below proc are seen`() throws {
        let need = PathNeed.oneOf(exact: ["/proc/sys/kernel/core_pattern"], prefixes: [], suffixes: [])
        try withSource(LiveAudit.opens(need, .write)) { source, sink in
            try LiveKernel.run(
                "/bin/sh", "-c", "read p < /proc/sys/kernel/core_pattern; echo \"$p\" > /proc/sys/kernel/core_pattern")
            #expect(LiveKernel.pump(source, sink) { !sink.opens(of: "/proc/sys/kernel/core_pattern").isEmpty })
        }
    }

    @Test func `a container's files are seen after its root is known`() throws {
        let directory = try LiveAudit.Directory()
        let root = directory.path + "/rootfs"
        try FileManager.default.createDirectory(atPath: root + "/etc", withIntermediateDirectories: true)
        let file = root + "/etc/shadow"
        try "x".write(toFile: file, atomically: true, encoding: .utf8)
        let need = EventNeed(
            paths: .oneOf(exact: ["/etc/shadow"], prefixes: [], suffixes: []), access: .read, outcome: .success,
            scope: .container
        )
        try withSource(LiveAudit.needs(["openat": [need]])) { source, sink in
            try LiveKernel.run("/bin/cat", file)
            source.addContainerRoot(root)
            #expect(LiveKernel.pump(source, sink) { source.containerArming?.armed == 1 })
            let second = try LiveKernel.run("/bin/cat", file)
            #expect(LiveKernel.pump(source, sink) { !sink.opens(of: file).isEmpty })
            #expect(sink.opens(of: file).map(\.process.pid) == [second])
            let rules = source.ruleCount
            source.removeContainerRoot(root)
            #expect(LiveKernel.pump(source, sink) { source.containerArming?.watched == 0 })
            #expect(source.ruleCount == rules)
        }
    }

    @Test func `what is mounted into a watched directory later is seen`() throws {
        let directory = try LiveAudit.Directory()
        let need = PathNeed.oneOf(exact: [], prefixes: [directory.path + "/"], suffixes: [])
        let mountPoint = directory.path + "/mnt"
        try FileManager.default.createDirectory(atPath: mountPoint, withIntermediateDirectories: true)
        try withSource(LiveAudit.opens(need, .write)) { source, sink in
            try LiveKernel.run("/bin/mount", "-t", "tmpfs", "none", mountPoint)
            defer { _ = try? LiveKernel.run("/bin/umount", mountPoint) }
            _ = LiveKernel.pump(source, sink) { false }
            try LiveKernel.run("/bin/sh", "-c", "echo x > \(mountPoint)/file")
            #expect(LiveKernel.pump(source, sink) { !sink.opens(of: mountPoint + "/file").isEmpty })
        }
    }

    @Test func `a connection is seen with its address, though it has not come about yet`() throws {
        try withSource(LiveAudit.needs(["connect": [EventNeed(outcome: .success)]])) { source, sink in
            let script = "import socket,sys\ns=socket.socket()\ns.setblocking(False)\ns.connect_ex(('127.0.0.1', 9))"
            let pid = try LiveKernel.run("/usr/bin/python3", "-c", script)
            #expect(LiveKernel.pump(source, sink) { !sink.events(of: pid, "connect").isEmpty })
            let event = try #require(sink.events(of: pid, "connect").first)
            #expect(Array(event.slice(event.socketAddress).prefix(8)) == [2, 0, 0, 9, 127, 0, 0, 1])
        }
    }

    @Test func `an argument that rules ask for is looked at in the kernel`() throws {
        let need = EventNeed(arguments: [ArgumentNeed(name: "domain", containsOneOf: ["AF_PACKET"])])
        try withSource(LiveAudit.needs(["socket": [need]])) { source, sink in
            let script = "import socket\nsocket.socket()\nsocket.socket(socket.AF_PACKET, socket.SOCK_RAW)"
            let pid = try LiveKernel.run("/usr/bin/python3", "-c", script)
            #expect(LiveKernel.pump(source, sink) { !sink.events(of: pid, "socket").isEmpty })
            #expect(sink.events(of: pid, "socket").map { $0.registers[0] } == [17])
        }
    }

    @Test func `our own calls are not seen`() throws {
        let directory = try LiveAudit.Directory()
        let file = directory.path + "/mine"
        let need = PathNeed.oneOf(exact: [file], prefixes: [], suffixes: [])
        try withSource(LiveAudit.opens(need)) { source, sink in
            try "x".write(toFile: file, atomically: false, encoding: .utf8)
            let other = try LiveKernel.run("/bin/cat", file)
            #expect(LiveKernel.pump(source, sink) { !sink.opens(of: file).isEmpty })
            #expect(Set(sink.opens(of: file).map(\.process.pid)) == [other])
        }
    }

    @Test func `removed rules are put back and reported, foreign ones are left alone`() throws {
        let foreign = try LiveAudit.Directory()
        try LiveAudit.auditctl("-a", "always,exit", "-F", "dir=\(foreign.path)", "-F", "perm=w", "-k", "foreign")
        defer {
            try? LiveAudit.auditctl("-d", "always,exit", "-F", "dir=\(foreign.path)", "-F", "perm=w", "-k", "foreign")
        }
        try withSource(EventNeeds(), options: Self.quick) { source, sink in
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
        try withSource(EventNeeds(), options: Self.quick) { source, sink in
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
        let source = try AuditSource(needs: EventNeeds(), fieldNames: [], options: Self.quick)
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
        try withSource(EventNeeds(), options: Self.quick) { source, sink in
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
        var options = Self.quick
        options.receiveBufferBytes = 4096
        options.backlogLimit = 64
        try withSource(LiveAudit.needs(["getppid": [EventNeed()]]), options: options) { source, sink in
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
