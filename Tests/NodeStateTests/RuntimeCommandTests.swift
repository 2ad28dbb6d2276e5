import TestNode
import Testing

@testable import NodeState

@Suite struct RuntimeCommandTests {
    @Test(arguments: [
        (
            [
                "--root", "/run/runc", "--log-format", "json", "--systemd-cgroup", "create", "--bundle", "/b",
                "--pid-file", "/p", "abc",
            ],
            "/b", "abc", "", true
        ),
        (["run", "-b=/b", "abc"], "/b", "abc", "", true), (["--bundle=/x", "create", "id"], "/x", "id", "", true),
        (["create", "abc"], "", "abc", "", true), (["exec", "--tty", "abc", "create"], "", "abc", "", false),
        (["-namespace", "k8s.io", "-id", "abc", "-address", "/sock"], "", "abc", "k8s.io", false),
        (["-namespace", "moby", "-id", "abc", "-bundle", "/b/moby/abc", "start"], "/b/moby/abc", "abc", "moby", false),
        (["state", "abc"], "", "", "", false), (["create", "--bundle"], "", "", "", true), ([], "", "", "", false),
    ])
    func `what a runtime's command line tells`(
        _ words: [String], _ bundle: String, _ id: String, _ namespace: String, _ creates: Bool
    ) {
        let command = RuntimeCommand(words.flatMap { Array($0.utf8) + [0] })
        #expect(text(command.bundle) == bundle && text(command.id) == id && text(command.namespace) == namespace)
        #expect(command.createsContainer == creates)
    }

    @Test(arguments: [
        ("runc", true), ("runc:[2:INIT]", true), ("crun", true), ("youki", true), ("rununc", false), ("cat", false),
        ("", false),
    ])
    func `which commands are runtimes`(_ name: String, _ isRuntime: Bool) {
        #expect(RuntimeCommand.isRuntime(command: Array(name.utf8)) == isRuntime)
    }
}

@Suite struct RuntimeTrustTests {
    @Test(arguments: [
        ("/usr/sbin/runc", RuntimeRole.runtime), ("/usr/bin/crun", .runtime), ("/usr/bin/docker-runc", .runtime),
        ("/usr/bin/containerd-shim-runc-v2", .shim), ("/usr/bin/conmon", .shim), ("/usr/bin/cat", .none),
        ("/usr/bin/rununc", .none), ("/runc/sh", .none), ("", .none),
    ])
    func `what a program of a name would be`(_ path: String, _ role: RuntimeRole) {
        #expect(RuntimeTrust.role(executable: Array(path.utf8)) == role)
    }

    /// What a runtime that may be somebody's is run as.
    struct Case: Sendable {
        var why: String
        var path = "/usr/sbin/runc"
        var bundle = "/run/b/1"
        var uid: UInt32 = 0
        var cgroup = "0::/\n"
        var namespaceIDs: [Int32]?
    }

    @Test(arguments: [
        Case(why: "a user", uid: 65534), Case(why: "a program that a user may replace", path: "/tmp/w/runc"),
        Case(why: "a bundle that a user may write", bundle: "/home/x/b"),
        Case(why: "root in a container", cgroup: "0::/k8s.io/\(BundleFixture.sandbox)\n"),
        Case(why: "root in a pid namespace", namespaceIDs: [50, 1]),
        Case(why: "a name that is none", path: "/usr/bin/su"),
    ])
    func `nobody else's runtime is believed`(_ run: Case) {
        let scene = StateScene()
        scene.files["\(run.bundle)/config.json"] = BundleFixture.containerd
        scene.files.addProcess(
            50, command: "runc", ticks: 99_000, cgroup: run.cgroup, namespaceIDs: run.namespaceIDs,
            executable: run.path,
            uid: run.uid)
        scene.exec(
            pid: 50, parent: 1, run.path, ["runc", "create", "--bundle", run.bundle, BundleFixture.id], command: "runc",
            uid: run.uid)
        let changes = scene.state.takeContainerChanges()
        // At most it is told that the bundle is not believed.
        let isBelieved = changes.contains { if case .hidden = $0 { false } else { true } }
        #expect(!isBelieved, "\(run.why)")
        guard run.bundle != "/home/x/b" else { return }
        scene.exec(pid: 50, parent: 1, run.path, ["runc", "exec", BundleFixture.id], command: "runc", uid: run.uid)
        let inside = scene.process(50)?.container
        scene.exec(pid: 60, parent: 50, "/usr/bin/tool", ["tool"])
        #expect(scene.state.current.container.map { text($0.fullID) } == inside.map { text($0.fullID) }, "\(run.why)")
    }

    @Test func `root's is`() {
        let scene = StateScene()
        scene.files["/run/b/1/config.json"] = BundleFixture.containerd
        scene.files.addProcess(50, command: "runc", ticks: 99_000, executable: "/usr/sbin/runc", uid: 0)
        scene.exec(
            pid: 50, parent: 1, "/usr/sbin/runc", ["runc", "create", "--bundle", "/run/b/1", BundleFixture.id], uid: 0)
        #expect(scene.state.takeStarted().map { text($0.rootPath) } == ["/run/b/1/rootfs"])
        scene.exec(pid: 50, parent: 1, "/usr/sbin/runc", ["runc", "exec", BundleFixture.id], uid: 0)
        scene.exec(pid: 60, parent: 50, "/usr/bin/tool", ["tool"])
        #expect(scene.state.current.container.map { text($0.fullID) } == BundleFixture.id)
    }
}
