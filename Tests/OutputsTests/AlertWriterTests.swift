import EventModel
import Foundation
import JSONTree
import Testing

@testable import Outputs

/// 2023-11-14 22:13:20.000000042 UTC.
private let time: UInt64 = 1_700_000_000_000_000_042

private func alert(
    _ message: [UInt8], source: String = "syscall", tags: [String] = ["T1059", "process"],
    fields: [(key: String, value: AlertValue)] = []
) -> Alert {
    Alert(
        timeNanoseconds: time, rule: "Shell", priority: .notice, source: source, tags: tags, message: message,
        fields: fields)
}

private func written(_ alert: Alert, _ change: (inout AlertFormat) -> Void = { _ in }) -> String {
    var format = AlertFormat()
    format.hostName = "node-1"
    change(&format)
    var writer = AlertWriter(format: format)
    var bytes: [UInt8] = []
    writer.write(alert, into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
}

struct EscapeCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let raw: [UInt8]
    let escaped: String

    init(_ testDescription: String, _ raw: [UInt8], _ escaped: String) {
        (self.testDescription, self.raw, self.escaped) = (testDescription, raw, escaped)
    }

    static let all = [
        EscapeCase("plain text", Array("user=root ü 中 🦅".utf8), "user=root ü 中 🦅"),
        EscapeCase("quote and backslash", Array(#"a "b" \c"#.utf8), #"a \"b\" \\c"#),
        EscapeCase("forged second line", Array("x\n10:00:00: Notice fake".utf8), #"x\n10:00:00: Notice fake"#),
        EscapeCase("short escapes", [8, 9, 10, 12, 13], #"\b\t\n\f\r"#),
        EscapeCase("colour sequence", Array("\u{1b}[31mred".utf8), #"\u001b[31mred"#),
        EscapeCase("NUL and DEL", [0, 0x7f], #"\u0000\u007f"#),
        EscapeCase("8-bit terminal control", [0xc2, 0x9b, 0x33, 0x31, 0x6d], #"\u009b31m"#),
        EscapeCase("no-break space is no control", [0xc2, 0xa0], "\u{a0}"),
        EscapeCase("right-to-left override", Array("a\u{202e}fdp.exe".utf8), #"a\u202efdp.exe"#),
        EscapeCase("isolates", Array("\u{2066}a\u{2069}".utf8), #"\u2066a\u2069"#),
        EscapeCase("marks", Array("\u{200e}\u{200f}\u{61c}".utf8), #"\u200e\u200f\u061c"#),
        EscapeCase("line and paragraph separators", Array("a\u{2028}b\u{2029}c".utf8), #"a\u2028b\u2029c"#),
        EscapeCase(
            "their neighbours stay", Array("\u{2027}\u{202f}\u{2065}\u{206a}\u{200d}".utf8),
            "\u{2027}\u{202f}\u{2065}\u{206a}\u{200d}"),
        EscapeCase("Hebrew and Arabic stay", Array("שלום مرحبا".utf8), "שלום مرحبا"),
        EscapeCase("lone continuation bytes", [0x80, 0xbf], "\u{fffd}\u{fffd}"),
        EscapeCase("broken off at the end", [0x61, 0xf0, 0x9f, 0xa6], "a\u{fffd}"),
        EscapeCase("broken off before text", [0xe4, 0xb8, 0x61], "\u{fffd}a"),
        EscapeCase("overlong slash", [0xc0, 0xaf], "\u{fffd}\u{fffd}"),
        EscapeCase("surrogate", [0xed, 0xa0, 0x80], "\u{fffd}\u{fffd}\u{fffd}"),
        EscapeCase("above U+10FFFF", [0xf4, 0x90, 0x80, 0x80], "\u{fffd}\u{fffd}\u{fffd}\u{fffd}"),
        EscapeCase("Latin-1", [0x66, 0xfc, 0x72], "f\u{fffd}r"),
    ]
}

@Suite struct AlertWriterTests {
    @Test(arguments: EscapeCase.all)
    func `hostile text is one harmless line`(_ c: EscapeCase) throws {
        var bytes: [UInt8] = []
        bytes.appendEscaped(c.raw)
        #expect(String(decoding: bytes, as: UTF8.self) == c.escaped)
        // The same as the standard library's repair, once a JSON reader has resolved the escapes.
        let json = written(alert(c.raw)) { ($0.isJSON, $0.includesMessage) = (true, true) }
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        #expect(object["message"] as? String == String(decoding: c.raw, as: UTF8.self))
        #expect(!json.utf8.contains { $0 < 0x20 })
    }

    @Test func `text line in UTC`() {
        let line = written(alert(Array("A shell (user=\"x\")".utf8))) { $0.usesISO8601Time = true }
        #expect(line == #"2023-11-14T22:13:20.000000042+0000: Notice A shell (user=\"x\")"#)
    }

    @Test func `text line in local time`() {
        let formatter = DateFormatter()
        formatter.dateFormat = "HH:mm:ss"
        let clock = formatter.string(from: Date(timeIntervalSince1970: 1_700_000_000))
        #expect(written(alert(Array("hello".utf8))) == "\(clock).000000042: Notice hello")
    }

    @Test func `the priority's place is told for colouring`() throws {
        var writer = AlertWriter(format: AlertFormat())
        var bytes: [UInt8] = []
        let range = try #require(writer.write(alert(Array("\n\n".utf8)), into: &bytes))
        #expect(bytes[range].elementsEqual("Notice".utf8))
    }

    @Test func `JSON object with everything`() {
        let fields: [(key: String, value: AlertValue)] = [
            ("proc.pid", .signed(-7)), ("proc.aname[2]", .string(Array("sshd".utf8))), ("evt.num", .unsigned(.max)),
            ("proc.is_exe_upper_layer", .bool(true)), ("fd.sip", .null), ("x", .double(0.5)),
            ("proc.args", .list([.string(Array("-c".utf8)), .string([0xff])])), ("proc.pid", .signed(8)),
        ]
        let json = written(alert(Array("say \"hi\"".utf8), fields: fields)) {
            ($0.isJSON, $0.includesMessage, $0.usesISO8601Time) = (true, true, true)
        }
        #expect(
            json == #"{"hostname":"node-1","message":"say \"hi\"","#
                + #""output":"2023-11-14T22:13:20.000000042+0000: Notice say \"hi\"","#
                + #""output_fields":{"evt.num":18446744073709551615,"evt.time.iso8601":1700000000000000042,"#
                + "\"fd.sip\":null,\"proc.aname[2]\":\"sshd\",\"proc.args\":[\"-c\",\"\u{fffd}\"],"
                + #""proc.is_exe_upper_layer":true,"proc.pid":8,"x":0.5},"#
                + #""priority":"Notice","rule":"Shell","source":"syscall","tags":["T1059","process"],"#
                + #""time":"2023-11-14T22:13:20.000000042Z"}"#)
    }

    @Test func `JSON object with as little as possible`() {
        let json = written(alert([], tags: [])) {
            ($0.isJSON, $0.includesOutput, $0.includesOutputFields, $0.includesTags) = (true, false, false, false)
        }
        #expect(
            json == #"{"hostname":"node-1","priority":"Notice","rule":"Shell","source":"syscall","#
                + #""time":"2023-11-14T22:13:20.000000042Z"}"#)
    }

    @Test func `a rule without tags has an empty array`() {
        #expect(written(alert([], tags: [])) { $0.isJSON = true }.contains(#""tags":[]"#))
    }

    @Test func `own alerts show their fields and have neither tags nor an event time`() {
        let internalAlert = alert(
            Array("Events were lost".utf8), source: "internal", tags: [],
            fields: [("n_evts", .string(Array("12".utf8))), ("n_drops", .unsigned(3))])
        let line = written(internalAlert) { $0.usesISO8601Time = true }
        #expect(line == "2023-11-14T22:13:20.000000042+0000: Notice Events were lost (n_evts=12 n_drops=3)")
        let json = written(internalAlert) { ($0.isJSON, $0.usesISO8601Time) = (true, true) }
        #expect(json.contains(#""output_fields":{"n_drops":3,"n_evts":"12"},"#))
        #expect(!json.contains("tags"))
    }

    @Test func `a writer is used again and again`() {
        var writer = AlertWriter(format: AlertFormat())
        var bytes: [UInt8] = []
        writer.write(alert(Array("a much longer first message".utf8)), into: &bytes)
        let first = bytes
        writer.write(alert(Array("short".utf8)), into: &bytes)
        writer.write(alert(Array("a much longer first message".utf8)), into: &bytes)
        #expect(bytes == first)
    }

    @Test func `FALCO_HOSTNAME names the node`() {
        #expect(AlertFormat.currentHostName(environment: "worker-3") == "worker-3")
        #expect(AlertFormat.currentHostName(environment: nil) == ProcessInfo.processInfo.hostName)
        #expect(AlertFormat.currentHostName(environment: "") == AlertFormat.currentHostName(environment: nil))
    }
}
