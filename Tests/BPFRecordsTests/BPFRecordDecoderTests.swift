import CBPFRecords
import EventModel
import FuzzChecks
import SeededRandom
import Testing

@testable import BPFRecords

@Suite struct BPFRecordDecoderTests {
    static let file: shrike_file = {
        var file = shrike_file()
        file.inode = 77
        file.device = 8 << 20 | 3
        file.mode = 0o100640
        file.uid = 12
        file.gid = 13
        file.change_time = 21
        file.modification_time = 22
        return file
    }()

    @Test func `a call has its process, arguments and result`() throws {
        var builder = RecordBuilder(SHRIKE_RECORD_CALL, type: "ptrace")
        builder.record.result = -1
        builder.record.arguments = (16, 70, 1, 2, 3, 4)
        builder.record.call = 101
        (builder.record.uid, builder.record.euid, builder.record.gid, builder.record.egid) = (1000, 0, 100, 5)
        builder.record.login_uid = 1000
        builder.record.terminal = 0x8801
        (builder.record.pgid, builder.record.sid) = (60, 50)
        (builder.record.ns_ppid, builder.record.ns_pgid, builder.record.ns_sid) = (0, 3, 2)
        builder.record.cap_effective = 1 << 21
        let event = try #require(decode(builder))
        #expect(event.type.name == "ptrace")
        #expect(event.source == .ebpf)
        #expect((event.timeNanoseconds, event.bootNanoseconds) == (1_005_000, 5_000))
        #expect(event.architecture == .x86_64)
        #expect(event.syscallNumber == 101)
        #expect(event.result == -1)
        #expect(event.hasResult)
        #expect(event.registerCount == 6)
        #expect((0..<6).map { event.registers[$0] } == [16, 70, 1, 2, 3, 4])
        let process = event.process
        #expect((process.pid, process.tid, process.parentPID) == (70, 71, 1))
        #expect((process.uid, process.effectiveUID, process.gid, process.effectiveGID) == (1000, 0, 100, 5))
        #expect(process.loginUID == 1000)
        #expect(process.terminal == 0x8801)
        #expect((process.processGroup, process.processSession) == (60, 50))
        #expect(process.capabilitiesEffective == 1 << 21)
        #expect(process.startNanoseconds == 900_000_000_000)
        #expect(event.text(process.command) == "worker")
        let ids = process.namespaceIDs
        #expect((ids.pid, ids.tid, ids.parentPID, ids.group, ids.session) == (5, 6, 0, 3, 2))
        #expect(ids.namespace == 0xf000_0001)
        #expect(
            process.known.isSuperset(of: [
                .parent, .userIDs, .groupIDs, .loginUser, .terminal, .namespaceIDs, .capabilities,
            ]))
    }

    struct FlagCase: Sendable {
        var flag: shrike_record_flag
        var kind = SHRIKE_RECORD_CALL
        var with = shrike_record_flag(rawValue: 0)
        var check: @Sendable (RawEvent) -> Bool
    }

    static let flags: [FlagCase] = [
        FlagCase(flag: SHRIKE_FLAG_32BIT) { $0.architecture == .i386 },
        FlagCase(flag: SHRIKE_FLAG_NO_RESULT) { !$0.hasResult },
        FlagCase(flag: SHRIKE_FLAG_NO_ARGUMENTS) { $0.hasUnknownArguments && $0.registerCount == 0 },
        FlagCase(flag: SHRIKE_FLAG_SUBMITTED, kind: SHRIKE_RECORD_RING) { !$0.hasResult && $0.syscallNumber == -1 },
        FlagCase(flag: SHRIKE_FLAG_SUBMITTED, kind: SHRIKE_RECORD_RING, with: SHRIKE_FLAG_NO_RESULT) {
            $0.isUnnumbered
        },
        FlagCase(flag: SHRIKE_FLAG_DIRECT, kind: SHRIKE_RECORD_RING) { $0.isUnnumbered && $0.hasResult },
        FlagCase(flag: SHRIKE_FLAG_INCOMPLETE) { $0.isTruncated },
    ]

    @Test(arguments: flags.indices)
    func `a flag changes what is told`(_ index: Int) throws {
        let row = Self.flags[index]
        var builder = RecordBuilder(row.kind, type: "openat")
        let plain = try #require(decode(builder))
        #expect(!row.check(plain))
        builder.record.flags = row.flag.rawValue | row.with.rawValue
        #expect(row.check(try #require(decode(builder))))
    }

    @Test func `an open has the name that was asked for and the file that was opened`() throws {
        var builder = RecordBuilder(SHRIKE_RECORD_CALL, type: "openat")
        builder.record.result = 3
        builder.add(SHRIKE_PART_ASKED, "../x/link")
        builder.add(SHRIKE_PART_BASE, "/srv/data")
        builder.add(SHRIKE_PART_REAL, "/etc/shadow")
        builder.add(SHRIKE_PART_FILE, Self.file)
        let event = try #require(decode(builder))
        let path = try #require(event.paths.first)
        #expect(event.paths.count == 1)
        #expect(event.text(path.name) == "../x/link")
        #expect(event.text(path.directory) == "/srv/data")
        #expect(event.text(path.object.path) == "/etc/shadow")
        #expect(path.object.layer == .none)
        #expect((path.inode, path.mode, path.uid) == (77, 0o100640, 12))
        #expect((path.deviceMajor, path.deviceMinor) == (8, 3))
    }

    struct ObjectCase: Sendable, CustomTestStringConvertible {
        var name: String
        var partFlags: [shrike_part_flag] = []
        var fileFlags: [shrike_file_flag] = []
        var root: UInt16 = 0
        var traits: PathFact.Object.Traits = []
        var magic: UInt64 = 0
        var layer = ProcessFacts.ExecutableFile.Layer.none
        var rootLength: UInt32 = 0
        var testDescription: String { name }
    }

    static let objects: [ObjectCase] = [
        ObjectCase(name: "removed", partFlags: [SHRIKE_PART_DELETED], traits: .deleted),
        ObjectCase(name: "without links", fileFlags: [SHRIKE_FILE_DELETED], traits: .deleted),
        ObjectCase(
            name: "in memory", partFlags: [SHRIKE_PART_NAMELESS], fileFlags: [SHRIKE_FILE_MEMORY], traits: .inMemory),
        ObjectCase(
            name: "a pipe", partFlags: [SHRIKE_PART_NAMELESS], fileFlags: [SHRIKE_FILE_PIPE], traits: .placeless),
        ObjectCase(name: "a mount taken away", partFlags: [SHRIKE_PART_DETACHED], traits: .detached),
        ObjectCase(name: "of other mounts", partFlags: [SHRIKE_PART_OTHER_NAMESPACE], traits: .detached),
        ObjectCase(name: "cut", partFlags: [SHRIKE_PART_CUT], traits: .cut),
        ObjectCase(name: "upper", fileFlags: [SHRIKE_FILE_LAYERED, SHRIKE_FILE_UPPER], layer: .upper),
        ObjectCase(name: "lower", fileFlags: [SHRIKE_FILE_LAYERED], layer: .lower),
        // linux/magic.h; the kernel loaded overlayfs later than the programs.
        ObjectCase(name: "of layers that nobody tells", magic: 0x794c_7630, layer: .unknown),
        ObjectCase(name: "below a root", partFlags: [SHRIKE_PART_BELOW_ROOT], root: 5, rootLength: 5),
        ObjectCase(name: "a root beyond the path", partFlags: [SHRIKE_PART_BELOW_ROOT], root: 500, rootLength: 9),
    ]

    @Test(arguments: objects)
    func `what is special about a file is told`(_ row: ObjectCase) throws {
        var builder = RecordBuilder(SHRIKE_RECORD_CALL, type: "open")
        builder.add(SHRIKE_PART_REAL, "/jail/etc", flags: row.partFlags, root: row.root)
        var file = Self.file
        file.flags = row.fileFlags.reduce(0) { $0 | $1.rawValue }
        file.magic = row.magic
        builder.add(SHRIKE_PART_FILE, file)
        let object = try #require(decode(builder)?.paths.first?.object)
        #expect(object.traits == row.traits)
        #expect(object.layer == row.layer)
        #expect(object.rootLength == row.rootLength)
    }

    @Test func `a pipe is told by where it is, a named one is a file`() throws {
        for (magic, isPlaceless) in [(0x5049_5045 as UInt64, true), (0xef53, false)] {
            var pipe = shrike_file()
            (pipe.inode, pipe.mode, pipe.magic) = (5, 0o010600, magic)
            var copy = RecordBuilder(SHRIKE_RECORD_CALL, type: "dup2")
            copy.add(SHRIKE_PART_FILE, pipe)
            let used = try #require(decode(copy)).usedFile
            #expect(used.inode == 5 && used.object.traits.contains(.placeless) == isPlaceless)
        }
    }

    @Test func `a descriptor's file is no path of the call`() throws {
        var builder = RecordBuilder(SHRIKE_RECORD_CALL, type: "fchmod")
        builder.add(SHRIKE_PART_REAL, "/etc/shadow")
        builder.add(SHRIKE_PART_FILE, Self.file)
        let event = try #require(decode(builder))
        #expect(event.paths.isEmpty)
        #expect(event.text(event.usedFile.object.path) == "/etc/shadow")
        #expect(event.usedFile.inode == 77)
    }

    @Test(arguments: [
        ("renameat2", PathFact.Role.delete, PathFact.Role.create), ("linkat", .normal, .create),
        ("symlinkat", .unknown, .create), ("mount", .normal, .normal),
    ])
    func `two names keep their order and say what they are`(
        _ type: String, _ first: PathFact.Role, _ second: PathFact.Role
    ) throws {
        var builder = RecordBuilder(SHRIKE_RECORD_CALL, type: type)
        builder.add(SHRIKE_PART_ASKED2, "new")
        builder.add(SHRIKE_PART_BASE2, "/two")
        builder.add(SHRIKE_PART_ASKED, "old")
        builder.add(SHRIKE_PART_BASE, "/one")
        let event = try #require(decode(builder))
        #expect(event.paths.map { event.text($0.name) } == ["old", "new"])
        #expect(event.paths.map { event.text($0.directory) } == ["/one", "/two"])
        #expect(event.paths.map(\.role) == [first, second])
    }

    @Test func `what can't be read is missing and the event says so`() throws {
        var builder = RecordBuilder(SHRIKE_RECORD_CALL, type: "unlink")
        builder.add(SHRIKE_PART_ASKED, "", flags: [SHRIKE_PART_UNREADABLE])
        let event = try #require(decode(builder))
        #expect(event.paths.map(\.name.isPresent) == [false])
        #expect(event.isTruncated)
    }

    @Test func `an exec has its program, arguments, environment and file`() throws {
        var builder = RecordBuilder(SHRIKE_RECORD_EXEC)
        builder.record.call = 59
        builder.record.arguments_size = 8
        builder.add(SHRIKE_PART_PROGRAM, "./tool")
        builder.add(SHRIKE_PART_REAL, "/opt/tool")
        var file = Self.file
        file.flags = SHRIKE_FILE_LAYERED.rawValue | SHRIKE_FILE_UPPER.rawValue
        builder.add(SHRIKE_PART_FILE, file)
        builder.add(SHRIKE_PART_CWD, "/opt")
        builder.add(SHRIKE_PART_ARGUMENTS, "tool\u{0}-x\u{0}")
        builder.add(SHRIKE_PART_ENVIRONMENT, "A=b\u{0}")
        let event = try #require(decode(builder))
        #expect(event.type.name == "execve")
        #expect(event.hasResult && event.result == 0)
        #expect(event.text(event.process.executable) == "/opt/tool")
        #expect(event.text(event.process.currentDirectory) == "/opt")
        #expect(event.text(event.process.arguments) == "tool\u{0}-x\u{0}")
        #expect(event.text(event.process.environment) == "A=b\u{0}")
        #expect(event.paths.map { event.text($0.name) } == ["./tool"])
        #expect(!event.isTruncated)
        let executable = event.process.executableFile
        #expect(event.process.known.contains(.executableFile))
        #expect((executable.inode, executable.deviceMajor, executable.deviceMinor) == (77, 8, 3))
        #expect((executable.changeTime, executable.modificationTime) == (21, 22))
        #expect((executable.mode, executable.uid, executable.gid) == (0o100640, 12, 13))
        #expect(executable.layer == .upper)
        // More arguments than the record has.
        builder.record.arguments_size = 9
        #expect(decode(builder)?.isTruncated == true)
        builder.record.call = 322
        #expect(decode(builder)?.type.name == "execveat")
    }

    @Test func `a chrooted process is at a place below its root, its program at the place that all see`() throws {
        var builder = RecordBuilder(SHRIKE_RECORD_EXEC)
        builder.record.flags = SHRIKE_FLAG_CHROOT.rawValue
        builder.add(SHRIKE_PART_ROOT, "/jail")
        builder.add(SHRIKE_PART_CWD, "/jail")
        builder.add(SHRIKE_PART_REAL, "/jail/bin/sh", flags: [SHRIKE_PART_BELOW_ROOT], root: 5)
        let event = try #require(decode(builder))
        #expect(event.text(event.process.currentDirectory) == "/")
        #expect(event.text(event.process.executable) == "/jail/bin/sh")
        var other = RecordBuilder(SHRIKE_RECORD_EXEC)
        other.add(SHRIKE_PART_ROOT, "/jail")
        other.add(SHRIKE_PART_CWD, "/jailer")
        #expect(decode(other).flatMap { $0.text($0.process.currentDirectory) } == "/jailer")
    }

    @Test func `a fork is its maker's event and tells the child`() throws {
        var builder = RecordBuilder(SHRIKE_RECORD_FORK)
        (builder.record.other_tgid, builder.record.other_tid) = (40, 41)
        builder.record.ppid = 40
        builder.record.cgroup = 77
        let event = try #require(decode(builder))
        #expect(event.isForStateOnly)
        #expect((event.process.pid, event.process.tid, event.childPID) == (40, 41, 70))
        #expect(event.childStartNanoseconds == 900_000_000_000)
        #expect(event.childNamespaceIDs.pid == 5)
        #expect(event.process.startNanoseconds == 0)
        #expect(!event.process.known.contains(.parent))
        // The record's is the child's, which may have been made in another (CLONE_INTO_CGROUP).
        #expect(event.childControlGroupID == 77)
        #expect(!event.process.known.contains(.controlGroup) && event.process.controlGroupID == 0)
        #expect(event.registers[0] == 0)
        builder.record.ppid = 1
        #expect(decode(builder)?.registers[0] == 0x8000)
    }

    @Test func `an end has its status`() throws {
        var builder = RecordBuilder(SHRIKE_RECORD_EXIT)
        builder.record.status = 0x8b
        let event = try #require(decode(builder))
        #expect(event.type.name == "procexit")
        #expect(event.exitStatus == 0x8b)
        #expect(!event.isForStateOnly)
    }

    @Test func `a socket says its own addresses`() throws {
        var socket = shrike_socket()
        (socket.family, socket.type, socket.protocol) = (2, 1, 6)
        (socket.local_port, socket.peer_port, socket.inode) = (40_000, 80, 5)
        socket.local.0 = 127
        socket.local.3 = 1
        socket.peer.0 = 10
        socket.peer.3 = 9
        var builder = RecordBuilder(SHRIKE_RECORD_CALL, type: "connect")
        builder.add(SHRIKE_PART_ADDRESS, [2, 0, 0, 80, 0, 0, 0, 0])
        builder.add(SHRIKE_PART_SOCKET, socket)
        let event = try #require(decode(builder))
        #expect(Array(event.slice(event.socketAddress)) == [2, 0, 0, 80, 0, 0, 0, 0])
        #expect(Array(event.slice(event.localAddress)).prefix(8) == [2, 0, 0x9c, 0x40, 127, 0, 0, 1])
        #expect(Array(event.slice(event.peerAddress)).prefix(8) == [2, 0, 0, 80, 10, 0, 0, 9])
        #expect(event.socketFamily == 2)
        #expect((event.socketType, event.socketProtocol, event.socketInode) == (1, 6, 5))
        // Who accepts without asking for the address is told it nonetheless.
        var accept = RecordBuilder(SHRIKE_RECORD_CALL, type: "accept")
        accept.add(SHRIKE_PART_SOCKET, socket)
        let accepted = try #require(decode(accept))
        #expect(Array(accepted.slice(accepted.socketAddress)).prefix(8) == [2, 0, 0, 80, 10, 0, 0, 9])
    }

    @Test func `addresses of IPv6 and of Unix sockets have their forms`() throws {
        var socket = shrike_socket()
        (socket.family, socket.local_port) = (10, 443)
        socket.local.15 = 1
        var builder = RecordBuilder(SHRIKE_RECORD_CALL, type: "bind")
        builder.add(SHRIKE_PART_SOCKET, socket)
        let event = try #require(decode(builder))
        #expect(event.slice(event.localAddress).count == 28)
        #expect(Array(event.slice(event.localAddress))[..<4] == [10, 0, 1, 0xbb])
        #expect(event.slice(event.localAddress)[event.localAddress.range.lowerBound + 23] == 1)
        socket.family = 1
        var unix = RecordBuilder(SHRIKE_RECORD_CALL, type: "connect")
        unix.add(SHRIKE_PART_SOCKET, socket)
        unix.add(SHRIKE_PART_UNIX_PEER, "/run/x.sock")
        let other = try #require(decode(unix))
        #expect(Array(other.slice(other.peerAddress)) == [1, 0] + Array("/run/x.sock".utf8))
        #expect(!other.localAddress.isPresent)
    }

    @Test func `structures behind arguments are read`() throws {
        func words(_ values: UInt64...) -> [UInt8] {
            values.flatMap { value in (0..<8).map { UInt8(value >> ($0 * 8) & 255) } }
        }
        var open = RecordBuilder(SHRIKE_RECORD_CALL, type: "openat2")
        open.add(SHRIKE_PART_BLOCK, words(2, 0o600, 8))
        #expect(decode(open)?.openHow == OpenHow(flags: 2, mode: 0o600, resolve: 8))
        var short = RecordBuilder(SHRIKE_RECORD_CALL, type: "openat2")
        short.add(SHRIKE_PART_BLOCK, words(2, 0o600))
        #expect(try #require(decode(short)).openHow == nil)
        // Another thread may have written over the structure since the kernel read it: how the file is open, the kernel says.
        var file = Self.file
        file.open_flags = 0o1  // O_WRONLY, asm-generic/fcntl.h
        open.add(SHRIKE_PART_FILE, file)
        #expect(decode(open)?.openHow == OpenHow(flags: 1, mode: 0o600, resolve: 8))
        short.add(SHRIKE_PART_FILE, file)
        #expect(decode(short)?.openHow == OpenHow(flags: 1, mode: 0, resolve: 0))
        var pipe = RecordBuilder(SHRIKE_RECORD_CALL, type: "pipe2")
        pipe.add(SHRIKE_PART_BLOCK, words(4 << 32 | 3))
        let made = try #require(decode(pipe)).descriptors
        #expect((made[0], made[1]) == (3, 4))
        pipe.record.result = -24
        let failed = try #require(decode(pipe)).descriptors
        #expect((failed[0], failed[1]) == (-1, -1))
        var clone = RecordBuilder(SHRIKE_RECORD_CALL, type: "clone3")
        clone.add(SHRIKE_PART_BLOCK, words(0x2000_0000))
        clone.record.result = 77
        #expect(decode(clone)?.arguments.first?.number ?? 0 != 0)
        // The child's return: its maker may have used the memory for something else.
        clone.record.result = 0
        #expect(try #require(decode(clone)).arguments.isEmpty)
    }

    @Test(arguments: [("memfd_create", true), ("delete_module", false), ("prctl", false)])
    func `texts that are no paths are told where rules look for them`(_ type: String, _ isPath: Bool) throws {
        var builder = RecordBuilder(SHRIKE_RECORD_CALL, type: type)
        builder.add(SHRIKE_PART_TEXT, "payload")
        let event = try #require(decode(builder))
        let texts = event.paths.map { event.text($0.name) } + event.arguments.map { event.text($0.bytes) }
        #expect(texts == ["payload"])
        #expect(event.paths.isEmpty == !isPath)
    }
}
