import CommandOutput
import Configuration
import Foundation
import InternalAlerts
import Testing

@testable import Reports

@Suite struct InternalRulesTests {
    @Test func `every rule of Shrike's own is listed with its priority, its meaning and what to do`() throws {
        let report = RulesReport.internalList(isJSON: true)
        let rules = try #require(try JSONSerialization.jsonObject(with: Data(report.bytes)) as? [[String: Any]])
        #expect(rules.count == InternalRule.catalogue.count)
        #expect(Set(rules.compactMap { $0["name"] as? String }).count == rules.count)
        let text = RulesReport.internalList(isJSON: false).text
        for rule in InternalRule.catalogue {
            #expect(text.contains(" \(rule.name)\n"))
            #expect(!rule.priorities.isEmpty && rule.priorities == rule.priorities.sorted())
        }
    }

    @Test func `a rule of Shrike's own is explained without rules to load`() {
        var configuration = Configuration()
        configuration.rulesFiles = ["/nowhere/rules.yaml"]
        configuration.mustRulesFilesExist = true
        let report = RulesReport.show(
            rule: "Shrike internal: audit tampered", configuration: configuration, isJSON: false)
        #expect(report.status == .success)
        #expect(report.text.contains("Priority     Critical\n"))
        #expect(report.text.contains("What to do   look who did it"))
    }
}
