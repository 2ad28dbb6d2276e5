import EventModel
import TestNode
import Testing

@testable import NodeState

/// How often an event makes /proc be read: each file costs some microseconds of the one thread that takes events.
@Suite struct ReadingCostTests {
    private static let container = "/kubepods/cri-containerd-" + String(repeating: "a", count: 64) + ".scope"

    private static func scene() -> StateScene {
        let scene = StateScene { options in
            options.wanted = [.cgroup, .credentials, .loginUser, .currentDirectory, .executableFile, .executableLayer]
        }
        scene.files.addProcess(50, command: "sh", ticks: 90_000)
        scene.fork(1, to: 50)
        scene.exec(pid: 50, parent: 1, "/usr/bin/sh", ["sh"], directory: "/", uid: 0)
        scene.files.reads = [:]
        return scene
    }

    private static func exec(_ scene: StateScene, _ pid: Int32) {
        scene.apply("execve", pid: pid) { event in
            event.process.parentPID = 50
            event.process.known = [.parent, .userIDs, .groupIDs, .loginUser, .terminal]
            event.process.command = event.store(Array("id".utf8))
            event.process.executable = event.store(Array("/usr/bin/id".utf8))
            event.process.arguments = event.store(Array("id\0-u\0".utf8))
            event.process.currentDirectory = event.store(Array("/srv".utf8))
        }
    }

    @Test(arguments: [false, true]) func `an exec that tells all has /proc read for the control groups alone`(
        isForkKnown: Bool
    ) throws {
        let scene = Self.scene()
        scene.files.addProcess(60, parent: 50, command: "id", ticks: 99_900, cgroup: "0::\(Self.container)\n")
        if isForkKnown { scene.fork(50, to: 60) }
        scene.files.reads = [:]
        Self.exec(scene, 60)
        let process = try #require(scene.state.current.process)
        #expect(text(process.command) == "id" && text(process.executablePath) == "/usr/bin/id")
        #expect(text(process.arguments) == "-u\0" && text(process.currentDirectory) == "/srv/")
        #expect(process.container != nil)
        #expect(process.startTicks == 99_900)
        let reads = scene.files.reads.filter { $0.key.hasPrefix("/proc/60/") }
        #expect(reads == ["/proc/60/cgroup": 1, "/proc/60/stat": 1])
    }

    @Test func `a new process's first event has each file read once`() throws {
        let scene = Self.scene()
        scene.files.addProcess(60, parent: 50, command: "id", ticks: 99_900)
        scene.apply("chmod", pid: 60)
        let process = try #require(scene.state.current.process)
        #expect(text(process.executablePath) == "/usr/bin/id" && process.credentials.uid == 1000)
        let reads = scene.files.reads.filter { $0.key.hasPrefix("/proc/60/") }
        #expect(reads.values.allSatisfy { $0 == 1 })
        #expect(Set(reads.keys.map { $0.dropFirst(9) }).isSuperset(of: ["cgroup", "cmdline", "exe", "stat", "status"]))
    }

    @Test func `a process that is gone is looked for twice`() throws {
        let scene = Self.scene()
        Self.exec(scene, 60)
        let process = try #require(scene.state.current.process)
        #expect(text(process.arguments) == "-u\0")
        #expect(scene.files.reads.filter { $0.key.hasPrefix("/proc/60/") }.values.reduce(0, +) <= 3)
    }

    @Test func `nothing is kept of the process that has the id by now`() throws {
        let scene = Self.scene()
        // It began a second after the event.
        scene.files.addProcess(
            60, parent: 1, command: "later", ticks: 100_100, cgroup: "0::\(Self.container)\n", uid: 7)
        scene.apply("chmod", pid: 60) { event in
            event.process.parentPID = 50
            event.process.known = .parent
            event.process.command = event.store(Array("first".utf8))
        }
        let process = try #require(scene.state.current.process)
        #expect(text(process.command) == "first")
        #expect(process.container == nil && process.credentials.uid != 7)
        #expect(process.cgroups == scene.process(50)?.cgroups)
    }

    @Test func `a number given out anew has its link read once`() throws {
        let scene = Self.scene()
        scene.files.links["/proc/50/fd/9"] = "/srv/new"
        scene.files.reads = [:]
        scene.apply("dup2", pid: 50) { event in
            event.setRegisters(3, 9)
            event.result = 9
        }
        #expect(scene.descriptorName == "/srv/new")
        #expect(scene.files.reads["/proc/50/fd/9"] == 1)
    }
}
