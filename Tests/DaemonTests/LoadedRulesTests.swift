import Configuration
import Foundation
import TestSupport
import Testing

@testable import Daemon

@Suite struct LoadedRulesTests {
    @Test(arguments: [(event: "{evt.type: open}", isTold: false), (event: "{evt.type: execve}", isTold: true)])
    func `at the start a test that fails is told, and the rules are used`(event: String, isTold: Bool) throws {
        try withDirectory { directory in
            try "- {rule: R, desc: d, condition: evt.type = execve, output: o, priority: INFO}\n".write(
                toFile: "\(directory)/r.yaml", atomically: true, encoding: .utf8)
            try "- {rule: R, quiet: [{case: x, event: \(event)}]}\n".write(
                toFile: "\(directory)/t.yaml", atomically: true, encoding: .utf8)
            var configuration = Configuration()
            configuration.rulesFiles = ["\(directory)/r.yaml"]
            configuration.ruleTests = ["\(directory)/t.yaml"]
            var remarks: [LogRemark] = []
            _ = try LoadedRules.load(configuration, isVerbose: false, tests: .told, remarks: &remarks)
            let warnings = remarks.compactMap { if case .warning(let text) = $0 { text } else { nil } }
            #expect(warnings.contains { $0.contains("t.yaml:1:21: FAILED: rule 'R' raises an alert: x") } == isTold)
            let required = try? LoadedRules.load(configuration, isVerbose: false, tests: .required, remarks: &remarks)
            #expect((required == nil) == isTold)
        }
    }
}
