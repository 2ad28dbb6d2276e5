import EventModel
import Testing

@testable import AuditRecords

/// Reassembly: which records make an event, and when it is over.
@Suite struct AuditDecoderTests {
    private static func syscall(_ serial: Int, at seconds: Int = 100, items: Int = 0, pid: Int = 7) -> String {
        """
        type=SYSCALL msg=audit(\(seconds).000:\(serial)): arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c \
        a1=1 a2=0 a3=0 items=\(items) ppid=1 pid=\(pid) auid=4294967295 uid=0 gid=0 euid=0 egid=0 tty=(none) \
        ses=4294967295 comm="x" exe="/bin/x" key=(null)
        """
    }
    private static func path(_ serial: Int, at seconds: Int = 100, item: Int = 0) -> String {
        """
        type=PATH msg=audit(\(seconds).000:\(serial)): item=\(item) name="/p\(item)" inode=1 dev=fe:00 mode=0100644 \
        ouid=0 ogid=0 rdev=00:00 nametype=NORMAL
        """
    }
    private static func end(_ serial: Int, at seconds: Int = 100) -> String {
        "type=PROCTITLE msg=audit(\(seconds).000:\(serial)): proctitle=\"x\""
    }
    private static func decodeLines(_ lines: [String], finish: Bool = true) -> ([RawEvent], AuditCounters) {
        let result = decode(lines.joined(separator: "\n"), finish: finish)
        return (result.events, result.counters)
    }

    @Test func `PROCTITLE ends an event`() {
        let (events, counters) = Self.decodeLines([Self.syscall(1), Self.end(1)], finish: false)
        #expect(events.count == 1)
        #expect(counters.incomplete == 0)
    }

    @Test func `EOE ends an event, and one behind PROCTITLE is not late`() {
        let end = "type=EOE msg=audit(100.000:1): "
        #expect(Self.decodeLines([Self.syscall(1), end], finish: false).0.count == 1)
        let (events, counters) = Self.decodeLines([Self.syscall(1), Self.end(1), end], finish: false)
        #expect(events.count == 1)
        #expect(counters.late == 0)
    }

    @Test func `an end that comes first waits for what was announced`() {
        let (none, _) = Self.decodeLines([Self.end(1), Self.syscall(1, items: 2), Self.path(1)], finish: false)
        #expect(none.isEmpty)
        let lines = [Self.end(1), Self.path(1, item: 1), Self.syscall(1, items: 2), Self.path(1)]
        let (events, counters) = Self.decodeLines(lines, finish: false)
        #expect(events.count == 1)
        #expect(events.first.map { $0.paths.map { path in events[0].text(path.name) } } == ["/p0", "/p1"])
        #expect(counters.incomplete == 0)
    }

    @Test func `events of the same serial on other nodes and at other times are other events`() {
        let lines = [
            "node=a " + Self.syscall(1, pid: 1), "node=b " + Self.syscall(1, pid: 2), Self.syscall(1, at: 101, pid: 3),
            "node=a " + Self.end(1), "node=b " + Self.end(1), Self.end(1, at: 101),
        ]
        let (events, _) = Self.decodeLines(lines, finish: false)
        #expect(events.map(\.process.pid) == [1, 2, 3])
        #expect(events.map { $0.text($0.node) } == ["a", "b", "-"])
    }

    @Test func `a late record is counted and makes no event`() {
        let (events, counters) = Self.decodeLines([Self.syscall(1), Self.end(1), Self.path(1)])
        #expect(events.count == 1)
        #expect(events[0].paths.isEmpty)
        #expect(counters.late == 1)
    }

    @Test func `a record that comes twice counts once`() {
        let lines = [
            Self.syscall(1, items: 1), Self.syscall(1, items: 1, pid: 8), Self.path(1), Self.path(1), Self.end(1),
        ]
        let (events, counters) = Self.decodeLines(lines, finish: false)
        // The second PATH came when nothing was missing but the end.
        #expect(events.count == 1)
        #expect(events[0].paths.count == 1)
        #expect(events[0].process.pid == 7)
        #expect(counters.duplicates == 2)
    }

    @Test func `the node's time ends an event that got no end`() {
        var lines = [Self.syscall(1)]
        for serial in 2..<80 { lines += [Self.syscall(serial, at: 103), Self.end(serial, at: 103)] }
        let (events, counters) = Self.decodeLines(lines, finish: false)
        #expect(events.contains { $0.sequence == 1 })
        // Nothing that it announced is missing.
        #expect(counters.incomplete == 0)
    }

    @Test func `an event that waits for a missing path is incomplete in the end`() {
        var lines = [Self.syscall(1, items: 1), Self.end(1)]
        for serial in 2..<80 { lines += [Self.syscall(serial, at: 103), Self.end(serial, at: 103)] }
        let (events, counters) = Self.decodeLines(lines, finish: false)
        #expect(events.contains { $0.sequence == 1 })
        #expect(counters.incomplete == 1)
    }

    @Test func `another node's clock ends nothing`() {
        var lines = ["node=slow " + Self.syscall(1)]
        for serial in 2..<200 {
            lines += ["node=fast " + Self.syscall(serial, at: 500), "node=fast " + Self.end(serial, at: 500)]
        }
        let (events, _) = Self.decodeLines(lines + ["node=slow " + Self.path(1), "node=slow " + Self.end(1)])
        #expect(events.first { $0.sequence == 1 }?.paths.count == 1)
    }

    @Test func `a clock that is set back does not tear events apart`() {
        var lines: [String] = []
        for serial in 1..<100 { lines += [Self.syscall(serial, at: 9000), Self.end(serial, at: 9000)] }
        for serial in 100..<300 {
            let rest = [Self.syscall(serial, at: 10, items: 1), Self.path(serial, at: 10), Self.end(serial, at: 10)]
            lines += rest
        }
        let (events, counters) = Self.decodeLines(lines, finish: false)
        #expect(events.count == 299)
        #expect(counters.incomplete == 0)
        #expect(counters.late == 0)
    }

    @Test func `the caller's clock ends an event`() {
        var decoder = AuditDecoder(syscalls: .fixtures)
        var event = RawEvent()
        decoder.pushLine(Array(Self.syscall(1).utf8).span, receivedAt: 1_000_000_000)
        decoder.expire(nowNanoseconds: 2_900_000_000)
        #expect(decoder.eventsUnderWay == 1)
        decoder.expire(nowNanoseconds: 3_100_000_000)
        #expect(decoder.eventsUnderWay == 0)
        let isThere = decoder.next(into: &event)
        #expect(isThere)
        #expect(event.sequence == 1)
    }

    @Test func `no more events are under way than allowed, and the oldest makes room`() {
        var limits = AuditDecoder.Limits()
        limits.events = 4
        var decoder = AuditDecoder(syscalls: .fixtures, limits: limits)
        var event = RawEvent()
        var serials: [UInt64] = []
        for serial in 1...20 {
            decoder.pushLine(Array(Self.syscall(serial, items: 1).utf8).span)
            #expect(decoder.eventsUnderWay <= 4)
            while decoder.next(into: &event) { serials.append(event.sequence) }
        }
        #expect(serials == Array(1...16))
        #expect(decoder.counters.evicted == 16)
        #expect(decoder.counters.incomplete == 16)
    }

    @Test func `events that nobody takes are dropped and counted`() {
        var limits = AuditDecoder.Limits()
        limits.events = 4
        var decoder = AuditDecoder(syscalls: .fixtures, limits: limits)
        for serial in 1...20 {
            decoder.pushLine(Array(Self.syscall(serial).utf8).span)
            decoder.pushLine(Array(Self.end(serial).utf8).span)
        }
        var event = RawEvent()
        var serials: [UInt64] = []
        while decoder.next(into: &event) { serials.append(event.sequence) }
        #expect(serials == Array(13...20))
        #expect(decoder.counters.evicted == 12)
    }

    @Test func `texts under way are bounded in bytes`() {
        var limits = AuditDecoder.Limits()
        limits.bytes = 100_000
        var decoder = AuditDecoder(syscalls: .fixtures, limits: limits)
        var event = RawEvent()
        var count = 0
        let name = String(repeating: "a", count: 8000)
        for serial in 1...100 {
            decoder.pushLine(Array(Self.syscall(serial, items: 2).utf8).span)
            let line = "type=PATH msg=audit(100.000:\(serial)): item=0 name=\"\(name)\" nametype=NORMAL"
            decoder.pushLine(Array(line.utf8).span)
            #expect(decoder.eventsUnderWay <= 13)
            while decoder.next(into: &event) { count += 1 }
        }
        #expect(count >= 87)
        #expect(decoder.counters.evicted == UInt64(count))
    }

    @Test func `the decoder's and the caller's memory keep apart`() {
        var decoder = AuditDecoder(syscalls: .fixtures)
        var event = RawEvent()
        for serial in 1...50 {
            let line = Self.syscall(serial).replacing("\"x\"", with: "\"comm\(serial)\"")
            decoder.pushLine(Array(line.utf8).span)
            decoder.pushLine(Array(Self.end(serial).utf8).span)
            let isThere = decoder.next(into: &event)
            #expect(isThere)
            #expect(event.text(event.process.command) == "comm\(serial)")
            #expect(event.text(event.process.executable) == "/bin/x")
        }
    }

    @Test(arguments: [
        "hello", "type=SYSCALL", "type=SYSCALL msg=audit(x", "type=SYSCALL msg=audit(1.1:1): arch=c000003e",
        "type=NOSUCH msg=audit(1.1:1): x", "type=PATH msg=audit(1.1:1): item=x", "\u{1}\u{2}",
    ])
    func `a line that is no record is counted as malformed`(_ line: String) {
        #expect(decode(line).counters.malformed == 1)
        #expect(decode(line).events.isEmpty)
    }

    @Test(arguments: ["", "\n", "\r"])
    func `an empty line is nothing`(_ line: String) {
        let result = decode(lines: [Array(line.utf8)])
        #expect(result.counters == AuditCounters())
    }

    @Test func `line ends of other systems and NULs do no harm`() {
        let lines = [Self.syscall(1), Self.end(1)]
        for ending in ["\r", "\u{0}", "\r\n", "\n", " "] {
            let result = decode(lines: lines.map { Array(($0 + ending).utf8) }, finish: false)
            #expect(result.events.map(\.facts) == decode(lines: lines.map { Array($0.utf8) }).events.map(\.facts))
        }
    }

    @Test func `messages of user space and anomalies are counted and ignored`() {
        let text = """
            type=USER_LOGIN msg=audit(1.1:1): pid=1 uid=0 msg='op=login acct="root" res=success'
            type=ANOM_ABEND msg=audit(1.1:2): auid=1 uid=0 gid=0 ses=1 pid=17139 comm="w" exe="/w" sig=11 res=1
            type=AVC msg=audit(1.1:3): avc:  denied  { read } for  pid=1 comm="x"
            """
        let result = decode(text)
        #expect(result.counters.ignored == 3)
        #expect(result.counters.malformed == 0)
        #expect(result.events.isEmpty)
    }

    @Test func `a changed audit rule is handed on with the process that did it`() throws {
        let text = """
            type=CONFIG_CHANGE msg=audit(100.000:5): auid=0 ses=1 op=remove_rule key=6101620A list=4 res=1
            \(Self.syscall(5, pid: 4242))
            \(Self.end(5))
            type=DAEMON_END msg=audit(100.000:6): op=terminate auid=0 uid=0 ses=1 pid=17058 res=success
            """
        let result = decode(text, finish: false)
        let control = try #require(result.controls.first)
        #expect(control.type.name == "CONFIG_CHANGE")
        #expect(control.operation == "remove_rule")
        #expect(control.key == [0x61, 1, 0x62, 0x0a])
        #expect(control.pid == 4242)
        #expect(String(decoding: control.text, as: UTF8.self).hasSuffix("list=4 res=1"))
        #expect(result.controls.last?.operation == "terminate")
        #expect(result.controls.last?.pid == 17058)
    }

    @Test(arguments: [300, 2000]) func `many rules loaded at once are no loss`(_ count: Int) {
        let lines = (1...count).map {
            "type=CONFIG_CHANGE msg=audit(100.000:\($0)): auid=0 ses=1 op=add_rule key=6101620A list=4 res=1"
        }
        let result = decode(lines.joined(separator: "\n"))
        #expect(result.counters.evicted == 0 && result.counters.incomplete == 0)
        #expect(result.controls.count == count)
    }
}
