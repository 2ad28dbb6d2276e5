import EventModel
import TestNode
import Testing

/// `target.`: whom a call acts upon.
@Suite struct TargetFieldTests {
    /// A machine on which a process of root's and one of a user's have threads beside their first: 501 and 701.
    private static func scene() -> FieldScene {
        let scene = FieldScene()
        for (thread, process) in [(501, 500), (701, 700)] {
            scene.files["/proc/\(thread)/status"] = "Name:\tx\nTgid:\t\(process)\nPid:\t\(thread)\n"
        }
        for pid: Int32 in [500, 700, 800] { scene.apply("getuid", pid: pid) }
        return scene
    }

    private static func register(_ number: Int) -> UInt64 { UInt64(bitPattern: Int64(number)) }

    @Test(
        arguments: [
            ("kill", [500, 9], "500"), ("kill", [501, 9], "500"), ("kill", [4242, 9], nil), ("kill", [-1, 9], nil),
            ("kill", [0, 9], "800"), ("kill", [-500, 9], "500"), ("kill", [-4242, 9], nil),
            ("kill", [Int(Int32.min), 9], nil), ("tkill", [501, 9], "500"), ("tkill", [500, 9], "500"),
            ("tgkill", [500, 501, 9], "500"), ("rt_sigqueueinfo", [500, 9], "500"),
            ("rt_sigqueueinfo", [-500, 9], nil), ("rt_tgsigqueueinfo", [500, 501, 9], "500"),
            ("ptrace", [16, 701], "700"), ("ptrace", [0, 0], nil), ("process_vm_readv", [700], "700"),
            ("pidfd_open", [700], "700"), ("pidfd_send_signal", [5, 9], "500"), ("pidfd_send_signal", [6, 9], nil),
            ("pidfd_send_signal", [7, 9], nil), ("pidfd_getfd", [5, 0], "500"), ("close", [5], nil),
        ] as [(String, [Int], String?)])
    func `whom a call acts upon`(call: String, registers: [Int], pid: String?) {
        let scene = Self.scene()
        scene.files["/proc/800/fdinfo/5"] = "pos:\t0\nflags:\t02000002\nPid:\t500\nNSpid:\t500\n"
        scene.files["/proc/800/fdinfo/6"] = "pos:\t0\nflags:\t02000002\nPid:\t-1\nNSpid:\t-1\n"
        scene.files["/proc/800/fdinfo/7"] = "pos:\t0\nflags:\t02000002\n"
        scene.apply(call, registers: registers.map(Self.register))
        #expect(scene["target.pid"] == pid)
        #expect(scene["target.name"] == (pid == "500" ? "sshd" : pid == "700" ? "bash" : pid == "800" ? "cat" : nil))
    }

    @Test func `a descriptor of a process is known by the call that made it, too`() {
        let scene = Self.scene()
        scene.apply("pidfd_open", result: 5, registers: [501])
        scene.files.removeProcess(800)
        scene.apply("pidfd_send_signal", registers: [5, 9])
        #expect(scene["target.pid"] == "500")
        // Another one has taken its number.
        scene.apply("pidfd_open", result: 5, registers: [700])
        scene.apply("pidfd_send_signal", registers: [5, 9])
        #expect(scene["target.pid"] == "700")
    }

    @Test(arguments: [true, false])
    func `ids of another pid namespace, or of nobody knows which, are nobody's`(isKnown: Bool) {
        let scene = FieldScene()
        scene.apply("getuid", pid: 500)
        if isKnown { scene.files.addProcess(900, parent: 700, command: "x", ticks: 400, namespaceIDs: [900, 7]) }
        for registers in [[500, 9], [-500, 9], [0, 9]] {
            scene.apply("kill", pid: 900, registers: registers.map(Self.register))
            #expect(scene["target.pid"] == nil && scene["target.name"] == nil)
        }
    }

    @Test func `the user of a target that nobody could look at is not known`() {
        let scene = Self.scene()
        scene.apply("kill", registers: [500, 9])
        #expect(scene["target.uid"] == "1001")
        // Gone before it could be read.
        scene.apply("getuid", pid: 950) { $0.process.command = $0.store(Array("x".utf8)) }
        scene.apply("kill", registers: [950, 9])
        #expect(scene["target.pid"] == "950" && scene["target.uid"] == nil)
    }
}
