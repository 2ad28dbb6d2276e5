import EventModel
import TestNode
import Testing

@testable import NodeState

/// Containers whose control groups can be seen, in one hierarchy of version 2.
@Suite struct ContainerChangeTests {
    private static let id = BundleFixture.id
    private static let task = "/run/containerd/io.containerd.runtime.v2.task/k8s.io"
    private static let group = "/kubepods.slice/cri-containerd-\(id).scope"

    private func scene(_ limit: Int = 2048) -> StateScene {
        let scene = StateScene { $0.containerLimit = limit }
        scene.files.addDirectory("/sys/fs/cgroup/cgroup.controllers")
        scene.files.addDirectory("/sys/fs/cgroup\(Self.group)")
        scene.files["\(Self.task)/\(Self.id)/config.json"] = BundleFixture.containerd
        return scene
    }

    private func open(_ scene: StateScene, _ pid: Int32, _ group: String) {
        scene.files.addProcess(pid, command: "sh", ticks: 99_000, cgroup: "0::\(group)\n")
        scene.apply("openat", pid: pid)
    }

    @Test func `a container begins with its first process and ends with its control group`() {
        let scene = scene()
        open(scene, 60, Self.group)
        let inode = scene.files.statuses["/sys/fs/cgroup\(Self.group)"]?.inode
        let started = StartedContainer(
            fullID: Array(Self.id.utf8), rootPath: Array("\(Self.task)/\(Self.id)/rootfs".utf8),
            cgroupPath: Array(Self.group.utf8), cgroupID: inode ?? 0, pid: 60)
        #expect(scene.state.takeContainerChanges() == [.started(started)])
        open(scene, 61, Self.group)
        scene.state.tick(nowNanoseconds: scene.now)
        #expect(scene.state.takeContainerChanges().isEmpty)
        scene.files.statuses["/sys/fs/cgroup\(Self.group)"] = nil
        scene.state.tick(nowNanoseconds: scene.now)
        scene.state.tick(nowNanoseconds: scene.now)
        #expect(scene.state.takeContainerChanges() == [.ended(fullID: Array(Self.id.utf8))])
        // What is late of it still has its names.
        #expect(scene.process(60)?.container.map { text($0.name) } == "main")
        // Started again, as engines do under the same id.
        scene.files.addDirectory("/sys/fs/cgroup\(Self.group)")
        open(scene, 62, Self.group)
        #expect(scene.state.takeStarted().map(\.pid) == [62])
        #expect(scene.state.current.container?.hasMetadata == true)
    }

    @Test(arguments: [("mnt:[2]", HiddenContainer.Reason.otherMounts), ("mnt:[1]", .notBelieved)])
    func `a container whose bundle can't be read is told of, with the reason`(
        _ namespace: String, _ reason: HiddenContainer.Reason
    ) {
        let scene = scene()
        scene.files.links["/proc/1/ns/mnt"] = "mnt:[1]"
        scene.files.addProcess(50, command: "runc", ticks: 99_000, executable: "/usr/sbin/runc", uid: 0)
        scene.files.links["/proc/50/ns/mnt"] = namespace
        scene.exec(
            pid: 50, parent: 1, "/usr/sbin/runc", ["runc", "create", "--bundle", "/elsewhere/b", "other"], uid: 0)
        let hidden = HiddenContainer(
            fullID: Array("other".utf8), bundle: Array("/elsewhere/b".utf8), reason: reason)
        #expect(scene.state.takeContainerChanges() == [.hidden(hidden)])
        #expect(scene.state.counters.containersHidden == 1)
    }

    @Test func `what a runtime creates is told twice, the second time with its control group, and read once`() {
        let scene = scene()
        scene.files.addProcess(50, command: "runc", ticks: 99_000, executable: "/usr/sbin/runc", uid: 0)
        let bundle = "\(Self.task)/\(Self.id)"
        scene.exec(pid: 50, parent: 1, "/usr/sbin/runc", ["runc", "create", "--bundle", bundle, Self.id], uid: 0)
        open(scene, 60, Self.group)
        let started = scene.state.takeStarted()
        #expect(started.map { text($0.cgroupPath) } == ["", Self.group])
        #expect(Set(started.map { text($0.rootPath) }) == ["\(bundle)/rootfs"])
        #expect(scene.state.current.container.map { text($0.name) } == "main")
        #expect(scene.files.reads["\(bundle)/config.json"] == 1)
    }

    private func began(_ scene: StateScene) -> [UInt64] {
        scene.state.takeContainerChanges().compactMap { if case .began(_, let time) = $0 { time } else { nil } }
    }

    /// Where audit tells the exec, its time may be too early by a tick of the kernel's clock.
    @Test(arguments: [(SourceKind.processConnector, UInt64(0)), (.audit, 10_000_000)])
    func `the first program of what a runtime creates is told of, once`(_ source: SourceKind, _ tolerance: UInt64) {
        let scene = scene()
        scene.files.addProcess(50, command: "runc", ticks: 99_000, executable: "/usr/sbin/runc", uid: 0)
        let bundle = "\(Self.task)/\(Self.id)"
        scene.exec(pid: 50, parent: 1, "/usr/sbin/runc", ["runc", "create", "--bundle", bundle, Self.id], uid: 0)
        #expect(began(scene).isEmpty)
        scene.fork(50, to: 60, source: source)
        scene.files.addProcess(
            60, parent: 50, command: "server", ticks: 99_000, cgroup: "0::\(Self.group)\n", executable: "/bin/server")
        scene.seconds += 0.5
        let time = scene.now
        scene.exec(pid: 60, parent: 50, "/bin/server", ["server"], source: source)
        #expect(began(scene) == [time + tolerance])
        scene.seconds += 1
        scene.exec(pid: 60, parent: 50, "/bin/other", ["other"], source: source)
        #expect(began(scene).isEmpty)
    }

    @Test func `a container that ran before has no first program`() {
        let scene = scene()
        open(scene, 60, Self.group)
        #expect(scene.state.takeContainerChanges().count == 1)
        scene.seconds += 1
        scene.exec(pid: 60, parent: 1, "/bin/other", ["other"])
        #expect(began(scene).isEmpty)
    }

    @Test func `what was created and never ran ends with its bundle`() {
        let scene = scene()
        scene.files.addProcess(50, command: "runc", ticks: 99_000, executable: "/usr/sbin/runc", uid: 0)
        let bundle = "\(Self.task)/\(Self.id)"
        scene.exec(pid: 50, parent: 1, "/usr/sbin/runc", ["runc", "create", "--bundle", bundle, Self.id], uid: 0)
        scene.state.tick(nowNanoseconds: scene.now)
        #expect(scene.state.takeContainerChanges().count == 1)
        scene.files.texts["\(bundle)/config.json"] = nil
        scene.state.tick(nowNanoseconds: scene.now)
        #expect(scene.state.takeContainerChanges() == [.ended(fullID: Array(Self.id.utf8))])
    }

    @Test func `each beginning has its end, also when the table is full`() {
        let scene = scene(8)
        for number in 0..<50 as Range<Int32> {
            let digits = String(number, radix: 16)
            let id = String(repeating: "0", count: 64 - digits.count) + digits
            scene.files["\(Self.task)/\(id)/config.json"] = BundleFixture.containerd
            scene.files.addDirectory("/sys/fs/cgroup/k8s.io/\(id)")
            open(scene, 100 + number, "/k8s.io/\(id)")
        }
        var alive: Set<[UInt8]> = []
        for change in scene.state.takeContainerChanges() {
            switch change {
            case .started(let container): alive.insert(container.fullID)
            case .ended(let id): #expect(alive.remove(id) != nil)
            case .began: break
            case .hidden: Issue.record("its bundle is there")
            }
        }
        #expect(alive.count == 7 || alive.count == 8)
    }

    @Test(arguments: [
        // Delegated by systemd to a user, by path.
        ("/user.slice/user-1000.slice/user@1000.service", UInt32(1000), UInt32(0o040755)),
        // Delegated to a service's user, by owner, and to everybody.
        ("/system.slice/web.service", 33, 0o040755), ("/shared", 0, 0o040777),
    ])
    func `a control group that somebody else made is no container of root's`(
        _ parent: String, _ uid: UInt32, _ mode: UInt32
    ) {
        let scene = scene()
        let forged = "\(parent)/cri-containerd-\(Self.id).scope"
        scene.files.addDirectory("/sys/fs/cgroup\(parent)", uid: uid, mode: mode)
        scene.files.addDirectory("/sys/fs/cgroup\(forged)", uid: uid)
        open(scene, 70, forged)
        #expect(scene.state.current.container?.hasMetadata != true)
        #expect(scene.state.takeContainerChanges().isEmpty)
        // The real one is not kept from its names by that, and the forged one stays out.
        open(scene, 60, Self.group)
        #expect(scene.state.current.container.map { text($0.name) } == "main")
        open(scene, 71, forged)
        #expect(scene.state.current.container == nil)
        #expect(scene.state.current.process?.isContainerUnproven == true)
        open(scene, 61, Self.group)
        #expect(scene.state.current.container.map { text($0.name) } == "main")
    }

    @Test func `a group of a container's name inside another container is not that container`() {
        let scene = scene()
        open(scene, 60, Self.group)
        let nested = "/kubepods.slice/cri-containerd-\(BundleFixture.sandbox).scope/cri-containerd-\(Self.id).scope"
        scene.files.addDirectory("/sys/fs/cgroup\(nested)")
        open(scene, 70, nested)
        #expect(scene.state.current.container == nil)
    }

    @Test func `a group that is gone before it could be looked at proves nothing`() {
        let scene = scene()
        open(scene, 70, "/gone/cri-containerd-\(Self.id).scope")
        #expect(scene.state.current.container == nil)
    }
}

@Suite struct GivingBackTests {
    @Test func `a container that ended is forgotten when its processes are`() {
        let scene = StateScene()
        let group = "/kubepods.slice/cri-containerd-\(BundleFixture.id).scope"
        scene.files.addDirectory("/sys/fs/cgroup/cgroup.controllers")
        scene.files.addDirectory("/sys/fs/cgroup\(group)")
        scene.files["/run/containerd/io.containerd.runtime.v2.task/k8s.io/\(BundleFixture.id)/config.json"] =
            BundleFixture.containerd
        scene.files.addProcess(60, command: "sh", ticks: 99_000, cgroup: "0::\(group)\n")
        scene.apply("openat", pid: 60)
        let known = scene.state.counters.containers
        scene.files.statuses["/sys/fs/cgroup\(group)"] = nil
        scene.state.tick(nowNanoseconds: scene.now)
        scene.seconds += 50
        scene.state.tick(nowNanoseconds: scene.now)
        #expect(scene.state.counters.containers == known)
        scene.seconds += 15
        scene.state.tick(nowNanoseconds: scene.now)
        #expect(scene.state.counters.containers == known - 1)
        // It may come back.
        scene.files.addDirectory("/sys/fs/cgroup\(group)")
        scene.files.addProcess(61, command: "sh", ticks: 106_000, cgroup: "0::\(group)\n")
        scene.apply("openat", pid: 61)
        #expect(scene.state.current.container.map { text($0.name) } == "main")
    }

    @Test func `after a busy time no memory is kept for as many processes, and it serves the next`() {
        let scene = StateScene()
        for pid in 100..<3100 as Range<Int32> {
            scene.exec(pid: pid, parent: 1, "/usr/bin/id", ["id"])
            scene.apply("openat", pid: pid) { event in
                event.result = 3
                event.setRegisters(0xffff_ff9c, 0, 0)
                event.add(path: "/etc/file-\(pid)")
            }
            scene.exit(pid)
        }
        let table = scene.state.processes
        #expect(table.count > 3000)
        scene.seconds += 40
        for _ in 0..<100 {
            scene.seconds += 0.1
            scene.state.tick(nowNanoseconds: scene.now)
        }
        #expect(table.count < 10)
        #expect(scene.state.counters.descriptors == 0)
        #expect(table.records.count < 10)
        for pid in 5000..<8000 as Range<Int32> { scene.exec(pid: pid, parent: 1, "/usr/bin/id", ["id", "\(pid)"]) }
        #expect(scene.process(7999).map { text($0.arguments) } == "7999\0")
        #expect(scene.process(5001).map { text($0.arguments) } == "5001\0")
        scene.apply("openat", pid: 7999) { event in
            event.result = 3
            event.setRegisters(0xffff_ff9c, 0, 0)
            event.add(path: "/etc/late")
        }
        #expect(scene.descriptorName == "/etc/late")
    }

    @Test func `a record does not keep the memory of a long command line for the next process`() throws {
        let scene = StateScene { $0.exitedGraceNanoseconds = 0 }
        let long = String(repeating: "x", count: 3000)
        scene.exec(pid: 60, parent: 1, "/usr/bin/cc", ["cc", long])
        scene.exec(pid: 60, parent: 1, "/usr/bin/ld", ["ld", long])
        let record = try #require(scene.process(60))
        #expect(record.storedArguments.capacity > 3000 && record.previousProgram.arguments.capacity > 3000)
        scene.exit(60)
        scene.seconds += 1
        scene.state.tick(nowNanoseconds: scene.now)
        scene.exec(pid: 61, parent: 1, "/usr/bin/id", ["id"])
        #expect(scene.process(61) === record)
        #expect(record.storedArguments.capacity <= 1024 && record.previousProgram.arguments.capacity <= 1024)
    }
}
