import CommandOutput
import Configuration
import ConfiguredRules
import Foundation
import Testing

@testable import Reports

@Suite struct CoverageReportTests {
    private let coverage = [
        RuleCoverage(rule: "A", techniques: ["T1059", "T1059.004"], degree: .exact, gaps: []),
        RuleCoverage(rule: "B", techniques: ["T1059", "T1003"], degree: .partly, gaps: ["not told of: connect"]),
        RuleCoverage(rule: "C", techniques: ["T1003"], degree: .blind, gaps: ["it is disabled"]),
    ]

    @Test func `a technique is seen as well as by the best of its rules`() {
        let text = RulesReport.text(of: coverage).text
        #expect(text.contains("exact   T1059      A; B\n"))
        #expect(text.contains("partly  T1003      B; C\n"))
        #expect(text.contains("          not told of: connect\n"))
        #expect(text.hasSuffix("3 rules: 1 exact, 1 partly, 1 blind\n3 techniques: 2 exact, 1 partly, 0 blind\n"))
        let json = RulesReport.json(of: coverage).text
        #expect(json.contains(#"{"id":"T1003","coverage":"partly","rules":["B","C"]}"#))
        #expect(json.contains(#"{"name":"C","coverage":"blind","techniques":["T1003"],"gaps":["it is disabled"]}"#))
    }

    @Test func `the Navigator's layer has a score for each technique`() throws {
        let layer = try #require(
            try JSONSerialization.jsonObject(
                with: Data(RulesReport.navigatorLayer(of: coverage, configuration: Configuration())))
                as? [String: Any])
        #expect(layer["domain"] as? String == "enterprise-attack")
        #expect((layer["versions"] as? [String: String])?["layer"] == "4.5")
        let techniques = try #require(layer["techniques"] as? [[String: Any]])
        #expect(techniques.map { $0["techniqueID"] as? String } == ["T1003", "T1059", "T1059.004"])
        #expect(techniques.map { $0["score"] as? Int } == [50, 100, 100])
        #expect((techniques[0]["comment"] as? String) == "partly: B (not told of: connect)\nblind: C (it is disabled)")
    }
}
