import EventModel
import KernelInterface
import TestNode
import Testing

@testable import NodeState

/// `proc.tree`.
@Suite struct ProcessTreeTests {
    private static func tree(_ scene: StateScene, _ pid: Int32) throws -> UInt64 {
        scene.state.tree(of: try #require(scene.process(pid)))
    }

    /// The process id of the root.
    private static func root(_ scene: StateScene, _ pid: Int32) throws -> UInt64 { try tree(scene, pid) / 1_000_000 }

    private static func login(_ scene: StateScene, _ pid: Int32) throws -> UInt32? {
        scene.state.treeLogin(of: try #require(scene.process(pid)))
    }

    private static func exec(
        _ scene: StateScene, _ pid: Int32, _ parent: Int32, _ path: String = "/usr/bin/x", login: UInt32? = nil,
        uid: UInt32? = nil, realUID: UInt32? = nil
    ) {
        scene.apply("execve", pid: pid) { event in
            event.process.parentPID = parent
            event.process.known.insert(.parent)
            event.process.command = event.store(Array("x".utf8))
            event.process.executable = event.store(Array(path.utf8))
            if let uid {
                (event.process.uid, event.process.effectiveUID) = (realUID ?? uid, uid)
                event.process.known.insert(.userIDs)
            }
            guard let login else { return }
            event.process.loginUID = login
            event.process.known.insert(.loginUser)
        }
    }

    @Test func `a service and what it starts are a tree`() throws {
        let scene = StateScene()
        scene.files.addProcess(50, command: "nginx", ticks: 200)
        Self.exec(scene, 60, 50)
        Self.exec(scene, 61, 60)
        Self.exec(scene, 70, 1)
        #expect(try [60, 61, 50, 70, 1].map { try Self.root(scene, $0) } == [50, 50, 50, 70, 1])
        #expect(try Self.tree(scene, 61) == Self.tree(scene, 50))
    }

    @Test func `a double fork doesn't lead out of the tree`() throws {
        let scene = StateScene()
        Self.exec(scene, 50, 1)
        scene.fork(50, to: 60)
        scene.fork(60, to: 61)
        scene.exit(60)
        scene.files.addProcess(61, parent: 1, command: "x", ticks: 99_000)
        Self.exec(scene, 61, 1)
        #expect(try Self.root(scene, 61) == 50)
        scene.exit(50)
        scene.seconds += 60
        scene.state.tick(nowNanoseconds: scene.now)
        scene.fork(61, to: 62)
        #expect(try [61, 62].map { try Self.root(scene, $0) } == [50, 50])
    }

    @Test func `each login is a tree, and su stays in it`() throws {
        let scene = StateScene()
        Self.exec(scene, 50, 1, "/usr/sbin/sshd", login: .max, uid: 0)
        for (child, login): (Int32, UInt32) in [(60, 1000), (70, 1000), (80, 1001)] {
            scene.fork(50, to: child)
            Self.exec(scene, child, 50, "/usr/lib/openssh/sshd-session", login: .max)
            // The login is set after the fork.
            scene.apply("chmod", pid: child) { event in
                event.process.loginUID = login
                event.process.known.insert(.loginUser)
            }
            Self.exec(scene, child + 1, child, "/bin/bash", login: login)
            Self.exec(scene, child + 2, child + 1, "/bin/su", login: login)
        }
        #expect(try [62, 61, 60].map { try Self.root(scene, $0) } == [60, 60, 60])
        #expect(try [72, 82].map { try Self.root(scene, $0) } == [70, 80])
        #expect(try Self.root(scene, 50) == 50)
        #expect(try [50, 60, 62, 82].map { try Self.login(scene, $0) } == [nil, 1000, 1000, 1001])
    }

    @Test(arguments: [(33, 33), (0, 33), (0, 0)] as [(UInt32, UInt32)])
    func `a login uid that was unset makes a tree only below a parent that is root`(uid: UInt32, realUID: UInt32) throws
    {
        let scene = StateScene()
        Self.exec(scene, 50, 1, "/usr/sbin/nginx", login: .max, uid: uid, realUID: realUID)
        Self.exec(scene, 60, 50, "/bin/sh", login: 1234, uid: 33)
        Self.exec(scene, 61, 60, "/bin/id", login: 1234, uid: 33)
        let isProven = uid == 0 && realUID == 0
        #expect(try [60, 61].map { try Self.root(scene, $0) } == (isProven ? [60, 60] : [50, 50]))
        #expect(try Self.login(scene, 61) == (isProven ? 1234 : nil))
        // In a container root is nobody who could be believed, and of a parent that nobody saw nothing is known.
        let group = "0::/kubepods.slice/cri-containerd-\(String(repeating: "5a", count: 32)).scope\n"
        scene.files.addProcess(69, parent: 1, command: "shim", ticks: 200)
        scene.files.addProcess(70, parent: 69, command: "sshd", ticks: 300, cgroup: group, uid: 0)
        scene.files.addProcess(71, parent: 70, command: "sh", ticks: 400, cgroup: group, uid: 33)
        scene.apply("chmod", pid: 70)
        scene.apply("chmod", pid: 71) { event in
            event.process.loginUID = 1234
            event.process.known.insert(.loginUser)
        }
        #expect(try Self.root(scene, 71) == 70 && Self.login(scene, 71) == nil)
        Self.exec(scene, 80, 1, "/usr/sbin/cron", login: .max)
        Self.exec(scene, 81, 80, "/bin/sh", login: 1234, uid: 33)
        #expect(try Self.root(scene, 81) == 80)
    }

    @Test func `each service of a user is a tree, whoever names itself systemd`() throws {
        let scene = StateScene()
        let genuine = scene.files.addProgram("/usr/lib/systemd/systemd")
        let other = scene.files.addProgram("/tmp/systemd")
        func exec(_ pid: Int32, _ parent: Int32, _ path: String, _ file: FileStatus) {
            scene.files.addProcess(pid, parent: parent, command: "systemd", ticks: 99_000, executable: path)
            scene.files.statuses["/proc/\(pid)/exe"] = file
            Self.exec(scene, pid, parent, path, login: 1000)
        }
        exec(50, 1, "/usr/lib/systemd/systemd", genuine)
        Self.exec(scene, 60, 50, login: 1000)
        exec(61, 60, "/tmp/systemd", other)
        Self.exec(scene, 62, 61, login: 1000)
        // The path leads to another file in a mount namespace.
        exec(63, 60, "/usr/lib/systemd/systemd", other)
        Self.exec(scene, 64, 63, login: 1000)
        // The program, but not as a service of process 1.
        exec(65, 60, "/usr/lib/systemd/systemd", genuine)
        Self.exec(scene, 66, 65, login: 1000)
        #expect(try [60, 61, 62, 63, 64, 65, 66].map { try Self.root(scene, $0) } == Array(repeating: 60, count: 7))
        #expect(try [50, 60, 66].map { try Self.login(scene, $0) } == [1000, 1000, 1000])
        exec(70, 1, "/usr/lib/systemd/systemd", other)
        Self.exec(scene, 71, 70, login: 1000)
        #expect(try Self.root(scene, 71) == 70 && Self.login(scene, 71) == nil)
    }

    @Test func `a container's first process, and what is started in it from outside, are trees`() throws {
        let scene = StateScene()
        let group = "0::/kubepods.slice/cri-containerd-\(String(repeating: "5a", count: 32)).scope\n"
        scene.files.addProcess(50, command: "containerd-shim", ticks: 200)
        scene.files.addProcess(60, parent: 50, command: "nginx", ticks: 300, cgroup: group)
        scene.files.addProcess(61, parent: 60, command: "sh", ticks: 400, cgroup: group)
        scene.files.addProcess(70, parent: 50, command: "sh", ticks: 400, cgroup: group)
        for pid: Int32 in [60, 61, 70] { scene.apply("chmod", pid: pid) }
        #expect(try [50, 60, 61, 70].map { try Self.root(scene, $0) } == [50, 60, 60, 70])
    }

    @Test func `the next process with the id of a root has another tree`() throws {
        let scene = StateScene()
        Self.exec(scene, 60, 1)
        let first = try Self.tree(scene, 60)
        scene.exit(60)
        scene.seconds += 5
        Self.exec(scene, 60, 1)
        let second = try Self.tree(scene, 60)
        #expect(first != second && first / 1_000_000 == second / 1_000_000)
    }

    @Test func `a loop of parents is a tree of its own`() throws {
        let scene = StateScene()
        scene.files.addProcess(60, parent: 61, command: "a", ticks: 100)
        scene.files.addProcess(61, parent: 60, command: "b", ticks: 100)
        scene.apply("chmod", pid: 60)
        #expect(try [60, 61].contains(Int(Self.root(scene, 60))))
    }
}
