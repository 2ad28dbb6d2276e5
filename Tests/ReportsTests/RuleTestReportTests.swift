import CommandOutput
import Configuration
import ConfiguredRules
import Foundation
import RuleTesting
import Testing

@testable import Reports

@Suite struct RuleTestReportTests {
    private static let rules = """
        - rule: Early
          desc: d
          condition: evt.type = openat and fd.name startswith /etc/
          output: o
          priority: WARNING
        - rule: Late
          desc: d
          condition: evt.type in (open, openat) and fd.name = "/etc/<a>" and fd.num >= 0
          exceptions:
            - {name: programs, fields: proc.name, comps: in, values: [su]}
          output: o
          priority: NOTICE
        """

    /// A configuration of rules, with tests beside them.
    private func withRules(tests: String, body: (Configuration, String) throws -> Void) throws {
        let directory = NSTemporaryDirectory() + "shrike-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: "\(directory)/tests", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try Self.rules.write(toFile: "\(directory)/rules.yaml", atomically: true, encoding: .utf8)
        try tests.write(toFile: "\(directory)/tests/rules.yaml", atomically: true, encoding: .utf8)
        var configuration = Configuration()
        configuration.rulesFiles = ["\(directory)/rules.yaml"]
        try body(configuration, directory)
    }

    private static let tests = """
        - rule: Late
          alerts:
            - case: opened & closed
              event: {evt.type: openat, fd.num: 3, fd.name: "/etc/<a>"}
          quiet:
            - case: opened
              event: {evt.type: openat, fd.num: 3, fd.name: "/etc/<a>"}
        """

    @Test func `tests beside the rules are found, and what failed is told as text, JSON and JUnit`() throws {
        try withRules(tests: Self.tests) { configuration, directory in
            guard
                case .run(let suite, let isOfConfiguration) = RulesReport.test(
                    files: [], configuration: configuration, program: "/nowhere/bin/shrike", isJSON: false)
            else {
                Issue.record("no tests were run")
                return
            }
            #expect(isOfConfiguration)
            let text = RulesReport.text(of: suite, isOfConfiguration: true)
            #expect(text.status == .invalid)
            let file = "\(directory)/tests/rules.yaml"
            #expect(text.text.hasPrefix("\(file):6:7: FAILED: rule 'Late' raises an alert: opened\n"))
            #expect(text.text.contains("\(file): 1 passed, 1 failed\n"))
            #expect(text.text.contains("no test raises its alert: Early\n"))
            let json = RulesReport.json(of: suite).text
            #expect(json.contains(#""successful":false"#))
            #expect(
                json.contains(#"{"rule":"Late","case":"opened & closed","expected":"alert","line":3,"passed":true}"#))
            let junit = String(decoding: RulesReport.junit(of: suite), as: UTF8.self)
            #expect(junit.contains(#"tests="2" failures="1" errors="0">"#))
            #expect(junit.contains(#"<testcase classname="Late" name="opened &amp; closed"/>"#))
            #expect(junit.contains("fd.name is /etc/&lt;a&gt;"))
            #expect(XMLWellFormedness.isWellFormed(junit))
        }
    }

    private func explain(
        _ name: String, _ event: String, configuration: Configuration, isJSON: Bool = false
    ) -> String {
        RulesReport.explain(
            rule: name, event: Array(event.utf8), file: "e", configuration: configuration, isJSON: isJSON
        ).text
    }

    @Test func `an explanation tells the verdict, the exception, the earlier rule, values and places`() throws {
        try withRules(tests: "") { configuration, directory in
            let event = #"{evt.type: openat, fd.num: 3, fd.name: "/etc/<a>", proc.name: su}"#
            let excepted = explain("Late", event, configuration: configuration)
            #expect(excepted.hasPrefix("Late: does not match\nIts exception 'programs' holds.\nThe rule 'Early' takes"))
            #expect(excepted.contains("no    exception 'programs': not proc.name in (su)\n"))
            #expect(excepted.contains("proc.name is su  (\(directory)/rules.yaml:10:"))
            let taken = explain("Late", event.replacing("su", with: "cat"), configuration: configuration)
            #expect(
                taken.hasPrefix(
                    "Late: matches, but raises no alert\nThe rule 'Early', which comes first, takes the event"))
            let alone = explain(
                "Late", event.replacing("openat", with: "open").replacing("su", with: "cat"),
                configuration: configuration)
            #expect(alone.hasPrefix("Late: alerts\n\nyes all of\n"))
            let json = explain("Late", event, configuration: configuration, isJSON: true)
            #expect(json.contains(#""matches":false,"enabled":true,"exceptions_held":["programs"],"taken_by":"Early""#))
            #expect(json.contains(#""comparison":"fd.num >= 0""#))
        }
    }

    @Test func `what can't be explained is told`() throws {
        try withRules(tests: "") { configuration, _ in
            #expect(explain("Lat", "{evt.type: open}", configuration: configuration).contains("did you mean 'Late'?"))
            #expect(
                explain("Late", "{fd.name: x}", configuration: configuration) == "e:1:1: the event has no 'evt.type'\n")
            let alert = #"{"rule":"Late","output_fields":{"fd.name":"/etc/<a>"}}"#
            let explained = explain("Late", alert, configuration: configuration)
            #expect(explained.hasPrefix("Late: undecided: the event tells nothing of fd.num, proc.name\n"))
            #expect(explained.contains("Note: the alert doesn't tell 'evt.type': taken to be open."))
            #expect(explained.contains("fd.num is not told"))
            #expect(explained.contains("\n?       fd.num >= 0\n"))
            let other = explain("Late", alert.replacing("<a>", with: "<b>"), configuration: configuration)
            #expect(other.hasPrefix("Late: does not match\n"))
            let json = explain("Late", alert, configuration: configuration, isJSON: true)
            #expect(json.contains(#""alerts":null,"matches":null,"#), "\(json)")
            #expect(json.contains(#""undecided_fields":["fd.num","proc.name"]"#))
        }
    }

    @Test func `of an alert the rule that raised it took the event`() throws {
        try withRules(tests: "") { configuration, _ in
            let alert = #"{"rule":"Early","output_fields":{"fd.name":"/etc/<a>","fd.num":3,"proc.name":"cat"}}"#
            #expect(
                explain("Late", alert, configuration: configuration)
                    .hasPrefix("Late: matches, but raises no alert\nThe rule 'Early', which comes first, takes"))
            let own = alert.replacing("Early", with: "Late")
            #expect(explain("Late", own, configuration: configuration).hasPrefix("Late: alerts\n"))
        }
    }

    @Test(
        arguments: [
            ("{evt.type: execve, proc.name: curl}", "Two: the event is its event 'fetch'\n", #""matches":true,"#),
            (
                "{evt.type: execve, proc.name: cat}", "Two: the event is none of its events\n",
                #""alerts":false,"matches":false,"#
            ),
            ("{evt.type: execve, proc.name: sh, user.uid: 7}", "Two: the event is none of its events\n", #"["x"]"#),
            ("{evt.type: execve, proc.name: sh}", "Two: the event is its event 'run'\n", #""events":["run"]"#),
        ])
    func `of a correlation is told which of its events it is`(event: String, head: String, json: String) throws {
        try withRules(tests: "") { configuration, directory in
            let text = """
                - rule: Any
                  desc: d
                  condition: evt.type = execve
                  output: o
                  priority: WARNING
                - correlation: Two
                  desc: d
                  events: [{name: fetch, condition: evt.type = execve and proc.name = curl},
                           {name: run, condition: evt.type = execve and proc.name = sh}]
                  condition: fetch then run in 5s
                  exceptions: [{name: x, fields: user.uid, comps: in, values: [7]}]
                  output: o
                  priority: WARNING
                """
            try text.write(toFile: "\(directory)/rules.yaml", atomically: true, encoding: .utf8)
            let explained = explain("Two", event, configuration: configuration)
            #expect(explained.hasPrefix(head + "It alerts when this comes about: fetch then run in 5s.\n"))
            #expect(!explained.contains("'Any'"))
            #expect(explained.contains("event 'fetch': all of\n"))
            #expect(explain("Two", event, configuration: configuration, isJSON: true).contains(json))
        }
    }

    @Test func `what can't be done is one JSON object where JSON is asked for`() throws {
        try withRules(tests: "") { configuration, _ in
            #expect(
                explain("Lat", "{evt.type: open}", configuration: configuration, isJSON: true)
                    == #"{"error":"there is no rule 'Lat'; did you mean 'Late'?"}"# + "\n")
            #expect(
                explain("Late", "{fd.name: x}", configuration: configuration, isJSON: true)
                    == #"{"error":"e:1:1: the event has no 'evt.type'"}"# + "\n")
            #expect(
                RulesReport.show(rule: "Lat", configuration: configuration, isJSON: true).text.hasPrefix(#"{"error":"#))
            #expect(
                RulesReport.cost(files: ["/nowhere"], configuration: configuration, isJSON: true).text
                    .hasPrefix(#"{"error":"open"#))
            #expect(FieldReport.make(form: .json, filter: "no.such").text.hasPrefix(#"{"error":"#))
        }
    }

    @Test func `the tests that the configuration names are run, too`() throws {
        try withRules(tests: Self.tests) { configuration, directory in
            var configuration = configuration
            let more = "\(directory)/more.yaml"
            try "- {rule: Early, quiet: [{case: x, event: {evt.type: open}}]}\n".write(
                toFile: more, atomically: true, encoding: .utf8)
            configuration.ruleTests = [more, "\(directory)/tests"]
            let tests = RulesReport.test(files: [], configuration: configuration, isJSON: false)
            guard case .run(let suite, _) = tests else {
                Issue.record("no tests were run")
                return
            }
            #expect(suite.files.map(\.name) == ["\(directory)/tests/rules.yaml", more])
        }
    }
}

/// Whether every element of an XML text is closed in order.
private enum XMLWellFormedness {
    static func isWellFormed(_ text: String) -> Bool {
        var open: [Substring] = []
        for piece in text.split(separator: "<").dropFirst() {
            guard let end = piece.firstIndex(of: ">") else { return false }
            let tag = piece[..<end]
            if tag.hasPrefix("/") {
                guard open.popLast() == tag.dropFirst() else { return false }
            } else if !tag.hasSuffix("/") {
                open.append(tag.prefix { $0 != " " })
            }
        }
        return open.isEmpty
    }
}
