import AlertReduction
import EventModel
import EventSources
import ForwarderProtocol
import KernelInterface
import Outputs
import RuleEngine
import RuleLanguage
import TestSupport
import Testing

@testable import Configuration

@Suite struct ConfigurationRequestTests {
    @Test func `-r replaces the configured rules files, and they must be there`() {
        var request = ConfigurationRequest()
        var configuration = Configuration()
        configuration.rulesFiles = ["a"]
        request.apply(to: &configuration)
        #expect(configuration.rulesFiles == ["a"] && !configuration.mustRulesFilesExist)
        request.rulesFiles = ["b"]
        request.apply(to: &configuration)
        #expect(configuration.rulesFiles == ["b"] && configuration.mustRulesFilesExist)
    }

    @Test(arguments: ["c", "container", "k", "kubernetes", ""])
    func `-p with an old word adds nothing`(word: String) {
        var request = ConfigurationRequest()
        request.outputExtension = word
        var configuration = Configuration()
        request.apply(to: &configuration)
        #expect(configuration.outputAdditions.isEmpty)
    }

    @Test func `-p adds to every rule's output, selections come after the configured ones`() {
        var request = ConfigurationRequest()
        request.outputExtension = "on %evt.hostname"
        request.ruleSelections = [RuleSelection(isEnabling: false, tag: "x")]
        request.sources = .only([.procfs])
        var configuration = Configuration()
        configuration.ruleSelections = [RuleSelection(isEnabling: true, rule: "*")]
        request.apply(to: &configuration)
        #expect(configuration.outputAdditions.map(\.output) == ["on %evt.hostname"])
        #expect(configuration.ruleSelections.last == RuleSelection(isEnabling: false, tag: "x"))
        #expect(configuration.ruleSelections.count == 2)
        #expect(configuration.sources == .only([.procfs]))
    }
}
