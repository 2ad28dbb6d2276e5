import EventModel
import Foundation
import Glibc
import KernelInterface
import Testing

@testable import EventSources

/// Against the real kernel, as the owner of audit. Each test leaves audit as it was.
@Suite(.serialized, .enabled(if: LiveAudit.isAvailable, "needs root and an audit subsystem that can be configured"))
struct LiveAuditSourceTests {
    @Test func `a program's arguments are exact, whatever bytes they have`() throws {
        try LiveAudit.withSource(EventNeeds()) { source, sink in
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
        try LiveAudit.withSource(EventNeeds()) { source, sink in
            let process = try CanaryProcess.run(opening: [try #require(source.canaryFile)])
            source.canaryRan(process)
            #expect(LiveKernel.pump(source, sink) { source.canary?.latencyNanoseconds != nil })
            source.concludeCanary(into: sink)
            #expect(sink.types(of: process.pid).isEmpty)
            // Where audit is on already, our own loading of rules makes an event.
            let others = sink.events.filter { $0.process.pid != getpid() }
            #expect(Set(others.map(\.type.name)).isSubset(of: ["execve"]))
            #expect(source.outage == nil && !sink.notices.contains { $0.kind == .blind })
            // One that never ran.
            source.canaryRan(CanaryProcess(pid: process.pid, startedNanoseconds: 1, openedFile: false))
            source.concludeCanary(into: sink)
            #expect(source.outage != nil && sink.notices.contains { $0.kind == .blind })
        }
    }

    @Test func `very long arguments come in several records and are whole`() throws {
        try LiveAudit.withSource(EventNeeds()) { source, sink in
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
        try LiveAudit.withSource(needs) { source, sink in
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
        try LiveAudit.withSource(LiveAudit.opens(need, .read)) { source, sink in
            try LiveKernel.run("/bin/sh", "-c", "cat \(other) \(file); echo x > \(other); echo x >> \(file)")
            #expect(LiveKernel.pump(source, sink) { !sink.opens(of: file).isEmpty })
            #expect(sink.opens(of: file).count == 1)
            #expect(sink.opens(of: other).isEmpty)
        }
        try LiveAudit.withSource(LiveAudit.opens(need, .write)) { source, sink in
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
        try LiveAudit.withSource(needs) { source, sink in
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
        try LiveAudit.withSource(LiveAudit.opens(need, .write)) { source, sink in
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
        try LiveAudit.withSource(LiveAudit.opens(need, .write)) { source, sink in
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
        try LiveAudit.withSource(LiveAudit.needs(["openat": [need]])) { source, sink in
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
        try LiveAudit.withSource(LiveAudit.opens(need, .write)) { source, sink in
            try LiveKernel.run("/bin/mount", "-t", "tmpfs", "none", mountPoint)
            defer { _ = try? LiveKernel.run("/bin/umount", mountPoint) }
            _ = LiveKernel.pump(source, sink) { false }
            try LiveKernel.run("/bin/sh", "-c", "echo x > \(mountPoint)/file")
            #expect(LiveKernel.pump(source, sink) { !sink.opens(of: mountPoint + "/file").isEmpty })
        }
    }

    @Test func `a connection is seen with its address, though it has not come about yet`() throws {
        try LiveAudit.withSource(LiveAudit.needs(["connect": [EventNeed(outcome: .success)]])) { source, sink in
            let script = "import socket,sys\ns=socket.socket()\ns.setblocking(False)\ns.connect_ex(('127.0.0.1', 9))"
            let pid = try LiveKernel.run("/usr/bin/python3", "-c", script)
            #expect(LiveKernel.pump(source, sink) { !sink.events(of: pid, "connect").isEmpty })
            let event = try #require(sink.events(of: pid, "connect").first)
            #expect(Array(event.slice(event.socketAddress).prefix(8)) == [2, 0, 0, 9, 127, 0, 0, 1])
        }
    }

    @Test func `an argument that rules ask for is looked at in the kernel`() throws {
        let need = EventNeed(arguments: [ArgumentNeed(name: "domain", containsOneOf: ["AF_PACKET"])])
        try LiveAudit.withSource(LiveAudit.needs(["socket": [need]])) { source, sink in
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
        try LiveAudit.withSource(LiveAudit.opens(need)) { source, sink in
            try "x".write(toFile: file, atomically: false, encoding: .utf8)
            let other = try LiveKernel.run("/bin/cat", file)
            #expect(LiveKernel.pump(source, sink) { !sink.opens(of: file).isEmpty })
            #expect(Set(sink.opens(of: file).map(\.process.pid)) == [other])
        }
    }
}
