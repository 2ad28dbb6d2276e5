import EventModel
import Glibc
import TestNode
import Testing

@testable import NodeState

@Suite struct ExecutableOriginTests {
    /// A node with a package, whose rules ask where executables come from.
    private static func scene(hangs: Bool = false) -> StateScene {
        let scene = StateScene { $0.wanted = ProcessDetails(field: "proc.exe.origin") }
        scene.files.hangsPackages = hangs
        scene.files.addPackage(
            "openssh-server", ["/.", "/usr", "/usr/sbin", "/usr/sbin/sshd", "/usr/sbin/replaced"], written: 50_000)
        for (path, changed) in [
            ("/usr/sbin/sshd", 40_000), ("/usr/sbin/replaced", 60_000), ("/usr/local/bin/tool", 70_000),
            ("/tmp/sshd", 70_000),
        ] as [(String, UInt64)] { scene.files.addProgram(path, changed: changed) }
        scene.state.tick(nowNanoseconds: scene.now)
        scene.state.tick(nowNanoseconds: scene.now)
        return scene
    }

    /// What installs packages ends, and the lists are read again.
    private static func renew(_ scene: StateScene) {
        let before = scene.state.packageGeneration
        scene.files.addProcess(90, command: "dpkg", ticks: 99_000)
        scene.exec(pid: 90, parent: 1, "/usr/bin/dpkg", ["dpkg"])
        scene.exit(90)
        for _ in 0..<10_000 where scene.state.packageGeneration == before {
            scene.state.tick(nowNanoseconds: scene.now)
            usleep(1000)
        }
        #expect(scene.state.packageGeneration == before + 1)
    }

    /// Lets a process execute a file under a path.
    private static func exec(
        _ scene: StateScene, _ path: String, file: FileStatus? = nil, pid: Int32 = 60, cgroup: String = "0::/\n"
    ) {
        scene.files.addProcess(pid, command: "x", ticks: 99_000, cgroup: cgroup, executable: path)
        scene.files.statuses["/proc/\(pid)/exe"] = file ?? scene.files.statuses[path]
        scene.exec(pid: pid, parent: 1, path, ["x"])
    }

    @Test(
        arguments: [
            ("/usr/sbin/sshd", .package), ("/usr/sbin/replaced", .replaced), ("/usr/local/bin/tool", .local),
            ("/tmp/sshd", .writable),
        ] as [(String, ExecutableOrigin)])
    func `a file on the host`(_ path: String, _ origin: ExecutableOrigin) {
        let scene = Self.scene()
        Self.exec(scene, path)
        #expect(scene.process(60)?.executableOrigin == origin)
        scene.fork(60, to: 61)
        scene.files.removeProcess(60)
        #expect(scene.process(61)?.executableOrigin == origin)
    }

    @Test(
        arguments: [
            ("/usr/sbin/sshd", true), ("/usr/sbin/replaced", false), ("/usr/sbin/added", false),
            ("/usr/local/bin/tool", true), ("/opt/tool/tool", true), ("/tmp/sshd", false),
        ])
    func `a path is trusted where no other file than it says can be under it`(_ path: String, _ isTrusted: Bool) {
        let scene = Self.scene()
        for path in ["/usr/sbin/added", "/opt/tool/tool"] { scene.files.addProgram(path, changed: 70_000) }
        scene.files["/opt/tool/tool"] = ""
        Self.exec(scene, path)
        #expect(scene.process(60)?.isExecutableTrusted == isTrusted)
        // Another file than the host's under the path.
        Self.exec(scene, path, file: scene.files.statuses["/tmp/sshd"], pid: 62)
        #expect(scene.process(62)?.isExecutableTrusted == false)
    }

    @Test func `without a package database all that only root can write is trusted, and in a log all that has a path`()
    {
        let scene = StateScene { $0.wanted = ProcessDetails(field: "proc.exepath.trusted") }
        for path in ["/usr/sbin/sshd", "/tmp/sshd"] { scene.files.addProgram(path) }
        Self.exec(scene, "/usr/sbin/sshd")
        #expect(scene.process(60)?.isExecutableTrusted == false)
        for _ in 0..<2 { scene.state.tick(nowNanoseconds: scene.now) }
        #expect(scene.process(60)?.isExecutableTrusted == true)
        Self.exec(scene, "/tmp/sshd", pid: 62)
        #expect(scene.process(62)?.isExecutableTrusted == false)
        let log = NodeState(files: NoFiles())
        for (pid, path, isTrusted) in [(60, "/tmp/sshd", true), (61, "memfd:x", false)] as [(Int32, String, Bool)] {
            var event = RawEvent()
            event.type = EventType(name: "execve") ?? EventType(index: 0)
            (event.process.pid, event.process.tid) = (pid, pid)
            event.process.command = event.store(Array("x".utf8))
            event.process.executable = event.store(Array(path.utf8))
            _ = log.apply(&event)
            #expect(log.process(pid: pid)?.isExecutableTrusted == isTrusted)
        }
    }

    /// A header of RPM's database: INSTALLTIME, DIRINDEXES, BASENAMES and DIRNAMES (rpm, include/rpm/rpmtag.h).
    private static func rpmHeader(time: UInt32, _ directory: String, _ names: [String]) -> [UInt8] {
        func number(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
        var data = number(Int(time)) + names.flatMap { _ in number(0) }
        let bases = data.count
        data += names.flatMap { Array($0.utf8) + [0] }
        let directories = data.count
        data += Array(directory.utf8) + [0]
        let index = [
            (1008, 4, 0, 1), (1116, 4, 4, names.count), (1117, 8, bases, names.count), (1118, 8, directories, 1),
        ].flatMap { tag, kind, offset, count in [tag, kind, offset, count].flatMap(number) }
        return number(4) + number(data.count) + index + data
    }

    @Test(arguments: ["/var/lib/rpm/rpmdb.sqlite", "/usr/lib/sysimage/rpm/Packages.db", "/var/lib/rpm/Packages"])
    func `on a host with RPM its packages' files are packages'`(_ database: String) {
        let scene = StateScene { $0.wanted = ProcessDetails(field: "proc.exe.origin") }
        let slack = ExecutableOrigins.slack / 1_000_000_000
        scene.files.addProgram("/usr/bin/tool", changed: 50_000)
        scene.files.addProgram("/usr/bin/late", changed: 50_001 + slack)
        scene.files.addProgram("/usr/bin/own", changed: 50_000)
        scene.files.addFile(database, mode: 0o100644)
        scene.files.rpmHeaders = [Self.rpmHeader(time: 50_000, "/usr/bin/", ["tool", "late"]), [1, 2, 3]]
        for _ in 0..<2 { scene.state.tick(nowNanoseconds: scene.now) }
        for (path, origin) in [("tool", ExecutableOrigin.package), ("late", .replaced), ("own", .local)] {
            Self.exec(scene, "/usr/bin/\(path)")
            #expect(scene.process(60)?.executableOrigin == origin, "\(path)")
        }
        // Installed meanwhile.
        scene.files.rpmHeaders?.append(Self.rpmHeader(time: 50_000, "/usr/bin/", ["own"]))
        scene.files.statuses[database]?.changeTimeNanoseconds += 1
        scene.seconds += 2
        for _ in 0..<3 { scene.state.tick(nowNanoseconds: scene.now) }
        #expect(scene.process(60)?.executableOrigin == .package)
    }

    @Test func `a database of RPM's that can't be read is told`() {
        let scene = StateScene { $0.wanted = ProcessDetails(field: "proc.exe.origin") }
        scene.files.addFile("/var/lib/rpm/rpmdb.sqlite", mode: 0o100644)
        for _ in 0..<2 { scene.state.tick(nowNanoseconds: scene.now) }
        #expect(scene.state.counters.packageFilesLeftOut == 1)
    }

    @Test func `a file that was changed within the slack is the package's still`() {
        let scene = Self.scene()
        let slack = ExecutableOrigins.slack / 1_000_000_000
        for (changed, origin) in [(50_000 + slack, ExecutableOrigin.package), (50_001 + slack, .replaced)] {
            scene.files.addProgram("/usr/sbin/sshd", changed: changed)
            Self.exec(scene, "/usr/sbin/sshd")
            #expect(scene.process(60)?.executableOrigin == origin)
        }
    }

    @Test func `a path that leads to another file than on the host proves nothing`() {
        let scene = Self.scene()
        Self.exec(scene, "/usr/sbin/sshd", file: scene.files.statuses["/tmp/sshd"])
        #expect(scene.process(60)?.executableOrigin == .writable)
        // The same inode number on another file system.
        var other = scene.files.statuses["/usr/sbin/sshd"]
        other?.device = 0x23
        Self.exec(scene, "/usr/sbin/sshd", file: other, pid: 62)
        #expect(scene.process(62)?.executableOrigin == .writable)
    }

    @Test func `a memory file and a file without a name`() {
        let scene = Self.scene()
        Self.exec(scene, "/memfd:x (deleted)")
        #expect(scene.process(60)?.executableOrigin == .memory)
        Self.exec(scene, "/usr/sbin/gone", file: scene.files.addProgram("/elsewhere", links: 0), pid: 62)
        #expect(scene.process(62)?.executableOrigin == .memory)
    }

    @Test func `before the lists are read nothing is said of root's files, and then it is`() {
        let scene = Self.scene(hangs: true)
        Self.exec(scene, "/usr/sbin/sshd")
        Self.exec(scene, "/tmp/sshd", pid: 62)
        #expect(scene.process(60)?.executableOrigin == nil && scene.state.packageGeneration == 0)
        #expect(scene.process(62)?.executableOrigin == .writable)
        scene.files.hangsPackages = false
        scene.state.tick(nowNanoseconds: scene.now)
        #expect(scene.process(60)?.executableOrigin == .package && scene.state.packageGeneration == 1)
    }

    @Test func `a program that is started while its package is installed becomes the package's`() {
        let scene = Self.scene()
        scene.files.addProgram("/usr/bin/fresh", changed: 80_000)
        Self.exec(scene, "/usr/bin/fresh")
        #expect(scene.process(60)?.executableOrigin == .local)
        // Another program of that name, which was there before.
        Self.exec(scene, "/usr/local/bin/tool", pid: 62)
        let old = scene.files.statuses["/usr/local/bin/tool"]
        scene.files.addProgram("/usr/local/bin/tool", changed: 80_000)
        #expect(old?.inode != scene.files.statuses["/usr/local/bin/tool"]?.inode)
        scene.files.addPackage("fresh", ["/usr/bin/fresh", "/usr/local/bin/tool"], written: 80_010)
        Self.renew(scene)
        #expect(scene.process(60)?.executableOrigin == .package)
        #expect(scene.process(62)?.executableOrigin == .local)
    }

    @Test func `a program keeps what it was when its package goes`() {
        let scene = Self.scene()
        Self.exec(scene, "/usr/sbin/sshd")
        scene.files.addPackage("openssh-server", ["/etc/ssh"], written: 90_000)
        Self.renew(scene)
        #expect(scene.process(60)?.executableOrigin == .package)
        Self.exec(scene, "/usr/sbin/sshd", pid: 62)
        #expect(scene.process(62)?.executableOrigin == .local)
    }

    @Test func `another program of the process is judged anew`() {
        let scene = Self.scene()
        Self.exec(scene, "/usr/sbin/sshd")
        #expect(scene.process(60)?.executableOrigin == .package)
        Self.exec(scene, "/tmp/sshd")
        #expect(scene.process(60)?.executableOrigin == .writable)
    }

    @Test func `by audit the exec's own record tells the file of a program that is gone`() throws {
        let scene = Self.scene()
        let genuine = try #require(scene.files.statuses["/usr/sbin/sshd"])
        for (inode, origin) in [(genuine.inode, ExecutableOrigin.package), (7, .writable)] {
            scene.apply("execve", pid: 70) { event in
                event.process.parentPID = 1
                event.process.known.insert(.parent)
                event.process.executable = event.store(Array("/usr/sbin/sshd".utf8))
                event.process.command = event.store(Array("sshd".utf8))
                event.add(path: "/usr/sbin/sshd")
                var path = event.paths[0]
                (path.inode, path.deviceMajor, path.deviceMinor) = (inode, 8, 1)
                event.replacePath(at: 0, with: path)
            }
            let found = scene.process(70)?.executableOrigin
            #expect(found == origin)
            scene.seconds += 100
            scene.exit(70)
            scene.seconds += 100
        }
    }

    @Test func `by audit a program that is gone and whose path is not the host's proves nothing`() {
        let scene = Self.scene()
        scene.apply("execve", pid: 70) { event in
            event.process.parentPID = 1
            event.process.known.insert(.parent)
            event.process.executable = event.store(Array("/usr/sbin/sshd".utf8))
            event.process.command = event.store(Array("sshd".utf8))
            // Under another name than the path, so that it is not known which of them is the program.
            for (index, inode) in [7, 8].enumerated() {
                event.add(path: index == 0 ? "./sshd" : "/lib64/ld-linux-x86-64.so.2")
                var path = event.paths[index]
                (path.inode, path.deviceMajor, path.deviceMinor) = (UInt64(inode), 8, 1)
                event.replacePath(at: index, with: path)
            }
        }
        #expect(scene.process(70)?.executableOrigin == .writable)
    }

    /// A script whose interpreter lies, in a mount namespace, at the script's own path: the record has the genuine script's inode.
    @Test(arguments: [
        (["/bin/interpreter", "/usr/sbin/sshd"], ["/usr/sbin/sshd", "/bin/interpreter"]),
        (["/bin/interpreter", "-x", "./sshd", "more"], ["./sshd", "/bin/interpreter"]),
        (["/bin/interpreter", "/dev/fd/7"], ["", "/bin/interpreter"]),
    ])
    func `by audit a script's own file is not the program's`(_ arguments: [String], _ names: [String]) throws {
        let scene = Self.scene()
        let genuine = try #require(scene.files.statuses["/usr/sbin/sshd"])
        for (pid, isScript) in [(70, true), (71, false)] as [(Int32, Bool)] {
            scene.apply("execve", pid: pid) { event in
                event.process.parentPID = 1
                event.process.known.insert(.parent)
                event.process.executable = event.store(Array("/usr/sbin/sshd".utf8))
                event.process.command = event.store(Array("sshd".utf8))
                let given = isScript ? arguments : ["/usr/sbin/sshd", "-D"]
                event.process.arguments = event.store(given.flatMap { Array($0.utf8) + [0] })
                for (index, name) in names.enumerated() {
                    event.add(path: name)
                    var path = event.paths[index]
                    (path.inode, path.deviceMajor, path.deviceMinor) = (index == 0 ? genuine.inode : 7, 8, 1)
                    event.replacePath(at: index, with: path)
                }
            }
        }
        #expect(scene.process(70)?.executableOrigin != .package && scene.process(70)?.isExecutableTrusted == false)
        #expect(scene.process(71)?.executableOrigin == .package)
    }

    @Test func `what the connector told sooner is completed by audit's record`() throws {
        let scene = Self.scene()
        let genuine = try #require(scene.files.statuses["/usr/sbin/sshd"])
        scene.fork(1, to: 70, source: .processConnector)
        scene.apply("execve", pid: 70, source: .processConnector)
        #expect(scene.process(70)?.executableOrigin == nil)
        scene.apply("execve", pid: 70) { event in
            event.process.executable = event.store(Array("/usr/sbin/sshd".utf8))
            event.process.command = event.store(Array("sshd".utf8))
            event.add(path: "/sbin/sshd")
            var path = event.paths[0]
            (path.inode, path.deviceMajor, path.deviceMinor) = (genuine.inode, 8, 1)
            event.replacePath(at: 0, with: path)
        }
        #expect(scene.process(70)?.executableOrigin == .package)
    }

    @Test func `what the source tells of the file needs no process`() throws {
        let scene = Self.scene()
        let genuine = try #require(scene.files.statuses["/usr/sbin/sshd"])
        for (pid, inode, isDeleted, origin) in [
            (70, genuine.inode, false, .package), (71, 7, false, .writable), (72, genuine.inode, true, .memory),
        ] as [(Int32, UInt64, Bool, ExecutableOrigin)] {
            scene.apply("execve", pid: pid, source: .ebpf) { event in
                event.process.parentPID = 1
                event.process.known.formUnion([.parent, .executableFile])
                event.process.executable = event.store(Array("/usr/sbin/sshd".utf8))
                event.process.command = event.store(Array("sshd".utf8))
                event.process.executableFile.inode = inode
                (event.process.executableFile.deviceMajor, event.process.executableFile.deviceMinor) = (8, 1)
                event.process.executableFile.changeTime = genuine.changeTimeNanoseconds
                event.process.executableFile.isDeleted = isDeleted
            }
            #expect(scene.process(pid)?.executableOrigin == origin)
        }
    }

    @Test(
        arguments: [
            (.lower, "/usr/sbin/sshd", .image), (.lower, "/usr/sbin/other", nil), (.lower, "/usr/sbin/gone", nil),
            (.upper, "/usr/sbin/sshd", .container), (.upper, "/tmp/x", .container),
            (.none, "/host/x", .container), (.none, "/usr/sbin/sshd", nil),
        ] as [(ProcessFacts.ExecutableFile.Layer, String, ExecutableOrigin?)])
    func `a file in a container`(
        _ layer: ProcessFacts.ExecutableFile.Layer, _ path: String, _ origin: ExecutableOrigin?
    ) {
        let scene = Self.scene()
        let task = "/run/containerd/io.containerd.runtime.v2.task/k8s.io"
        scene.files["\(task)/\(BundleFixture.id)/config.json"] = BundleFixture.containerd
        let root = "\(task)/\(BundleFixture.id)/rootfs"
        // One is what is executed, one another file than the container has at the path.
        for (name, inode) in [("sshd", 5), ("other", 6)] as [(String, UInt64)] {
            scene.files.addProgram("\(root)/usr/sbin/\(name)")
            scene.files.statuses["\(root)/usr/sbin/\(name)"]?.inode = inode
        }
        scene.files.addProcess(
            60, command: "x", ticks: 99_000, cgroup: "0::/kubepods/besteffort/podx/\(BundleFixture.id)\n",
            executable: path)
        scene.apply("execve", pid: 60, source: .ebpf) { event in
            event.process.executable = event.store(Array(path.utf8))
            event.process.command = event.store(Array("x".utf8))
            event.process.known.insert(.executableFile)
            event.process.executableFile.inode = 5
            event.process.executableFile.layer = layer
        }
        #expect(scene.process(60)?.executableOrigin == origin)
    }

    @Test func `what is known of the parent's file says nothing of a child's that is gone`() {
        let scene = Self.scene()
        let task = "/run/containerd/io.containerd.runtime.v2.task/k8s.io"
        scene.files["\(task)/\(BundleFixture.id)/config.json"] = BundleFixture.containerd
        scene.files.addProcess(
            60, command: "sh", ticks: 99_000, cgroup: "0::/kubepods/besteffort/podx/\(BundleFixture.id)\n",
            namespaceIDs: [60, 1], executable: "/bin/sh")
        scene.files.statuses["/proc/60/exe"] = scene.files.addProgram("\(task)/\(BundleFixture.id)/rootfs/bin/sh")
        scene.exec(pid: 60, parent: 1, "/bin/sh", ["sh"])
        #expect(scene.process(60)?.executableOrigin == .image)
        // Gone before its file could be looked at, and its exec was not told.
        scene.apply("openat", pid: 61) { event in
            event.process.parentPID = 60
            event.process.known.insert(.parent)
            event.process.executable = event.store(Array("/etc/dropped".utf8))
            event.process.command = event.store(Array("dropped".utf8))
        }
        #expect(scene.process(61)?.container != nil && scene.process(61)?.executableOrigin == nil)
    }

    @Test func `nothing is said of a process whose container is not proven`() {
        let scene = Self.scene()
        let cgroup = "0::/user.slice/user-1000.slice/user@1000.service/\(BundleFixture.id)\n"
        Self.exec(scene, "/usr/sbin/sshd", cgroup: cgroup)
        #expect(scene.process(60)?.executableOrigin != .package || scene.process(60)?.isContainerUnproven == false)
    }
}
