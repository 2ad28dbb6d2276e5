import CommandOutput
import Configuration
import Foundation
import RuleEngine
import Testing

@testable import Reports

private func withRules(_ texts: String..., body: ([String]) throws -> Void) throws {
    let directory = NSTemporaryDirectory() + "shrike-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    var paths: [String] = []
    for (index, text) in texts.enumerated() {
        paths.append("\(directory)/\(index).yaml")
        try text.write(toFile: paths[index], atomically: true, encoding: .utf8)
    }
    try body(paths)
}

private func configuration(_ paths: [String] = []) -> Configuration {
    var configuration = Configuration()
    if !paths.isEmpty { configuration.rulesFiles = paths }
    return configuration
}

private let goodRule = """
    - macro: spawned
      condition: evt.type in (execve, execveat)
    - rule: Shell
      desc: a shell
      condition: spawned and proc.name = bash
      output: shell (%proc.name %proc.aname[2])
      priority: WARNING
      tags: [process]

    """

private let correlation = """
    - correlation: Shell then program
      desc: a shell, then a program of /tmp
      events:
        - name: shell
          condition: spawned and proc.name = bash
        - name: program
          condition: spawned and proc.exepath startswith /tmp/
      condition: shell then program in 60s by proc.tree
      output: run (%proc.exepath %shell.proc.cmdline)
      priority: ERROR
      tags: [process]

    """

@Suite struct RulesReportTests {
    @Test func `a correlation is listed, shown and checked as rules are`() throws {
        try withRules(goodRule, correlation) { paths in
            let check = RulesReport.check(files: paths, configuration: Configuration(), isJSON: false)
            #expect(check.status == .success && check.text.contains("\(paths[1]): Ok"))
            let list = RulesReport.list(configuration: configuration(paths), isJSON: false).text
            #expect(list.contains("Error         on  Shell then program  process"))
            let listed = RulesReport.list(configuration: configuration(paths), isJSON: true).text
            #expect(listed.contains(#""kind":"correlation""#) && listed.contains(#""kind":"rule""#))
            let shown = RulesReport.show(
                rule: "Shell then program", configuration: configuration(paths), isJSON: false
            ).text
            for line in [
                "Correlation  Shell then program", "State        enabled", "Joins events:",
                "  shell then program in 60s by proc.tree", "Event shell, with macros, lists and exceptions put in:",
                "  execve, execveat",
            ] {
                #expect(shown.split(separator: "\n").contains { $0 == line }, "\(line)")
            }
            let json = RulesReport.show(
                rule: "Shell then program", configuration: configuration(paths), isJSON: true
            ).text
            #expect(json.contains(#""condition":"shell then program in 60s by proc.tree""#))
            #expect(json.contains(#""events":[{"name":"shell","condition_resolved":"#))
        }
    }

    @Test func `check tells every problem of every file, then a line for each file`() throws {
        let bad = """
            - rule: Misspelt
              desc: x
              condition: spawned and proc.nmae = bash
              output: x (%proc.naem)
              priority: WARNING
            - rule: Strange
              desc: x
              condition: spwaned
              output: x
              priority: WARNING
            """
        try withRules(goodRule, bad) { paths in
            let report = RulesReport.check(files: paths, configuration: Configuration(), isJSON: false)
            #expect(report.status == .invalid)
            let lines = report.text.split(separator: "\n").map(String.init)
            #expect(lines.contains("\(paths[1]):3:26: error: unknown field 'proc.nmae' [LOAD_ERR_COMPILE_CONDITION]"))
            #expect(
                lines.contains { $0.hasPrefix("\(paths[1]):4:15: error:") && $0.contains("LOAD_ERR_COMPILE_OUTPUT") })
            #expect(lines.contains { $0.hasPrefix("\(paths[1]):8:14: error:") && $0.contains("spwaned") })
            #expect(
                report.text.contains("did you mean 'proc.name'?") && report.text.contains("did you mean 'spawned'?"))
            #expect(lines.suffix(2) == ["\(paths[0]): Ok", "\(paths[1]): Invalid (3 errors)"])
        }
    }

    @Test func `check has Falco's JSON`() throws {
        try withRules("- rule: X\n  condition: a.b = c\n", goodRule) { paths in
            let report = RulesReport.check(files: paths, configuration: Configuration(), isJSON: true)
            let document = try #require(
                try JSONSerialization.jsonObject(with: Data(report.bytes)) as? [String: [[String: Any]]])
            let results = try #require(document["falco_load_results"])
            #expect(results.map { $0["successful"] as? Bool } == [false, true])
            #expect(report.status == .invalid)
            let errors = try #require(results[0]["errors"] as? [[String: Any]])
            #expect(errors.first?["code"] as? String == "LOAD_ERR_YAML_VALIDATE")
        }
    }

    @Test func `check of a file that is not there fails`() {
        let report = RulesReport.check(files: ["/nonexistent.yaml"], configuration: Configuration(), isJSON: false)
        #expect(report.status == .invalid)
        #expect(report.text.contains("/nonexistent.yaml:1:1: error: there is no file or directory"))
        #expect(report.text.contains("LOAD_ERR_FILE_READ"))
    }

    @Test func `check reads a directory's files in order`() throws {
        try withRules(goodRule, "- macro: late\n  condition: spawned\n- rule: L\n  enabled: false\n") { paths in
            let directory = String(paths[0].dropLast("/0.yaml".count))
            let report = RulesReport.check(files: [directory], configuration: Configuration(), isJSON: false)
            #expect(report.text.contains("\(paths[0]): Ok\n\(paths[1]): "))
        }
    }

    @Test func `list shows priority, state, name and tags`() throws {
        try withRules(goodRule) { paths in
            var configuration = configuration(paths)
            #expect(
                RulesReport.list(configuration: configuration, isJSON: false).text
                    == "Warning       on  Shell  process\n")
            configuration.ruleSelections = [.init(isEnabling: false, tag: "process")]
            #expect(
                RulesReport.list(configuration: configuration, isJSON: false).text
                    == "Warning       off Shell  process\n")
            let json = RulesReport.list(configuration: configuration, isJSON: true).bytes
            let rules = try #require(try JSONSerialization.jsonObject(with: Data(json)) as? [[String: Any]])
            #expect(rules.first?["enabled"] as? Bool == false)
        }
    }

    @Test func `show puts macros in and says what each source sees`() throws {
        try withRules(goodRule) { paths in
            let report = RulesReport.show(rule: "Shell", configuration: configuration(paths), isJSON: false).text
            #expect(report.contains("  (evt.type in (execve, execveat) and proc.name = bash)\n"))
            #expect(report.contains("Event types:\n  execve, execveat\n"))
            #expect(report.contains("  audit      all of the rule's event types\n"))
            #expect(report.contains("  fanotify   nothing: it tells of none of the rule's event types\n"))
            #expect(report.contains("State        enabled\n"))
            let json = RulesReport.show(rule: "Shell", configuration: configuration(paths), isJSON: true).bytes
            let rule = try #require(try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
            #expect(rule["event_types"] as? [String] == ["execve", "execveat"])
            #expect(rule["condition_resolved"] as? String == "(evt.type in (execve, execveat) and proc.name = bash)")
        }
    }

    @Test(
        arguments: [
            ("Shel", "there is no rule 'Shel'; did you mean 'Shell'?\n"),
            ("shell", "there is no rule 'shell'; did you mean 'Shell'?\n"),
            ("Unlike anything", "there is no rule 'Unlike anything'\n"),
        ])
    func `an unknown rule fails with a suggestion`(_ name: String, _ expected: String) throws {
        try withRules(goodRule) { paths in
            let report = RulesReport.show(rule: name, configuration: configuration(paths), isJSON: false)
            #expect(report.text == expected && report.status == .invalid && report.isError)
        }
    }

    @Test func `describe has Falco's two columns and its JSON`() throws {
        try withRules(goodRule) { paths in
            let text = RulesReport.describe(rule: nil, configuration: configuration(paths), isJSON: false).text
            #expect(text.contains("\nShell" + String(repeating: " ", count: 46) + "a shell\n"))
            let all = RulesReport.describe(rule: nil, configuration: configuration(paths), isJSON: true).bytes
            let document = try #require(try JSONSerialization.jsonObject(with: Data(all)) as? [String: Any])
            #expect(
                document.keys.sorted() == [
                    "lists", "macros", "required_engine_version", "required_plugin_versions", "rules",
                ])
            let rules = try #require(document["rules"] as? [[String: [String: Any]]])
            #expect(rules.first?["details"]?["macros"] as? [String] == ["spawned"])
            #expect(rules.first?["details"]?["events"] as? [String] == ["execve", "execveat"])
            #expect(rules.first?["details"]?["output_fields"] as? [String] == ["proc.name", "proc.aname[2]"])
            #expect(rules.first?["info"]?["priority"] as? String == "Warning")
            let macros = try #require(document["macros"] as? [[String: [String: Any]]])
            #expect(macros.first?["details"]?["used"] as? Bool == true)
        }
    }

    @Test func `a long condition is laid out over lines`() throws {
        let names = (1...40).map { "program\($0)" }.joined(separator: ", ")
        let rule =
            goodRule + """
                - rule: Long
                  desc: x
                  condition: spawned and not (proc.name in (\(names)) or proc.pname = a)
                  output: x
                  priority: INFO
                """
        try withRules(rule) { paths in
            let report = RulesReport.show(rule: "Long", configuration: configuration(paths), isJSON: false).text
            #expect(
                report.contains(
                    "  (\n    evt.type in (execve, execveat)\n    and not (\n      proc.name in (program1, "))
            #expect(report.split(separator: "\n").allSatisfy { $0.count <= 120 })
        }
    }

    @Test func `show names the clauses that widen a source's filter`() throws {
        let rules = """
            - macro: key
              condition: (fd.name regex ".*[.]key" or
                fd.name = /etc/shadow)
            - rule: Keys
              desc: d
              condition: evt.type = openat and key and not fd.name icontains test and proc.pname = nginx
              output: o
              priority: INFO
            - rule: Narrow
              desc: d
              condition: evt.type = openat and key and fd.name startswith /etc/
              output: o
              priority: INFO
            """
        try withRules(rules) { paths in
            let report = RulesReport.show(rule: "Keys", configuration: configuration(paths), isJSON: false)
            let lines = report.text.split(separator: "\n").map(String.init)
            #expect(lines.contains("What widens a source's filter:"))
            for source in ["ebpf ", "audit"] {
                let start = try #require(
                    lines.firstIndex(of: "  \(source)      every openat: its filter can't look up:"))
                #expect(
                    lines[start...].prefix(3).dropFirst() == [
                        "    \(paths[0]):2:15: fd.name regex .*[.]key", "    \(paths[0]):6:48: fd.name icontains test",
                    ])
            }
            #expect(lines.contains { $0.hasPrefix("    \(paths[0]):6:") && $0.hasSuffix(": proc.pname = nginx") })
            let narrow = RulesReport.show(rule: "Narrow", configuration: configuration(paths), isJSON: false)
            #expect(!narrow.text.contains("What widens"))
            let json = RulesReport.show(rule: "Keys", configuration: configuration(paths), isJSON: true)
            let document = try #require(try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: Any])
            let widenings = try #require(document["widenings"] as? [[String: Any]])
            #expect(widenings.prefix(2).map { $0["source"] as? String } == ["ebpf", "audit"])
            let ofAudit = widenings.first { $0["source"] as? String == "audit" }
            let clauses = try #require(ofAudit?["clauses"] as? [[String: Any]])
            #expect(clauses.map { $0["line"] as? Int } == [2, 6, 6])
        }
    }

    @Test func `cost counts what rules make a source deliver`() throws {
        let rules = """
            - rule: Opens
              desc: d
              condition: evt.type = openat and fd.name regex ".*x"
              output: o
              priority: INFO
            - rule: Shadow
              desc: d
              condition: evt.type = openat and fd.name = /etc/shadow
              output: o
              priority: INFO

            """
        func open(_ serial: Int, _ name: String) -> String {
            """
            type=SYSCALL msg=audit(\(serial).000:\(serial)): arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=0 a2=0 a3=0 \
            items=1 ppid=1 pid=100 auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=1 comm="cat" \
            exe="/usr/bin/cat" key=(null)
            type=CWD msg=audit(\(serial).000:\(serial)): cwd="/"
            type=PATH msg=audit(\(serial).000:\(serial)): item=0 name="\(name)" inode=1 dev=08:01 mode=0100640 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL
            type=EOE msg=audit(\(serial).000:\(serial)):

            """
        }
        try withRules(rules, open(1, "/etc/shadow") + open(2, "/tmp/a") + open(3, "/tmp/b")) { paths in
            let text = RulesReport.cost(files: [paths[1]], configuration: configuration([paths[0]]), isJSON: false)
            let lines = text.text.split(separator: "\n").map(String.init)
            #expect(lines[0] == "3 events in 2 s" && lines.contains("  audit  delivers 3 (100.0 %)"))
            #expect(lines.contains { $0.hasSuffix("  Opens") } && lines.contains { $0.hasSuffix("  Shadow") })
            let json = RulesReport.cost(files: [paths[1]], configuration: configuration([paths[0]]), isJSON: true)
            let document = try #require(try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: Any])
            let counted = try #require(document["rules"] as? [[String: Any]])
            #expect(counted.map { ($0["asked"] as? [String: Int])?["audit"] } == [3, 1])
            #expect(counted.map { ($0["alone"] as? [String: Int])?["audit"] } == [2, 0])
            #expect(counted.map { $0["matched"] as? Int } == [0, 1])
            let missing = RulesReport.cost(files: ["/nowhere"], configuration: configuration([paths[0]]), isJSON: false)
            #expect(missing.status == .invalid && missing.text.contains("/nowhere"))
        }
    }
}
