import EventModel
import TestNode
import Testing

@testable import NodeState

/// What a source that looked at the kernel's own objects tells beside registers and names.
@Suite struct ToldFactTests {
    struct OpenCase: Sendable, CustomTestStringConvertible {
        var name: String
        var asked: String
        var directory: String?
        var path: String
        var rootLength: UInt32 = 0
        var traits: PathFact.Object.Traits = []
        var mode: UInt32 = 0o100644
        /// The names in the order in which rules see the event.
        var names: [String]
        var kind = DescriptorKind.file
        var testDescription: String { name }
    }

    static let opens: [OpenCase] = [
        OpenCase(name: "the name is the file's", asked: "/etc/hosts", path: "/etc/hosts", names: ["/etc/hosts"]),
        OpenCase(
            name: "a link is judged by both names", asked: "/tmp/l", path: "/etc/shadow",
            names: ["/etc/shadow", "/tmp/l"]),
        OpenCase(
            name: "a relative name starts where the source says", asked: "../x", directory: "/srv/a", path: "/srv/x",
            names: ["/srv/x"]),
        OpenCase(
            name: "a second root has both views", asked: "/etc/shadow", path: "/jail/etc/shadow", rootLength: 5,
            names: ["/etc/shadow", "/jail/etc/shadow"]),
        OpenCase(name: "the second root itself", asked: "/", path: "/jail", rootLength: 5, names: ["/", "/jail"]),
        OpenCase(
            name: "a memory file", asked: "/proc/self/fd/3", path: "memfd:payload", traits: .inMemory,
            names: ["payload"],
            kind: .memory),
        OpenCase(
            name: "a removed file keeps its path", asked: "/proc/self/fd/3", path: "/tmp/gone", traits: .deleted,
            names: ["/tmp/gone", "/proc/self/fd/3"]),
        OpenCase(
            name: "a mount of its own is no place", asked: "/proc/self/fd/4/secret", path: "/secret", traits: .detached,
            names: ["/proc/self/fd/4/secret", "/secret"]),
        OpenCase(
            name: "the end of a long path is no name", asked: "/a/b", path: "x/y", traits: .cut, names: ["/a/b"]),
        OpenCase(
            name: "a directory", asked: "/srv", path: "/srv", mode: 0o040755, names: ["/srv"], kind: .directory),
    ]

    @Test(arguments: opens)
    func `a file goes by what it is, and by what it was asked for`(_ row: OpenCase) {
        let scene = StateScene()
        scene.exec(pid: 60, parent: 1, "/bin/cat", ["cat"], directory: "/elsewhere")
        scene.apply("openat", pid: 60, source: .ebpf) { event in
            event.setRegisters(0xffff_ff9c, 0, 0, 0)
            event.result = 3
            var fact = PathFact()
            fact.name = event.store(Array(row.asked.utf8))
            if let directory = row.directory { fact.directory = event.store(Array(directory.utf8)) }
            fact.object.path = event.store(Array(row.path.utf8))
            fact.object.rootLength = row.rootLength
            fact.object.traits = row.traits
            (fact.mode, fact.inode) = (row.mode, 7)
            event.append(path: fact)
        }
        var names = [scene.descriptorName ?? ""]
        while scene.state.showOtherName() { names.append(scene.descriptorName ?? "") }
        scene.state.endOtherName()
        #expect(names == row.names)
        #expect(scene.descriptorName == row.names.first)
        #expect(scene.state.current.descriptor?.kind == row.kind)
    }

    @Test func `a process id that was given out anew is another process at once`() {
        let scene = StateScene()
        func exec(_ path: String, start: UInt64) {
            scene.apply("execve", pid: 70, source: .ebpf) { event in
                event.process.startNanoseconds = start
                event.process.parentPID = 1
                event.process.known.insert(.parent)
                event.process.command = event.store(Array("x".utf8))
                event.process.executable = event.store(Array(path.utf8))
            }
        }
        exec("/bin/first", start: 900_000_000_000)
        let serial = scene.process(70)?.serial
        exec("/bin/second", start: 900_000_000_000)
        #expect(scene.process(70)?.serial == serial)
        exec("/bin/third", start: 900_020_000_000)
        #expect(scene.process(70)?.serial != serial)
        #expect(scene.process(70)?.startTicks == 90_002)
        #expect(scene.process(70)?.startTimeNanoseconds == 900_020_000_000)
    }

    @Test func `what an exec tells of its process is not asked of proc`() {
        let scene = StateScene()
        scene.apply("execve", pid: 71, source: .ebpf) { event in
            event.process.parentPID = 1
            event.process.uid = 1000
            event.process.effectiveUID = 1000
            event.process.processGroup = 65
            event.process.terminal = 0x8801
            event.process.known = [
                .parent, .userIDs, .groupIDs, .namespaceIDs, .processGroup, .terminal, .executableFile, .capabilities,
            ]
            event.process.namespaceIDs.namespace = 0xf000_0001
            event.process.namespaceIDs.pid = 5
            event.process.namespaceIDs.session = 4
            event.process.namespaceIDs.group = 3
            event.process.executableFile.inode = 99
            event.process.executableFile.mode = 0o100755
            event.process.executableFile.uid = 1000
            event.process.executableFile.changeTime = 11
            event.process.executableFile.modificationTime = 12
            event.process.executableFile.layer = .upper
            event.process.command = event.store(Array("tool".utf8))
            event.process.executable = event.store(Array("/opt/tool".utf8))
        }
        let process = scene.process(71)
        #expect(process?.virtualPID == 5)
        #expect(process?.sessionID == 4)
        #expect(process?.virtualGroupID == 3)
        #expect(process?.isInChildPIDNamespace == true)
        #expect(process?.groupID == 65)
        #expect(process?.terminal == 0x8801)
        #expect(process?.executable.inode == 99)
        #expect(process?.executable.isWritable == true)
        #expect(process?.executable.changeTimeNanoseconds == 11)
        #expect(process?.executable.modificationTimeNanoseconds == 12)
        #expect(process?.executableLayer == .upper)
        // A new session is told as it is after the call.
        scene.apply("setsid", pid: 71, source: .ebpf) { event in
            event.process.known = [.namespaceIDs, .processGroup, .terminal]
            event.process.processGroup = 71
            event.process.namespaceIDs.namespace = 0xf000_0001
            event.process.namespaceIDs.pid = 5
            event.process.namespaceIDs.session = 5
            event.process.namespaceIDs.group = 5
        }
        #expect(process?.sessionID == 5)
        #expect(process?.terminal == 0)
    }

    @Test(arguments: [(5 as UInt32, true), (6, false)])
    func `an executable that its group may write is writable to who is in it`(_ group: UInt32, _ isWritable: Bool) {
        let scene = StateScene()
        scene.apply("execve", pid: 71, source: .ebpf) { event in
            (event.process.effectiveUID, event.process.effectiveGID) = (1000, group)
            event.process.parentPID = 1
            event.process.known = [.parent, .userIDs, .groupIDs, .executableFile, .capabilities]
            event.process.executableFile.inode = 99
            (event.process.executableFile.mode, event.process.executableFile.uid) = (0o100775, 0)
            event.process.executableFile.gid = 5
            event.process.executable = event.store(Array("/opt/tool".utf8))
        }
        #expect(scene.process(71)?.executable.isWritable == isWritable)
    }

    @Test func `a fork tells its child's identity`() {
        let scene = StateScene()
        scene.exec(pid: 72, parent: 1, "/bin/sh", ["sh"])
        scene.apply("clone", pid: 72, source: .ebpf) { event in
            event.childPID = 73
            event.childStartNanoseconds = 990_000_000_000
            event.childNamespaceIDs.pid = 2
            event.childNamespaceIDs.namespace = 0xf000_0002
        }
        let child = scene.process(73)
        #expect(child?.startTicks == 99_000)
        #expect(child?.virtualPID == 2)
        #expect(child?.isInChildPIDNamespace == true)
    }

    struct SocketCase: Sendable, CustomTestStringConvertible {
        var name: String
        var call: String
        var result: Int64 = 0
        var asked: (UInt8, UInt16)
        var own: (UInt8, UInt16)?
        var peer: (UInt8, UInt16)?
        var text: String
        var testDescription: String { name }
    }

    static let sockets: [SocketCase] = [
        SocketCase(
            name: "a connection's own addresses", call: "connect", asked: (0, 80), own: (9, 40_000), peer: (127, 80),
            text: "9.0.0.9:40000->127.0.0.127:80"),
        SocketCase(
            name: "refused: the port that was asked for", call: "connect", result: -115, asked: (8, 80), own: (9, 0),
            peer: (8, 0), text: "9.0.0.9:0->8.0.0.8:80"),
        SocketCase(
            name: "a port that was given out", call: "bind", asked: (0, 0), own: (5, 50_000), text: "5.0.0.5:50000"),
    ]

    @Test(arguments: sockets)
    func `a socket's own addresses count more than what was passed`(_ row: SocketCase) {
        let scene = StateScene()
        scene.exec(pid: 80, parent: 1, "/bin/nc", ["nc"])
        scene.apply("socket", pid: 80, source: .ebpf) { event in
            event.setRegisters(2, 1, 0)
            event.result = 5
        }
        scene.apply(row.call, pid: 80, source: .ebpf) { event in
            event.setRegisters(5, 0, 16)
            event.result = row.result
            event.setAddress(row.asked.0, 0, 0, row.asked.0, port: row.asked.1)
            func address(_ value: (UInt8, UInt16)) -> ByteRange {
                let bytes: [UInt8] = [2, 0, UInt8(value.1 >> 8), UInt8(value.1 & 255), value.0, 0, 0, value.0]
                return event.store(bytes + Array(repeating: 0, count: 8))
            }
            if let own = row.own { event.localAddress = address(own) }
            if let peer = row.peer { event.peerAddress = address(peer) }
        }
        #expect(scene.descriptorName == row.text)
    }

    @Test func `a descriptor's file is told and not asked of proc`() {
        let scene = StateScene()
        scene.exec(pid: 90, parent: 1, "/bin/x", ["x"])
        func use(_ type: String, _ path: String, inode: UInt64, mode: UInt32 = 0o100644, result: Int64 = 0) {
            scene.apply(type, pid: 90, source: .ebpf) { event in
                event.setRegisters(7, 0o777)
                event.result = result
                event.usedFile.object.path = event.store(Array(path.utf8))
                (event.usedFile.inode, event.usedFile.mode) = (inode, mode)
            }
        }
        use("fchmod", "/etc/shadow", inode: 5)
        #expect(scene.descriptorName == "/etc/shadow")
        #expect(scene.state.current.descriptor?.inode == 5)
        // The number was given out anew, and no event told.
        use("fchmod", "/etc/group", inode: 6)
        #expect(scene.descriptorName == "/etc/group")
        use("dup", "/etc/group", inode: 6, result: 8)
        #expect(scene.descriptorName == "/etc/group")
        #expect(scene.state.current.descriptorNumber == 8)
        use("fchdir", "/srv", inode: 9, mode: 0o040755)
        #expect(scene.process(90).map { text($0.currentDirectory) } == "/srv/")
        #expect(scene.state.current.descriptor?.kind == .directory)
    }

    struct TellingCase: Sendable, CustomTestStringConvertible {
        var name: String
        var path: String
        var traits: PathFact.Object.Traits = []
        var root: UInt32 = 0
        var mode: UInt32 = 0o100644
        var names: [String]
        var kind = DescriptorKind.file
        var testDescription: String { name }
    }

    static let tellings: [TellingCase] = [
        TellingCase(name: "the same path", path: "/tmp/a", names: ["/tmp/a"]),
        TellingCase(name: "another link, or a number given out anew", path: "/tmp/b", names: ["/tmp/b"]),
        TellingCase(name: "a root of its own", path: "/jail/a", root: 5, names: ["/a", "/jail/a"]),
        TellingCase(name: "half a path says less", path: "a", traits: .cut, names: ["/tmp/a"]),
        TellingCase(name: "so does one from elsewhere", path: "/a", traits: .detached, names: ["/tmp/a", "/a"]),
        TellingCase(name: "a directory", path: "/tmp/b", mode: 0o040755, names: ["/tmp/b"], kind: .directory),
    ]

    @Test(arguments: tellings)
    func `what a call says of its file counts more than what the table has, and stays told`(_ row: TellingCase) {
        let scene = StateScene()
        scene.exec(pid: 90, parent: 1, "/bin/x", ["x"])
        scene.apply("openat", pid: 90, source: .ebpf) { event in
            event.setRegisters(0xffff_ff9c, 0, 1, 0)
            event.result = 7
            var fact = PathFact()
            fact.name = event.store(Array("/tmp/a".utf8))
            fact.object.path = fact.name
            (fact.inode, fact.deviceMajor, fact.mode) = (5, 8, 0o100644)
            event.append(path: fact)
        }
        // Twice, since the second finds what the first has left.
        for _ in 0..<2 {
            scene.apply("fchmod", pid: 90, source: .ebpf) { event in
                event.setRegisters(7, 0o777)
                event.usedFile.object.path = event.store(Array(row.path.utf8))
                (event.usedFile.object.traits, event.usedFile.object.rootLength) = (row.traits, row.root)
                (event.usedFile.inode, event.usedFile.deviceMajor, event.usedFile.mode) = (5, 8, row.mode)
            }
            var names = [scene.descriptorName ?? ""]
            while scene.state.showOtherName() { names.append(scene.descriptorName ?? "") }
            scene.state.endOtherName()
            #expect(names == row.names)
            #expect(scene.state.current.descriptor?.kind == row.kind)
            #expect(scene.state.current.descriptor?.openFlags == 1)
        }
    }

    @Test(arguments: [(PathFact.Object().layer, false), (.upper, true), (.lower, false), (.none, false)])
    func `which layer has a file is the source's word`(_ layer: ProcessFacts.ExecutableFile.Layer, _ isUpper: Bool) {
        let scene = StateScene()
        scene.exec(pid: 90, parent: 1, "/bin/x", ["x"])
        scene.apply("openat", pid: 90, source: .ebpf) { event in
            event.setRegisters(0xffff_ff9c, 0, 0, 0)
            event.result = 7
            var fact = PathFact()
            fact.object.path = event.store(Array("/tmp/a".utf8))
            (fact.inode, fact.mode, fact.object.layer) = (5, 0o100644, layer)
            event.append(path: fact)
        }
        #expect((scene.state.current.descriptor?.layer == .upper) == isUpper)
        scene.apply("dup", pid: 90, source: .ebpf) { event in
            event.setRegisters(7)
            event.result = 8
            event.usedFile.object.path = event.store(Array("/tmp/a".utf8))
            (event.usedFile.inode, event.usedFile.mode, event.usedFile.object.layer) = (5, 0o100644, layer)
        }
        #expect((scene.state.current.descriptor?.layer == .upper) == isUpper)
    }

    @Test func `an accepted connection is the new socket's own`() {
        let scene = StateScene()
        scene.exec(pid: 91, parent: 1, "/bin/srv", ["srv"])
        func address(_ last: UInt8, _ port: UInt16, _ event: inout RawEvent) -> ByteRange {
            event.store([2, 0, UInt8(port >> 8), UInt8(port & 255), 127, 0, 0, last, 0, 0, 0, 0, 0, 0, 0, 0])
        }
        scene.apply("accept4", pid: 91, source: .ebpf) { event in
            event.setRegisters(3, 0, 0, 0)
            event.result = 4
            (event.socketFamily, event.socketType, event.socketProtocol, event.socketInode) = (2, 1, 6, 55)
            event.localAddress = address(1, 80, &event)
            event.peerAddress = address(2, 40_000, &event)
            event.socketAddress = event.peerAddress
        }
        #expect(scene.descriptorName == "127.0.0.2:40000->127.0.0.1:80")
        #expect(scene.state.current.descriptor?.inode == 55)
        #expect(scene.state.current.descriptor?.transport == .tcp)
        // A later call on it by another process that no event told of.
        scene.exec(pid: 92, parent: 1, "/bin/child", ["child"])
        scene.apply("dup2", pid: 92, source: .ebpf) { event in
            event.setRegisters(4, 0)
            event.result = 0
            (event.usedFile.inode, event.usedFile.mode) = (55, 0o140777)
            (event.socketFamily, event.socketType, event.socketProtocol, event.socketInode) = (2, 1, 6, 55)
            event.localAddress = address(1, 80, &event)
            event.peerAddress = address(2, 40_000, &event)
        }
        #expect(scene.descriptorName == "127.0.0.2:40000->127.0.0.1:80")
        #expect(scene.state.current.descriptor?.number == 0)
    }
}
