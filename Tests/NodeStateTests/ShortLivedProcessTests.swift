import EventModel
import TestNode
import Testing

@testable import NodeState

/// Processes that have ended before anything of them could be read: what is known of each field all the same (docs/values.md).
@Suite struct ShortLivedProcessTests {
    // Records are the state's, and read with its help: a scene must outlive what is asked of them.

    /// A parent that lives, in a container's pid namespace or not, and a child of which records alone tell.
    private static func scene(isInner: Bool = false, forkIsTold: Bool) -> StateScene {
        let scene = StateScene()
        scene.files.addProcess(
            50, command: "sh", ticks: 10, group: 50, namespaceIDs: isInner ? [50, 7] : nil, executable: "/bin/sh",
            directory: "/srv", uid: 1000)
        scene.files["/proc/50/loginuid"] = "1000\n"
        scene.files["/proc/50/limits"] = "Max open files            1024                 4096                 files\n"
        scene.apply("chmod", pid: 50)
        if forkIsTold { scene.fork(50, to: 60, source: .processConnector) }
        return scene
    }

    private static func exec(_ scene: StateScene) throws -> ProcessRecord {
        scene.apply("execve", pid: 60) { event in
            event.process.parentPID = 50
            event.process.known = [.parent, .userIDs, .groupIDs, .loginUser, .terminal]
            (event.process.uid, event.process.effectiveUID) = (1000, 0)
            event.process.loginUID = 1000
            event.process.terminal = 0x8801
            event.process.command = event.store(Array("true".utf8))
            event.process.executable = event.store(Array("/bin/true".utf8))
            event.process.arguments = event.store(Array("true\0x\0".utf8))
            event.process.currentDirectory = event.store(Array("/home".utf8))
            var fact = PathFact()
            fact.name = event.store(Array("/bin/true".utf8))
            (fact.mode, fact.inode, fact.deviceMajor) = (0o100755, 4711, 254)
            event.append(path: fact)
        }
        return try #require(scene.state.current.process)
    }

    @Test(arguments: [true, false])
    func `what records and the parent tell`(_ forkIsTold: Bool) throws {
        let scene = Self.scene(forkIsTold: forkIsTold)
        defer { withExtendedLifetime(scene) {} }
        let session = try #require(scene.process(50)).sessionID
        let process = try Self.exec(scene)
        #expect(text(process.command) == "true" && text(process.executablePath) == "/bin/true")
        #expect(text(process.arguments) == "x\0" && text(process.argumentZero) == "true")
        #expect(text(process.currentDirectory) == "/home/")
        #expect(process.executable.inode == 4711)
        #expect(process.credentials.uid == 1000 && process.credentials.effectiveUID == 0)
        #expect(process.loginUID == 1000 && process.terminal == 0x8801)
        // Of the parent.
        #expect(process.descriptorLimit == 1024)
        #expect(text(process.cgroups) == "0::/\n" && process.container == nil)
        // In the initial namespace both ids are one.
        #expect(process.virtualPID == 60)
        #expect(process.groupID == 50)
        #expect(process.sessionID == session)
    }

    @Test func `in a pid namespace its own id is unknown, its session is the parent's`() throws {
        let scene = Self.scene(isInner: true, forkIsTold: false)
        defer { withExtendedLifetime(scene) {} }
        let session = try #require(scene.process(50)).sessionID
        let process = try Self.exec(scene)
        #expect(process.virtualPID == -1 && process.isInChildPIDNamespace)
        #expect(process.sessionID == session)
    }

    @Test func `a fork that audit tells of when the child is over already makes no other process of it`() {
        let scene = StateScene()
        scene.files.addProcess(50, command: "sh", ticks: 10)
        scene.apply("chmod", pid: 50)
        scene.fork(50, to: 60, source: .processConnector)
        scene.apply("execve", pid: 60, source: .processConnector)
        scene.fork(60, to: 61, source: .processConnector)
        scene.apply("execve", pid: 61, source: .processConnector)
        scene.exit(61, source: .processConnector)
        scene.exit(60, source: .processConnector)
        let serial = scene.process(60)?.serial
        // Audit's clock has told of the last tick.
        scene.seconds -= 0.003
        #expect(scene.fork(50, to: 60).isDuplicate)
        scene.exec(pid: 60, parent: 50, "/bin/sh", ["sh", "-c", "awk 1"])
        scene.exec(pid: 61, parent: 60, "/usr/bin/awk", ["awk", "1"])
        #expect(scene.process(60)?.serial == serial)
        #expect(scene.ancestry(61) == ["awk", "sh", "sh", "systemd"])
        // The same number again is another process.
        scene.seconds += 0.5
        #expect(!scene.fork(50, to: 60).isDuplicate)
        #expect(scene.process(60)?.serial != serial)
    }

    @Test func `a process in a pid namespace that was made unseen is known for one at its exec`() throws {
        let scene = StateScene { $0.wanted = [.cgroup, .namespaceIDs] }
        defer { withExtendedLifetime(scene) {} }
        scene.files.addProcess(50, command: "unshare")
        scene.apply("chmod", pid: 50)
        #expect(scene.process(50)?.virtualPID == 50)
        scene.fork(50, to: 60, source: .processConnector)
        scene.files.addProcess(60, parent: 50, command: "sh", ticks: 100_000, namespaceIDs: [60, 1])
        scene.exec(pid: 60, "/bin/sh", ["sh"])
        #expect(scene.process(60)?.virtualPID == 1)
    }

    @Test(arguments: [(false, Int64(60)), (true, 9)])
    func `setsid tells the new session, the group, the own id and that there is no terminal`(
        _ isInner: Bool, _ result: Int64
    ) throws {
        let scene = Self.scene(isInner: isInner, forkIsTold: true)
        defer { withExtendedLifetime(scene) {} }
        scene.apply("setsid", pid: 60) { $0.result = result }
        let process = try #require(scene.state.current.process)
        #expect(process.virtualPID == Int32(result) && process.sessionID == Int32(result))
        #expect(process.virtualGroupID == Int32(result) && process.groupID == 60)
        #expect(process.terminal == 0)
        #expect(process.isInChildPIDNamespace == isInner)
        // A child has the session, and in the initial namespace an id that is known.
        scene.fork(60, to: 61, source: .processConnector)
        let child = try #require(scene.process(61))
        #expect(child.sessionID == Int32(result) && child.virtualPID == (isInner ? -1 : 61))
    }

    @Test(
        arguments: [
            // Target, group; the group that the caller has then.
            ([0, 0], Int32(60)), ([60, 0], 60), ([0, 50], 50), ([60, 60], 60),
        ] as [([UInt64], Int32)])
    func `setpgid tells the group`(_ arguments: [UInt64], _ group: Int32) throws {
        let scene = Self.scene(forkIsTold: true)
        defer { withExtendedLifetime(scene) {} }
        scene.apply("setpgid", pid: 60) { $0.setRegisters(arguments[0], arguments[1], 0, 0) }
        let process = try #require(scene.state.current.process)
        #expect(process.virtualGroupID == group && process.groupID == group)
    }

    @Test func `a shell that makes a group of its child`() throws {
        let scene = Self.scene(forkIsTold: true)
        defer { withExtendedLifetime(scene) {} }
        scene.apply("setpgid", pid: 50) { $0.setRegisters(60, 60, 0, 0) }
        #expect(scene.process(60)?.groupID == 60)
        #expect(scene.process(50)?.groupID == 50)
    }
}
