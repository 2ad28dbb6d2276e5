import EventModel
import TestNode
import Testing

@testable import NodeState

@Suite struct ProcessTests {
    @Test func `an exec tells name, path and arguments, and /proc the rest`() throws {
        let scene = StateScene()
        scene.files.addProcess(50, command: "sshd", ticks: 200)
        scene.files.addProcess(60, parent: 50, command: "bash", ticks: 90_000, directory: "/home/x")
        scene.exec(pid: 60, parent: 50, "/usr/bin/bash", ["-bash", "-c", "id"])
        let process = try #require(scene.state.current.process)
        #expect(text(process.command) == "bash")
        #expect(text(process.executablePath) == "/usr/bin/bash")
        #expect(text(process.argumentZero) == "-bash")
        #expect(text(process.arguments) == "-c\0id\0")
        #expect(text(process.environment) == "HOME=/root\0LANG=C\0")
        #expect(text(process.currentDirectory) == "/home/x/")
        #expect(process.credentials.uid == 1000 && process.credentials.effectiveUID == 1001)
        #expect(process.credentials.gid == 100 && process.credentials.effectiveGID == 101)
        #expect(process.capabilities.effective == 3)
        #expect(process.loginUID == .max)
        #expect(process.terminal == 34816)
        #expect(process.startTimeNanoseconds == 900_000_000_000)
        #expect(process.threadCount == 3)
        #expect(process.memory?.swapKilobytes == 12 && process.memory?.majorFaults == 7)
        #expect(process.virtualPID == 60 && !process.isInChildPIDNamespace)
        #expect(scene.ancestry(60) == ["bash", "sshd", "systemd"])
    }

    @Test func `a reused process id is another process`() throws {
        let scene = StateScene()
        scene.files.addProcess(60, command: "old", ticks: 1000)
        scene.apply("chmod", pid: 60)
        let first = try #require(scene.state.current.process).serial
        scene.seconds += 5
        scene.files.addProcess(60, command: "new", ticks: 100_200)
        scene.apply("chmod", pid: 60)
        let process = try #require(scene.state.current.process)
        #expect(text(process.command) == "new")
        #expect(process.serial != first)
        #expect(scene.state.counters.identityMismatches >= 1)
    }

    @Test func `a start time in the event tells a reused id at once`() throws {
        let scene = StateScene()
        scene.files.addProcess(60, command: "old", ticks: 1000)
        scene.apply("chmod", pid: 60)
        scene.files.addProcess(60, command: "new", ticks: 100_000)
        scene.apply("chmod", pid: 60) { $0.process.startTicks = 100_000 }
        #expect(text(try #require(scene.state.current.process).command) == "new")
    }

    @Test func `facts are not read from the next process with the same id`() throws {
        let scene = StateScene()
        scene.files.addProcess(60, command: "bash", ticks: 1000)
        scene.apply("chmod", pid: 60)
        scene.files.addProcess(60, command: "thief", ticks: 99_990)
        scene.files["/proc/60/environ"] = "SECRET=thief\0"
        let process = try #require(scene.state.current.process)
        #expect(process.environment.isEmpty)
        #expect(scene.state.counters.identityMismatches == 1)
    }

    @Test func `a process that began after the event is not the event's`() {
        let scene = StateScene()
        scene.files.addProcess(60, command: "later", ticks: 200_000)
        scene.apply("chmod", pid: 60) { event in
            event.process.command = event.store(Array("first".utf8))
        }
        #expect(scene.state.current.process.map { text($0.command) } == "first")
    }

    @Test func `a forked child is what its parent is until it calls exec`() throws {
        let scene = StateScene()
        scene.files.addProcess(50, command: "bash", arguments: ["bash", "-l"], directory: "/srv")
        scene.exec(pid: 50, "/usr/bin/bash", ["bash", "-l"])
        _ = scene.state.current.process?.environment
        scene.fork(50, to: 70)
        scene.apply("chmod", pid: 70)
        let child = try #require(scene.state.current.process)
        #expect(text(child.command) == "bash")
        #expect(text(child.arguments) == "-l\0")
        #expect(text(child.environment) == "HOME=/root\0LANG=C\0")
        #expect(child.startTimeNanoseconds == scene.now)
        #expect(child.virtualPID == 70 || child.isGone)
        scene.exec(pid: 70, parent: 50, "/usr/bin/id", ["id"])
        #expect(text(child.command) == "id")
        #expect(scene.ancestry(70) == ["id", "bash", "systemd"])
        #expect(child.startTimeNanoseconds == scene.now)
    }

    @Test func `on a miss container, ids and directory are the parent's, arguments are not`() throws {
        let scene = StateScene()
        let id = String(repeating: "ab", count: 32)
        scene.files.addProcess(50, command: "nginx", cgroup: "0::/docker/\(id)\n", directory: "/srv")
        scene.apply("chmod", pid: 50)
        _ = scene.state.current.process?.credentials
        _ = scene.state.current.process?.currentDirectory
        // Process 71 has already ended: only the event tells of it.
        scene.apply("execve", pid: 71) { event in
            event.process.parentPID = 50
            event.process.known.insert(.parent)
            event.process.command = event.store(Array("sh".utf8))
        }
        let process = try #require(scene.state.current.process)
        #expect(process.container.map { text($0.id) } == String(id.prefix(12)))
        #expect(process.credentials.uid == 1000)
        #expect(text(process.currentDirectory) == "/srv/")
        #expect(process.arguments.isEmpty && process.executablePath.isEmpty)
        #expect(scene.ancestry(71) == ["sh", "nginx", "systemd"])
        #expect(scene.state.counters.processMisses == 1)
    }

    @Test func `an ended parent stays in the ancestry while the child can't say more`() {
        let scene = StateScene()
        scene.files.addProcess(50, command: "sshd")
        scene.exec(pid: 50, "/usr/sbin/sshd", ["sshd"])
        scene.fork(50, to: 60)
        scene.exec(pid: 60, parent: 50, "/bin/sh", ["sh"])
        scene.fork(60, to: 61)
        scene.exec(pid: 61, parent: 60, "/bin/cat", ["cat", "/etc/shadow"])
        scene.exit(60)
        #expect(scene.ancestry(61) == ["cat", "sh", "sshd", "systemd"])
        scene.seconds += 3600
        scene.state.tick(nowNanoseconds: scene.now)
        #expect(scene.process(60) != nil)
        scene.exit(61)
        scene.seconds += 3600
        scene.state.tick(nowNanoseconds: scene.now)
        #expect(scene.process(60) == nil && scene.process(61) == nil)
        #expect(scene.state.counters.processesPruned == 2)
    }

    @Test func `a living child of an ended parent gets the parent that the kernel gave it`() {
        let scene = StateScene()
        scene.files.addProcess(50, command: "shell")
        scene.files.addProcess(51, parent: 50, command: "daemon")
        scene.files.addProcess(9, command: "subreaper")
        scene.apply("chmod", pid: 51)
        #expect(scene.ancestry(51) == ["daemon", "shell", "systemd"])
        scene.files.removeProcess(50)
        scene.exit(50)
        scene.files.addProcess(51, parent: 9, command: "daemon")
        scene.apply("chmod", pid: 51)
        #expect(scene.ancestry(51) == ["daemon", "subreaper", "systemd"])
        #expect(scene.state.current.process.map { scene.state.parentID(of: $0) } == 9)
    }

    @Test func `a loop of parents ends the chain`() {
        let scene = StateScene()
        scene.files.addProcess(50, parent: 51, command: "a")
        scene.files.addProcess(51, parent: 50, command: "b")
        scene.apply("chmod", pid: 50)
        #expect(scene.ancestry(50).count <= 3)
    }

    @Test func `the table is bounded and says what it gave up`() {
        let scene = StateScene { $0.processLimit = 64 }
        for pid in 100..<1100 as Range<Int32> {
            scene.seconds += 0.01
            scene.exec(pid: pid, parent: pid - 1, "/bin/x\(pid)", ["x"])
        }
        let counters = scene.state.counters
        #expect(counters.processes == 64)
        #expect(counters.processesEvicted > 900)
        #expect(text(scene.process(1099)?.command ?? []) == "x1099")
    }

    @Test func `every process id leads to its own record through growth and removal`() {
        let scene = StateScene {
            $0.processLimit = 4096; $0.exitedGraceNanoseconds = 1
        }
        for pid in 2..<4000 as Range<Int32> { scene.exec(pid: pid, "/bin/p\(pid)", ["p"]) }
        for pid in 2..<4000 as Range<Int32> where pid % 3 == 0 { scene.exit(pid) }
        scene.seconds += 1
        scene.state.tick(nowNanoseconds: scene.now)
        for pid in 2..<4000 as Range<Int32> {
            let found = scene.process(pid).map { text($0.command) }
            #expect(found == (pid % 3 == 0 ? nil : "p\(pid)"))
        }
    }

    @Test func `the same exec, fork and exit from a second source is no new event`() {
        let scene = StateScene()
        scene.files.addProcess(50, command: "bash")
        #expect(!scene.fork(50, to: 60).isDuplicate)
        #expect(scene.fork(50, to: 60, source: .processConnector).isDuplicate)
        scene.files.addProcess(60, parent: 50, command: "id", arguments: ["id"], ticks: 100_000)
        #expect(!scene.exec(pid: 60, "/usr/bin/id", ["id"], source: .processConnector).isDuplicate)
        scene.seconds += 0.2
        #expect(scene.exec(pid: 60, "/usr/bin/id", ["id"]).isDuplicate)
        // A second exec of the same program is one to the source that told of the first.
        #expect(!scene.exec(pid: 60, "/usr/bin/id", ["id"]).isDuplicate)
        #expect(!scene.exec(pid: 60, "/usr/bin/who", ["who"], source: .processConnector).isDuplicate)
        #expect(!scene.exit(60).isDuplicate)
        #expect(scene.exit(60, source: .processConnector).isDuplicate)
    }

    @Test func `a failed exec changes nothing`() {
        let scene = StateScene()
        scene.files.addProcess(60, command: "bash")
        scene.apply("execve", pid: 60) { event in
            event.result = -2
            event.process.arguments = event.store(Array("nothing\0".utf8))
        }
        #expect(scene.state.current.process.map { text($0.argumentZero) } == "bash")
    }

    @Test func `threads are no processes`() {
        let scene = StateScene()
        scene.files.addProcess(60, command: "java")
        scene.apply("clone", pid: 60) { event in
            event.setRegisters(0x10000, 0, 0, 0)
            event.result = 61
        }
        #expect(scene.process(61) == nil)
        scene.files["/proc/62/status"] = "Tgid:\t60\n"
        scene.apply("clone3", pid: 60) { $0.result = 62 }
        #expect(scene.process(62) == nil)
    }

    @Test func `a fork's result counts in the caller's namespace only`() {
        let scene = StateScene()
        scene.files.addProcess(60, command: "init", namespaceIDs: [60, 1])
        scene.apply("fork", pid: 60) { $0.result = 7 }
        #expect(scene.process(7) == nil)
        #expect(scene.process(60)?.virtualPID == 1)
        scene.files.addProcess(80, command: "host")
        scene.apply("fork", pid: 80) { $0.result = 81 }
        #expect(scene.process(81) != nil)
    }

    @Test func `session and group leaders by id on the host, by ancestry in a namespace`() throws {
        let scene = StateScene()
        scene.files.addProcess(50, command: "bash")
        scene.files.addProcess(60, parent: 50, command: "vi", group: 50, namespaceIDs: [50])
        scene.apply("chmod", pid: 60)
        let host = try #require(scene.state.current.process)
        #expect(scene.state.sessionLeader(of: host).map { text($0.command) } == "bash")
        #expect(scene.state.groupLeader(of: host).map { text($0.command) } == "bash")
        scene.files.addProcess(70, command: "sh", namespaceIDs: [70, 1])
        scene.files.addProcess(71, parent: 70, command: "sleep", namespaceIDs: [71, 1])
        scene.apply("chmod", pid: 71)
        let inner = try #require(scene.state.current.process)
        #expect(scene.state.virtualGroupLeader(of: inner).map { text($0.command) } == "sh")
    }

    @Test(arguments: [
        ("/usr/bin/x", "/usr/bin/x"), ("/tmp/x (deleted)", "/tmp/x"),
        ("/memfd:evil (deleted)", "memfd:evil"), ("/memfd: (deleted)", "memfd:"), ("/memfd:x", "/memfd:x"),
    ])
    func `executable paths in Falco's words`(_ kernel: String, _ shown: String) {
        let scene = StateScene()
        scene.exec(pid: 60, parent: 1, kernel, ["x"])
        let process = scene.state.current.process
        #expect(process.map { text($0.executablePath) } == shown)
        #expect(process?.isExecutableFromMemory == shown.hasPrefix("memfd:"))
    }

    @Test func `long arguments keep their end`() throws {
        let scene = StateScene()
        let padding = String(repeating: "a", count: 100_000)
        scene.exec(pid: 60, parent: 1, "/bin/sh", ["sh", "-c", padding, "payload"])
        let process = try #require(scene.state.current.process)
        #expect(process.arguments.count <= 4097)
        #expect(text(process.arguments).hasSuffix("payload\0"))
        #expect(text(process.arguments).hasPrefix("-c\0aaa"))
        #expect(process.areArgumentsTruncated)
    }

    @Test func `credential changes are read anew when the event does not tell them`() {
        let scene = StateScene()
        scene.files.addProcess(60, command: "su")
        scene.apply("chmod", pid: 60)
        #expect(scene.process(60)?.credentials.uid == 1000)
        scene.files["/proc/60/status"] = "Tgid:\t60\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n"
        scene.apply("setuid", pid: 60)
        #expect(scene.process(60)?.credentials.uid == 0)
        scene.apply("setuid", pid: 60) { event in
            event.process.known.insert(.userIDs)
            event.process.uid = 33
            event.process.effectiveUID = 33
        }
        #expect(scene.process(60)?.credentials.uid == 33)
    }

    @Test func `a replay without files knows what the events tell`() throws {
        let state = NodeState(files: NoFiles())
        var event = RawEvent()
        event.type = try #require(EventType(name: "execve"))
        event.timeNanoseconds = 1_700_000_000_000_000_000
        event.hasResult = true
        event.process.pid = 10
        event.process.parentPID = 9
        event.process.known = [.parent, .userIDs]
        event.process.uid = 5
        event.process.command = event.store(Array("curl".utf8))
        event.process.arguments = event.store(Array("curl\0http://x\0".utf8))
        event.process.currentDirectory = event.store(Array("/tmp".utf8))
        #expect(state.apply(&event).isNewProcess)
        let process = try #require(state.current.process)
        #expect(text(process.command) == "curl" && text(process.arguments) == "http://x\0")
        #expect(process.credentials.uid == 5)
        #expect(text(process.currentDirectory) == "/tmp/")
        #expect(process.environment.isEmpty && process.container == nil)
        #expect(state.parentID(of: process) == 9)
    }

    @Test func `a steady stream of execs reuses its records`() {
        let scene = StateScene { $0.exitedGraceNanoseconds = 1_000_000 }
        scene.files.addProcess(50, command: "bash")
        for round in 0..<200 {
            scene.seconds += 0.1
            let pid = Int32(1000 + round)
            scene.fork(50, to: pid)
            scene.exec(pid: pid, parent: 50, "/bin/true", ["true"])
            scene.exit(pid)
            scene.state.tick(nowNanoseconds: scene.now)
        }
        #expect(scene.state.processes.records.count < 12)
        #expect(scene.state.counters.processes < 8)
    }
}
