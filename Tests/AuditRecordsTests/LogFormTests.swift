import AuditRecords
import EventModel
import Testing

/// The forms in which records reach a file: auditd's own, and what relays, tools and other kernels make of them.
@Suite struct LogFormTests {
    private static let call = """
        audit(1600000001.101:21): arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=0 items=1 ppid=10 pid=11 \
        auid=1001 uid=1001 gid=1002 euid=1001 egid=1002 tty=pts0 ses=1 comm="id" exe="/usr/bin/id" key=(null)
        """
    private static let names = #"ARCH=x86_64 SYSCALL=execve AUID="carol" UID="carol" GID="ops" EUID="eve" EGID="dev""#
    /// Records of one event: name, number, text.
    private static let records: [(name: String, number: Int, text: String)] = [
        ("SYSCALL", 1300, call), ("EXECVE", 1309, #"audit(1600000001.101:21): argc=1 a0="id""#),
        ("CWD", 1307, #"audit(1600000001.101:21): cwd="/home/carol""#),
        ("PATH", 1302, #"audit(1600000001.101:21): item=0 name="/usr/bin/id" inode=5 dev=fd:00 nametype=NORMAL"#),
        ("EOE", 1320, "audit(1600000001.101:21): "),
    ]
    private static let plain = records.map { "type=\($0.name) msg=\($0.text)" }

    @Test(arguments: [
        ("a BOM", "\u{feff}"), ("blanks", "  "), ("syslog", "Nov  3 10:00:01 web1 audispd: "),
        ("RFC 5424", "<14>1 2020-09-13T12:26:41.101Z web1 audisp-syslog - - - "),
    ])
    func `a record is read behind what stands in front of it`(_ form: String, _ prefix: String) {
        let lines = Self.plain.map { Array((prefix + $0).utf8) }
        let result = decode(lines: lines, finish: false)
        #expect(result.events.map(\.facts) == decode(Self.plain.joined(separator: "\n")).events.map(\.facts))
        #expect(result.events.count == 1)
        #expect(result.counters.malformed == 0)
    }

    @Test func `the kernel's own log is read`() {
        let lines = Self.records.map { "Nov  3 10:00:01 web1 kernel: [ 123.456] audit: type=\($0.number) \($0.text)" }
        let result = decode(lines.joined(separator: "\n"), finish: false)
        #expect(result.events.map(\.facts) == decode(Self.plain.joined(separator: "\n")).events.map(\.facts))
    }

    @Test(arguments: [
        ("node=web1 ", "web1"), ("node=Cent OS 7 ", "Cent\\x20OS\\x207"), ("node=fe80::1%eth0 ", "fe80::1%eth0"),
        ("Nov  3 10:00:01 relay audispd: node=web1 ", "web1"),
    ])
    func `a node's name`(_ prefix: String, _ node: String) {
        let result = decode(Self.plain.map { prefix + $0 }.joined(separator: "\n"), finish: false)
        #expect(result.events.map { $0.text($0.node) } == [node])
    }

    @Test(arguments: ["", "node=web1 "]) func `a line may hold a whole event`(_ node: String) {
        let result = decode(Self.plain.map { node + $0 }.joined(separator: " "), finish: false)
        #expect(
            result.events.map(\.facts)
                == decode(Self.plain.map { node + $0 }.joined(separator: "\n")).events.map(\.facts)
        )
        #expect(result.counters.records == 5)
    }

    @Test func `a record inside a message of user space is none`() {
        let line = "type=USER_CMD msg=audit(1.1:1): pid=1 msg='cmd=x type=SYSCALL msg=\(Self.call) '"
        let result = decode(line)
        #expect(result.events.isEmpty)
        #expect(result.counters.ignored == 1)
    }

    @Test func `a record inside a quoted text is none`() {
        let record = #"type=PATH msg=audit(1600000001.101:21): item=0 name="/x"type=SYSCALL msg=audit(1.1:1): pid=1"#
        #expect(decode(record).counters.records == 1)
    }

    @Test(arguments: ["\u{1d}", " ", ""])
    func `names that auditd found stand in the event`(_ separator: String) throws {
        var lines = Self.plain
        lines[0] += separator + Self.names
        let event = try #require(decode(lines.joined(separator: "\n"), finish: false).events.first)
        #expect(event.text(event.process.userName) == "eve")
        #expect(event.text(event.process.loginUserName) == "carol")
        #expect(event.text(event.process.groupName) == "dev")
        #expect(event.process.effectiveUID == 1001)
    }

    @Test(arguments: ["\"unset\"", "\"unknown(1001)\"", "x"])
    func `a name that auditd did not find is none`(_ name: String) throws {
        let event = try #require(decode(Self.plain[0] + "\u{1d}EUID=\(name) AUID=\"carol\"").events.first)
        #expect(!event.process.userName.isPresent)
        #expect(event.text(event.process.loginUserName) == "carol")
    }

    @Test(
        arguments: [
            ("Nov 03 10:00:01 web1 audit[11]: SYSCALL arch=c000003e syscall=59", .journal),
            ("type=CWD msg=audit(09/13/2020 12:26:41.101:21) : cwd=/home/carol", .interpreted),
            ("type=CWD msg=audit(1600000001.101:2", .damaged), ("type=CWD", .other), ("\u{1f}\u{0}\u{2}", .binary),
            ("Nov 03 10:00:01 web1 audit[11]: hello", .other), ("----", nil), ("time->Sun Sep 13 12:26:41 2020", nil),
            ("", nil), (" \t\r", nil),
        ] as [(String, UnreadableLine?)])
    func `what a line without a record seems to be`(_ line: String, _ kind: UnreadableLine?) {
        var decoder = AuditDecoder(syscalls: .fixtures, source: .auditLog)
        let found = decoder.pushLine(Array(line.utf8).span)
        #expect(found == kind)
        #expect(decoder.counters.malformed == (kind == nil ? 0 : 1))
    }
}
