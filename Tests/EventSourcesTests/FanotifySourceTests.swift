import EventModel
import Foundation
import Glibc
import KernelInterface
import Testing

@testable import EventSources

/// Against the real kernel.
@Suite(.serialized, .enabled(if: LiveKernel.isRoot, "needs root: fanotify asks for CAP_SYS_ADMIN"))
final class FanotifySourceTests {
    private let directory: String
    private let sink = RecordingSink()

    init() throws {
        directory = "/var/tmp/shrike-fanotify-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private func write(_ name: String, _ text: String = "secret\n") throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(directory)/\(name)"))
    }

    private func source(
        exact: [String] = [], prefixes: [String] = [], access: AccessNeed = .any,
        options: FanotifySource.Options = FanotifySource.Options()
    ) throws -> FanotifySource {
        let need = EventNeed(
            paths: .oneOf(
                exact: Set(exact.map { "\(directory)/\($0)" }), prefixes: Set(prefixes.map { "\(directory)/\($0)" }),
                suffixes: []), access: access
        )
        return try FanotifySource(needs: OpenNeedsTests.needs(["openat": [need]]), options: options)
    }

    private func expectOpen(
        _ source: FanotifySource, _ pid: Int32, _ name: String, write: Bool,
        location: SourceLocation = #_sourceLocation
    ) throws {
        let path = "\(directory)/\(name)"
        let isSeen = LiveKernel.pump(source, sink) { sink.received.contains { $0.pid == pid && $0.path == path } }
        #expect(isSeen, "\(name)", sourceLocation: location)
        let open = try #require(sink.received.first { $0.pid == pid && $0.path == path }, sourceLocation: location)
        #expect(open.type == "openat", sourceLocation: location)
        #expect((open.flags & 3 != 0) == write, sourceLocation: location)
        #expect(open.result > 0, sourceLocation: location)
    }

    @Test func `the canary is seen and not told, and one that is not makes blind`() throws {
        let source = try source(exact: ["shadow"])
        let file = try #require(source.canaryFile)
        let process = try CanaryProcess.run(opening: [file])
        source.canaryRan(process)
        #expect(LiveKernel.pump(source, sink) { source.canary?.latencyNanoseconds != nil })
        source.concludeCanary(into: sink)
        #expect(sink.received.isEmpty && source.outage == nil)
        #expect(source.canary?.isAwaited == false)
        // What is marked is told once.
        #expect(sink.notices.map(\.kind) == [.remark])
        sink.notices = []
        source.canaryRan(CanaryProcess(pid: process.pid, startedNanoseconds: 1, openedFile: true))
        source.concludeCanary(into: sink)
        #expect(sink.notices.map(\.kind) == [.blind] && source.outage != nil)
    }

    /// Tells of a process whenever it is asked.
    private final class Processes: EventSource {
        let kind = SourceKind.processConnector
        let descriptor: Int32? = nil
        let provides = EventTypeSet()
        let counters = SourceCounters()
        func drain(into sink: any EventSink) -> Bool {
            sink.report(
                SourceNotice(kind: .remark, source: kind, message: "\((sink as? RecordingSink)?.received.count ?? -1)"))
            return true
        }
        func tick(nowNanoseconds: UInt64, into sink: any EventSink) {}
        func stop() {}
    }

    @Test func `what is told of processes comes before the opens`() throws {
        try write("shadow")
        let source = try source(exact: ["shadow"])
        source.follow(Processes())
        let pid = try LiveKernel.run("/bin/cat", "\(directory)/shadow")
        #expect(LiveKernel.pump(source, sink) { sink.received.contains { $0.pid == pid } })
        // Before the first open the process source had its say.
        #expect(sink.notices.first { $0.source == .processConnector }?.message == "0")
    }

    @Test func `a reader of a named file is told with pid, path, identity and access`() throws {
        try write("shadow")
        let source = try source(exact: ["shadow"])
        #expect(source.coverage.files == 1)
        let pid = try LiveKernel.run("/bin/cat", "\(directory)/shadow")
        try expectOpen(source, pid, "shadow", write: false)
        var status = stat()
        #expect(stat("\(directory)/shadow", &status) == 0)
        let open = try #require(sink.received.first)
        #expect(open.inode == UInt64(status.st_ino))
        #expect(open.device == (DeviceNumber.major(UInt64(status.st_dev)), DeviceNumber.minor(UInt64(status.st_dev))))
        #expect(sink.received.count == 1, "one open is one event")
    }

    @Test func `a file that is held open has its descriptor and flags`() throws {
        try write("held")
        let source = try source(exact: ["held"])
        let process = try LiveKernel.start("/bin/sh", ["-c", "exec 7<>\(directory)/held; exec sleep 30"])
        defer { LiveKernel.end(process) }
        let pid = process.processIdentifier
        #expect(LiveKernel.pump(source, sink) { sink.received.contains { $0.pid == pid } })
        let open = try #require(sink.received.first { $0.pid == pid })
        // The shell opens at the lowest number and moves it to 7.
        #expect(open.result == 7 || open.result == 3 || open.result == FanotifySource.unknownDescriptor)
        #expect(open.flags & 3 == 2)
    }

    @Test func `a writer is told as one and only once`() throws {
        try write("log")
        let source = try source(exact: ["log"], access: .write)
        let pid = try LiveKernel.run("/bin/sh", "-c", "echo x >>\(directory)/log")
        try expectOpen(source, pid, "log", write: true)
        usleep(100_000)
        _ = source.drain(into: sink)
        #expect(sink.received.count == 1)
    }

    @Test func `a read of a file that only writes matter for is not told`() throws {
        try write("log")
        let source = try source(exact: ["log"], access: .write)
        try LiveKernel.run("/bin/cat", "\(directory)/log")
        #expect(LiveKernel.pump(source, sink) { source.details.unwanted > 0 })
        #expect(sink.received.isEmpty)
    }

    @Test func `files that no rule names and our own opens are not told`() throws {
        try write("named")
        try write("other")
        let source = try source(exact: ["named"])
        try LiveKernel.run("/bin/cat", "\(directory)/other")
        _ = try Data(contentsOf: URL(fileURLWithPath: "\(directory)/named"))
        #expect(LiveKernel.pump(source, sink) { source.details.own > 0 })
        #expect(sink.received.isEmpty)
    }

    @Test func `running a program from a watched directory is no open of it`() throws {
        try FileManager.default.copyItem(atPath: "/bin/true", toPath: "\(directory)/program")
        let source = try source(prefixes: [""])
        let pid = try LiveKernel.run("\(directory)/program")
        usleep(200_000)
        _ = LiveKernel.pump(source, sink) { source.counters.records > 0 }
        #expect(!sink.received.contains { $0.pid == pid })
    }

    @Test func `a prefix covers directories below, also those made later`() throws {
        let manager = FileManager.default
        try manager.createDirectory(atPath: "\(directory)/tree/deep/er", withIntermediateDirectories: true)
        try write("tree/deep/er/file")
        let source = try source(prefixes: ["tree/"])
        #expect(source.coverage.directories == 3)
        let first = try LiveKernel.run("/bin/cat", "\(directory)/tree/deep/er/file")
        try expectOpen(source, first, "tree/deep/er/file", write: false)
        try manager.createDirectory(atPath: "\(directory)/tree/new", withIntermediateDirectories: true)
        try write("tree/new/file")
        #expect(LiveKernel.pump(source, sink) { source.coverage.directories == 4 })
        let second = try LiveKernel.run("/bin/cat", "\(directory)/tree/new/file")
        try expectOpen(source, second, "tree/new/file", write: false)
        try manager.removeItem(atPath: "\(directory)/tree/new")
        #expect(LiveKernel.pump(source, sink) { source.coverage.directories == 3 })
    }

    @Test func `a file that does not exist yet is seen when it is made`() throws {
        let source = try source(exact: ["authorized_keys"])
        #expect(source.coverage.missing == 1)
        let pid = try LiveKernel.run("/bin/sh", "-c", "echo key >\(directory)/authorized_keys")
        try expectOpen(source, pid, "authorized_keys", write: true)
    }

    @Test func `a replaced file is watched again`() throws {
        try write("shadow")
        let source = try source(exact: ["shadow"])
        try write("shadow.new")
        #expect(rename("\(directory)/shadow.new", "\(directory)/shadow") == 0)
        let isSeen = LiveKernel.pump(source, sink) {
            _ = try? LiveKernel.run("/bin/cat", "\(directory)/shadow")
            return sink.received.contains { $0.path == "\(directory)/shadow" }
        }
        #expect(isSeen)
    }

    @Test func `a link in a rule's path does not hide the file`() throws {
        try FileManager.default.createDirectory(atPath: "\(directory)/real", withIntermediateDirectories: true)
        try write("real/file")
        #expect(symlink("real", "\(directory)/link") == 0)
        let source = try source(exact: ["link/file"])
        let pid = try LiveKernel.run("/bin/cat", "\(directory)/real/file")
        try expectOpen(source, pid, "link/file", write: false)
    }

    @Test func `too many directories fall back to the file system`() throws {
        for index in 0..<6 {
            try FileManager.default.createDirectory(
                atPath: "\(directory)/many/\(index)", withIntermediateDirectories: true)
        }
        try write("many/5/file")
        var options = FanotifySource.Options()
        options.directoryLimit = 3
        let source = try source(prefixes: ["many/"], options: options)
        #expect(source.coverage.filesystems.count == 1)
        for index in 0..<6 { try write("many/\(index)/file") }
        let pid = try LiveKernel.run("/bin/sh", "-c", "cat \(directory)/many/?/file >/dev/null; sleep 0.1")
        _ = LiveKernel.pump(source, sink) { sink.received.count >= 6 }
        let paths = Set(sink.received.compactMap(\.path))
        #expect(paths.count == 6)
        _ = pid
    }

    @Test func `a container's file is told by the container's name for it`() throws {
        // What a runtime makes: an overlay as the root of a mount namespace of its own.
        let script = """
            set -e; cd \(directory); mkdir t; mount -t tmpfs none t; mkdir t/up t/work t/root
            mount -t overlay overlay -o lowerdir=/,upperdir=t/up,workdir=t/work t/root
            mkdir t/root/old; echo secret >t/root/etc/shrike-secret; cd t/root; pivot_root . old
            touch /old\(directory)/ready; while ! test -e /old\(directory)/go; do sleep 0.05; done
            exec /usr/bin/cat /etc/shrike-secret
            """
        let process = try LiveKernel.start(
            "/usr/bin/unshare", ["--mount", "--propagation", "private", "/bin/sh", "-c", script])
        defer { LiveKernel.end(process) }
        for _ in 0..<200 where !FileManager.default.fileExists(atPath: "\(directory)/ready") { usleep(20_000) }
        let pid = process.processIdentifier
        let need = EventNeed(paths: .oneOf(exact: ["/etc/shrike-secret"], prefixes: [], suffixes: []))
        let source = try FanotifySource(needs: OpenNeedsTests.needs(["openat": [need]]))
        source.addContainerRoot("/proc/\(pid)/root")
        source.addContainerRoot("/proc/\(pid)/root")
        #expect(LiveKernel.pump(source, sink) { source.coverage.files == 1 })
        let arming = source.containerArming
        #expect(arming?.armed == 1 && arming?.watched == 1 && (arming?.longestNanoseconds ?? 0) > 0)
        try write("go")
        #expect(LiveKernel.pump(source, sink) { !sink.received.isEmpty })
        #expect(sink.received.first?.path == "/etc/shrike-secret")
        #expect(sink.received.first?.pid == pid)
        source.removeContainerRoot("/proc/\(pid)/root")
        source.removeContainerRoot("/proc/\(pid)/root")
        #expect(LiveKernel.pump(source, sink) { source.coverage.files == 0 })
    }

    @Test func `other needs hold soon, and what both name is watched all the time`() throws {
        try write("both")
        try write("new")
        let source = try source(exact: ["both"])
        let need = EventNeed(
            paths: .oneOf(exact: ["\(directory)/both", "\(directory)/new"], prefixes: [], suffixes: []), access: .any)
        let before = try LiveKernel.run("/bin/cat", "\(directory)/both")
        try source.follow(OpenNeedsTests.needs(["openat": [need]]), into: sink)
        #expect(sink.received.contains { $0.pid == before }, "what waited is told before")
        let meanwhile = try LiveKernel.run("/bin/cat", "\(directory)/both")
        #expect(LiveKernel.pump(source, sink) { source.isSettled })
        try expectOpen(source, meanwhile, "both", write: false)
        let after = try LiveKernel.run("/bin/cat", "\(directory)/new")
        try expectOpen(source, after, "new", write: false)
    }

    @Test func `a file system that never answers holds up neither the start nor others' events`() throws {
        try write("shadow")
        let mount = "\(directory)/hung"
        try FileManager.default.createDirectory(atPath: mount, withIntermediateDirectories: true)
        let fuse = try #require(HungMount(at: mount))
        defer { fuse.end() }
        let source = try source(exact: ["shadow", "hung/secret"])
        #expect(
            LiveKernel.pump(source, sink) {
                sink.notices.contains { $0.message.contains("a program answers for") }
            })
        let pid = try LiveKernel.run("/bin/cat", "\(directory)/shadow")
        try expectOpen(source, pid, "shadow", write: false)
    }

    @Test func `an overflow record closes nothing, is counted and reported`() throws {
        let source = try source(exact: ["file"])
        source.take(FanotifyRecord(events: .queueOverflow, descriptor: -1, pid: 0), into: sink)
        _ = source.drain(into: sink)
        #expect(source.counters.overruns == 1)
        #expect(sink.notices.map(\.kind) == [.lost])
        _ = source.drain(into: sink)
        #expect(sink.notices.count == 1, "told once")
    }

    @Test func `a real overflow of the queue is noticed and reading goes on`() throws {
        let limit = "/proc/sys/fs/fanotify/max_queued_events"
        let before = try String(contentsOfFile: limit, encoding: .utf8)
        // The limit is taken over when a group is made, so it can be put back at once.
        try "8".write(toFile: limit, atomically: false, encoding: .utf8)
        let made = Result { try self.source(prefixes: ["many"]) }
        try before.write(toFile: limit, atomically: false, encoding: .utf8)
        let source = try made.get()
        for index in 0..<40 { try write("many-\(index)") }
        try LiveKernel.run("/bin/sh", "-c", "cat \(directory)/many-*")
        #expect(LiveKernel.pump(source, sink) { source.counters.overruns > 0 })
        #expect(sink.notices.contains { $0.kind == .lost })
        let pid = try LiveKernel.run("/bin/cat", "\(directory)/many-3")
        try expectOpen(source, pid, "many-3", write: false)
    }

    @Test func `stopping ends the events`() throws {
        try write("file")
        let source = try source(exact: ["file"])
        source.stop()
        source.stop()
        try LiveKernel.run("/bin/cat", "\(directory)/file")
        #expect(!source.drain(into: sink))
        #expect(sink.received.isEmpty)
    }

    @Test func `after the end nothing is marked any more, whoever is still at it`() throws {
        try write("file")
        var group = try FanotifyGroup()
        let marker = try group.marker()
        let file = open("\(directory)/file", O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        #expect(marker.mark(file, .inode, [.open]) == 0)
        marker.end()
        group.removeAllMarks()
        #expect(marker.mark(file, .inode, [.open]) == ECANCELED)
        try LiveKernel.run("/bin/cat", "\(directory)/file")
        #expect(try group.read() == 0)
    }

    @Test func `what can't be marked is told`() throws {
        let need = EventNeed(paths: .oneOf(exact: ["/proc/1/mem"], prefixes: [], suffixes: []), access: .any)
        let source = try FanotifySource(needs: OpenNeedsTests.needs(["openat": [need]]))
        #expect(LiveKernel.pump(source, sink) { sink.notices.contains { $0.message.contains("/proc/1/mem: not on") } })
    }

    @Test func `the probe finds fanotify`() {
        #expect(FanotifySource.probe().isAvailable)
    }
}
