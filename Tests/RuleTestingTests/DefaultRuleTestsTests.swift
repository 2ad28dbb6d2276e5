import Configuration
import ConfiguredRules
import Foundation
import Testing

@testable import RuleTesting

/// The tests in rules/tests, over the rules that are built in.
@Suite struct DefaultRuleTestsTests {
    private let suite: RuleTestSuite = {
        let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
        let tests = repository.standardized.appendingPathComponent("rules/tests").path
        var configuration = Configuration()
        // Also the rules that only a sensor uses which learns.
        (configuration.learning.isEnabled, configuration.learning.setting) = (true, .eager)
        return RuleTestSuite(paths: [tests], rules: ConfiguredRules.load(configuration))
    }()

    @Test func `every test passes`() {
        #expect(suite.files.count > 1)
        #expect(suite.problems.isEmpty, "\(suite.problems.joined(separator: "\n"))")
    }

    @Test func `every rule has a test of its alert and one of its silence`() {
        #expect(suite.untested.alerts == [])
        #expect(suite.untested.quiet == [])
    }
}
