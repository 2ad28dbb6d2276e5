import EventFields
import EventModel
import EventSources
import Foundation
import NodeState
import RuleEngine
import TestSupport
import Testing

@testable import Detection

@Suite struct DeliveryTallyTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/Cases")
    private static let names =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
        .filter { $0.hasSuffix(".log") }.sorted()

    /// All that can be looked up; what audit's rules can; nothing but names.
    private static let sources: [DeliveryTally.Source] = {
        var plain = FilterLimits()
        plain.dimensions = [.file, .name, .arguments]
        plain.paths = [.exact, .prefixes]
        return [
            DeliveryTally.Source(name: "tables", filter: FilterAbility()),
            DeliveryTally.Source(name: "plain", filter: FilterAbility(limits: plain, noticed: [])),
        ]
    }()

    private final class Sink: EventSink {
        var tally: DeliveryTally
        private var readers: [String: EventFieldReader] = [:]

        init(_ tally: consuming DeliveryTally) { self.tally = tally }

        func receive(_ event: inout RawEvent) {
            let node = event.node.isPresent ? String(decoding: event.slice(event.node), as: UTF8.self) : ""
            let reader = readers[node] ?? EventFieldReader(state: NodeState(files: NoFiles()), hostname: node)
            readers[node] = reader
            _ = reader.state.apply(&event)
            tally.take(reader)
        }
        func report(_ notice: SourceNotice) {}
    }

    private static func tally(_ rules: RuleSet, _ logs: [String]) throws -> Sink {
        let sink = Sink(DeliveryTally(rules.rules, catalogue: rules.catalogue, sources: sources))
        for log in logs {
            let source = try AuditLogReplay(paths: [folder.appendingPathComponent(log).path], syscalls: .known)
            while source.drain(into: sink) {}
        }
        return sink
    }

    private static func ownRules() throws -> String {
        let root = folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let rules = root.appendingPathComponent("rules")
        let names = try FileManager.default.contentsOfDirectory(atPath: rules.path)
            .filter { $0.hasSuffix(".yaml") }.sorted()
        return try names.map { try String(contentsOf: rules.appendingPathComponent($0), encoding: .utf8) }
            .joined(separator: "\n")
    }

    @Test func `the default rules' events of recorded logs pass the filter`() throws {
        let sink = try Self.tally(try TestRules.load(try Self.ownRules()), Self.names)
        #expect(sink.tally.events > 30 && sink.tally.hidden == 0)
        #expect(sink.tally.delivered[0] <= sink.tally.delivered[1])
    }

    /// Each event of the logs as the values of its fields, asked for by a rule of its own.
    @Test(arguments: [
        "fd.name", "proc.name", "proc.exepath", "evt.arg.name", "evt.arg.path", "evt.arg.filename", "evt.arg.oldpath",
        "fd.nameraw", "fs.path.name", "evt.arg.flags", "evt.arg.domain", "evt.res", "fd.sip", "fd.type", "fd.directory",
        "fd.filename", "evt.arg.request", "fd.typechar",
    ])
    func `an event passes for what a field says of it`(_ field: String) throws {
        let values = try Self.values(of: field)
        for value in values {
            let quoted = "\"\(value)\""
            let rules = """
                - rule: equal
                  desc: d
                  condition: \(field) = \(quoted)
                  output: o
                  priority: INFO
                - rule: other
                  desc: d
                  condition: \(field) != \(quoted)
                  output: o
                  priority: INFO
                - rule: absent
                  desc: d
                  condition: not \(field) = \(quoted)
                  output: o
                  priority: INFO
                """
            let sink = try Self.tally(try TestRules.load(rules), Self.names)
            #expect(sink.tally.hidden == 0, "\(field) = \(value)")
            #expect(sink.tally.rules[0].matched > 0)
        }
    }

    /// Some values that a field has in the logs.
    private static func values(of field: String) throws -> [String] {
        let rules = try TestRules.load(
            "- rule: r\n  desc: d\n  condition: \(field) exists\n  output: \"%\(field)\"\n  priority: INFO\n")
        final class Values: EventSink {
            var detection: Detection
            var texts: [String] = []
            init(_ detection: consuming Detection) { self.detection = detection }
            func receive(_ event: inout RawEvent) {
                var found: [String] = []
                detection.take(&event, now: { 0 }, send: { found.append(String(decoding: $0.message, as: UTF8.self)) })
                texts += found
            }
            func report(_ notice: SourceNotice) {}
        }
        let state = NodeState(files: NoFiles())
        let reader = EventFieldReader(state: state, hostname: "h")
        let values = Values(
            Detection(
                state: state, rules: RuleEvaluation(rules), reader: reader, authority: SourceAuthority(only: .auditLog))
        )
        for name in names {
            let source = try AuditLogReplay(paths: [folder.appendingPathComponent(name).path], syscalls: .known)
            while source.drain(into: values) {}
        }
        let plain = Set(values.texts).filter { text in
            !text.isEmpty && text != "<NA>" && text.utf8.allSatisfy { (33...126).contains($0) && $0 != 34 && $0 != 92 }
        }
        return Array(plain.sorted().prefix(6))
    }

    @Test func `a rule that alone asks for events is told from one that shares them`() throws {
        let rules = """
            - rule: Wide
              desc: d
              condition: evt.type in (open, openat) and fd.name regex ".*nowhere"
              output: o
              priority: INFO
            - rule: Narrow
              desc: d
              condition: evt.type in (open, openat) and fd.name = /nowhere
              output: o
              priority: INFO
            """
        let tally = try Self.tally(try TestRules.load(rules), Self.names)
        let wide = tally.tally.rules[0]
        #expect(wide.asked[0] > 0 && wide.alone == wide.asked && wide.matched == 0)
        #expect(tally.tally.rules[1].asked[0] < wide.asked[0])
        #expect(tally.tally.delivered[0] == wide.asked[0])
    }
}
