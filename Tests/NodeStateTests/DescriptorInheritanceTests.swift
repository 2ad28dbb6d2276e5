import EventModel
import TestNode
import Testing

@testable import NodeState

@Suite struct DescriptorInheritanceTests {
    @Test func `a forked process has its parent's descriptors`() {
        let scene = StateScene()
        scene.exec(pid: 60, parent: 1, "/bin/bash", ["bash"])
        scene.apply("connect", pid: 60) { event in
            event.setRegisters(3, 0, 16, 0)
            event.setAddress(203, 0, 113, 5, port: 4444)
        }
        scene.fork(60, to: 61)
        scene.apply("dup2", pid: 61) { event in
            event.setRegisters(3, 0, 0, 0)
            event.result = 0
        }
        #expect(scene.descriptorName == "0.0.0.0:0->203.0.113.5:4444")
    }

    @Test func `a new descriptor may take the number of the directory it was opened from`() {
        let scene = StateScene()
        scene.exec(pid: 60, parent: 1, "/bin/bash", ["bash"])
        scene.apply("open", pid: 60) { event in
            event.add(path: "/srv", mode: 0o040755)
            event.result = 3
        }
        scene.apply("openat", pid: 60) { event in
            event.setRegisters(3, 0, 0, 0)
            event.add(path: "x")
            event.result = 3
        }
        #expect(scene.descriptorName == "/srv/x")
    }

    private func connected(_ scene: StateScene, _ type: UInt64) {
        scene.exec(pid: 60, parent: 1, "/usr/sbin/sshd", ["sshd"])
        scene.apply("socket", pid: 60) { event in
            event.setRegisters(2, type, 0, 0)
            event.result = 3
        }
        scene.apply("connect", pid: 60) { event in
            event.setRegisters(3, 0, 16, 0)
            event.setAddress(203, 0, 113, 5, port: 4444)
        }
    }

    @Test(arguments: [(UInt64(1), true), (0o2000001, false)])
    func `an exec closes what was to be closed`(_ type: UInt64, _ survives: Bool) {
        let scene = StateScene()
        connected(scene, type)
        scene.fork(60, to: 61)
        scene.exec(pid: 61, parent: 60, "/bin/bash", ["bash"])
        scene.apply("dup2", pid: 61) { event in
            event.setRegisters(3, 0, 0, 0)
            event.result = 0
        }
        #expect((scene.state.current.descriptor?.kind == .ipv4) == survives)
    }

    @Test(
        arguments: [
            // F_DUPFD, F_DUPFD_CLOEXEC, and F_SETFD with and without FD_CLOEXEC (fcntl(2)).
            ([0, 10], Int64(10), true), ([1030, 10], 10, false), ([2, 1], 0, false), ([2, 0], 0, true),
        ] as [([UInt64], Int64, Bool)])
    func `fcntl copies and marks`(_ call: [UInt64], _ result: Int64, _ survives: Bool) {
        let scene = StateScene()
        connected(scene, 1)
        scene.apply("fcntl", pid: 60) { event in
            event.setRegisters(3, call[0], call[1], 0)
            event.result = result
        }
        let number = result == 0 ? UInt64(3) : UInt64(result)
        scene.exec(pid: 60, parent: 1, "/usr/bin/perl", ["perl"])
        scene.apply("dup2", pid: 60) { event in
            event.setRegisters(number, 0, 0, 0)
            event.result = 0
        }
        #expect((scene.state.current.descriptor?.kind == .ipv4) == survives)
    }

    @Test func `a pipe takes the number of a socket that was closed unseen`() {
        let scene = StateScene()
        connected(scene, 1)
        scene.apply("pipe2", pid: 60) { event in
            (event.descriptors[0], event.descriptors[1]) = (3, 4)
        }
        scene.apply("dup2", pid: 60) { event in
            event.setRegisters(3, 0, 0, 0)
            event.result = 0
        }
        #expect(scene.state.current.descriptor?.kind == .pipe)
    }

    @Test func `a directory that rules name is known by its inode, whoever has it open`() {
        let scene = StateScene { $0.namedDirectories = ["/etc/pam.d", "/none"] }
        scene.files.addDirectory("/etc/pam.d")
        scene.exec(pid: 60, parent: 1, "/bin/rm", ["rm", "-rf", "/etc/pam.d"], directory: "/root")
        func remove(_ name: String, isRing: Bool = false) -> String {
            scene.apply("unlinkat", pid: 60) { event in
                if !isRing { event.setRegisters(9, 0, 0, 0) }
                event.hasUnknownArguments = isRing
                var fact = PathFact()
                fact.name = event.store(Array("/root".utf8))
                (fact.role, fact.mode) = (.parent, 0o040755)
                fact.inode = scene.files.statuses["/etc/pam.d"]?.inode ?? 4711
                event.append(path: fact)
                event.add(path: name, role: .delete)
            }
            var text: [UInt8] = []
            scene.state.appendAbsolutePath(Array(name.utf8)[...], directory: isRing ? nil : 9, into: &text)
            return NodeStateTests.text(text)
        }
        #expect(remove("su") == "<UNKNOWN>/su")
        scene.state.want([], files: [], directories: ["/etc/pam.d", "/none"])
        #expect(remove("su") == "/etc/pam.d/su")
        #expect(remove("su", isRing: true) == "/etc/pam.d/su")
        // Of the directory above the last part alone the record tells.
        #expect(remove("x/su") == "<UNKNOWN>/x/su")
        scene.files.statuses["/etc/pam.d"] = nil
        scene.state.tick(nowNanoseconds: scene.now)
        #expect(remove("su") == "<UNKNOWN>/su")
        scene.files.addDirectory("/etc/pam.d")
        scene.state.tick(nowNanoseconds: scene.now)
        #expect(remove("su") == "/etc/pam.d/su")
    }

    @Test(arguments: [
        ("mkdir", "new", "/srv/new/f"), ("mkdirat", "new", "/srv/new/f"), ("mknod", "new", "<UNKNOWN>/f"),
    ])
    func `a directory that was made under a relative name is known`(_ call: String, _ name: String, _ found: String) {
        let scene = StateScene()
        scene.exec(pid: 60, parent: 1, "/bin/sh", ["sh"], directory: "/srv")
        func directory(_ name: String, inode: UInt64, _ role: PathFact.Role, _ event: inout RawEvent) {
            var fact = PathFact()
            fact.name = event.store(Array(name.utf8))
            (fact.role, fact.mode, fact.inode, fact.deviceMajor) = (role, 0o040755, inode, 254)
            event.append(path: fact)
        }
        scene.apply(call, pid: 60) { event in
            event.setRegisters(0xffff_ff9c, 0, 0, 0)
            directory("/srv", inode: 5, .parent, &event)
            directory(name, inode: 78, .create, &event)
        }
        scene.apply("unlinkat", pid: 60) { event in
            event.setRegisters(9, 0, 0, 0)
            directory("/srv", inode: 78, .parent, &event)
            event.add(path: "f", role: .delete)
        }
        var text: [UInt8] = []
        scene.state.appendAbsolutePath(Array("f".utf8)[...], directory: 9, into: &text)
        #expect(NodeStateTests.text(text) == found)
    }

    /// `rm -rf /srv/data`: the files' names are relative to a descriptor that nobody asked about.
    @Test func `a name relative to an unknown descriptor is found by the directory's inode`() {
        let scene = StateScene()
        scene.exec(pid: 60, parent: 1, "/bin/rm", ["rm", "-rf", "/srv/data"], directory: "/root")
        func directory(_ name: String, inode: UInt64, _ role: PathFact.Role, _ event: inout RawEvent) {
            var fact = PathFact()
            fact.name = event.store(Array(name.utf8))
            (fact.role, fact.mode, fact.inode, fact.deviceMajor) = (role, 0o040755, inode, 254)
            event.append(path: fact)
        }
        func remove(_ scene: StateScene) -> String {
            scene.apply("unlinkat", pid: 60) { event in
                event.setRegisters(9, 0, 0, 0)
                // What the kernel has for a descriptor: the current directory's name.
                directory("/root", inode: 77, .parent, &event)
                event.add(path: "f", role: .delete)
            }
            var name: [UInt8] = []
            scene.state.appendAbsolutePath(Array("f".utf8)[...], directory: 9, into: &name)
            return text(name)
        }
        #expect(remove(scene) == "<UNKNOWN>/f")
        scene.apply("openat", pid: 60) { event in
            event.setRegisters(0xffff_ff9c, 0, 0, 0)
            directory("/srv/./data", inode: 77, .normal, &event)
            event.result = 3
        }
        #expect(remove(scene) == "/srv/data/f")
        // Removed: the number may be another directory's.
        scene.apply("rmdir", pid: 60) { directory("/srv/data", inode: 77, .delete, &$0) }
        #expect(remove(scene) == "<UNKNOWN>/f")
        scene.apply("mkdir", pid: 60) { event in
            directory("/var", inode: 5, .parent, &event)
            directory("/var/new", inode: 77, .create, &event)
        }
        #expect(remove(scene) == "/var/new/f")
    }

    @Test func `a file that rules name is known under another name, and after it was written anew`() {
        let scene = StateScene { $0.namedFiles = ["/etc/shadow", "/etc/missing"] }
        scene.files.addFile("/etc/shadow")
        scene.exec(pid: 60, parent: 1, "/bin/cat", ["cat"])
        func open(_ name: String, inode: UInt64) -> [String] {
            scene.apply("openat", pid: 60) { event in
                event.setRegisters(0xffff_ff9c, 0, 0, 0)
                var fact = PathFact()
                fact.name = event.store(Array(name.utf8))
                (fact.mode, fact.inode) = (0o100640, inode)
                event.append(path: fact)
                event.result = 3
            }
            var names = [scene.descriptorName ?? ""]
            while scene.state.showOtherName() { names.append(scene.descriptorName ?? "") }
            scene.state.endOtherName()
            #expect(scene.descriptorName == name)
            return names
        }
        let first = scene.files.statuses["/etc/shadow"]?.inode ?? 0
        scene.state.want([], files: ["/etc/shadow", "/etc/missing"])
        #expect(open("/tmp/link", inode: first) == ["/tmp/link", "/etc/shadow"])
        #expect(open("/etc/shadow", inode: first) == ["/etc/shadow"])
        #expect(open("/tmp/other", inode: first + 1000) == ["/tmp/other"])
        // Another name that rules have for the file.
        scene.files.statuses["/etc/missing"] = scene.files.statuses["/etc/shadow"]
        scene.state.want([], files: ["/etc/shadow", "/etc/missing"])
        #expect(Set(open("/tmp/link", inode: first)) == ["/tmp/link", "/etc/shadow", "/etc/missing"])
        scene.files.statuses["/etc/missing"] = nil
        scene.state.want([], files: ["/etc/shadow", "/etc/missing"])
        scene.files.addFile("/etc/passwd-")
        scene.files.addFile("/etc/shadow")
        scene.state.tick(nowNanoseconds: scene.now)
        let second = scene.files.statuses["/etc/shadow"]?.inode ?? 0
        #expect(second != first)
        #expect(open("/tmp/link", inode: first) == ["/tmp/link"])
        #expect(open("/proc/self/root/etc/shadow", inode: second).last == "/etc/shadow")
        // Replaced since the names were looked up, its number given to another file.
        scene.files.addFile("/etc/group-")
        scene.files.addFile("/etc/shadow")
        #expect(open("/var/lib/other", inode: second) == ["/var/lib/other"])
        // Moved away, it is the same file still.
        let third = scene.files.statuses["/etc/shadow"]?.inode ?? 0
        #expect(open("/tmp/link", inode: third) == ["/tmp/link", "/etc/shadow"])
        scene.state.want([], files: ["/etc/shadow", "/etc/missing"])
        scene.files.statuses["/etc/shadow"] = nil
        #expect(open("/tmp/moved", inode: third) == ["/tmp/moved", "/etc/shadow"])
    }
}
