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
