import EventFields
import EventModel
import EventSources
import Foundation
import NodeState
import RuleEngine
import TestSupport
import Testing

@testable import Detection

/// Logs that were misread once, through the whole way of a replay, and what a rule that shows every event says of them.
@Suite struct CaseTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/Cases")
    private static let names =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
        .filter { $0.hasSuffix(".log") }.map { String($0.dropLast(4)) }.sorted()

    private static let rules = """
        - rule: Everything
          desc: Shows every event.
          condition: evt.num > 0
          output: >
            %evt.hostname %evt.time.s %evt.type res=%evt.rawres [%evt.info] exe=%proc.exe exepath=%proc.exepath
            name=%proc.name pid=%proc.pid ppid=%proc.ppid pname=%proc.pname tty=%proc.tty cmd=[%proc.cmdline] cwd=%proc.cwd
            fd=%fd.num:%fd.type:%fd.name user=%user.uid:%user.name login=%user.loginuid:%user.loginname
            group=%group.gid:%group.name sid=%proc.sid
          priority: INFO
        """

    /// Alerts and notices in the order in which they came.
    private final class Sink: EventSink {
        var detection: Detection
        var lines: [String] = []

        init(_ detection: consuming Detection) { self.detection = detection }

        func receive(_ event: inout RawEvent) {
            var texts: [String] = []
            detection.take(&event, now: { 0 }, send: { texts.append(String(decoding: $0.message, as: UTF8.self)) })
            lines += texts
        }
        func report(_ notice: SourceNotice) { lines.append("\(notice.kind.rawValue): \(notice.message)") }
    }

    private static func replay(_ name: String) throws -> String {
        func reader(_ node: String) -> EventFieldReader {
            EventFieldReader(state: NodeState(files: NoFiles()), hostname: node)
        }
        let here = reader("here")
        let sink = Sink(
            Detection(
                state: here.state, rules: RuleEvaluation(try TestRules.load(rules)), reader: here,
                authority: SourceAuthority(only: .auditLog), nodes: LoggedNodes(make: reader)))
        let path = folder.appendingPathComponent("\(name).log").path
        let source = try AuditLogReplay(paths: [path], syscalls: .known)
        while source.drain(into: sink) {}
        if let failure = source.failure { sink.lines.append("failure: \(failure)") }
        sink.lines.append("malformed=\(source.counters.malformed) incomplete=\(source.counters.incomplete)")
        return sink.lines.map { $0.replacingOccurrences(of: folder.path + "/", with: "") + "\n" }.joined()
    }

    @Test func `the cases are there`() { #expect(Self.names.count > 25) }

    @Test(arguments: names) func `a case has the right answer`(_ name: String) throws {
        let got = try Self.replay(name)
        let url = Self.folder.appendingPathComponent("\(name).expected")
        if ProcessInfo.processInfo.environment["SHRIKE_UPDATE_GOLDEN"] == "1" { try Data(got.utf8).write(to: url) }
        let wanted = try String(decoding: Data(contentsOf: url), as: UTF8.self)
        for (line, expected) in zip(got.split(separator: "\n"), wanted.split(separator: "\n")) {
            #expect(line == expected)
        }
        #expect(got.count == wanted.count)
    }

    /// What the expectations can't say: that one form of a log means what another does.
    @Test(arguments: [
        ("m1-objtype", "m1-nametype"), ("m1-rhel6", "m1-nametype"), ("m2-bom", "m2-enriched"),
        ("m2-crlf", "m2-enriched"),
        ("m2-blank", "m2-enriched"), ("m2-leading", "m2-enriched"), ("m2-lostsep", "m2-enriched"),
        ("m2-space", "m2-enriched"), ("m2-oneline", "m2-enriched"), ("m2-rfc5424", "m2-enriched"),
    ])
    func `a form means what the plain one does`(_ form: String, _ plain: String) throws {
        #expect(try Self.replay(form) == Self.replay(plain))
    }
}
