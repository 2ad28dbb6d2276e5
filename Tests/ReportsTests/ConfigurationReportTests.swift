import CommandOutput
import Foundation
import Reports
import Testing

@Suite struct ConfigurationReportTests {
    @Test func `a check names the place, the name that was meant, and ends with a status`() throws {
        let path = "/tmp/shrike-config-check-\(getpid()).yaml"
        defer { unlink(path) }
        try "json_ouput: true\npriority: nothing\n".write(toFile: path, atomically: false, encoding: .utf8)
        let report = ConfigurationReport.check(files: [path, "/nowhere/at/all"], isJSON: false)
        #expect(report.status == .invalid)
        #expect(report.text.contains("\(path):1:1"))
        #expect(report.text.contains("did you mean 'json_output'?"))
        #expect(report.text.contains("\(path):2:11"))
        #expect(report.text.contains("/nowhere/at/all: Invalid (1 error)"))
        try "json_output: true\n".write(toFile: path, atomically: false, encoding: .utf8)
        #expect(ConfigurationReport.check(files: [path], isJSON: false) == Report(lines: ["\(path): Ok"]))
        #expect(ConfigurationReport.check(files: [path], isJSON: true).text.contains("\"successful\":true"))
    }

    /// What a run would refuse of places is a warning here: the file may be meant for another node.
    @Test(arguments: [
        ("file_output:\n  enabled: true\n  filename: /nowhere/alerts", ":3:13", "/nowhere: No such file or directory"),
        ("rules_files:\n  - /nowhere/rules.yaml", ":2:5", "there is no file or directory /nowhere/rules.yaml"),
        ("shrike:\n  host_root: /nowhere", ":2:14", "/nowhere/proc can't be read"),
        ("shrike:\n  state_directory: /nowhere/state", ":2:20", "/nowhere/state can't be made"),
        (
            "http_output: {enabled: true, url: 'https://x', ca_cert: /nowhere/ca.crt}", ":1:14",
            "open(/nowhere/ca.crt): No such file"
        ),
    ])
    func `a check warns of places that are not there`(text: String, place: String, message: String) throws {
        let path = "/tmp/shrike-config-places-\(UUID().uuidString).yaml"
        defer { unlink(path) }
        try (text + "\n").write(toFile: path, atomically: false, encoding: .utf8)
        let report = ConfigurationReport.check(files: [path], isJSON: false)
        #expect(report.status == .success)
        #expect(report.text.contains("\(path)\(place): warning: "))
        #expect(report.text.contains(message))
        #expect(report.text.hasSuffix("\(path): Ok, with warnings (1 warning)\n"))
    }
}
