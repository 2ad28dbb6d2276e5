import EventModel
import TestNode
import Testing

@testable import NodeState

/// Sources of processes alone (connector, scan, fanotify) tell no calls: what those change is asked for again while the process lives.
@Suite struct UntoldChangeTests {
    private func scene() -> StateScene {
        let scene = StateScene()
        scene.files.addProcess(40, parent: 1, command: "sh", ticks: 100, directory: "/old")
        scene.files.addProcess(50, parent: 40, command: "sh", ticks: 200, directory: "/srv")
        scene.apply("execve", pid: 40, source: .processConnector)
        scene.apply("execve", pid: 50, source: .processConnector)
        return scene
    }

    private func open(_ scene: StateScene, _ pid: Int32, source: SourceKind = .fanotify) {
        scene.apply("openat", pid: pid, source: source)
    }

    private func directory(_ scene: StateScene, _ pid: Int32) -> String? {
        scene.process(pid).map { text($0.currentDirectory) }
    }

    @Test func `a process that went elsewhere is there at its next event, and stays where it was when it is gone`() {
        let scene = scene()
        #expect(directory(scene, 50) == "/srv/")
        scene.files.links["/proc/50/cwd"] = "/tmp"
        #expect(directory(scene, 50) == "/srv/")
        open(scene, 50)
        #expect(directory(scene, 50) == "/tmp/")
        scene.files.removeProcess(50)
        open(scene, 50)
        #expect(directory(scene, 50) == "/tmp/")
        scene.exit(50, source: .processConnector)
        open(scene, 50)
        #expect(directory(scene, 50) == "/tmp/")
    }

    @Test func `a child that was never read is where its parent is, not where that was`() {
        let scene = scene()
        #expect(directory(scene, 50) == "/srv/")
        scene.files.links["/proc/50/cwd"] = "/etc"
        scene.fork(50, to: 60, source: .processConnector)
        open(scene, 60)
        #expect(directory(scene, 60) == "/etc/")
        // It lives, and has gone on.
        scene.fork(50, to: 61, source: .processConnector)
        scene.files.addProcess(61, parent: 50, command: "sh", ticks: 100_000, directory: "/var")
        open(scene, 61)
        #expect(directory(scene, 61) == "/var/")
    }

    @Test(arguments: [true, false])
    func `of a parent that is gone, too, the last word counts, and of no other ancestor`(_ wasRead: Bool) {
        let scene = scene()
        #expect(directory(scene, 40) == "/old/")
        if wasRead { #expect(directory(scene, 50) == "/srv/") }
        scene.fork(50, to: 60, source: .processConnector)
        scene.files.removeProcess(50)
        scene.exit(50, source: .processConnector)
        open(scene, 60)
        #expect(directory(scene, 60) == (wasRead ? "/srv/" : ""))
    }

    @Test func `capabilities and limits are those of the event`() {
        let scene = scene()
        let limits = { (number: Int) in
            "Max open files            \(number)                 4096                 files\n"
        }
        scene.files["/proc/50/limits"] = limits(1024)
        #expect(scene.process(50)?.capabilities.effective == 3 && scene.process(50)?.descriptorLimit == 1024)
        scene.files["/proc/50/limits"] = limits(7)
        scene.files["/proc/50/status"] = scene.files["/proc/50/status"].replacing(
            "CapEff:\t0000000000000003", with: "CapEff:\t0000000000000000")
        open(scene, 50)
        #expect(scene.process(50)?.capabilities.effective == 0 && scene.process(50)?.descriptorLimit == 7)
        scene.files.removeProcess(50)
        open(scene, 50)
        #expect(scene.process(50)?.capabilities.effective == 0 && scene.process(50)?.descriptorLimit == 7)
        #expect(scene.process(50)?.credentials.uid == 1000)
    }

    @Test func `what another process has under the number is not taken for its own`() {
        let scene = scene()
        #expect(directory(scene, 50) == "/srv/")
        open(scene, 50)
        scene.files.addProcess(50, parent: 1, command: "other", ticks: 99_000, directory: "/other")
        #expect(directory(scene, 50) != "/other/")
    }

    @Test(arguments: [SourceKind.audit, .auditLog, .ebpf])
    func `where calls are told, nothing is asked again`(_ kind: SourceKind) {
        let scene = scene()
        open(scene, 50, source: kind)
        #expect(directory(scene, 50) == "/srv/")
        let before = scene.files.reads["/proc/50/cwd"]
        scene.files.links["/proc/50/cwd"] = "/tmp"
        for _ in 0..<3 { open(scene, 50) }
        #expect(directory(scene, 50) == "/srv/")
        #expect(scene.files.reads["/proc/50/cwd"] == before)
    }
}
