import EventModel
import JSONTree
import Outputs
import Spool
import Testing

@testable import Forwarder
@testable import ForwarderProtocol

/// Messages as they go over the wire.
@Suite struct SyslogFormatTests {
    private func alert(
        rule: String = "R", priority: Priority = .warning, source: String = "syscall",
        payload: String = PayloadTests.payload
    ) -> SpooledAlert {
        SpooledAlert(
            id: 1, timeNanoseconds: 1_769_860_800_123_456_789, priority: priority, rule: rule, tags: [], source: source,
            key: "ab-1", payload: Array(payload.utf8))
    }

    private func format(hostName: String = "node") -> AlertFormat {
        var format = AlertFormat()
        format.hostName = hostName
        return format
    }

    private func message(
        _ alert: SpooledAlert, _ format: AlertFormat, _ change: (inout SyslogSettings) -> Void = { _ in }
    ) -> String {
        var settings = SyslogSettings(transport: .tcp, host: "h")
        change(&settings)
        var formatter = SyslogFormatter(settings, format: format, processID: 42)
        return String(decoding: formatter.message(for: alert), as: UTF8.self)
    }

    @Test func `the text line, with header and structured data`() {
        #expect(
            message(alert(), format())
                == #"<12>1 2026-01-31T12:00:00.123456Z node shrike 42 alert [shrike@32473 rule="R" source="syscall" key="ab-1"] o \"q\" <x>"#
        )
    }

    @Test func `the JSON object`() {
        let text = message(alert(), format()) {
            $0.isJSON = true
            $0.facility = .local7
            $0.enterpriseNumber = 7
        }
        #expect(text.hasPrefix("<188>1 ") && text.contains("[shrike@7 rule="))
        #expect(text.hasSuffix("] " + PayloadTests.falco))
    }

    @Test(arguments: [
        (Priority.emergency, SyslogFacility.user, "<8>"), (.debug, .user, "<15>"), (.error, .daemon, "<27>"),
        (.alert, .authpriv, "<81>"), (.informational, .local0, "<134>"),
    ])
    func `PRI is facility times eight and severity`(priority: Priority, facility: SyslogFacility, expected: String) {
        #expect(message(alert(priority: priority), format()) { $0.facility = facility }.hasPrefix(expected + "1 "))
    }

    @Test(arguments: [
        (#"a "b" \c] [d"#, #"rule="a \"b\" \\c\] [d""#), ("a\nb\u{1b}c\u{9b}d", #"rule="a b c d""#),
        ("Ü→", #"rule="Ü→""#),
    ])
    func `values of structured data are escaped`(rule: String, expected: String) {
        #expect(message(alert(rule: rule), format()).contains(expected))
    }

    @Test(arguments: [
        ("", "-"), ("a b\nc", "abc"), ("ä", "-"),
        (String(repeating: "x", count: 300), String(repeating: "x", count: 255)),
    ])
    func `the host's name is printable ASCII`(name: String, expected: String) {
        #expect(message(alert(), format(hostName: name)).contains("Z \(expected) shrike 42 "))
    }

    @Test func `Shrike's own alerts have a message id of their own`() {
        #expect(message(alert(source: "internal"), format()).contains(" shrike 42 internal [shrike@32473 rule="))
    }

    @Test func `a text that is too long is cut behind a whole character`() {
        let payload = #"{"output":"\#(String(repeating: "€", count: 400))"}"#
        for limit in 480..<500 {
            let bytes = message(alert(payload: payload), format()) { $0.maximumBytes = limit }.utf8
            #expect(bytes.count <= limit && bytes.count > limit - 3)
            #expect(!String(decoding: Array(bytes), as: UTF8.self).contains("\u{fffd}"))
        }
    }

    @Test func `an object that is too long loses its fields and stays JSON`() throws {
        let payload = #"{"output":"o","output_fields":{"a":"\#(String(repeating: "x", count: 600))"},"rule":"R"}"#
        let text = message(alert(payload: payload), format()) {
            $0.isJSON = true
            $0.maximumBytes = 480
        }
        #expect(text.hasSuffix(#"] {"output":"o","rule":"R"}"#))
    }

    @Test func `a damaged payload is still delivered`() {
        let text = message(alert(rule: "Rule", payload: "{\n"), format()) { $0.isJSON = true }
        #expect(text.hasSuffix("] Rule"))
    }

    @Test(arguments: [
        ("abc", 5, 3), ("abc", 3, 3), ("abc", 2, 2), ("a€", 3, 1), ("a€", 4, 4), ("€", 2, 0), ("😀b", 4, 4),
    ])
    func `cuts`(text: String, limit: Int, expected: Int) {
        #expect(SyslogMessage.length(of: Array(text.utf8), atMost: limit) == expected)
    }

    @Test func `what was sent is held for five seconds or ten thousand newer ones`() {
        var window = SentWindow()
        let second: UInt64 = 1_000_000_000
        for id in 1...10_002 { window.append(Int64(id), end: id * 10, time: UInt64(id) * 100_000) }
        // Not before the peer has confirmed it.
        #expect(window.settle(confirmed: 0, now: 60 * second) == nil)
        #expect(window.unconfirmedSince(confirmed: 25) == 300_000)
        #expect(window.unconfirmedSince(confirmed: 100_020) == nil)
        let many = window.settle(confirmed: 100_020, now: 2 * second)
        #expect(many?.count == 2 && many?.id == 2)
        let old = window.settle(confirmed: 100_020, now: 5 * second + 1_000_000)
        #expect(old?.count == 8 && old?.id == 10)
        #expect(window.count == 9992)
        let all = window.settleAll()
        #expect(all?.count == 9992 && all?.id == 10_002 && window.isEmpty)
        #expect(window.settleAll() == nil)
    }
}
