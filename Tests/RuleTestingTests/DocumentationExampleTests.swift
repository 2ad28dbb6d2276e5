import Configuration
import ConfiguredRules
import Foundation
import TestSupport
import Testing

@testable import RuleTesting

/// The example of docs/rule-authoring.md, as somebody who follows it would have it.
@Suite struct DocumentationExampleTests {
    /// The indented texts of the page that begin with a rule.
    private static func examples() throws -> [String] {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/rule-authoring.md")
        var texts: [String] = []
        var isInside = false
        for line in try String(contentsOf: page, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        {
            if line.hasPrefix("    - rule:") { texts.append("") }
            isInside = line.hasPrefix("    - rule:") || isInside && line.hasPrefix("    ")
            if isInside { texts[texts.count - 1] += line.dropFirst(4) + "\n" }
        }
        return texts
    }

    @Test func `its tests pass, one of an alert and one of silence`() throws {
        let examples = try Self.examples()
        try #require(examples.count == 2)
        try withDirectory { directory in
            try examples[0].write(toFile: "\(directory)/my_rules.yaml", atomically: true, encoding: .utf8)
            try FileManager.default.createDirectory(atPath: "\(directory)/tests", withIntermediateDirectories: true)
            try examples[1].write(toFile: "\(directory)/tests/my_rules.yaml", atomically: true, encoding: .utf8)
            var configuration = Configuration()
            configuration.rulesFiles = ["\(directory)/my_rules.yaml"]
            let rules = ConfiguredRules.load(configuration)
            #expect(rules.isSuccessful)
            let suite = RuleTestSuite(paths: RuleTestSuite.places(of: configuration, program: ""), rules: rules)
            #expect(suite.problems.isEmpty, "\(suite.problems)")
            #expect(suite.files.first?.results.map(\.test.mustAlert) == [true, false])
        }
    }
}
