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
}
