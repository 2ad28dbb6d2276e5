import Configuration
import ConfiguredRules
import EventFields
import EventModel
import Foundation
import KernelInterface
import RuleEngine
import RuleLanguage
import TestSupport
import Testing

@testable import RuleTesting

/// Files of a test by path.
private struct Files: ConfigurationFiles {
    var texts: [String: String]
    func read(_ path: String) -> Result<[UInt8], KernelError> {
        guard let text = texts[path] else { return .failure(KernelError(call: "open", object: path, errno: 2)) }
        return .success(Array(text.utf8))
    }
    func expand(_ path: String) -> [String] { texts[path] == nil ? [] : [path] }
}

@Suite struct RuleTestSuiteTests {
    private static let rules = """
        - rule: Shadow read
          desc: d
          condition: evt.type in (open, openat) and fd.num >= 0 and fd.name = /etc/shadow
          exceptions:
            - {name: programs, fields: proc.name, comps: in, values: [passwd, su]}
          output: o
          priority: WARNING
          enabled: false
        - rule: Other
          desc: d
          condition: evt.type = execve
          output: o
          priority: WARNING
        - correlation: Burst
          desc: d
          events: [{name: look, condition: "evt.type = execve and proc.name in (id, ps)"}]
          condition: count(look, proc.name) >= 2 in 60s
          output: o
          priority: WARNING
        """

    private func suite(_ tests: String) -> RuleTestSuite {
        let files = Files(texts: ["r": Self.rules, "dir/t.yaml": tests])
        var configuration = Configuration()
        configuration.rulesFiles = ["r"]
        let rules = ConfiguredRules.load(configuration, from: files)
        return RuleTestSuite(paths: ["dir/t.yaml"], rules: rules, from: files)
    }

    @Test func `cases pass when the rule does as it must, enabled or not`() {
        let suite = suite(
            """
            - rule: Shadow read
              alerts:
                - case: read by cat
                  event: {evt.type: openat, fd.num: 3, fd.name: /etc/shadow, proc.name: cat}
              quiet:
                - case: read by su
                  event: {evt.type: openat, fd.num: 3, fd.name: /etc/shadow, proc.name: su}
                - case: it failed
                  event: {evt.type: openat, fd.num: -1, fd.name: /etc/shadow, proc.name: cat}
            """)
        #expect(suite.problems.isEmpty)
        #expect(suite.isSuccessful)
        #expect(suite.files.first?.results.count == 3)
        #expect(suite.untested.alerts == ["Other", "Burst"])
        #expect(suite.untested.quiet == ["Other", "Burst"])
    }

    @Test func `a case that fails tells where it is and what decided`() throws {
        let suite = suite(
            """
            - rule: Shadow read
              alerts:
                - case: excepted
                  event: {evt.type: openat, fd.num: 3, fd.name: /etc/shadow, proc.name: su}
                - case: another file
                  event: {evt.type: openat, fd.num: 3, fd.name: /etc/shadow-, proc.name: cat}
                - case: another event
                  event: {evt.type: execve}
              quiet:
                - case: read by cat
                  event: {evt.type: open, fd.num: 3, fd.name: /etc/shadow, proc.name: cat}
            - rule: Shadow raed
              quiet: [{case: x, event: {evt.type: open}}]
            """)
        #expect(!suite.isSuccessful)
        let results = try #require(suite.files.first?.results)
        #expect(results[0].details == ["its exception 'programs' holds"])
        #expect(results[1].details == ["fd.name = /etc/shadow does not hold: fd.name is /etc/shadow-"])
        #expect(results[2].details == ["it can't match events of type execve"])
        #expect(
            suite.problems == [
                "dir/t.yaml:3:7: FAILED: rule 'Shadow read' raises no alert: excepted",
                "dir/t.yaml:5:7: FAILED: rule 'Shadow read' raises no alert: another file",
                "dir/t.yaml:7:7: FAILED: rule 'Shadow read' raises no alert: another event",
                "dir/t.yaml:10:7: FAILED: rule 'Shadow read' raises an alert: read by cat",
                "dir/t.yaml:13:11: FAILED: rule 'Shadow raed' is none of the rules that are loaded; "
                    + "did you mean 'Shadow read'?: x",
            ])
    }

    @Test(arguments: [
        ("- rule: R\n  alert: []\n", "dir/t.yaml:2:3: error: unknown key 'alert', expected rule, alerts, quiet"),
        ("", "dir/t.yaml:1:1: error: the file has no test, expected a sequence of tests"),
        ("# nothing yet\n", "dir/t.yaml:1:1: error: the file has no test, expected a sequence of tests"),
        ("[]\n", "dir/t.yaml:1:1: error: the file has no test, expected a sequence of tests"),
        ("- {rule: R, alerts: []}\n", "dir/t.yaml:1:21: error: 'alerts' is empty, expected a sequence of cases"),
        (
            "- {rule: R, quiet: [{case: x, event: {after: 3, evt.type: open}}]}\n",
            "dir/t.yaml:1:39: error: 'after' is for an event in 'events'"
        ),
        ("rule: R\n", "dir/t.yaml:1:1: error: the document is a mapping, expected a sequence of tests"),
        ("- alerts: []\n", "dir/t.yaml:1:3: error: the key 'rule' is missing"),
        ("- rule: R\n", "dir/t.yaml:1:3: error: the rule has no tests, expected 'alerts', 'quiet' or both"),
        ("- {rule: R, quiet: x}\n", "dir/t.yaml:1:20: error: 'quiet' is a scalar, expected a sequence of cases"),
        (
            "- {rule: R, quiet: [{case: x}]}\n",
            "dir/t.yaml:1:21: error: the case has no 'event', no 'events' and no 'log'"
        ),
        (
            "- {rule: R, quiet: [{case: x, event: {}, log: y}]}\n",
            "dir/t.yaml:1:21: error: a case has an 'event', 'events' or a 'log': one of them"
        ),
        ("- {rule: R, quiet: [{case: x, event: {}}]}\n", "dir/t.yaml:1:38: error: the event has no 'evt.type'"),
        ("- {rule: R, quiet: [{event: {}}]}\n", "dir/t.yaml:1:21: error: the key 'case' is missing"),
        (
            "- {rule: R, quiet: [{case: x, event: {evt.type: open, fd.nmae: x}}]}\n",
            "dir/t.yaml:1:55: error: unknown field 'fd.nmae'"
        ),
        (
            "- {rule: R, quiet: [{case: x, event: {evt.type: open, fd.num: x}}]}\n",
            "dir/t.yaml:1:63: error: the value of 'fd.num' must be a whole number, found 'x'"
        ),
        ("- {rule: R\n", "dir/t.yaml:2:1: error: "),
    ])
    func `what is wrong with a file is told with its place`(text: String, message: String) {
        let suite = suite(text)
        #expect(!suite.isSuccessful)
        #expect(suite.problems.contains { $0.hasPrefix(message) }, "\(suite.problems)")
    }

    @Test(arguments: [
        ("[{evt.type: execve, proc.name: id}, {evt.type: execve, proc.name: ps}]", true),
        ("[{evt.type: execve, proc.name: id}, {after: 59.5, evt.type: execve, proc.name: ps}]", true),
        ("[{evt.type: execve, proc.name: id}, {after: 61, evt.type: execve, proc.name: ps}]", false),
        ("[{evt.type: execve, proc.name: id}, {evt.type: execve, proc.name: id}]", false),
        ("[{evt.type: execve, proc.name: id}]", false),
    ])
    func `a correlation is tested by events one after the other`(events: String, alerts: Bool) {
        let suite = suite("- {rule: Burst, \(alerts ? "alerts" : "quiet"): [{case: x, events: \(events)}]}")
        #expect(suite.problems.isEmpty)
        #expect(suite.files.first?.results.count == 1)
        let opposite = self.suite("- {rule: Burst, \(alerts ? "quiet" : "alerts"): [{case: x, events: \(events)}]}")
        #expect(!opposite.isSuccessful)
    }

    @Test(
        arguments: [
            ("", false), ("no audit record\n", false), (nil, false), ("whole", true),
        ] as [(String?, Bool)])
    func `a log of which nothing could be read proves no silence`(content: String?, passes: Bool) throws {
        try withDirectory { directory in
            var builder = AuditLogBuilder()
            builder.exec("/usr/bin/id", ["id"], pid: 10, parent: 1)
            let text = content == "whole" ? builder.text : content
            try text?.write(toFile: "\(directory)/a.log", atomically: true, encoding: .utf8)
            let suite = suite("- {rule: Shadow read, quiet: [{case: x, log: \(directory)/a.log}]}\n")
            #expect(suite.isSuccessful == passes, "\(suite.problems)")
            #expect(passes || suite.problems.first?.contains("can't be tested: ") == true)
        }
    }

    @Test func `fields of JSON that can't be taken are told with what was probably meant`() throws {
        let text = #"{"evt.type": "openat", "proc.nmae": "cat"}"#
        let document = try EventDocument(
            bytes: Array(text.utf8), name: "e", catalogue: EventFields.catalogue(staticFields: []))
        #expect(document.remarks == ["unknown field 'proc.nmae'; did you mean 'proc.name'?"])
    }

    @Test func `a file that is not there fails`() {
        let suite = RuleTestSuite(
            paths: ["nowhere"], rules: ConfiguredRules.load(Configuration()), from: Files(texts: [:]))
        #expect(!suite.isSuccessful)
        #expect(suite.problems.first?.hasPrefix("nowhere:1:1: error: there is no such file") == true)
    }

    @Test(arguments: [
        (
            #"{"rule":"R","output":"o","output_fields":{"proc.name":"cat","fd.num":3,"evt.time":17,"x.y":1,"fd.name":null}}"#,
            true
        ),
        (#"{"proc.name": "cat", "fd.num": 3, "evt.type": "openat"}"#, false),
        ("evt.type: openat\nproc.name: cat\nfd.num: 3\n", false),
    ])
    func `an event is read from YAML, from JSON and from an alert`(text: String, isAlert: Bool) throws {
        let document = try EventDocument(
            bytes: Array(text.utf8), name: "e", catalogue: EventFields.catalogue(staticFields: []))
        #expect(document.isAlert == isAlert)
        #expect(document.alertRule == (isAlert ? "R" : nil))
        #expect((document.event.type?.name == "openat") == !isAlert)
        #expect(document.remarks.isEmpty)
    }

    @Test(arguments: [
        ("- a\n", "e:1:1: expected a mapping of fields"),
        ("evt.type: openat\nproc.nmae: x\n", "e:2:1: unknown field 'proc.nmae'; did you mean 'proc.name'?"),
        ("evt.type: {a: b}\n", "e:1:11: the value of 'evt.type' must be a scalar or a list"),
        ("{evt.type: [\n", "e:2:1: "),
        (
            #"{"rule":"R","output_fields":{"proc.name":"cat""#,
            "e:1:47: not valid as JSON: the text ends inside a value; is the line whole?"
        ),
        (#"{"rule":"R",,"output_fields":{}}"#, "e:1:13: not valid as JSON: this can't stand here"),
    ])
    func `an event that can't be read is told with its place`(text: String, message: String) {
        let problem = #expect(throws: EventDocument.Problem.self) {
            try EventDocument(bytes: Array(text.utf8), name: "e", catalogue: EventFields.catalogue(staticFields: []))
        }
        #expect(problem?.message.hasPrefix(message) == true, "\(problem?.message ?? "")")
    }
}
