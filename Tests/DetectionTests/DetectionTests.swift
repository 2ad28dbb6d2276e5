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

    init(authority: SourceAuthority = SourceAuthority(only: .audit), repeats: Int = 0) throws {
        let state = NodeState(files: NoFiles())
        var settings = ReductionSettings()
        settings.repeats.windowSeconds = repeats
        detection = Detection(
            state: state, rules: RuleEvaluation(try TestRules.load(rules)),
            reader: EventFieldReader(state: state, hostname: "test"), authority: authority, reduction: settings)
    }

    /// Takes the events of a log at a time in nanoseconds; how many of them rules saw.
    mutating func take(now: UInt64 = 0, source: SourceKind = .audit, _ build: (inout AuditLogBuilder) -> Void) -> Int {
        var log = AuditLogBuilder()
        build(&log)
        var decoder = AuditDecoder(syscalls: .known, source: source)
        for line in log.text.split(separator: "\n") { decoder.pushLine(Array(line.utf8).span) }
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
}
