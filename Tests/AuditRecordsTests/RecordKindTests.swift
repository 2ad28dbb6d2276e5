import AuditRecords
import EventModel
import Testing

/// What each kind of record adds to an event.
@Suite struct RecordKindTests {
    private func event(_ records: [String], syscall: String = "syscall=59 success=yes exit=0") throws -> RawEvent {
        let base = """
            type=SYSCALL msg=audit(100.250:9): arch=c000003e \(syscall) a0=1 a1=2 a2=3 a3=4 items=0 ppid=1 pid=7 \
            auid=1000 uid=1 gid=2 euid=3 suid=4 fsuid=5 egid=6 sgid=7 fsgid=8 tty=pts3 ses=12 comm="x" exe="/bin/x"
            """
        let lines =
            [base]
            + records.map { record in
                let parts = record.split(separator: " ", maxSplits: 1)
                return "type=\(parts[0]) msg=audit(100.250:9): \(parts.count > 1 ? parts[1] : "")"
            }
        return try #require(decode(lines.joined(separator: "\n")).events.first)
    }

    @Test func `SYSCALL`() throws {
        let event = try event([])
        #expect(event.timeNanoseconds == 100_250_000_000)
        #expect(event.sequence == 9)
        #expect(event.type.name == "execve")
        #expect(event.architecture == .x86_64)
        #expect(event.registerCount == 4)
        #expect(event.process.parentPID == 1)
        #expect(event.process.uid == 1)
        #expect(event.process.effectiveUID == 3)
        #expect(event.process.gid == 2)
        #expect(event.process.effectiveGID == 6)
        #expect(event.process.loginUID == 1000)
        #expect(event.process.auditSession == 12)
        #expect(event.process.terminal == 0x8803)
        #expect(event.process.known == [.parent, .userIDs, .groupIDs, .loginUser, .session, .terminal])
    }

    @Test(
        arguments: [
            ("success=no exit=-115", -115, true), ("success=yes exit=17134", 17134, true), ("", 0, false),
            ("success=no exit=x", 0, false),
        ] as [(String, Int64, Bool)])
    func `results`(_ text: String, _ result: Int64, _ isTold: Bool) throws {
        let event = try event([], syscall: "syscall=42 \(text)")
        #expect(event.result == result)
        #expect(event.hasResult == isTold)
    }

    @Test func `the child's pid is in the caller's pid namespace, so it is not told`() throws {
        #expect(try event([], syscall: "syscall=56 success=yes exit=17134").childPID == 0)
    }

    @Test func `exit statuses`() throws {
        #expect(try event([], syscall: "syscall=231").exitStatus == 0x100)
    }

    @Test(
        arguments: [(257, "openat"), (99999, "syscall"), (0x4000_0208, "execve"), (-1, "syscall")] as [(Int32, String)])
    func `types by number`(_ number: Int32, _ name: String) throws {
        #expect(try event([], syscall: "syscall=\(number) success=no exit=-1").type.name == name)
    }

    @Test func `PATH records in any order and with any name`() throws {
        let event = try event(
            [
                "PATH item=2 name=(null) inode=18446744073709551615 dev=103:1a mode=040755 ouid=4294967295 nametype=PARENT",
                "PATH item=0 name=612062 nametype=UNKNOWN cap_fp=0",
                "PATH item=1 name=\"b\" inode=2 dev=00:00 mode=0104755 ouid=0 nametype=DELETE",
            ])
        #expect(event.paths.map { event.text($0.name) } == ["a\\x20b", "b", "-"])
        #expect(event.paths.map(\.role) == [.unknown, .delete, .parent])
        #expect(event.paths[2].inode == UInt64.max)
        #expect(event.paths[2].deviceMajor == 0x103)
        #expect(event.paths[2].deviceMinor == 0x1a)
        #expect(event.paths[1].mode == 0o104755)
    }

    @Test func `more paths than any call has are cut`() throws {
        let event = try event((0..<100).map { "PATH item=\($0) name=\"p\" nametype=NORMAL" })
        #expect(event.paths.count == 64)
        #expect(event.isTruncated)
    }

    @Test(
        arguments: [
            ("0200115C7F0000010000000000000000", 16), ("0100002F61", 5), ("10000000", 4), ("", 0),
        ] as [(String, Int)])
    func `SOCKADDR is kept as the kernel's bytes`(_ hex: String, _ count: Int) throws {
        let event = try event(["SOCKADDR saddr=\(hex)"])
        #expect(event.socketAddress.isPresent)
        #expect(event.socketAddress.range.count == count)
    }

    @Test func `a big-endian machine's address and clone flags`() throws {
        let table = SyscallTable([
            SyscallTable.Entry(architecture: .s390x, number: 362, name: "connect"),
            SyscallTable.Entry(architecture: .s390x, number: 120, name: "clone"),
        ])
        var decoder = AuditDecoder(syscalls: table, source: .auditLog)
        let call = "arch=80000016 success=yes exit=0 a0=7 a1=11 a2=0 a3=0 items=0 pid=2 uid=0"
        for line in [
            "type=SYSCALL msg=audit(1.1:1): syscall=362 \(call)",
            "type=SOCKADDR msg=audit(1.1:1): saddr=0002115C7F000001", "type=EOE msg=audit(1.1:1): ",
            "type=SYSCALL msg=audit(1.1:2): syscall=120 \(call)", "type=EOE msg=audit(1.1:2): ",
        ] { decoder.pushLine(Array(line.utf8).span) }
        var event = RawEvent()
        let hasConnect = decoder.next(into: &event)
        #expect(hasConnect)
        #expect(event.type.name == "connect")
        #expect(Array(event.slice(event.socketAddress)) == [2, 0, 0x11, 0x5c, 0x7f, 0, 0, 1])
        let hasClone = decoder.next(into: &event)
        #expect(hasClone)
        #expect(event.registers[0] == 0x11)
    }

    @Test(arguments: [("", 1, "syscall"), ("\u{1d}ARCH=loongarch64 SYSCALL=openat", 0, "openat")])
    func `a call of an unknown ABI`(_ enriched: String, _ foreign: UInt64, _ type: String) {
        let line = "type=SYSCALL msg=audit(1.1:1): arch=c0000102 syscall=56 exit=0 pid=2 uid=0\(enriched)"
        let result = decode(line)
        #expect(result.counters.foreign == foreign)
        #expect(result.events.first?.type.name == type)
    }

    @Test func `of several SOCKADDR records the first stands`() throws {
        let event = try event(["SOCKADDR saddr=0200", "SOCKADDR saddr=0A00"])
        #expect(event.text(event.socketAddress) == "\\x02\\x00")
    }

    @Test func `FD_PAIR, MMAP, OPENAT2, KERN_MODULE`() throws {
        let event = try event([
            "FD_PAIR fd0=3 fd1=-1", "MMAP fd=5 flags=0x2", "OPENAT2 oflag=02100000 mode=0644 resolve=0xa",
            "KERN_MODULE name=\"evil\"",
        ])
        #expect(event.descriptors[0] == 3)
        #expect(event.descriptors[1] == -1)
        #expect(event.registers[4] == 5)
        #expect(event.registerCount == 5)
        #expect(event.openHow == OpenHow(flags: 0o2100000, mode: 0o644, resolve: 10))
        #expect(event.text(event.moduleName) == "evil")
    }

    @Test(arguments: [
        """
        BPRM_FCAPS fver=0 fp=0 fi=0 fe=0 old_pp=1 old_pi=2 old_pe=3 old_pa=4 pp=000001ffffffffff pi=5 pe=6 pa=7 frootid=0
        """,
        "CAPSET pid=7 cap_pi=5 cap_pp=000001ffffffffff cap_pe=6 cap_pa=0",
    ])
    func `capabilities`(_ record: String) throws {
        let event = try event([record])
        #expect(event.process.known.contains(.capabilities))
        #expect(event.process.capabilitiesPermitted == 0x1ff_ffff_ffff)
        #expect(event.process.capabilitiesInheritable == 5)
        #expect(event.process.capabilitiesEffective == 6)
    }

    @Test func `a record with some of the capability sets tells none`() throws {
        #expect(try !event(["CAPSET pid=7 cap_pi=5"]).process.known.contains(.capabilities))
    }

    @Test func `PROCTITLE is the title only, never the arguments`() throws {
        let event = try event(["PROCTITLE proctitle=7368002D63"])
        #expect(event.text(event.process.title) == "sh\\x00-c")
        #expect(!event.process.arguments.isPresent)
    }

    @Test func `a socket call of i386 without its SOCKETCALL record has no registers`() throws {
        let text = """
            type=SYSCALL msg=audit(1.1:1): arch=40000003 syscall=102 success=yes exit=0 a0=3 a1=ff8f0ee4 a2=0 a3=0 \
            items=0 ppid=1 pid=2 uid=0
            """
        let event = try #require(decode(text).events.first)
        #expect(event.type.name == "connect")
        #expect(event.registerCount == 0)
    }

    @Test func `an io_uring operation without a system call is an event`() throws {
        let text = """
            type=URINGOP msg=audit(1.1:1): uring_op=18 success=no exit=-2 items=1 ppid=1 pid=2 uid=0 gid=0 euid=5 key=(null)
            type=PATH msg=audit(1.1:1): item=0 name="/etc/shadow" nametype=NORMAL
            """
        let event = try #require(decode(text).events.first)
        #expect(event.type.name == "openat")
        #expect(event.result == -2)
        #expect(event.registerCount == 0)
        #expect(event.process.effectiveUID == 5)
        #expect(event.text(event.paths[0].name) == "/etc/shadow")
    }
}
