import CBPF
import CBPFRecords
import Foundation
import Glibc
import Testing

@testable import BPFRuntime
@testable import KernelInterface

/// Which calls a control group makes, as the kernel notes it: held against strace, and against a count of another program in the kernel.
@Suite(.serialized, .enabled(if: LiveSession.obstacle == nil, Comment(rawValue: LiveSession.obstacle ?? "")))
struct LiveCallSetsTests {
    static func session(sets: Int = 1024) throws -> BPFSession {
        var settings = LiveSession.small
        settings.callSetCapacity = sets
        let session = try BPFSession(settings)
        try session.attach()
        return session
    }

    /// What was told of a group, by ABI.
    static func told(_ session: BPFSession, _ group: UInt64) -> [SyscallCatalogue.ABI: Set<String>] {
        var found: [SyscallCatalogue.ABI: Set<String>] = [:]
        session.drainCallSets { key, _, use in
            if key == group, case .calls(let calls) = use { found[calls.abi, default: []].formUnion(calls.names) }
        }
        return found
    }

    static let own = SyscallCatalogue.ABI.host[0]

    /// Real programs, with children, threads, signals and sockets.
    static let commands = [
        "/bin/true",
        "/bin/sh -c 'ls -lR /etc | sort | gzip -c | gunzip -c | wc -l; (sleep 0.1 & wait); kill -TERM $$'",
        "/usr/bin/find /usr/share -maxdepth 3 -newer /etc/hostname",
        "/usr/bin/tar -cf /dev/null /usr/include",
        "/usr/bin/perl -e '$SIG{ALRM} = sub { print 1 }; alarm 1; select(undef, undef, undef, 2); system(\"id\")'",
        """
        /usr/bin/python3 -c '
        import os, signal, socket, subprocess, tempfile, threading, time
        signal.signal(signal.SIGUSR1, lambda *a: None)
        os.kill(os.getpid(), signal.SIGUSR1)
        server = socket.create_server(("127.0.0.1", 0))
        def client():
            with socket.create_connection(server.getsockname()) as s: s.sendall(b"x")
        t = threading.Thread(target=client); t.start()
        c, _ = server.accept(); c.recv(1); t.join()
        subprocess.run(["/bin/ls", "/"], capture_output=True)
        with tempfile.TemporaryDirectory() as d:
            os.rename(d, d + "x"); os.mkdir(d); os.rmdir(d + "x")
        pid = os.fork()
        if pid == 0: os.execv("/bin/true", ["true"])
        os.waitpid(pid, 0)
        '
        """,
        "UNUSUAL execveat", "UNUSUAL signal", "UNUSUAL thread", "UNUSUAL exit", "UNUSUAL killed", "UNUSUAL restart",
    ]

    // A call that seccomp refuses doesn't begin for the other program in the kernel.
    @Test(arguments: commands + ["UNUSUAL refused"])
    func `what strace saw is noted, and nothing else`(_ command: String) throws {
        let unusual = try LiveSession.compile("unusual")
        let session = try Self.session()
        let group = try FreshGroup()
        let log = FileManager.default.temporaryDirectory.appending(path: "shrike-strace-\(UUID().uuidString)").path
        defer { unlink(log) }
        let program = group.entering(command.replacing("UNUSUAL", with: unusual))
        _ = try LiveSession.run("/usr/bin/strace", ["-f", "-qq", "-o", log, "/bin/sh", "-c", program])
        let traced = try Self.names(inLog: log)
        let noted = Self.told(session, group.id)
        #expect(traced.count > 2)
        #expect(noted[Self.own, default: []].sorted() == traced.sorted())
        #expect(noted.count == 1)
        #expect(session.callSetCounts.withoutSet == 0)
        // What was told is not told again.
        #expect(Self.told(session, group.id).isEmpty)
    }

    /// The names of calls from the one on that moved the process into its group: that one returned there.
    static func names(inLog path: String) throws -> Set<String> {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        var names: Set<String> = []
        var hasEntered = false
        for line in text.split(separator: "\n") {
            if line.contains("write(1, \"0\\n\"") { hasEntered = true }
            guard hasEntered else { continue }
            var rest = line.drop { $0.isNumber }.drop { $0 == " " }
            if rest.hasPrefix("<... ") { rest = rest.dropFirst(5) }
            let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            let after = rest.dropFirst(name.count)
            if !name.isEmpty, after.hasPrefix("(") || after.hasPrefix(" resumed") { names.insert(String(name)) }
        }
        return names
    }

    @Test(arguments: commands + ["UNUSUAL narrow", "UNUSUAL unknown"])
    func `what another program in the kernel counted is noted, and nothing else`(_ command: String) throws {
        let counter = try #require(try CallCounter.build(), "needs the toolchain's clang and libbpf")
        let unusual = try LiveSession.compile("unusual")
        let session = try Self.session()
        let group = try FreshGroup()
        let counting = try CallCounter(counter, group: group.id)
        _ = try LiveSession.run(
            "/bin/sh", ["-c", group.entering(command.replacing("UNUSUAL", with: unusual))])
        var counted = try counting.end()
        var noted: Set<String> = []
        session.drainCallSets { key, _, use in
            guard key == group.id, case .calls(let calls) = use else { return }
            let abi = calls.abi == Self.own ? 0 : 1
            calls.forEachNumber { noted.insert("\(abi) \($0)") }
        }
        // The call that entered the group began outside of it.
        if let write = SyscallCatalogue.number(of: "write", Self.own) { counted.insert("0 \(write)") }
        #expect(counted.count > 2)
        #expect(noted.sorted() == counted.sorted())
    }

    @Test func `calls that never return are noted while they are under way`() throws {
        let unusual = try LiveSession.compile("unusual")
        let session = try Self.session()
        let group = try FreshGroup()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", group.entering("\(unusual) pause")]
        try LiveSession.startWithoutBlockedSignals(process)
        usleep(500_000)
        let before = Self.told(session, group.id)[Self.own, default: []]
        #expect(before.contains("execve"))
        #expect(!before.contains("pause"))
        try session.noteCallsUnderWay()
        #expect(Self.told(session, group.id) == [Self.own: ["pause"]])
        process.terminate()
        process.waitUntilExit()
        #expect(Self.told(session, group.id).isEmpty)
    }

    @Test func `sets of groups that are gone make room, and what has none is counted`() throws {
        let session = try Self.session(sets: 64)
        let groups = try (0..<50).map { _ in try FreshGroup() }
        var told: Set<UInt64> = []
        for group in groups {
            _ = try LiveSession.run("/bin/sh", ["-c", group.entering("/bin/true")])
            session.drainCallSets { key, _, _ in told.insert(key) }
        }
        #expect(groups.allSatisfy { told.contains($0.id) })
        for _ in 0..<30 {
            session.drainCallSets { _, _, _ in }
            usleep(10_000)
        }
        // Those that were there when half of the sets were taken.
        #expect(session.callSetCounts.givenUp >= 30)
        #expect(session.callSetCounts.used <= 32)
        // Who comes back has everything told again.
        let known = try #require(groups.first)
        _ = try LiveSession.run("/bin/sh", ["-c", known.entering("/bin/true")])
        #expect(Self.told(session, known.id)[Self.own, default: []].contains("execve"))
    }

    @Test func `a group without a set is told`() throws {
        let session = try Self.session(sets: 1)
        let groups = try (0..<3).map { _ in try FreshGroup() }
        for group in groups { _ = try LiveSession.run("/bin/sh", ["-c", group.entering("/bin/true")]) }
        session.drainCallSets { _, _, _ in }
        var without: Set<UInt64> = []
        session.groupsWithoutSet { group, count in if count > 0 { without.insert(group) } }
        // One of them may have been the first to come.
        #expect(groups.filter { without.contains($0.id) }.count >= 2)
        #expect(session.callSetCounts.withoutSet > 0)
    }

    @Test func `groups that were made within another share its set`() throws {
        let session = try Self.session()
        let group = try FreshGroup()
        // The second program makes groups below its own, as a container does, and runs a program in each.
        let script =
            "for i in 1 2 3 4 5; do mkdir \(group.path)/$i; (echo 0 > \(group.path)/$i/cgroup.procs; exec /bin/true); done"
        session.drainCallSets { _, _, _ in }
        let before = session.callSetCounts.used
        _ = try LiveSession.run("/bin/sh", ["-c", group.entering("/bin/sh -c '\(script)'")])
        defer { for index in 1...5 { rmdir("\(group.path)/\(index)") } }
        var inner: Set<UInt64> = [group.id]
        for index in 1...5 {
            var status = stat()
            if stat("\(group.path)/\(index)", &status) == 0 { inner.insert(UInt64(status.st_ino)) }
        }
        #expect(inner.count == 6)
        var calls: Set<String> = []
        session.drainCallSets { key, _, use in
            if inner.contains(key), case .calls(let set) = use { calls.formUnion(set.names) }
        }
        #expect(calls.isSuperset(of: ["mkdir", "execve", "exit_group"]))
        #expect(session.callSetCounts.used <= before + 2, "other groups may have come, five of them not")
    }

    @Test func `a refused group is looked for once, not with every call`() throws {
        let session = try Self.session(sets: 16)
        let others = try (0..<20).map { _ in try FreshGroup() }
        for group in others { _ = try LiveSession.run("/bin/sh", ["-c", group.entering("/bin/true")]) }
        let refused = try FreshGroup()
        session.drainCallSets { _, _, _ in }
        let before = session.callSetCounts
        let calls = 20_000
        _ = try LiveSession.run(
            "/bin/sh",
            ["-c", refused.entering("/usr/bin/python3 -c 'import os\nfor i in range(\(calls)): os.getppid()'")])
        session.drainCallSets { _, _, _ in }
        let after = session.callSetCounts
        #expect(after.withoutSet - before.withoutSet >= UInt64(calls))
        // Others are watched, too, and look for their sets when they do something new.
        #expect(after.searches - before.searches < 1000)
        var told: UInt64 = 0
        session.groupsWithoutSet { key, count in if key == refused.id { told += count } }
        #expect(told >= UInt64(calls))
    }

    /// Groups come and go while their sets are given up all the time: what each of them called is told, and nothing of another one.
    @Test func `in a flood of groups nothing is lost and nothing is another group's`() throws {
        let names = [
            "getppid", "getpgrp", "getpriority", "getitimer", "times", "sched_getparam", "sched_getscheduler", "getsid",
            "sched_get_priority_max", "sched_get_priority_min", "getresgid", "sysinfo",
        ]
        let numbers = try names.map { name in try #require(SyscallCatalogue.number(of: name, Self.own)) }
        let session = try Self.session(sets: 64)
        let parent = try FreshGroup()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        let script = try #require(
            Bundle.module.url(forResource: "group_flood", withExtension: "py", subdirectory: "Programs"))
        let output = FileManager.default.temporaryDirectory.appending(path: "shrike-flood-\(UUID().uuidString)").path
        defer { unlink(output) }
        process.arguments = [script.path, parent.path, output, "400"] + numbers.map { "\($0)" }
        try LiveSession.startWithoutBlockedSignals(process)
        var told: [UInt64: Set<String>] = [:]
        func drain() {
            session.drainCallSets { key, _, use in
                if case .calls(let set) = use { told[key, default: []].formUnion(set.names) }
            }
        }
        while process.isRunning { drain() }
        drain()
        #expect(process.terminationStatus == 0)
        let lines = try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 800)
        var lost = 0
        var foreign = 0
        for line in lines {
            let words = line.split(separator: " ").compactMap { UInt64($0) }
            let made = Set(zip(names, numbers).filter { words.dropFirst().contains(UInt64($0.1)) }.map(\.0))
            let found = told[try #require(words.first), default: []].intersection(names)
            lost += made.subtracting(found).count
            foreign += found.subtracting(made).count
        }
        #expect(foreign == 0)
        // Where all sets were taken for a moment, that was counted.
        #expect(lost == 0 || session.callSetCounts.withoutSet > 0, "\(lost) lost")
        #expect(session.callSetCounts.givenUp > 300)
    }

    @Test func `what was noted while nobody ran is told by the next start`() throws {
        let group = try FreshGroup()
        let first: Int32 = 700
        var names: [String] = []
        do {
            let session = try Self.session()
            for (name, descriptors) in session.storable {
                for descriptor in descriptors {
                    try #require(dup2(descriptor, first + Int32(names.count)) >= 0)
                    names.append("x-\(name)")
                }
            }
        }
        _ = try LiveSession.run("/bin/sh", ["-c", group.entering("/bin/true")])
        let stored = StoredDescriptors(first: first, count: Int32(names.count), names: names)
        let kept = try #require(KeptSession(stored, prefix: "x-"))
        kept.detach()
        var calls: Set<String> = []
        kept.callSets { key, _, use in
            if key == group.id, case .calls(let set) = use { calls.formUnion(set.names) }
        }
        #expect(calls.isSuperset(of: ["write", "execve", "exit_group"]))
    }

    @Test func `without sets nothing is noted`() throws {
        let session = try Self.session(sets: 0)
        #expect(session.links.allSatisfy { !BPFSession.ofCallSets.contains($0.name) })
        _ = try LiveSession.run("/bin/true", [])
        session.drainCallSets { _, _, _ in Issue.record("told without sets") }
        try session.noteCallsUnderWay()
        #expect(session.callSetCounts == CallSetCounts())
        #expect(session.countedKinds == [])
    }
}
