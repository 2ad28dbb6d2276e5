import EventModel
import TestNode
import Testing

@testable import NodeState

/// Control groups by the numbers that events tell.
@Suite struct ControlGroupTests {
    private static let id = BundleFixture.id
    private static let group = "/kubepods.slice/cri-containerd-\(id).scope"

    /// A host with one hierarchy, and a process of a container and one of the host in it.
    private func scene(isSeen: Bool = true) -> StateScene {
        let scene = StateScene()
        if isSeen {
            scene.files.addDirectory("/sys/fs/cgroup/cgroup.controllers")
            for group in [Self.group, "/user.slice"] { scene.files.addDirectory("/sys/fs/cgroup\(group)") }
        }
        scene.files.addProcess(60, command: "sh", ticks: 99_000, cgroup: "0::\(Self.group)\n")
        scene.files.addProcess(61, command: "sh", ticks: 99_000, cgroup: "0::/user.slice\n")
        return scene
    }

    private func number(_ scene: StateScene, _ group: String) -> UInt64 {
        scene.files.statuses["/sys/fs/cgroup\(group)"]?.inode ?? 4711
    }

    private func open(_ scene: StateScene, _ pid: Int32, in group: String) {
        scene.apply("openat", pid: pid, source: .ebpf) { event in
            event.process.command = event.store(Array("sh".utf8))
            event.process.controlGroupID = number(scene, group)
            event.process.known.insert(.controlGroup)
        }
    }

    private func cgroups(_ scene: StateScene, _ pid: Int32) -> String? { scene.process(pid).map { text($0.cgroups) } }

    @Test func `a process that is gone before it is read is in the container that its event tells`() {
        let scene = scene()
        open(scene, 60, in: Self.group)
        #expect(scene.state.current.container.map { text($0.fullID) } == Self.id)
        // It was never in /proc.
        open(scene, 99, in: Self.group)
        #expect(scene.state.current.container.map { text($0.fullID) } == Self.id)
        #expect(cgroups(scene, 99) == "0::\(Self.group)\n")
        // Where nobody was seen before, nothing is known.
        open(scene, 98, in: "/user.slice")
        #expect(scene.state.current.container == nil)
        #expect(cgroups(scene, 98) == "")
    }

    @Test func `an exec reads no control groups where the event tells one that is known`() {
        let scene = scene()
        open(scene, 60, in: Self.group)
        let before = scene.files.reads["/proc/60/cgroup"] ?? 0
        scene.apply("execve", pid: 60, source: .ebpf) { event in
            event.process.command = event.store(Array("ls".utf8))
            event.process.controlGroupID = number(scene, Self.group)
            event.process.known.insert(.controlGroup)
        }
        #expect(scene.files.reads["/proc/60/cgroup"] ?? 0 == before)
        // Audit doesn't tell.
        scene.exec(pid: 60, "/bin/ls", ["ls"])
        #expect(scene.files.reads["/proc/60/cgroup"] ?? 0 > before)
    }

    @Test func `a process that was moved is where its event tells`() {
        let scene = scene()
        open(scene, 60, in: Self.group)
        open(scene, 61, in: "/user.slice")
        #expect(scene.state.current.container == nil)
        open(scene, 61, in: Self.group)
        #expect(scene.state.current.container != nil)
        open(scene, 61, in: "/user.slice")
        #expect(scene.state.current.container == nil)
        #expect(cgroups(scene, 61) == "0::/user.slice\n")
    }

    @Test func `what is read after a process was moved is not taken for the group that the event tells`() {
        let scene = scene()
        // The event is of the host's group, /proc has the container's by now.
        open(scene, 60, in: "/user.slice")
        open(scene, 61, in: "/user.slice")
        #expect(scene.state.current.container == nil)
        #expect(cgroups(scene, 61) == "0::/user.slice\n")
        open(scene, 60, in: Self.group)
        #expect(scene.state.current.container != nil)
    }

    @Test(arguments: [true, false])
    func `a child is in the group that the fork tells, its parent where it was`(_ isMade: Bool) {
        let scene = scene()
        open(scene, 60, in: Self.group)
        open(scene, 61, in: "/user.slice")
        if isMade { scene.files.addProcess(62, parent: 61, command: "sh", ticks: 100_000, cgroup: "0::/new\n") }
        scene.files.addDirectory("/sys/fs/cgroup/new")
        for (child, group) in [(Int32(70), Self.group), (71, "/user.slice"), (62, "/new")] {
            scene.apply("clone", pid: 61, source: .ebpf) { event in
                event.childPID = child
                event.childControlGroupID = number(scene, group)
            }
        }
        #expect(scene.process(61)?.container == nil)
        #expect(scene.process(70)?.container != nil)
        #expect(cgroups(scene, 71) == "0::/user.slice\n")
        #expect(cgroups(scene, 62) == (isMade ? "0::/new\n" : "0::/user.slice\n"))
    }

    @Test(arguments: ["0::/user.slice\n1:name=systemd:/user.slice\n", "12:cpu:/user.slice\n", "0::/user.slice", ""])
    func `where groups of several hierarchies count, /proc is read as ever`(_ text: String) {
        let scene = scene()
        scene.files["/proc/61/cgroup"] = text
        open(scene, 61, in: "/user.slice")
        let before = scene.files.reads["/proc/61/cgroup"] ?? 0
        for _ in 0..<10 { open(scene, 61, in: "/user.slice") }
        #expect(scene.files.reads["/proc/61/cgroup"] ?? 0 == before)
        open(scene, 99, in: "/user.slice")
        #expect(cgroups(scene, 99) == "")
    }

    @Test func `where groups can't be seen, a number tells nothing`() {
        let scene = scene(isSeen: false)
        open(scene, 60, in: Self.group)
        open(scene, 99, in: Self.group)
        #expect(scene.state.current.container == nil)
    }
}
