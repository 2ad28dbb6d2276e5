import Configuration
import EventModel
import RuleEngine
import RuleLanguage
import TestSupport
import Testing

@testable import ConfiguredRules

/// The built-in rules about something new: only where Shrike learns, and behind all others.
@Suite struct NoveltyRulesTests {
    private func names(_ change: (inout Configuration) -> Void) -> [CompiledRule] {
        var configuration = Configuration()
        change(&configuration)
        return ConfiguredRules.load(configuration).active
    }

    private func count(_ setting: NoveltySetting) -> Int {
        names { ($0.learning.isEnabled, $0.learning.setting) = (true, setting) }
            .count { $0.tags.contains(DefaultRules.noveltyTag) }
    }

    @Test func `without learning there are none`() {
        #expect(!names { _ in }.contains { $0.tags.contains(DefaultRules.noveltyTag) })
    }

    @Test(arguments: [false, true])
    func `where anomaly.yaml is installed its rules are off with the setting none, and without learning, in silence`(
        _ learns: Bool
    ) {
        var configuration = Configuration()
        (configuration.learning.isEnabled, configuration.learning.setting) = (learns, .none)
        configuration.rulesFiles = ["anomaly.yaml", "own.yaml"]
        let own = """
            - rule: Mine
              desc: x
              condition: evt.type = execve
              output: x
              priority: INFO
              tags: [anomaly]
            """
        let files = InventedFiles(texts: [
            "anomaly.yaml": String(decoding: DefaultRules.novelty.bytes, as: UTF8.self), "own.yaml": own,
        ])
        let loaded = ConfiguredRules.load(configuration, from: files)
        #expect(loaded.isSuccessful)
        #expect(loaded.active.map(\.name) == ["Mine"])
        #expect(loaded.reachRemark == nil)
        #expect(loaded.selectionRemarks == [])
        #expect((loaded.noveltyRemark == nil) == learns)
        if !learns { #expect(loaded.noveltyRemark?.hasPrefix("13 rules about what is new") == true) }
    }

    @Test func `nobody need have them to leave them out`() {
        let loaded = ConfiguredRules.load(Configuration())
        #expect(loaded.noveltyRemark == nil)
        #expect(loaded.selectionRemarks == [])
    }

    @Test func `each setting has more than the one before`() {
        #expect(count(.none) == 0)
        #expect(count(.quiet) == 4)
        #expect(count(.middle) == 10)
        #expect(count(.eager) == 13)
    }

    @Test func `they come behind all others`() throws {
        let rules = names { $0.learning.isEnabled = true }
        let first = try #require(rules.firstIndex { $0.tags.contains(DefaultRules.noveltyTag) })
        #expect(first > 10)
        #expect(rules[first...].allSatisfy { $0.tags.contains(DefaultRules.noveltyTag) })
    }

    @Test func `they load without an error`() {
        var configuration = Configuration()
        configuration.learning.isEnabled = true
        configuration.learning.setting = .eager
        let loaded = ConfiguredRules.load(configuration)
        #expect(loaded.isSuccessful)
        let problems = loaded.results.flatMap(\.diagnostics).filter { $0.line.contains("anomaly.yaml") }
        #expect(problems.map(\.line) == [])
    }

    @Test func `without learning a rule with such a field asks the kernel for nothing`() throws {
        for learns in [true, false] {
            let rules = names { configuration in
                configuration.learning.isEnabled = learns
                configuration.learning.setting = .eager
            }
            let catalogue = ConfiguredRules.load(
                {
                    var configuration = Configuration()
                    configuration.learning.isEnabled = learns
                    return configuration
                }()
            ).catalogue
            #expect(rules.isEmpty == false)
            let id = try #require(catalogue.id(named: "novel.exec"))
            #expect(catalogue[id].sources.isEmpty == !learns)
        }
    }
}
