import EventModel
import TestNode
import Testing

@testable import NodeState

@Suite struct NamedContainerTests {
    /// A trusted runtime that creates a container called `web`.
    private static func scene() -> StateScene {
        let scene = StateScene()
        scene.files["/b/web/config.json"] = BundleFixture.containerd
        scene.files.addProcess(50, command: "runc", ticks: 99_000)
        scene.exec(pid: 50, parent: 1, "/usr/sbin/runc", ["runc", "run", "--bundle", "/b/web", "web"], uid: 0)
        return scene
    }

    @Test(arguments: [
        ("0::/kubepods/besteffort/podx/web", true), ("4:cpu:/user.slice/web\n0::/", true),
        ("0::/system.slice/runc-web.scope", true), ("0::/web/inner", true),
        ("0::/system.slice/web.service", false), ("0::/webserver", false), ("0::/", false),
    ])
    func `a container that has a name for an id is known by its control group`(_ cgroup: String, _ isInside: Bool) {
        let scene = Self.scene()
        scene.files.addProcess(60, parent: 50, command: "sh", ticks: 99_990, cgroup: "\(cgroup)\n")
        scene.exec(pid: 60, parent: 50, "/bin/sh", ["sh"])
        #expect(scene.state.current.container.map { text($0.fullID) } == (isInside ? "web" : nil))
        #expect(scene.state.current.container.map { text($0.name) } == (isInside ? "main" : nil))
        // The runtime is gone, and no fork was told.
        scene.files.addProcess(61, parent: 1, command: "cat", ticks: 99_995, cgroup: "\(cgroup)\n")
        scene.apply("openat", pid: 61)
        #expect(scene.state.current.container.map { text($0.fullID) } == (isInside ? "web" : nil))
    }

    @Test func `a user's control group of that name is not the container`() throws {
        let scene = Self.scene()
        scene.files.addProcess(60, command: "sh", cgroup: "0::/runc/web\n")
        scene.apply("openat", pid: 60)
        #expect(scene.state.current.container != nil)
        scene.files.addProcess(61, command: "sh", cgroup: "0::/user.slice/user-7.slice/user@7.service/web\n")
        scene.apply("openat", pid: 61)
        let process = try #require(scene.state.current.process)
        #expect(process.container == nil && process.isContainerUnproven)
    }

    /// Its ids in its own pid namespace follow from that; those of the runtime that it descends from would be the host's.
    @Test(arguments: [(#"{"type":"pid"}"#, Int32(1)), (#"{"type":"pid","path":"/proc/9/ns/pid"}"#, -1), ("", 60)])
    func `the first program of a container that ended before anybody looked`(_ namespace: String, _ own: Int32) throws {
        let scene = StateScene { $0.wanted = [.cgroup, .namespaceIDs] }
        scene.files["/b/web/config.json"] = #"{"root":{"path":"r"},"linux":{"namespaces":[\#(namespace)]}}"#
        scene.files.addProcess(50, command: "runc", ticks: 99_000)
        scene.exec(pid: 50, parent: 1, "/usr/sbin/runc", ["runc", "run", "--bundle", "/b/web", "web"], uid: 0)
        scene.fork(50, to: 58, source: .processConnector)
        scene.exec(pid: 58, parent: 50, "/usr/sbin/runc", ["runc", "init"])
        scene.fork(58, to: 60, source: .processConnector)
        scene.exec(pid: 60, parent: 50, "/bin/sh", ["sh"])
        let process = try #require(scene.state.current.process)
        #expect(process.container.map { text($0.fullID) } == "web")
        #expect(process.virtualPID == own && process.isInChildPIDNamespace == (own != 60))
        // Its children have ids that nobody told.
        scene.fork(60, to: 61, source: .processConnector)
        #expect(scene.process(61)?.virtualPID == (own == 60 ? 61 : -1))
    }

    /// All is over before audit tells of the first program: by its file it is the container's, and what it forked is in it, too. A shell's
    /// own commands execute nothing.
    @Test func `what a container's first program forked before it was known for that is in the container`() throws {
        let scene = StateScene { $0.wanted = [.cgroup, .namespaceIDs] }
        scene.files["/b/web/config.json"] = BundleFixture.containerd
        scene.files["/proc/1/mountinfo"] =
            "90 27 0:50 / /b/web/rootfs rw - overlay overlay rw,lowerdir=/l,upperdir=/snapshots/7/fs\n"
        scene.files.addProcess(50, command: "runc", ticks: 99_000)
        scene.exec(pid: 50, parent: 1, "/usr/sbin/runc", ["runc", "run", "--bundle", "/b/web", "web"], uid: 0)
        scene.files["/proc/1/mountinfo"] = ""
        for pid in [58, 59, 60] as [Int32] {
            scene.fork(50, to: pid, source: .processConnector)
            scene.apply("execve", pid: pid, source: .processConnector)
        }
        scene.seconds += 0.001
        scene.fork(60, to: 61, source: .processConnector)
        scene.fork(61, to: 62, source: .processConnector)
        func exec(_ pid: Int32, _ path: String, _ words: String, minor: UInt32) {
            scene.apply("execve", pid: pid) { event in
                event.process.executable = event.store(Array(path.utf8))
                event.process.arguments = event.store(Array(words.utf8))
                var file = PathFact()
                file.name = event.store(Array(path.utf8))
                (file.inode, file.deviceMinor, file.mode) = (77, minor, 0o100755)
                event.append(path: file)
            }
        }
        exec(58, "/usr/sbin/runc", "runc\0init\0", minor: 3)
        // A hook of the host's.
        exec(59, "/usr/bin/hook", "hook\0", minor: 3)
        #expect(scene.state.current.container == nil)
        exec(60, "/bin/sh", "sh\0", minor: 50)
        #expect(scene.state.current.container.map { text($0.fullID) } == "web")
        #expect(scene.state.current.process?.virtualPID == 1)
        for pid in [62, 61] as [Int32] {
            scene.apply("mknod", pid: pid)
            #expect(scene.state.current.container.map { text($0.fullID) } == "web", "\(pid)")
        }
    }

    /// Two sources tell of its exec, the second one when nobody can be asked any more.
    @Test func `what /proc said of a container's first process stays true when it has ended`() throws {
        let scene = StateScene { $0.wanted = [.cgroup, .namespaceIDs] }
        scene.files["/b/web/config.json"] = BundleFixture.containerd
        scene.files.addProcess(50, command: "runc", ticks: 99_000)
        scene.exec(pid: 50, parent: 1, "/usr/sbin/runc", ["runc", "run", "--bundle", "/b/web", "web"], uid: 0)
        scene.fork(50, to: 60, source: .processConnector)
        let cgroup = "0::/k8s.io/\(BundleFixture.id)\n"
        scene.files.addProcess(
            60, parent: 50, command: "sh", ticks: 100_000, cgroup: cgroup, namespaceIDs: [60, 1])
        scene.exec(pid: 60, parent: 50, "/bin/sh", ["sh"], command: "exe", source: .processConnector)
        #expect(scene.process(60)?.virtualPID == 1)
        scene.files.removeProcess(60)
        scene.exec(pid: 60, parent: 50, "/bin/sh", ["sh"])
        #expect(scene.state.current.process?.virtualPID == 1)
    }

    /// What a runtime puts into a container is not its first process.
    @Test func `what a runtime's exec starts and ended before anybody looked has no id that is known`() throws {
        let scene = StateScene { $0.wanted = [.cgroup, .namespaceIDs] }
        scene.files.addProcess(50, command: "runc", ticks: 99_000)
        scene.exec(
            pid: 50, parent: 1, "/usr/sbin/runc", ["runc", "exec", "--process", "/p", BundleFixture.id], uid: 0)
        scene.exec(pid: 60, parent: 50, "/bin/sh", ["sh"])
        let process = try #require(scene.state.current.process)
        #expect(process.container != nil)
        #expect(process.virtualPID == -1 && process.isInChildPIDNamespace)
    }

    @Test func `what a runtime started and was gone before anybody looked is not said to be on the host`() throws {
        let scene = Self.scene()
        scene.exec(pid: 60, parent: 50, "/bin/sh", ["sh"])
        let process = try #require(scene.state.current.process)
        #expect(process.container == nil && process.isContainerUnproven)
        // What it started is no better known.
        scene.fork(60, to: 61)
        scene.exec(pid: 61, parent: 60, "/bin/cat", ["cat"])
        #expect(scene.process(61)?.isContainerUnproven == true)
    }

    @Test(arguments: [true, false]) func `a shim's child that is gone is on the host if the shim forked it`(
        _ isForkTold: Bool
    ) {
        let scene = StateScene()
        scene.files.addProcess(
            40, command: "containerd-shim", executable: "/usr/bin/containerd-shim-runc-v2", uid: 0)
        scene.apply("openat", pid: 40)
        if isForkTold { scene.fork(40, to: 60) }
        scene.exec(pid: 60, parent: 40, "/bin/sh", ["sh"])
        #expect(scene.process(60)?.isContainerUnproven == !isForkTold)
    }
}
