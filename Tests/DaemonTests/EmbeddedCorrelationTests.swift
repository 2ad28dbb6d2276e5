import CommandOutput
import Configuration
import EventModel
import EventSources
import Foundation
import TestSupport
import Testing

@testable import Daemon

/// Correlations in a whole run and in a replay.
@Suite struct EmbeddedCorrelationTests {
    private static let rules = """
        - macro: started
          condition: evt.type = execve
        - rule: Program in /tmp
          desc: A program in /tmp.
          condition: started and proc.exepath startswith /tmp/
          output: run %proc.exepath
          priority: WARNING
        - correlation: Looking around
          desc: Several commands that tell of the node.
          events:
            - name: look
              condition: started and proc.name in (id, uname, ps)
          condition: count(look, proc.name) >= 3 in 60s by proc.tree
          output: "%proc.name was the third (%correlation.count)"
          priority: WARNING
        - correlation: Download then run
          desc: What was downloaded is run.
          events:
            - name: download
              condition: evt.type = openat and evt.is_open_write = true and proc.name = curl
            - name: run
              condition: started and proc.exepath startswith /tmp/
          condition: download then run in 60s by proc.tree
          output: "%proc.exepath after %download.proc.cmdline (%download.fd.name)"
          priority: ERROR
          tags: [t]
        """

    private static func attack(_ log: inout AuditLogBuilder) {
        log.exec("/usr/bin/bash", ["bash"], pid: 700, parent: 1)
        log.exec("/usr/bin/curl", ["curl", "-O"], pid: 701, parent: 700)
        log.open("/tmp/x", flags: 0o1101)
        // Another session has nothing to do with it.
        log.exec("/usr/bin/bash", ["bash"], pid: 800, parent: 1)
        for (pid, name) in [(801, "id"), (802, "uname")] { log.exec("/usr/bin/\(name)", [name], pid: pid, parent: 800) }
        log.exec("/usr/bin/ps", ["ps"], pid: 702, parent: 700)
        log.exec("/tmp/x", ["x"], pid: 703, parent: 700)
    }

    @Test func `a run joins events of a process tree`() throws {
        try withDirectory { directory in
            let audit = ScriptedSource(.audit)
            let run = try EmbeddedRun([audit.driver(.systemCalls)], rules: Self.rules, in: directory)
            run.at(1) { audit.put(Self.attack) }
            run.at(30) { audit.put { $0.exec("/usr/bin/ps", ["ps"], pid: 803, parent: 800) } }
            run.run(until: 40)
            #expect(run.rules == ["Program in /tmp", "Download then run", "Looking around"])
            #expect(run.messages(of: "Download then run") == ["/tmp/x after curl -O (/tmp/x)"])
            #expect(run.messages(of: "Looking around") == ["ps was the third (3)"])
            for line in [
                "shrike_correlation_keys{rule_name=\"Looking around\"} 2",
                "shrike_correlation_events_total{rule_name=\"Looking around\"} 4",
                "shrike_rules_matches_total{rule_name=\"Download then run\"} 1", "shrike_rules_loaded 3",
            ] {
                #expect(run.metrics.contains(line), "\(line)")
            }
        }
    }

    @Test(arguments: [("", 2), ("shrike: {incidents: {window: 0}}", 0)])
    func `alerts have their incident, and a reload can do without`(_ configuration: String, _ count: Int) throws {
        try withDirectory { directory in
            let audit = ScriptedSource(.audit)
            let run = try EmbeddedRun(
                [audit.driver(.systemCalls)], rules: Self.rules, configuration: configuration, in: directory)
            run.at(1) { audit.put(Self.attack) }
            run.at(2) {
                #expect(throws: Never.self) {
                    try run.replaceConfiguration("shrike: {incidents: {window: 0}}\npriority: debug\n")
                }
            }
            run.at(6) { audit.put { $0.exec("/tmp/y", ["y"], pid: 900, parent: 1) } }
            run.run(until: 10)
            let alerts = run.output.alerts.filter { !$0.rule.hasPrefix("Shrike") }
            #expect(alerts.map(\.rule) == ["Program in /tmp", "Download then run", "Program in /tmp"])
            let ids = alerts.compactMap { alert in alert.fields.first { $0.key == "incident.id" }?.value }
            #expect(ids.count == count && Set(ids).count <= 1)
        }
    }

    @Test func `a correlation that did not change goes on over a reload, and a disabled one is silent`() throws {
        try withDirectory { directory in
            let audit = ScriptedSource(.audit)
            let run = try EmbeddedRun([audit.driver(.systemCalls)], rules: Self.rules, in: directory)
            run.at(1) {
                audit.put {
                    $0.exec("/usr/bin/bash", ["bash"], pid: 800, parent: 1)
                    $0.exec("/usr/bin/id", ["id"], pid: 801, parent: 800)
                    $0.exec("/usr/bin/uname", ["uname"], pid: 802, parent: 800)
                    $0.exec("/usr/bin/curl", ["curl", "-O"], pid: 803, parent: 800)
                    $0.open("/tmp/x", flags: 0o1101)
                }
            }
            run.at(2) {
                let change = "- correlation: Download then run\n  enabled: false\n  override: {enabled: replace}\n"
                #expect(throws: Never.self) { try run.replaceRules(Self.rules + "\n" + change) }
            }
            run.at(5) {
                audit.put {
                    $0.exec("/usr/bin/ps", ["ps"], pid: 804, parent: 800)
                    $0.exec("/tmp/x", ["x"], pid: 805, parent: 800)
                }
            }
            run.run(until: 10)
            #expect(run.rules.filter { !$0.hasPrefix("Shrike") } == ["Looking around", "Program in /tmp"])
        }
    }

    @Test func `events that were lost meanwhile are told`() throws {
        try withDirectory { directory in
            let audit = ScriptedSource(.audit)
            let run = try EmbeddedRun([audit.driver(.systemCalls)], rules: Self.rules, in: directory)
            run.at(1) { audit.lose(100) }
            run.at(3) {
                audit.put {
                    $0.exec("/usr/bin/bash", ["bash"], pid: 800, parent: 1)
                    $0.exec("/usr/bin/id", ["id"], pid: 801, parent: 800)
                }
            }
            run.at(4) { audit.lose(7) }
            run.at(5) {
                audit.put {
                    $0.exec("/usr/bin/uname", ["uname"], pid: 802, parent: 800)
                    $0.exec("/usr/bin/ps", ["ps"], pid: 803, parent: 800)
                }
            }
            run.run(until: 10)
            #expect(run.messages(of: "Looking around") == ["ps was the third (3) (7 events were lost meanwhile)"])
        }
    }

    @Test func `what was lost before there were correlations is none of theirs`() throws {
        let rules =
            "- rule: Program in /tmp\n  desc: d\n  condition: evt.type = execve and proc.exepath startswith /tmp/\n"
            + "  output: o\n  priority: WARNING\n"
        try withDirectory { directory in
            let audit = ScriptedSource(.audit)
            let run = try EmbeddedRun([audit.driver(.systemCalls)], rules: rules, in: directory)
            run.at(1) { audit.lose(100) }
            run.at(2) { #expect(throws: Never.self) { try run.replaceRules(Self.rules) } }
            // In each tree a command every 100 ms, so that some fall on both sides of any tick after the reload.
            for step in 0..<400 {
                run.at(2 + Double(step) / 100) {
                    let name = ["id", "uname", "ps"][step / 10 % 3]
                    let tree = 800 + step % 10
                    audit.put {
                        if step < 10 { $0.exec("/usr/bin/bash", ["bash"], pid: tree, parent: 1) }
                        $0.exec("/usr/bin/\(name)", [name], pid: 1000 + step, parent: tree)
                    }
                }
            }
            run.run(until: 10)
            let messages = run.messages(of: "Looking around")
            #expect(messages.count == 10)
            #expect(messages.allSatisfy { $0.hasSuffix("was the third (3)") }, "\(messages)")
        }
    }

    @Test func `who makes too many keys is told of once`() throws {
        let rules = """
            - correlation: Twice
              desc: The same file twice.
              events:
                - name: opened
                  condition: evt.type = openat
              condition: count(opened) >= 2 in 1h by fd.name
              output: "%fd.name"
              priority: WARNING
            """
        try withDirectory { directory in
            let audit = ScriptedSource(.audit)
            let run = try EmbeddedRun([audit.driver(.systemCalls)], rules: rules, in: directory)
            run.at(1) {
                for part in 0..<7 {
                    audit.put {
                        $0.exec("/usr/bin/find", ["find"], pid: 800, parent: 1)
                        for number in 0..<900 { $0.open("/srv/\(part)/\(number)", flags: 0) }
                    }
                }
            }
            run.run(until: 50)
            #expect(run.rules == ["Shrike internal: correlation keys given up"])
            #expect(run.metrics.contains("shrike_correlation_keys_given_up_total{rule_name=\"Twice\"} 2204"))
        }
    }

    @Test func `a replay joins events by their own times`() throws {
        try withDirectory { directory in
            var log = AuditLogBuilder()
            Self.attack(&log)
            try Self.rules.write(toFile: directory + "/rules.yaml", atomically: true, encoding: .utf8)
            try log.text.write(toFile: directory + "/audit.log", atomically: true, encoding: .utf8)
            var configuration = Configuration()
            configuration.rulesFiles = [directory + "/rules.yaml"]
            configuration.logLevel = .error
            configuration.outputs.file.isEnabled = true
            configuration.outputs.file.target = directory + "/alerts"
            #expect(
                LogReplay.run(ReplayOptions(configuration: configuration, files: [directory + "/audit.log"]))
                    == .success)
            let alerts = try String(contentsOfFile: directory + "/alerts", encoding: .utf8).split(separator: "\n")
            #expect(alerts.count == 2)
            #expect(alerts.last?.hasSuffix("Error /tmp/x after curl -O (/tmp/x)") == true)
        }
    }
}
