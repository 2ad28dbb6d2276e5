import EventFields
import EventModel
import EventSources
import NodeState
import Outputs
import RuleEngine
import TestSupport
import Testing

@testable import Detection

@Suite struct IncidentTests {
    private static let rules = """
        - rule: Program in /tmp
          desc: A program in /tmp.
          condition: evt.type = execve and proc.exepath startswith /tmp/
          output: run %proc.exepath (%incident.count since %incident.first)
          priority: WARNING
        - rule: Secret read
          desc: The password file.
          condition: evt.type = openat and fd.name = /etc/shadow
          output: read %fd.name
          priority: WARNING
        - correlation: Both
          desc: One after the other.
          events:
            - name: run
              condition: evt.type = execve and proc.exepath startswith /tmp/
            - name: read
              condition: evt.type = openat and fd.name = /etc/shadow
          condition: run then read in 60s by proc.tree
          output: "%run.proc.name read in %incident.id"
          priority: ERROR
        """

    /// A detection over process events made by hand.
    private struct Scene: ~Copyable {
        var detection: Detection
        var sent: [Alert] = []
        let start: UInt64 = 1_700_000_000_000_000_000

        init(within: Int = 600) throws {
            let state = NodeState(files: NoFiles())
            detection = Detection(
                state: state, rules: RuleEvaluation(try TestRules.load(IncidentTests.rules)),
                reader: EventFieldReader(state: state, hostname: "test"), authority: SourceAuthority(only: .audit),
                incidents: IncidentSettings(withinSeconds: within))
        }

        mutating func take(_ seconds: UInt64, pid: Int32, parent: Int32, _ path: String, opens file: String? = nil) {
            var event = RawEvent()
            event.type = EventType(name: file == nil ? "execve" : "openat") ?? EventType(index: 0)
            event.timeNanoseconds = start + seconds * 1_000_000_000
            event.process.pid = pid
            event.process.parentPID = parent
            event.process.known.insert(.parent)
            event.process.command = event.store(Array((path.split(separator: "/").last ?? "").utf8))
            event.process.executable = event.store(Array(path.utf8))
            (event.result, event.hasResult) = (3, true)
            if let file {
                (event.registers[0], event.registerCount) = (0xffff_ff9c, 3)
                var fact = PathFact()
                fact.name = event.store(Array(file.utf8))
                event.append(path: fact)
            }
            var alerts: [Alert] = []
            detection.take(&event, now: { 0 }, send: { alerts.append($0) })
            sent += alerts
        }

        /// Rule, id and count of the alerts.
        var incidents: [String] {
            sent.map { alert in
                func value(_ key: String) -> String {
                    switch alert.fields.first(where: { $0.key == key })?.value {
                    case .string(let text)?: String(decoding: text, as: UTF8.self)
                    case .unsigned(let number)?: "\(number)"
                    default: "-"
                    }
                }
                return "\(alert.rule) \(value("incident.id")) \(value("incident.count"))"
            }
        }
    }

    private static func id(_ milliseconds: UInt64, _ root: UInt64) -> String {
        let text = String(((1_700_000_000_000 + milliseconds) << 22) | root, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }

    @Test func `alerts of a process tree are one incident, correlations among them`() throws {
        var scene = try Scene()
        scene.take(0, pid: 100, parent: 1, "/usr/bin/bash")
        scene.take(1, pid: 101, parent: 100, "/tmp/x")
        scene.take(2, pid: 200, parent: 1, "/tmp/y")
        scene.take(3, pid: 102, parent: 100, "/usr/bin/cat", opens: "/etc/shadow")
        let first = Self.id(1000, 100)
        #expect(
            scene.incidents == [
                "Program in /tmp \(first) 1", "Program in /tmp \(Self.id(2000, 200)) 1", "Secret read \(first) 2",
                "Both \(first) 3",
            ])
        let messages = scene.sent.map { String(decoding: $0.message, as: UTF8.self) }
        #expect(messages[0] == "run /tmp/x (1 since 2023-11-14T22:13:21.000000000Z)")
        #expect(messages[3] == "x read in \(first)")
        let time = scene.sent[2].fields.first { $0.key == "incident.first" }?.value
        #expect(time == .unsigned(scene.start + 1_000_000_000))
    }

    @Test func `an alert after the time begins another incident, whatever way the clock went`() throws {
        var scene = try Scene(within: 10)
        scene.take(1000, pid: 100, parent: 1, "/tmp/x")
        for time: UInt64 in [1010, 1005, 1020, 1031, 500, 505] { scene.take(time, pid: 100, parent: 1, "/tmp/x") }
        let first = Self.id(1_000_000, 100)
        let expected = [
            "\(first) 1", "\(first) 2", "\(first) 3", "\(first) 4", "\(Self.id(1_031_000, 100)) 1",
            "\(Self.id(500_000, 100)) 1", "\(Self.id(500_000, 100)) 2",
        ]
        #expect(scene.incidents == expected.map { "Program in /tmp \($0)" })
    }

    @Test func `without a time there are none`() throws {
        var scene = try Scene(within: 0)
        scene.take(1, pid: 100, parent: 1, "/tmp/x")
        #expect(scene.incidents == ["Program in /tmp - -"])
        #expect(scene.sent.first.map { String(decoding: $0.message, as: UTF8.self) } == "run /tmp/x (<NA> since <NA>)")
    }

    @Test func `the number of open incidents is bounded, and the most silent end first`() throws {
        let state = NodeState(files: NoFiles())
        let table = IncidentTable(IncidentSettings(withinSeconds: 600), limit: 8)
        func join(_ pid: Int32, _ second: UInt64) -> UInt64? {
            var event = RawEvent()
            event.type = EventType(name: "execve") ?? EventType(index: 0)
            event.timeNanoseconds = 1_700_000_000_000_000_000 + second * 1_000_000_000
            event.process.pid = pid
            event.process.command = event.store(Array("x".utf8))
            _ = state.apply(&event)
            return table.join(state, node: nil)?.count
        }
        for pid in 1...8 { #expect(join(Int32(pid + 100), UInt64(pid)) == 1) }
        #expect(join(101, 9) == 2)
        #expect(join(200, 10) == 1)
        #expect(table.endedEarly == 2)
        #expect(join(101, 11) == 3 && join(102, 11) == 1 && join(108, 11) == 2)
    }
}
