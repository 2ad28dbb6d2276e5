import EventModel
import TestNode
import Testing

@testable import NodeState

@Suite struct ContainerTests {
    private static let id = BundleFixture.id
    private static let task = "/run/containerd/io.containerd.runtime.v2.task/k8s.io"
    private static let storage = "/run/containers/storage/overlay-containers"

    private func container(_ cgroup: String, _ files: [String: String]) throws -> (StateScene, ContainerRecord) {
        let scene = StateScene()
        for (path, content) in files { scene.files[path] = content }
        scene.files.addProcess(60, command: "sh", ticks: 99_000, cgroup: cgroup + "\n")
        scene.exec(pid: 60, parent: 1, "/bin/sh", ["sh"])
        return (scene, try #require(scene.state.current.container))
    }

    @Test func `containerd: names, image, pod and mounts on the first event`() throws {
        let (scene, container) = try container(
            "0::/kubepods/besteffort/podx/\(Self.id)",
            [
                "\(Self.task)/\(Self.id)/config.json": BundleFixture.containerd,
                "\(Self.task)/\(BundleFixture.sandbox)/config.json": BundleFixture.containerdSandbox,
            ])
        #expect(container.hasMetadata && container.engine == .containerd)
        #expect(text(container.id) == String(Self.id.prefix(12)) && text(container.fullID) == Self.id)
        #expect(text(container.name) == "main")
        #expect(text(container.image) == "registry.example:5000/team/busybox:1.35")
        #expect(text(container.imageRepository) == "registry.example:5000/team/busybox")
        #expect(text(container.imageTag) == "1.35")
        #expect(text(container.podName) == "web" && text(container.podNamespace) == "shop")
        #expect(text(container.podUID) == "ab044dcf-7587" && text(container.podSandboxID) == BundleFixture.sandbox)
        #expect(!container.isPrivileged && !container.isSandbox)
        // The sandbox has no network namespace of its own: the pod is on the host's.
        #expect(container.usesHostNetwork && !container.usesHostPID && !container.usesHostIPC)
        #expect(text(container.rootPath) == "\(Self.task)/\(Self.id)/rootfs")
        #expect(text(container.user) == "1000")
        #expect(container.mounts.count == 2)
        #expect(text(container.mounts[1].source) == "/tmp" && text(container.mounts[1].destination) == "/host")
        #expect(!container.mounts[1].isWritable && text(container.mounts[1].propagation) == "rprivate")
        #expect(scene.state.sandbox(of: container)?.isSandbox == true)
        let started = scene.state.takeStarted()
        #expect(
            started.contains { text($0.fullID) == Self.id && text($0.rootPath).hasSuffix("/rootfs") && $0.pid == 60 })
        #expect(scene.state.takeContainerChanges().isEmpty)
    }

    @Test func `a privileged bundle is known by what it allows`() throws {
        let (_, container) = try container(
            "0::/k8s.io/\(Self.id)", ["\(Self.task)/\(Self.id)/config.json": BundleFixture.privileged])
        #expect(container.isPrivileged && container.usesHostPID && container.usesHostIPC)
        #expect(text(container.rootPath) == "/run/k/rootfs")
    }

    @Test func `CRI-O`() throws {
        let (_, container) = try container(
            "0::/kubepods.slice/crio-\(Self.id).scope",
            ["\(Self.storage)/\(Self.id)/userdata/config.json": BundleFixture.crio])
        #expect(container.engine == .crio && text(container.name) == "app")
        #expect(text(container.imageRepository) == "quay.io/team/app" && text(container.imageTag) == "v2")
        #expect(text(container.imageDigest) == "sha256:cafe")
        #expect(text(container.podName) == "front-1" && text(container.podNamespace) == "shop")
        #expect(text(container.podUID) == "u-1" && text(container.address) == "10.244.0.9")
        #expect(container.isPrivileged)
        #expect(container.labels.contains { text($0.key) == "app" && text($0.value) == "front" })
    }

    @Test func `Podman`() throws {
        let root = "/var/lib/containers/storage/overlay-containers"
        let (_, container) = try container(
            "0::/machine.slice/libpod-\(Self.id).scope/container",
            [
                "\(root)/\(Self.id)/userdata/config.json": BundleFixture.podman,
                "\(root)/containers.json": BundleFixture.podmanStorage,
            ])
        #expect(container.engine == .podman && text(container.name) == "quirky_name")
        #expect(text(container.image) == "docker.io/library/alpine:3.19" && text(container.imageID) == "1234abcd")
        #expect(!container.isPrivileged && !container.usesHostNetwork)
    }

    @Test func `Docker`() throws {
        let (_, container) = try container(
            "0::/system.slice/docker-\(Self.id).scope",
            [
                "/var/lib/docker/containers/\(Self.id)/config.v2.json": BundleFixture.docker,
                "/var/lib/docker/containers/\(Self.id)/hostconfig.json": BundleFixture.dockerHost,
                "/run/containerd/io.containerd.runtime.v2.task/moby/\(Self.id)/config.json": BundleFixture.privileged,
            ])
        #expect(container.engine == .docker && text(container.name) == "web-1")
        #expect(text(container.image) == "nginx:1.25" && text(container.imageID) == "beef")
        #expect(container.isPrivileged && container.usesHostPID && !container.usesHostNetwork)
        #expect(text(container.address) == "172.17.0.2" && text(container.user) == "www")
        #expect(text(container.mounts.first?.destination ?? []) == "/data")
        #expect(text(container.rootPath) == "/run/k/rootfs")
        #expect(container.labels.map { text($0.value) } == ["web"])
    }

    @Test func `a bundle in an unusual place is found through the shim`() throws {
        let scene = StateScene()
        let root = "/opt/state/io.containerd.runtime.v2.task/k8s.io"
        scene.files["\(root)/\(Self.id)/config.json"] = BundleFixture.containerd
        scene.files.addProcess(
            50, command: "containerd-shim",
            arguments: ["/usr/bin/containerd-shim-runc-v2", "-namespace", "k8s.io", "-id", BundleFixture.sandbox],
            directory: "\(root)/\(BundleFixture.sandbox)", uid: 0)
        scene.files.addProcess(60, parent: 50, command: "runc:[2:INIT]", cgroup: "0::/k8s.io/\(Self.id)\n")
        scene.apply("openat", pid: 60)
        #expect(scene.state.current.container.map { text($0.name) } == "main")
        // The root is remembered for processes that have no such ancestor.
        let second = String(repeating: "c", count: 64)
        scene.files["\(root)/\(second)/config.json"] = BundleFixture.podman
        scene.files.addProcess(70, command: "x", cgroup: "0::/k8s.io/\(second)\n")
        scene.apply("openat", pid: 70)
        #expect(scene.state.current.container?.hasMetadata == true)
    }

    @Test func `a runtime that creates a container tells its root before any process is in it`() {
        let scene = StateScene()
        scene.files["/b/1/config.json"] = BundleFixture.containerd
        scene.files.addProcess(50, command: "runc", ticks: 99_000)
        scene.exec(
            pid: 50, parent: 1, "/usr/sbin/runc",
            [
                "runc", "--root", "/run/runc", "--log-format", "json", "create", "--bundle", "/b/1", "--pid-file",
                "/b/1/pid", Self.id,
            ], uid: 0)
        let started = scene.state.takeStarted()
        #expect(started.count == 1)
        #expect(started.first.map { text($0.rootPath) } == "/b/1/rootfs")
        #expect(started.first.map { text($0.fullID) } == Self.id)
    }

    @Test func `a runtime's child is in the container as soon as the kernel says so`() {
        let scene = StateScene()
        scene.files["\(Self.task)/\(Self.id)/config.json"] = BundleFixture.containerd
        scene.files.addProcess(60, command: "runc:[1:CHILD]")
        scene.apply("openat", pid: 60)
        #expect(scene.state.current.container == nil)
        scene.files["/proc/60/cgroup"] = "0::/k8s.io/\(Self.id)\n"
        scene.seconds += 0.001
        scene.apply("openat", pid: 60)
        #expect(scene.state.current.container.map { text($0.name) } == "main")
    }

    @Test func `a program that is called a runtime costs one look at its control groups a millisecond`() {
        let scene = StateScene()
        scene.files.addProcess(60, command: "runc:[1:CHILD]", cgroup: "0::/user.slice\n")
        scene.apply("openat", pid: 60)
        let before = scene.files.reads["/proc/60/cgroup", default: 0]
        for _ in 0..<100 {
            scene.seconds += 0.00005
            scene.apply("openat", pid: 60)
        }
        #expect((4...5).contains(scene.files.reads["/proc/60/cgroup", default: 0] - before))
    }

    @Test func `metadata that comes late is found, and looked for less and less`() {
        let scene = StateScene()
        scene.files.addProcess(60, command: "sh", cgroup: "0::/k8s.io/\(Self.id)\n")
        scene.apply("openat", pid: 60)
        #expect(scene.state.current.container?.hasMetadata == false)
        for _ in 0..<100 { scene.apply("openat", pid: 60) }
        #expect(scene.state.counters.containerMetadataMisses == 1)
        scene.files["\(Self.task)/\(Self.id)/config.json"] = BundleFixture.containerd
        scene.seconds += 1
        scene.apply("openat", pid: 60)
        #expect(scene.state.current.container.map { text($0.name) } == "main")
    }

    @Test func `a broken bundle is counted, the id stays`() throws {
        let (scene, container) = try container(
            "0::/k8s.io/\(Self.id)", ["\(Self.task)/\(Self.id)/config.json": "{\"root\": "])
        #expect(!container.hasMetadata && text(container.fullID) == Self.id)
        #expect(scene.state.counters.malformedContainerFiles > 0)
    }

    @Test func `the table of containers is bounded`() {
        let scene = StateScene { $0.containerLimit = 8 }
        for number in 0..<50 as Range<Int32> {
            let digits = String(number, radix: 16)
            let id = String(repeating: "0", count: 64 - digits.count) + digits
            scene.files.addProcess(100 + number, command: "x", cgroup: "0::/docker/\(id)\n")
            scene.apply("openat", pid: 100 + number)
        }
        #expect(scene.state.counters.containers == 8)
        #expect(scene.state.counters.containersEvicted == 42)
    }

    @Test(arguments: [
        ("nginx", "nginx", "latest", ""), ("a.io:5000/x/y", "a.io:5000/x/y", "latest", ""),
        ("a.io:5000/x/y:v1@sha256:ab", "a.io:5000/x/y", "v1", "sha256:ab"), ("x@sha256:ab", "x", "", "sha256:ab"),
    ])
    func `image names`(_ name: String, _ repository: String, _ tag: String, _ digest: String) {
        let reference = ImageReference(Array(name.utf8)[...])
        #expect(
            text(reference.repository) == repository && text(reference.tag) == tag && text(reference.digest) == digest)
    }
}

@Suite struct ContainerMembershipTests {
    @Test func `a process that ends right after its exec stays in its container`() {
        let scene = StateScene()
        scene.files.addProcess(50, command: "containerd-shim")
        scene.files.addProcess(60, parent: 50, command: "runc:[2:INIT]", cgroup: "0::/k8s.io/\(BundleFixture.id)\n")
        scene.apply("openat", pid: 60)
        #expect(scene.state.current.container != nil)
        scene.files.removeProcess(60)
        scene.exec(pid: 60, parent: 50, "/bin/true", ["true"])
        #expect(scene.state.current.container.map { text($0.fullID) } == BundleFixture.id)
    }

    @Test(arguments: [true, false])
    func `what a runtime's exec starts is in the container, also when it ended before anybody looked`(
        _ isInitSeen: Bool
    ) {
        let scene = StateScene()
        scene.files.addProcess(50, command: "runc", ticks: 99_000)
        scene.exec(
            pid: 50, parent: 1, "/usr/sbin/runc",
            ["runc", "--root", "/run/runc", "exec", "--process", "/p", "--detach", BundleFixture.id], uid: 0)
        if isInitSeen {
            // No fork told of it: an open of its own did.
            scene.files.addProcess(
                60, parent: 50, command: "runc:[2:INIT]", arguments: ["runc", "init"], ticks: 99_500)
            scene.apply("openat", pid: 60)
            scene.files.removeProcess(60)
        }
        scene.exec(pid: 60, parent: 50, "/bin/sh", ["sh", "-c", "nc"])
        #expect(scene.state.current.container.map { text($0.fullID) } == BundleFixture.id)
        scene.exec(pid: 61, parent: 60, "/bin/nc", ["nc"])
        #expect(scene.state.current.container.map { text($0.fullID) } == BundleFixture.id)
    }

    @Test func `the connector's word of an exec, quicker than audit's, does not hide the container`() {
        let scene = StateScene()
        scene.files.addProcess(50, command: "runc", ticks: 99_000)
        scene.exec(
            pid: 50, parent: 1, "/usr/sbin/runc", ["runc", "exec", "--process", "/p", BundleFixture.id], uid: 0)
        scene.fork(50, to: 58, source: .processConnector)
        scene.fork(58, to: 60, source: .processConnector)
        scene.apply("execve", pid: 60, source: .processConnector)
        scene.exec(pid: 58, parent: 50, "/usr/sbin/runc", ["runc", "init"])
        #expect(scene.state.current.container == nil)
        scene.exec(pid: 60, parent: 50, "/bin/sh", ["sh"])
        #expect(scene.state.current.container.map { text($0.fullID) } == BundleFixture.id)
    }

    @Test func `when all is over before audit tells of it, what ran in the container is known to have`() {
        let scene = StateScene()
        scene.files.addProcess(40, command: "shim")
        scene.apply("openat", pid: 40)
        scene.fork(40, to: 50, source: .processConnector)
        scene.apply("execve", pid: 50, source: .processConnector)
        scene.fork(50, to: 60, source: .processConnector)
        scene.apply("execve", pid: 60, source: .processConnector)
        scene.fork(60, to: 70, source: .processConnector)
        scene.apply("execve", pid: 70, source: .processConnector)
        scene.exec(
            pid: 50, parent: 40, "/usr/sbin/runc", ["runc", "exec", "--process", "/p", BundleFixture.id], uid: 0)
        #expect(scene.state.current.container == nil)
        scene.exec(pid: 60, parent: 50, "/bin/sh", ["sh"])
        #expect(scene.state.current.container.map { text($0.fullID) } == BundleFixture.id)
        scene.exec(pid: 70, parent: 60, "/bin/nc", ["nc"])
        #expect(scene.state.current.container.map { text($0.fullID) } == BundleFixture.id)
    }

    /// On audit, whose records come when /proc has the container's whole life behind it: what a record of the runtime's own last
    /// part says is believed of its child. A hook is the runtime's child, too, and the host's.
    @Test(arguments: [true, false])
    func `a container that was over before anybody looked is known by what its runtime did in it`(_ isInit: Bool) {
        let scene = StateScene()
        scene.files.addProcess(50, command: "runc", ticks: 99_000)
        scene.exec(
            pid: 50, parent: 1, "/usr/sbin/runc", ["runc", "run", "--bundle", "/b", BundleFixture.id], uid: 0)
        scene.fork(50, to: 60, source: .processConnector)
        scene.fork(60, to: 61, source: .processConnector)
        scene.exit(61, source: .processConnector)
        scene.exit(60, source: .processConnector)
        scene.apply("mknodat", pid: 60) { event in
            event.process.command = event.store(Array((isInit ? "runc:[2:INIT]" : "hook").utf8))
            event.add(path: "/dev/null")
        }
        scene.exec(pid: 60, parent: 50, "/bin/sh", ["sh", "/attack"])
        let id = scene.state.current.container.map { text($0.fullID) }
        #expect(id == (isInit ? BundleFixture.id : nil))
        scene.apply("mknodat", pid: 61) { $0.add(path: "/tmp/disk") }
        #expect(scene.state.current.container.map { text($0.fullID) } == id)
        #expect(scene.process(61)?.isContainerUnproven == (isInit ? false : true))
    }

    @Test func `what a process was called is not laid to the next one whose record is the same memory`() {
        let scene = StateScene()
        scene.files.addProcess(50, command: "runc", ticks: 99_000)
        scene.exec(
            pid: 50, parent: 1, "/usr/sbin/runc", ["runc", "run", "--bundle", "/b", BundleFixture.id], uid: 0)
        scene.fork(50, to: 60, source: .processConnector)
        scene.exit(60, source: .processConnector)
        scene.apply("mknodat", pid: 60) { event in
            event.process.command = event.store(Array("runc:[2:INIT]".utf8))
            event.add(path: "/dev/null")
        }
        let slot = scene.process(60)?.slot
        scene.seconds += 300
        for _ in 0..<4 { scene.state.tick(nowNanoseconds: scene.now) }
        // A hook, on the host.
        scene.fork(50, to: 70, source: .processConnector)
        scene.exit(70, source: .processConnector)
        scene.exec(pid: 70, parent: 50, "/usr/bin/hook", ["hook"])
        #expect(scene.process(70)?.slot == slot)
        #expect(scene.state.current.container == nil)
    }

    @Test func `a process that is ending stays in its container, although version 1 control groups say root`() {
        let scene = StateScene()
        scene.files.addProcess(50, command: "sh", cgroup: "2:cpu:/k8s.io/\(BundleFixture.id)\n0::/\n")
        scene.apply("openat", pid: 50)
        scene.fork(50, to: 60)
        scene.files.addProcess(60, parent: 50, command: "nc", ticks: 99_999, cgroup: "2:cpu:/\n0::/\n", isExiting: true)
        scene.exec(pid: 60, parent: 50, "/bin/nc", ["nc"])
        #expect(scene.state.current.container.map { text($0.fullID) } == BundleFixture.id)
        // No event told of this one before.
        scene.files.addProcess(61, parent: 50, command: "nc", ticks: 99_999, cgroup: "2:cpu:/\n0::/\n", isExiting: true)
        scene.exec(pid: 61, parent: 50, "/bin/nc", ["nc"])
        #expect(scene.state.current.container.map { text($0.fullID) } == BundleFixture.id)
    }

    @Test func `what the current event needs survives a full table`() {
        let scene = StateScene { $0.processLimit = 8 }
        for pid in 100..<140 as Range<Int32> { scene.files.addProcess(pid, parent: pid + 1, command: "p\(pid)") }
        for pid in 100..<130 as Range<Int32> {
            scene.apply("chmod", pid: pid)
            #expect(scene.state.current.process.map { text($0.command) } == "p\(pid)")
            #expect(scene.ancestry(pid).prefix(3) == ["p\(pid)", "p\(pid + 1)", "p\(pid + 2)"])
        }
    }
}
