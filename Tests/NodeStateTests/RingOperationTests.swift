import EventModel
import TestNode
import Testing

@testable import NodeState

/// Operations of io_uring have no registers: nobody tells which directory a relative name starts from.
@Suite struct RingOperationTests {
    private func open(_ scene: StateScene, _ name: String, inode: UInt64) -> [String] {
        scene.apply("openat", pid: 60) { event in
            event.hasUnknownArguments = true
            var fact = PathFact()
            fact.name = event.store(Array(name.utf8))
            (fact.mode, fact.inode) = (0o100640, inode)
            event.append(path: fact)
            event.result = 0
        }
        var names = [scene.descriptorName ?? ""]
        while scene.state.showOtherName() { names.append(scene.descriptorName ?? "") }
        scene.state.endOtherName()
        return names
    }

    @Test func `the file tells which directory a relative name started from`() {
        let scene = StateScene()
        scene.files.addFile("/etc/shadow")
        scene.state.want([], files: ["/etc/shadow"])
        scene.exec(pid: 60, parent: 1, "/tmp/ring", ["ring"], directory: "/tmp/")
        let inode = scene.files.statuses["/etc/shadow"]?.inode ?? 0
        #expect(open(scene, "shadow", inode: inode) == ["/etc/shadow"])
        // A link with another name is no proof of a directory.
        #expect(open(scene, "w", inode: inode) == ["/tmp/w", "/etc/shadow"])
        #expect(open(scene, "adow", inode: inode) == ["/tmp/adow", "/etc/shadow"])
        #expect(open(scene, "/tmp/shadow", inode: inode) == ["/tmp/shadow", "/etc/shadow"])
        #expect(open(scene, "shadow", inode: inode + 1) == ["/tmp/shadow"])
    }

    @Test func `the record of the directory above tells where a file was made`() {
        let scene = StateScene()
        scene.exec(pid: 60, parent: 1, "/tmp/ring", ["ring"], directory: "/tmp/")
        func add(_ name: String, _ role: PathFact.Role, inode: UInt64, _ event: inout RawEvent) {
            var fact = PathFact()
            fact.name = event.store(Array(name.utf8))
            (fact.role, fact.mode, fact.inode) = (role, role == .create ? 0o100644 : 0o040755, inode)
            event.append(path: fact)
        }
        scene.apply("openat", pid: 60) { event in
            event.setRegisters(0xffff_ff9c, 0, 0o200000, 0)
            add("/srv", .normal, inode: 7, &event)
            event.result = 5
        }
        scene.apply("openat", pid: 60) { event in
            event.hasUnknownArguments = true
            add("/tmp/", .parent, inode: 7, &event)
            add("x", .create, inode: 8, &event)
            event.result = 0
        }
        #expect(scene.descriptorName == "/srv/x")
    }

    /// A direct descriptor has a number of the ring's, and what nobody tells the end of has none that is known.
    @Test(arguments: [true, false])
    func `what is opened without a number of the process' is a file none the less`(hasResult: Bool) {
        let scene = StateScene()
        scene.exec(pid: 60, parent: 1, "/tmp/ring", ["ring"], directory: "/tmp/")
        scene.apply("openat", pid: 60) { event in
            event.setRegisters(0xffff_ff9c, 0, 0, 0)
            var fact = PathFact()
            fact.name = event.store(Array("/tmp/link".utf8))
            fact.object.path = event.store(Array("/etc/shadow".utf8))
            (fact.mode, fact.inode) = (0o100640, 9)
            event.append(path: fact)
            (event.isUnnumbered, event.hasResult, event.result) = (true, hasResult, 0)
        }
        #expect(scene.descriptorName == "/etc/shadow")
        #expect(scene.state.current.descriptorNumber == Int64(Int32.max))
        #expect(scene.state.current.descriptor?.kind == .file)
        // Number 0 is still what it was.
        let process = scene.state.current.process
        #expect(process.flatMap { scene.state.descriptors.find(0, of: $0) } == nil)
        scene.apply("openat", pid: 60) { event in
            (event.isUnnumbered, event.hasResult, event.result) = (true, true, -2)
        }
        #expect(scene.state.current.descriptorNumber == -1)
    }

    @Test func `where a name leads is looked up if nobody tells what was opened`() {
        let scene = StateScene()
        scene.files.addFile("/etc/shadow")
        scene.state.want([], files: ["/etc/shadow"])
        scene.exec(pid: 60, parent: 1, "/tmp/ring", ["ring"], directory: "/tmp/")
        scene.files.links["/proc/60/root/tmp/link"] = "/etc/shadow"
        for name in ["/tmp/link", "link", "/tmp/other"] {
            scene.apply("openat", pid: 60) { event in
                event.setRegisters(0xffff_ff9c, 0, 0, 0)
                var fact = PathFact()
                fact.name = event.store(Array(name.utf8))
                event.append(path: fact)
                (event.isUnnumbered, event.hasResult) = (true, false)
            }
            #expect(scene.descriptorName == (name == "/tmp/other" ? "/tmp/other" : "/etc/shadow"))
        }
    }
}
