import EventModel
import SeededRandom
import TestNode
import Testing

@testable import NodeState

@Suite struct ProcFileTests {
    private static let stat =
        "6657 (cat) R 6639 6638 6637 4097 -1 4194304 99 0 3 0 0 0 0 0 20 0 2 0 124536 3133440 388 18446744073709551615 94419811651584\n"
    private static let mountinfo = """
        27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
        71 47 0:40 / /data rw,relatime shared:1 master:2 - overlay overlay rw,lowerdir=/a:/b,upperdir=/up\\040per,workdir=/w
        72 47 0:41 / /data/in rw - tmpfs tmpfs rw
        73 47 0:42 / /relative rw - overlay overlay rw,lowerdir=a,upperdir=up

        """

    @Test func `stat`() throws {
        let parsed = try #require(ProcStat(Array(Self.stat.utf8)))
        #expect(parsed.parentPID == 6639 && parsed.groupID == 6638 && parsed.sessionID == 6637)
        #expect(parsed.terminal == 4097 && parsed.startTicks == 124536 && parsed.threads == 2)
        #expect(parsed.minorFaults == 99 && parsed.majorFaults == 3)
        #expect(parsed.virtualBytes == 3_133_440 && parsed.residentPages == 388)
    }

    @Test(arguments: ["cat", "a b", ") R 1 1 1 (", "", "))", "\n", "(", "é"])
    func `a command name may hold anything`(_ name: String) throws {
        let bytes = Array(Self.stat.replacing("(cat)", with: "(\(name))").utf8)
        let parsed = try #require(ProcStat(bytes))
        #expect(text(bytes[parsed.command]) == name)
        #expect(parsed.startTicks == 124536)
    }

    @Test(arguments: [
        "", "1", "1 (cat)", "1 (cat) R", "1 (cat) R 1 1 1 x", "1 )cat( R 1 1", "1 (cat) RR 1 1 1 1 1 1 1 1 1 1",
    ])
    func `what is no stat file is refused`(_ content: String) { #expect(ProcStat(Array(content.utf8)) == nil) }

    @Test func `status in a nested namespace`() throws {
        let content = """
            Name:\ta:b
            Tgid:\t11597
            Uid:\t0\t1\t2\t3
            Gid:\t4\t5\t6\t7
            NStgid:\t11597\t12\t1
            NSpid:\t11600\t15\t3
            NSpgid:\t11597\t12\t1
            NSsid:\t11597\t12\t0
            CapInh:\t0000000000000001
            CapPrm:\t00000000a80425fb
            CapEff:\t000001ffffffffff

            """
        let parsed = try #require(ProcStatus(Array(content.utf8)))
        #expect(parsed.credentials.effectiveUID == 1 && parsed.credentials.effectiveGID == 5)
        #expect(parsed.virtualPID == 1 && parsed.virtualThreadID == 3 && parsed.namespaceDepth == 3)
        #expect(parsed.virtualSessionID == 0 && parsed.threadGroupID == 11597)
        #expect(parsed.capabilities.permitted == 0xa804_25fb && parsed.capabilities.effective == 0x1ff_ffff_ffff)
        #expect(ProcStatus(Array("nothing\nof: it\n".utf8)) == nil)
    }

    @Test func `a line of mounts`() {
        let lines = Self.mountinfo.split(separator: "\n").map { Array($0.utf8) }
        let mounts = lines.map { MountLine($0, 0..<$0.count) }
        #expect(mounts.map { $0.map { text($0.mountPoint) } } == ["/", "/data", "/data/in", "/relative"])
        #expect(mounts.map { $0?.isOverlay } == [false, true, false, true])
        #expect(mounts.map { $0?.upperDirectory.map { text($0) } } == [nil, "/up per", nil, nil])
    }

    @Test(
        arguments: [
            ("/data/bin/new", .upper), ("/data/bin/old", .lower), ("/bin/x", .none), ("/database", .none),
            ("/data/in/x", .none), ("/relative/x", .none),
        ] as [(String, ExecutableFile.Layer)])
    func `the layer of a host process's executable`(_ path: String, _ layer: ExecutableFile.Layer) {
        let scene = StateScene()
        scene.files["/proc/1/mountinfo"] = Self.mountinfo
        scene.files.addFile("/up per/bin/new")
        for name in ["new", "old"] { scene.files.addFile("/data/bin/\(name)") }
        scene.files.addProcess(60, command: "x", executable: path)
        scene.exec(pid: 60, parent: 1, path, ["x"])
        #expect(scene.state.current.process?.executableLayer == layer)
    }

    /// A container whose root is an overlay, and the files in its upper directory and in its whole.
    private func container(upper: [String: UInt32], merged: [String], wanted: ProcessDetails = []) -> StateScene {
        let scene = StateScene { $0.wanted = wanted.union([.cgroup, .executableLayer]) }
        let root = "/run/containerd/io.containerd.runtime.v2.task/k8s.io/\(BundleFixture.id)"
        scene.files["\(root)/config.json"] = BundleFixture.containerd
        scene.files["/proc/1/mountinfo"] =
            Self.mountinfo
            + "90 27 0:50 / \(root)/rootfs rw - overlay overlay rw,lowerdir=/l,upperdir=/snapshots/7/fs\n"
        for (name, mode) in upper { scene.files.addFile("/snapshots/7/fs/\(name)", mode: mode) }
        for name in merged + ["proc"] { scene.files.addFile("\(root)/rootfs/\(name)") }
        return scene
    }

    @Test(
        arguments: [
            ("/tmp/dropped", .upper), ("/bin/ls", .lower), ("/host/tool", .none),
            // Gone without a trace: it never was in the image.
            ("/tmp/gone", .upper), ("/tmp/gone (deleted)", .upper),
            // A whiteout: the image's own was removed.
            ("/bin/removed", .lower),
        ] as [(String, ExecutableFile.Layer)])
    func `the layer in a container, of a program that ended before anybody looked`(
        _ path: String, _ layer: ExecutableFile.Layer
    ) {
        let scene = container(
            upper: ["tmp/dropped": 0o100755, "bin/removed": 0o020000], merged: ["tmp/dropped", "bin/ls"])
        scene.files.addProcess(59, command: "sh", cgroup: "0::/k8s.io/\(BundleFixture.id)\n")
        scene.apply("openat", pid: 59)
        scene.fork(59, to: 60)
        scene.exec(pid: 60, parent: 59, path, ["x"])
        #expect(scene.state.current.process?.executableLayer == layer)
        #expect(scene.state.current.container != nil)
    }

    /// Its fork was not told, and it ended before anybody looked: its container is known last.
    @Test func `the layer of a program whose container is known by its parent`() {
        let scene = container(upper: ["tmp/dropped": 0o100755], merged: ["tmp/dropped"])
        scene.files.addProcess(59, command: "sh", cgroup: "0::/k8s.io/\(BundleFixture.id)\n")
        scene.apply("openat", pid: 59)
        scene.exec(pid: 60, parent: 59, "/tmp/dropped", ["x"])
        #expect(scene.state.current.container != nil)
        #expect(scene.state.current.process?.executableLayer == .upper)
    }

    @Test func `the layer stays known of a program that ends while it is read`() {
        let scene = container(
            upper: ["tmp/dropped": 0o100755], merged: ["tmp/dropped"], wanted: [.executableFile])
        let cgroup = "0::/k8s.io/\(BundleFixture.id)\n"
        scene.files.addProcess(59, command: "sh", cgroup: cgroup)
        scene.apply("openat", pid: 59)
        scene.fork(59, to: 60)
        scene.files["/proc/60/cgroup"] = cgroup
        scene.files.addFile("/proc/60/exe")
        scene.exec(pid: 60, parent: 59, "/tmp/dropped", ["x"])
        let process = scene.state.current.process
        #expect(process?.isGone == true)
        #expect(process?.executable.inode == 0)
        #expect(process?.executableLayer == .upper)
    }

    /// The process connector tells of the exec alone, and nobody lives who could be asked: audit's record has the path, later.
    @Test(arguments: [false, true])
    func `the layer of a program whose path is known last`(isExitTold: Bool) {
        let scene = container(
            upper: ["tmp/dropped": 0o100755], merged: ["tmp/dropped"], wanted: [.executableFile, .executableOrigin])
        scene.files.addProcess(59, command: "sh", cgroup: "0::/k8s.io/\(BundleFixture.id)\n")
        scene.apply("openat", pid: 59)
        scene.fork(59, to: 60, source: .processConnector)
        scene.apply("execve", pid: 60, source: .processConnector)
        #expect(scene.state.current.process?.executableLayer == ExecutableFile.Layer.none)
        if isExitTold { scene.exit(60, source: .processConnector) }
        scene.exec(pid: 60, parent: 59, "/tmp/dropped", ["x"])
        #expect(scene.state.current.process?.executableLayer == .upper)
    }

    /// The runtime's own program, in the container's control group already: its path is the host's.
    @Test(arguments: [(UInt32(50), ExecutableFile.Layer.upper), (3, .none)])
    func `a program of another file system is in no layer`(_ minor: UInt32, _ layer: ExecutableFile.Layer) {
        let scene = container(upper: [:], merged: ["bin/ls"])
        scene.files.addProcess(59, command: "runc", cgroup: "0::/k8s.io/\(BundleFixture.id)\n")
        scene.apply("openat", pid: 59)
        scene.fork(59, to: 60)
        scene.apply("execve", pid: 60) { event in
            event.process.command = event.store(Array("exe".utf8))
            event.process.executable = event.store(Array("/usr/sbin/runc".utf8))
            event.process.arguments = event.store(Array("runc\0init\0".utf8))
            var path = PathFact()
            path.name = event.store(Array("/proc/self/exe".utf8))
            (path.inode, path.deviceMinor, path.mode) = (77, minor, 0o100755)
            event.append(path: path)
        }
        #expect(scene.state.current.process?.executableLayer == layer)
        #expect(scene.state.current.container != nil)
    }

    @Test func `mounts are read once for a container, however many programs start`() {
        let scene = container(upper: [:], merged: ["bin/ls"])
        scene.files.addProcess(59, command: "sh", cgroup: "0::/k8s.io/\(BundleFixture.id)\n")
        scene.apply("openat", pid: 59)
        for pid in 60..<160 as Range<Int32> {
            scene.fork(59, to: pid)
            scene.exec(pid: pid, parent: 59, "/bin/ls", ["ls"])
            #expect(scene.state.current.process?.executableLayer == .lower)
        }
        #expect(scene.files.reads["/proc/1/mountinfo"] == 1)
        #expect(scene.files.reads.keys.filter { $0.hasSuffix("/mountinfo") }.count == 1)
    }

    @Test func `a container whose root can't be seen has no layers`() {
        let scene = StateScene()
        scene.files.addProcess(60, command: "x", cgroup: "0::/k8s.io/\(BundleFixture.id)\n")
        scene.exec(pid: 60, parent: 1, "/tmp/x", ["x"])
        #expect(scene.state.current.process?.executableLayer == ExecutableFile.Layer.none)
    }

    @Test(
        arguments: [
            (0o100755, 1001, 0, 0, true), (0o100555, 1001, 0, 0, false), (0o100775, 0, 101, 0, true),
            (0o100755, 0, 101, 0, false), (0o100757, 0, 0, 0, true), (0o100755, 0, 0, 2, true),
        ] as [(UInt32, UInt32, UInt32, UInt64, Bool)])
    func `whether the owner may write the executable`(
        _ mode: UInt32, _ uid: UInt32, _ gid: UInt32, _ capabilities: UInt64, _ expected: Bool
    ) {
        let scene = StateScene()
        scene.files.addProcess(60, command: "x")
        scene.files["/proc/60/status"] = scene.files["/proc/60/status"]
            .replacing("CapEff:\t0000000000000003", with: "CapEff:\t\(capabilities)")
        var file = FileStatus()
        (file.mode, file.uid, file.gid, file.inode) = (mode, uid, gid, 42)
        scene.files.statuses["/proc/60/exe"] = file
        scene.apply("chmod", pid: 60)
        #expect(scene.state.current.process?.executable.isWritable == expected)
        #expect(scene.state.current.process?.executable.inode == 42)
    }

    @Test func `mutations of /proc files never trap`() {
        var random = SeededGenerator(seed: 11)
        let names = ["stat", "status", "cmdline", "cgroup", "environ", "loginuid", "limits"]
        let seeds: [String: String] = [
            "limits": "Max open files            1024                 4096                 files\n",
            "cgroup": "0::/docker/\(BundleFixture.id)\n",
        ]
        for round in 0..<1500 as Range<Int32> {
            let scene = StateScene()
            scene.files["/proc/1/mountinfo"] = Self.mountinfo
            let pid = 100 + round
            scene.files.addProcess(pid, command: "x")
            scene.files.links["/proc/\(pid)/fd/3"] = "socket:[77]"
            for (name, seed) in seeds { scene.files["/proc/\(pid)/\(name)"] = seed }
            let name = names.randomElement(using: &random) ?? "stat"
            var bytes = scene.files.texts["/proc/\(pid)/\(name)"] ?? []
            for _ in 0..<4 where !bytes.isEmpty {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.removeSubrange(at..<min(at + 9, bytes.count))
                case 2: bytes.insert(contentsOf: Array("999999999999999999999".utf8), at: at)
                default: bytes.insert(contentsOf: [0x0a, 0x3a, 0x20, 0x2d].shuffled(using: &random), at: at)
                }
            }
            scene.files.texts["/proc/\(pid)/\(name)"] = bytes
            scene.apply("connect", pid: pid) { $0.setRegisters(3, 0, 0, 0) }
            guard let process = scene.state.current.process else { continue }
            _ = (process.credentials, process.environment, process.descriptorLimit, process.executableLayer)
            _ = (process.loginUID, process.memory, process.threadCount, process.namespaceStartNanoseconds)
            _ = (process.virtualPID, process.groupID, scene.state.sessionLeader(of: process), scene.descriptorName)
        }
    }

    @Test func `the namespace's start is its first process's`() {
        let scene = StateScene()
        scene.files.addProcess(70, command: "init", ticks: 5000, namespaceIDs: [70, 1])
        scene.files.addProcess(71, parent: 70, command: "sh", ticks: 6000, namespaceIDs: [71, 9])
        scene.apply("chmod", pid: 71)
        #expect(scene.state.current.process?.namespaceStartNanoseconds == 50_000_000_000)
        // Put in from outside: no ancestor of the namespace, its /proc tells.
        scene.files.addProcess(80, command: "exec", namespaceIDs: [80, 30])
        scene.files["/proc/80/root/proc/1/stat"] = scene.files["/proc/70/stat"]
        scene.apply("chmod", pid: 80)
        #expect(scene.state.current.process?.namespaceStartNanoseconds == 50_000_000_000)
    }
}
