import EventModel
import Foundation
import JSONTree
import Outputs
import Spool
import Testing

@testable import Forwarder
@testable import ForwarderProtocol

/// The shape `falco` as Falcosidekick reads it: its handler decodes one JSON object into this struct (types.FalcoPayload),
/// and refuses what has no output, no rule, no known priority or no time.
private struct FalcosidekickPayload {
    let output: String
    let priority: String
    let rule: String
    let time: String
    let source: String
    let hostName: String
    let tags: [String]?
    let fieldNames: [String]

    struct Refused: Error, Equatable {
        let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    private static let priorities = [
        "emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug",
    ]
    private static let members = [
        "uuid", "output", "priority", "rule", "time", "output_fields", "source", "tags", "hostname",
    ]

    /// Stricter than Go's decoder, which would pass unknown and repeated members over.
    init(_ bytes: [UInt8]) throws {
        let root = try JSONDocument(bytes).root
        guard root.kind == .object else { throw Refused("no object") }
        let names = root.members.map { String(decoding: $0.name, as: UTF8.self) }
        guard Set(names).count == names.count else { throw Refused("repeated members") }
        if let unknown = names.first(where: { !Self.members.contains($0) }) {
            throw Refused("unknown member \(unknown)")
        }
        func text(_ value: JSONValue?, _ name: String) throws -> String {
            guard let bytes = value?.string else { throw Refused("\(name) is no text") }
            return String(decoding: bytes, as: UTF8.self)
        }
        output = try text(root["output"], "output")
        priority = try text(root["priority"], "priority")
        rule = try text(root["rule"], "rule")
        time = try text(root["time"], "time")
        source = try text(root["source"], "source")
        hostName = try text(root["hostname"], "hostname")
        tags = try root["tags"].map { list in
            guard list.kind == .array else { throw Refused("tags is no list") }
            return try list.elements.map { try text($0, "a tag") }
        }
        guard let fields = root["output_fields"], fields.kind == .object else { throw Refused("no output_fields") }
        fieldNames = fields.members.map { String(decoding: $0.name, as: UTF8.self) }
        guard Set(fieldNames).count == fieldNames.count else { throw Refused("repeated fields") }
        guard !output.isEmpty, !rule.isEmpty else { throw Refused("empty") }
        guard Self.priorities.contains(priority.lowercased()) else { throw Refused("priority") }
        // time.RFC3339Nano, the layout that Go's time.Time is read by.
        guard time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)/) != nil,
            ISO8601DateFormatter().date(from: time.replacing(/\.\d+/, with: "")) != nil
        else { throw Refused("time \(time)") }
    }
}

@Suite struct FalcosidekickTests {
    private func body(of alert: Alert, _ format: AlertFormat = AlertFormat()) -> [UInt8] {
        var full = format
        (full.isJSON, full.includesMessage, full.hostName) = (true, true, "node")
        var writer = AlertWriter(format: full)
        var payload: [UInt8] = []
        writer.write(alert, into: &payload)
        let spooled = SpooledAlert(
            timeNanoseconds: alert.timeNanoseconds, priority: alert.priority, rule: alert.rule, tags: alert.tags,
            source: alert.source, key: "k-1", payload: payload)
        return PayloadRenderer(WebhookSettings(url: "http://a"), format: format).render([spooled], isBatch: false).bytes
    }

    @Test(arguments: Priority.allCases)
    func `a rule's alert is what it takes`(priority: Priority) throws {
        let alert = Alert(
            timeNanoseconds: 1_769_860_800_000_000_007, rule: "R \"1\"", priority: priority, source: "syscall",
            tags: ["a", "b"], message: Array("m\u{1b}\n".utf8) + [0xff],
            fields: [
                ("proc.name", .string([0x22, 0xff])), ("user.uid", .unsigned(.max)), ("evt.arg.x", .null),
                ("proc.args", .list([.string(Array("a".utf8)), .signed(-1)])), ("evt.is_open_write", .bool(true)),
                ("proc.name", .string([])), ("evt.time", .unsigned(1)),
            ])
        let payload = try FalcosidekickPayload(body(of: alert))
        #expect(payload.priority == priority.displayName && payload.rule == "R \"1\"" && payload.source == "syscall")
        #expect(payload.tags == ["a", "b"] && payload.hostName == "node")
        #expect(payload.time == "2026-01-31T12:00:00.000000007Z")
        #expect(payload.fieldNames.contains("user.uid"))
    }

    @Test func `so is Shrike's own`() throws {
        let alert = Alert(
            timeNanoseconds: 1, rule: "Shrike internal: alerts lost", priority: .critical, source: "internal", tags: [],
            message: Array("m".utf8), fields: [("count", .unsigned(3))])
        let payload = try FalcosidekickPayload(body(of: alert))
        #expect(payload.source == "internal" && payload.tags == nil && payload.fieldNames == ["count"])
    }

    @Test func `without output it is refused, as Falco's would be`() {
        var format = AlertFormat()
        format.includesOutput = false
        let alert = Alert(
            timeNanoseconds: 1, rule: "R", priority: .error, source: "syscall", tags: [], message: [], fields: [])
        #expect(throws: FalcosidekickPayload.Refused("output is no text")) {
            try FalcosidekickPayload(body(of: alert, format))
        }
    }
}
