import EventModel
import TestNode
import Testing

@testable import NodeState

/// The process connector tells of forks and execs before audit tells of the calls before them. All the processes have ended by
/// the time that their events come.
@Suite struct DescriptorOrderTests {
    private func openDirectory(
        _ scene: StateScene, _ path: String, pid: Int32, is number: Int64, closedOnExec: Bool = true
    ) {
        scene.apply("openat", pid: pid) { event in
            event.setRegisters(0xffff_ff9c, 0, closedOnExec ? 0o2200000 : 0o200000, 0)
            event.add(path: path, mode: 0o040755)
            event.result = number
        }
    }

    private func openBelow(_ scene: StateScene, _ number: UInt64, pid: Int32) -> String? {
        scene.apply("openat", pid: pid) { event in
            event.setRegisters(number, 0, 0, 0)
            event.add(path: "x")
            event.result = 9
        }
        return scene.descriptorName
    }

    @Test func `calls before an exec that was told sooner still have what it closes`() {
        let scene = StateScene()
        scene.exec(pid: 60, parent: 1, "/bin/sh", ["sh"])
        openDirectory(scene, "/srv", pid: 60, is: 3)
        openDirectory(scene, "/kept", pid: 60, is: 4, closedOnExec: false)
        scene.seconds += 0.005
        scene.exec(pid: 60, "/bin/perl", ["perl"], source: .processConnector)
        scene.seconds -= 0.004
        #expect(openBelow(scene, 3, pid: 60) == "/srv/x")
        openDirectory(scene, "/late", pid: 60, is: 5)
        scene.seconds += 0.004
        scene.exec(pid: 60, "/bin/perl", ["perl"])
        #expect(openBelow(scene, 3, pid: 60) == "<UNKNOWN>/x")
        #expect(openBelow(scene, 5, pid: 60) == "<UNKNOWN>/x")
        #expect(openBelow(scene, 4, pid: 60) == "/kept/x")
    }

    @Test func `what an exec closes is gone when events are younger, also where audit tells of no exec`() {
        let scene = StateScene()
        scene.exec(pid: 60, parent: 1, "/bin/sh", ["sh"])
        openDirectory(scene, "/srv", pid: 60, is: 3)
        scene.seconds += 0.005
        scene.exec(pid: 60, "/bin/perl", ["perl"], source: .processConnector)
        scene.seconds += 0.005
        openDirectory(scene, "/new", pid: 60, is: 5)
        scene.seconds += 0.1
        #expect(openBelow(scene, 3, pid: 60) == "<UNKNOWN>/x")
        #expect(openBelow(scene, 5, pid: 60) == "/new/x")
    }

    @Test func `a fork that was told sooner passes on what the parent opened before it, and nothing later`() {
        let scene = StateScene()
        scene.exec(pid: 60, parent: 1, "/bin/sh", ["sh"])
        openDirectory(scene, "/old", pid: 60, is: 3)
        scene.seconds += 0.1
        scene.fork(60, to: 61, source: .processConnector)
        scene.seconds -= 0.05
        openDirectory(scene, "/srv", pid: 60, is: 3)
        openDirectory(scene, "/more", pid: 60, is: 4)
        scene.seconds += 0.1
        openDirectory(scene, "/after", pid: 60, is: 4)
        openDirectory(scene, "/after", pid: 60, is: 5)
        #expect(openBelow(scene, 3, pid: 61) == "/srv/x")
        #expect(openBelow(scene, 5, pid: 61) == "<UNKNOWN>/x")
        // Not what the parent has now; what it was is forgotten.
        #expect(openBelow(scene, 4, pid: 61) == "<UNKNOWN>/x")
    }

    /// A server's child that is gone before /proc can be asked, or whose start /proc tells in ticks, which are cut: audit was quicker
    /// than the process connector.
    @Test(arguments: [(nil, true), (99_999, true), (99_990, false)] as [(UInt64?, Bool)])
    func `a process has the connection that its parent accepted just before`(_ ticks: UInt64?, _ isInherited: Bool) {
        let scene = StateScene()
        scene.exec(pid: 60, parent: 1, "/usr/bin/python3", ["python3"])
        scene.apply("accept4", pid: 60) { event in
            event.setRegisters(3, 0, 0, 0)
            event.setAddress(203, 0, 113, 5, port: 4444)
            event.result = 5
        }
        if let ticks { scene.files.addProcess(61, parent: 60, command: "python3", ticks: ticks) }
        scene.apply("dup2", pid: 61) { event in
            event.process.parentPID = 60
            event.process.known.insert(.parent)
            event.setRegisters(5, 0, 0, 0)
            event.result = 0
        }
        #expect((scene.state.current.descriptor?.kind == .ipv4) == isInherited)
    }

    /// A shell opens the file, puts it in the place of its own standard output while the program runs, and takes that back. By the time
    /// that audit tells of the first call all of it is over, and the process connector has told of the program's beginning and end.
    @Test(arguments: [true, false])
    func `a program's output is what its shell had put there`(_ forkIsToldSooner: Bool) {
        let scene = StateScene()
        scene.files.addProcess(60, command: "sh", ticks: 10)
        scene.files.links["/proc/60/fd/1"] = "/dev/pts/1"
        scene.exec(pid: 60, parent: 1, "/bin/sh", ["sh"])
        _ = scene.process(60).map { scene.state.descriptor(1, of: $0)?.kind }
        func copy(_ old: UInt64, to new: Int64, by type: String = "dup2") {
            scene.apply(type, pid: 60) { event in
                event.setRegisters(old, type == "fcntl" ? 0 : UInt64(new), 0, 0)
                event.result = new
            }
        }
        func start() {
            scene.fork(60, to: 61, source: .processConnector)
            scene.apply("execve", pid: 61, source: .processConnector)
            scene.exit(61, source: .processConnector)
        }
        scene.seconds += 1
        if forkIsToldSooner { start() }
        scene.apply("openat", pid: 60) { event in
            event.setRegisters(0xffff_ff9c, 0, 0x241, 0o666)
            event.add(path: "/tmp/decoded")
            event.result = 3
        }
        copy(1, to: 10, by: "fcntl")
        copy(3, to: 1)
        if !forkIsToldSooner { start() }
        scene.exec(pid: 61, parent: 60, "/bin/base64", ["base64", "-d"])
        copy(10, to: 1)
        func output(_ pid: Int32) -> String? {
            scene.process(pid).flatMap { scene.state.descriptor(1, of: $0) }.map { text($0.path) }
        }
        #expect(output(61) == "/tmp/decoded")
        #expect(output(60) == "/dev/pts/1")
    }

    /// A server starts a shell on a connection: all of it has been told by the process connector before audit tells of the first call.
    @Test func `what a child copies is its parent's, though its exec was told sooner`() {
        let scene = StateScene()
        scene.exec(pid: 60, parent: 1, "/usr/bin/python3", ["python3"])
        scene.seconds += 0.006
        scene.fork(60, to: 61, source: .processConnector)
        scene.seconds += 0.001
        scene.exec(pid: 61, "/bin/sh", ["sh"], source: .processConnector)
        func dup(to number: Int64) -> DescriptorKind? {
            scene.apply("dup2", pid: 61) { event in
                event.setRegisters(5, UInt64(number), 0, 0)
                event.result = number
            }
            return scene.state.current.descriptor?.kind
        }
        scene.seconds -= 0.005
        scene.apply("accept4", pid: 60) { event in
            event.setRegisters(3, 0, 0, 0o2000000)
            event.setAddress(203, 0, 113, 5, port: 4444)
            event.result = 5
        }
        #expect(dup(to: 0) == .ipv4)
        scene.exec(pid: 61, parent: 60, "/bin/sh", ["sh"])
        #expect(scene.process(61).flatMap { scene.state.descriptor(0, of: $0)?.kind } == .ipv4)
        #expect(dup(to: 1) != .ipv4)
    }

    /// A program has closed the library that it opened under the number of a pipe's end, unseen and within a tick of audit's clock.
    @Test func `a child has what its parent made last under a number, also of two at the same time`() {
        let scene = StateScene()
        scene.exec(pid: 60, parent: 1, "/usr/bin/perl", ["perl", "orders.pl"])
        scene.apply("openat", pid: 60) { event in
            event.setRegisters(0xffff_ff9c, 0, 0o2000000, 0)
            event.add(path: "/etc/ld.so.cache")
            event.result = 3
        }
        scene.seconds += 0.003
        scene.fork(60, to: 61, source: .processConnector)
        scene.seconds -= 0.003
        scene.apply("pipe2", pid: 60) { event in (event.descriptors[0], event.descriptors[1]) = (3, 4) }
        scene.seconds += 0.004
        scene.apply("dup2", pid: 61) { event in
            event.setRegisters(3, 0, 0, 0)
            event.result = 0
        }
        #expect(scene.state.current.descriptor?.kind == .pipe)
    }

    @Test func `the fork's own time is finer than /proc's`() {
        let scene = StateScene()
        scene.exec(pid: 60, parent: 1, "/bin/sh", ["sh"])
        scene.files.addProcess(61, parent: 60, command: "sh", ticks: 99_999)
        scene.apply("openat", pid: 61)
        #expect(scene.process(61)?.startTimeNanoseconds == 999_990_000_000)
        scene.fork(60, to: 61, source: .processConnector)
        #expect(scene.process(61)?.startTimeNanoseconds == scene.now)
    }

    @Test func `a process of whose fork nobody told has its parent's directories`() {
        let scene = StateScene()
        scene.exec(pid: 60, parent: 1, "/bin/sh", ["sh"])
        openDirectory(scene, "/srv", pid: 60, is: 3)
        scene.apply("connect", pid: 60) { event in
            event.setRegisters(4, 0, 16, 0)
            event.setAddress(203, 0, 113, 5, port: 4444)
        }
        scene.apply("openat", pid: 61) { event in
            event.process.parentPID = 60
            event.process.known.insert(.parent)
            event.setRegisters(3, 0, 0, 0)
            event.add(path: "x")
            event.result = 9
        }
        #expect(scene.descriptorName == "/srv/x")
        // The parent may have another connection by now.
        scene.seconds += 2
        scene.apply("dup2", pid: 61) { event in
            event.setRegisters(4, 0, 0, 0)
            event.result = 0
        }
        #expect(scene.state.current.descriptor?.kind != .ipv4)
        // An exec closed the directory.
        scene.exec(pid: 62, parent: 60, "/bin/cat", ["cat"])
        #expect(openBelow(scene, 3, pid: 62) == "<UNKNOWN>/x")
    }

    @Test(arguments: [(UInt64(7), "/srv/x"), (8, "<UNKNOWN>/x")])
    func `the record of the directory above tells when a number is another directory's by now`(
        _ inode: UInt64, _ name: String
    ) {
        let scene = StateScene()
        scene.exec(pid: 60, parent: 1, "/bin/rm", ["rm"])
        func add(_ name: String, _ role: PathFact.Role, inode: UInt64, _ event: inout RawEvent) {
            var fact = PathFact()
            fact.name = event.store(Array(name.utf8))
            (fact.role, fact.mode, fact.inode) = (role, 0o040755, inode)
            event.append(path: fact)
        }
        scene.apply("openat", pid: 60) { event in
            event.setRegisters(0xffff_ff9c, 0, 0o200000, 0)
            add("/srv", .normal, inode: 7, &event)
            event.result = 4
        }
        scene.apply("unlinkat", pid: 60) { event in
            event.setRegisters(4, 0, 0, 0)
            add("/root", .parent, inode: inode, &event)
            add("x", .delete, inode: 9, &event)
        }
        var text: [UInt8] = []
        scene.state.appendAbsolutePath(Array("x".utf8)[...], directory: 4, into: &text)
        #expect(String(decoding: text, as: UTF8.self) == name)
    }

    @Test func `a path does not start from a file`() {
        let scene = StateScene()
        scene.exec(pid: 60, parent: 1, "/bin/sh", ["sh"])
        scene.apply("openat", pid: 60) { event in
            event.setRegisters(0xffff_ff9c, 0, 0, 0)
            event.add(path: "/etc/hosts")
            event.result = 3
        }
        #expect(openBelow(scene, 3, pid: 60) == "<UNKNOWN>/x")
    }

    private func connect(_ scene: StateScene, _ number: UInt64, pid: Int32, closedOnExec: Bool = true) {
        scene.apply("socket", pid: pid) { event in
            event.setRegisters(2, closedOnExec ? 0o2000001 : 1, 0, 0)
            event.result = Int64(number)
        }
        scene.apply("connect", pid: pid) { event in
            event.setRegisters(number, 0, 16, 0)
            event.setAddress(203, 0, 113, 5, port: 4444)
        }
    }

    private func copiesConnection(_ scene: StateScene, _ number: UInt64, pid: Int32) -> Bool {
        scene.apply("dup2", pid: pid) { event in
            event.setRegisters(number, 0, 0, 0)
            event.result = 0
        }
        return scene.state.current.descriptor?.kind == .ipv4
    }

    @Test(arguments: [true, false])
    func `an exec anywhere between closes a connection for all behind it`(_ closedOnExec: Bool) {
        let scene = StateScene()
        scene.exec(pid: 60, parent: 1, "/usr/sbin/sshd", ["sshd"])
        connect(scene, 4, pid: 60, closedOnExec: closedOnExec)
        for (pid, isExecuted) in [(61, false), (62, true), (63, false)] as [(Int32, Bool)] {
            scene.seconds += 0.1
            // Told before anything was known of the connection, so that it was not copied.
            scene.fork(pid - 1, to: pid, source: .processConnector)
            if let process = scene.process(pid) { scene.state.descriptors.removeAll(of: process) }
            if isExecuted { scene.exec(pid: pid, "/bin/bash", ["bash"]) }
        }
        #expect(copiesConnection(scene, 4, pid: 61))
        #expect(copiesConnection(scene, 4, pid: 63) == !closedOnExec)
    }

    @Test(arguments: [(0o2000002, false), (0o2, true)])
    func `a socket that only /proc tells of is closed by an exec, as its flags say`(_ flags: Int, _ survives: Bool) {
        let scene = StateScene()
        scene.files.addProcess(60, command: "sshd")
        scene.files.addSocket(4, of: 60, inode: 777, local: ([10, 0, 0, 10], 41394), remote: ([4, 3, 2, 1], 443))
        scene.files["/proc/60/fdinfo/4"] = "pos:\t0\nflags:\t0\(String(flags, radix: 8))\nmnt_id:\t9\n"
        scene.apply("sendto", pid: 60) { $0.setRegisters(4, 0, 0, 0) }
        scene.fork(60, to: 61)
        scene.exec(pid: 61, "/bin/bash", ["bash"])
        #expect(copiesConnection(scene, 4, pid: 61) == survives)
    }

    @Test func `a full table gives up what ended processes had, then copies, and keeps what living ones made`() {
        let scene = StateScene { $0.descriptorLimit = 40 }
        scene.exec(pid: 60, parent: 1, "/usr/sbin/sshd", ["sshd"])
        connect(scene, 4, pid: 60, closedOnExec: false)
        for pid in 100..<300 as Range<Int32> {
            scene.seconds += 0.5
            scene.fork(60, to: pid)
            // Some live on with nothing but copies.
            guard pid % 2 == 0 else { continue }
            openDirectory(scene, "/srv", pid: pid, is: 7)
            scene.exit(pid)
        }
        #expect(scene.state.counters.descriptors <= 40)
        #expect(copiesConnection(scene, 4, pid: 60))
    }
}
