import EventModel
import Testing

@testable import AuditRecords

/// When an event is over of which something is missing.
@Suite struct CompletenessTests {
    private static func exec(argc: Int, items: Int = 0) -> [String] {
        [
            """
            type=SYSCALL msg=audit(1.1:1): arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=1 a2=1 a3=1 \
            items=\(items) ppid=1 pid=7 uid=0
            """,
            "type=EXECVE msg=audit(1.1:1): argc=\(argc) a0=\"sh\" a1=\"-c\"",
        ]
    }
    private static let end = "type=EOE msg=audit(1.1:1): "

    @Test func `EOE ends an event with fewer arguments than announced`() throws {
        let result = decode((Self.exec(argc: 3) + [Self.end]).joined(separator: "\n"), finish: false)
        let event = try #require(result.events.first)
        #expect(event.text(event.process.arguments) == "sh\\x00-c\\x00")
        #expect(event.isTruncated)
        #expect(result.counters.incomplete == 1)
    }

    @Test func `a full record is followed by another, so the event waits for it`() {
        let long = String(repeating: "a", count: 7400)
        let lines = [
            Self.exec(argc: 2)[0], "type=EXECVE msg=audit(1.1:1): argc=2 a0=\"\(long)\"", Self.end,
        ]
        #expect(decode(lines.joined(separator: "\n"), finish: false).events.isEmpty)
        let whole = lines + ["type=EXECVE msg=audit(1.1:1): a1=\"x\""]
        let result = decode(whole.joined(separator: "\n"), finish: false)
        #expect(result.events.count == 1)
        #expect(result.counters.incomplete == 0)
    }

    @Test func `a last record that comes before the first does not end the arguments`() {
        let lines = [
            Self.exec(argc: 3)[0], "type=EXECVE msg=audit(1.1:1): a2=\"x\"", Self.end,
        ]
        #expect(decode(lines.joined(separator: "\n"), finish: false).events.isEmpty)
    }

    @Test func `netlink keeps the order, so nothing comes behind EOE`() {
        var decoder = AuditDecoder(syscalls: .fixtures)
        for line in Self.exec(argc: 3, items: 2) + [Self.end] {
            let parts = line.split(separator: " ", maxSplits: 1)
            let type = RecordType(name: String(parts[0].dropFirst(5)))?.rawValue ?? 0
            decoder.push(type: type, text: Array(parts[1].dropFirst(4).utf8).span)
        }
        var event = RawEvent()
        let isThere = decoder.next(into: &event)
        #expect(isThere)
        #expect(decoder.counters.incomplete == 1)
    }
}
