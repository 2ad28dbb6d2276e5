import AlertReduction
import AuditRecords
import EventFields
import EventModel
import EventSources
import NodeState
import Outputs
import RuleEngine
import TestSupport
import Testing

@testable import Detection

private let rules = """
    - rule: Program in /tmp
      desc: A program in /tmp.
      condition: evt.type = execve and proc.exepath startswith /tmp/
      output: run %proc.exepath by %proc.pname
      priority: WARNING
    """

private let fileRules = """
    - rule: Secret read
      desc: A file under its name, but by a path that is left out.
      condition: evt.type = openat and fd.name = /etc/shadow and not fd.name startswith /opt/allowed
      output: read %fd.name as %fd.nameraw
      priority: WARNING
    """

/// A node with one file.
private final class OneFile: NodeFiles {
    func read(_ path: PathBuffer, upTo limit: Int, into buffer: inout [UInt8]) -> Bool { false }
    func readBeneath(
        root: PathBuffer, components: [StaticString], upTo limit: Int, into buffer: inout [UInt8]
    ) -> FileStatus? { nil }
    func readLink(_ path: PathBuffer, into buffer: inout [UInt8]) -> Bool { false }
    func listNumbers(_ path: PathBuffer, limit: Int, into numbers: inout [Int32]) -> Bool { false }
    func listNames(_ path: PathBuffer, limit: Int) -> [[UInt8]]? { nil }
    func status(_ path: PathBuffer) -> FileStatus? {
        guard path.text == "/etc/shadow" else { return nil }
        var status = FileStatus()
        (status.inode, status.device) = (77, 0xfe00)
        return status
    }
}

@Suite struct OtherNameTests {
    @Test(arguments: [
        ("/etc/shadow", UInt64(77), ["read /etc/shadow as /etc/shadow"]),
        ("/tmp/link", 77, ["read /etc/shadow as /tmp/link"]),
        ("/opt/allowed/x", 77, ["read /etc/shadow as /opt/allowed/x"]), ("/tmp/link", 78, []),
    ])
    func `a file is judged by the name that a rule knows too, once`(
        _ name: String, _ inode: UInt64, _ messages: [String]
    )
        throws
    {
        var options = NodeStateOptions()
        options.namedFiles = ["/etc/shadow"]
        let state = NodeState(options: options, files: OneFile())
        var detection = Detection(
            state: state, rules: RuleEvaluation(try TestRules.load(fileRules)),
            reader: EventFieldReader(state: state, hostname: "test"), authority: SourceAuthority(only: .audit))
        var event = RawEvent()
        event.type = try #require(EventType(name: "openat"))
        event.process.pid = 60
        event.process.command = event.store(Array("cat".utf8))
        (event.registers[0], event.registerCount, event.result, event.hasResult) = (0xffff_ff9c, 3, 3, true)
        var path = PathFact()
        path.name = event.store(Array(name.utf8))
        (path.inode, path.deviceMajor, path.mode) = (inode, 254, 0o100640)
        event.append(path: path)
        var sent: [String] = []
        detection.take(&event, now: { 0 }, send: { sent.append(String(decoding: $0.message, as: UTF8.self)) })
        #expect(sent == messages)
    }
}

private let otherRules = """
    - rule: Child of a program in /tmp
      desc: What a program in /tmp starts.
      condition: evt.type = execve and proc.pexepath startswith /tmp/
      output: run %proc.exepath
      priority: ERROR
    """

/// A detection whose events come from a log, and what it sent.
private struct Scene: ~Copyable {
    var detection: Detection
    var sent: [Alert] = []

    init(
        authority: SourceAuthority = SourceAuthority(only: .audit), repeats: Int = 0, rules: String = rules,
        nodes: LoggedNodes? = nil
    ) throws {
        let state = NodeState(files: NoFiles())
        var settings = ReductionSettings()
        settings.repeats.windowSeconds = repeats
        detection = Detection(
            state: state, rules: RuleEvaluation(try TestRules.load(rules)),
            reader: EventFieldReader(state: state, hostname: "test"), authority: authority, reduction: settings,
            nodes: nodes)
    }

    /// Takes the events of a log at a time in nanoseconds; how many of them rules saw.
    mutating func take(now: UInt64 = 0, source: SourceKind = .audit, _ build: (inout AuditLogBuilder) -> Void) -> Int {
        var log = AuditLogBuilder()
        build(&log)
        return take(log.text, now: now, source: source)
    }

    mutating func take(_ text: String, now: UInt64 = 0, source: SourceKind = .audit) -> Int {
        var decoder = AuditDecoder(syscalls: .known, source: source)
        for line in text.split(separator: "\n") { decoder.pushLine(Array(line.utf8).span) }
        decoder.finish()
        var event = RawEvent()
        var seen = 0
        var alerts: [Alert] = []
        while decoder.next(into: &event) {
            if detection.take(&event, now: { now }, send: { alerts.append($0) }) { seen += 1 }
        }
        sent += alerts
        return seen
    }

    var messages: [String] { sent.map { String(decoding: $0.message, as: UTF8.self) } }
}

@Suite struct DetectionTests {
    @Test func `an event raises the alerts of its rules, and is counted`() throws {
        var scene = try Scene()
        let seen = scene.take {
            $0.exec("/usr/bin/bash", ["bash"], pid: 100, parent: 1)
            $0.exec("/tmp/x", ["/tmp/x"], pid: 101, parent: 100)
        }
        #expect(seen == 2)
        #expect(scene.messages == ["run /tmp/x by bash"])
        #expect(scene.detection.counters.events == 2)
        #expect(scene.detection.counters.alerts.rules.map(\.rule) == ["Program in /tmp"])
    }

    @Test func `what a source without authority tells feeds the state only`() throws {
        var scene = try Scene()
        #expect(scene.take(source: .auditLog) { $0.exec("/tmp/parent", ["x"], pid: 100, parent: 1) } == 0)
        #expect(scene.messages.isEmpty)
        _ = scene.take { $0.exec("/tmp/x", ["/tmp/x"], pid: 101, parent: 100) }
        #expect(scene.messages == ["run /tmp/x by parent"])
        #expect(scene.detection.counters.events == 1)
    }

    @Test func `repeats are held back by the time that is passed in, and told when it is over`() throws {
        var scene = try Scene(repeats: 10)
        for second: UInt64 in [1, 2, 3] {
            _ = scene.take(now: second * 1_000_000_000) { $0.exec("/tmp/x", ["/tmp/x"], pid: 101, parent: 100) }
        }
        #expect(scene.sent.count == 1)
        #expect(scene.detection.counters.alerts.total == 3)
        #expect(scene.detection.nextDeadline == 11_000_000_000)
        var told: [Alert] = []
        scene.detection.tick(now: 10_999_999_999) { told.append($0) }
        #expect(told.isEmpty)
        scene.detection.tick(now: 11_000_000_000) { told.append($0) }
        #expect(told.map { String(decoding: $0.message, as: UTF8.self).contains("shrike.repeats=2") } == [true])
        #expect(scene.detection.nextDeadline == .max)
    }

    @Test func `a flush tells at once what is held back`() throws {
        var scene = try Scene(repeats: 10)
        _ = scene.take {
            $0.exec("/tmp/x", ["/tmp/x"], pid: 101, parent: 100)
            $0.exec("/tmp/x", ["/tmp/x"], pid: 101, parent: 100)
        }
        var told = 0
        scene.detection.flush(now: 1) { _ in told += 1 }
        #expect(told == 1)
    }

    @Test func `other rules see the node's state as the old ones left it, and counts go on`() throws {
        var scene = try Scene()
        _ = scene.take { $0.exec("/tmp/x", ["/tmp/x"], pid: 101, parent: 100) }
        let state = scene.detection.state
        scene.detection.replace(
            rules: RuleEvaluation(try TestRules.load(otherRules)),
            reader: EventFieldReader(state: state, hostname: "test"), authority: SourceAuthority(only: .audit),
            reduction: ReductionSettings())
        _ = scene.take { $0.exec("/usr/bin/id", ["id"], pid: 102, parent: 101) }
        #expect(scene.messages == ["run /tmp/x by <NA>", "run /usr/bin/id"])
        #expect(scene.detection.counters.events == 2)
        #expect(scene.detection.counters.alerts.rules.map(\.rule) == ["Child of a program in /tmp", "Program in /tmp"])
    }

    // MARK: Nodes

    private static let childRules = """
        - rule: Program
          desc: A program.
          condition: evt.type = execve
          output: "%evt.hostname: %proc.name of %proc.pname"
          priority: WARNING
        """

    private static func log(of node: String, _ build: (inout AuditLogBuilder) -> Void) -> String {
        var log = AuditLogBuilder()
        build(&log)
        return log.text.split(separator: "\n").map { "node=\(node) \($0)\n" }.joined()
    }

    private static func nodes(limit: Int = 256) -> LoggedNodes {
        LoggedNodes(limit: limit) { EventFieldReader(state: NodeState(files: NoFiles()), hostname: $0) }
    }

    @Test func `each node that a log names has a table of its own, and its name is in the alert`() throws {
        var scene = try Scene(rules: Self.childRules, nodes: Self.nodes())
        let logs = [
            Self.log(of: "web1") { $0.exec("/bin/a", ["a"], pid: 100, parent: 1) },
            Self.log(of: "db1") { $0.exec("/bin/b", ["b"], pid: 100, parent: 1) },
            Self.log(of: "web1") { $0.exec("/bin/c", ["c"], pid: 101, parent: 100) },
            Self.log(of: "db1") { $0.exec("/bin/d", ["d"], pid: 101, parent: 100) },
        ]
        for log in logs { _ = scene.take(log) }
        #expect(
            scene.messages == ["web1: a of <NA>", "db1: b of <NA>", "web1: c of a", "db1: d of b"])
        #expect(scene.sent.map(\.node) == ["web1", "db1", "web1", "db1"].map { Array($0.utf8) })
    }

    @Test func `a log's lines of this machine are this machine's, and others stay apart`() throws {
        var scene = try Scene(
            rules: Self.childRules,
            nodes: LoggedNodes(own: "test") { EventFieldReader(state: NodeState(files: NoFiles()), hostname: $0) })
        for log in [
            Self.log(of: "test") { $0.exec("/bin/a", ["a"], pid: 100, parent: 1) },
            Self.log(of: "web1") { $0.exec("/bin/b", ["b"], pid: 100, parent: 1) },
        ] { _ = scene.take(log) }
        _ = scene.take { $0.exec("/bin/c", ["c"], pid: 101, parent: 100) }
        #expect(scene.messages == ["test: a of <NA>", "web1: b of <NA>", "test: c of a"])
        #expect(scene.sent.map { $0.node == nil } == [true, false, true])
    }

    @Test func `another node's static fields change, and its table stays`() throws {
        var nodes = LoggedNodes {
            EventFieldReader(state: NodeState(files: NoFiles()), hostname: $0, staticFields: ["old"])
        }
        let first = nodes.reader(of: Array("web1".utf8)[...])
        let before = try #require(first)
        nodes.takeStaticFields(of: EventFieldReader(state: before.state, hostname: "here", staticFields: ["new"]))
        let second = nodes.reader(of: Array("web1".utf8)[...])
        let after = try #require(second)
        #expect(after.state === before.state && after !== before && after.hostname == Array("web1".utf8))
    }

    @Test func `without a node's name an event is of this node`() throws {
        var scene = try Scene(rules: Self.childRules, nodes: Self.nodes())
        _ = scene.take { $0.exec("/bin/a", ["a"], pid: 100, parent: 1) }
        #expect(scene.messages == ["test: a of <NA>"])
        #expect(scene.sent.first?.node == nil)
    }

    @Test func `nodes beyond the limit share a table, and are counted`() throws {
        var nodes = Self.nodes(limit: 2)
        let first = nodes.reader(of: Array("a".utf8)[...])
        let again = nodes.reader(of: Array("a".utf8)[...])
        let second = nodes.reader(of: Array("b".utf8)[...])
        let third = nodes.reader(of: Array("c".utf8)[...])
        let fourth = nodes.reader(of: Array("d".utf8)[...])
        #expect(first === again && first !== second && third === fourth && third !== second)
        #expect(nodes.sharedEvents == 2)
    }

    // MARK: io_uring

    private static let openRules = """
        - rule: Secret read
          desc: Reading a secret.
          condition: evt.type in (open, openat, openat2) and evt.is_open_read = true and fd.name = /etc/shadow
          output: read %fd.name
          priority: WARNING
        """

    @Test func `an open through io_uring matches though its flags are not told, and the alert says so`() throws {
        let log = """
            type=URINGOP msg=audit(1.1:1): uring_op=18 success=yes exit=5 items=1 ppid=1 pid=2 uid=0 gid=0 euid=0 egid=0
            type=CWD msg=audit(1.1:1): cwd="/"
            type=PATH msg=audit(1.1:1): item=0 name="/etc/shadow" inode=7 dev=fe:00 mode=0100640 nametype=NORMAL
            type=EOE msg=audit(1.1:1):
            """
        var scene = try Scene(rules: Self.openRules)
        _ = scene.take(log)
        let alert = try #require(scene.sent.first)
        #expect(scene.messages == ["read /etc/shadow (through io_uring, so how the file was to be used is not known)"])
        #expect(alert.fields.last?.key == "shrike.unknown_arguments")
    }
}
