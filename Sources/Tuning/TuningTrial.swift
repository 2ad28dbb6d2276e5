public import Configuration
public import ConfiguredRules
import EventModel
import KernelInterface
import RuleEngine
import RuleLanguage
import RuleTesting

/// Tries a proposed exception on the configured rules, before anybody uses it.
public struct TuningTrial: Sendable {
    /// Tests of the rules, attacks among them, that pass without the exception and fail with it.
    public private(set) var hiddenCases: [String] = []
    /// Of the given alerts those that the rules would raise all the same, with the exception in effect.
    public private(set) var uncovered = 0
    /// What is wrong with the rules as soon as the exception is among them.
    public private(set) var problems: [String] = []

    /// Loads the rules with and without the exception, and runs the tests of both.
    ///
    /// - Parameters:
    ///   - rules: the configured rules, loaded without errors.
    ///   - tests: files of tests, and directories of them.
    public init(
        _ exception: ProposedException, of alerts: [RaisedAlert], rules: ConfiguredRules, configuration: Configuration,
        tests: [String], from files: any ConfigurationFiles = SystemConfigurationFiles()
    ) {
        // Without an end, since what tests say happens at no time, and for whatever says that it is the program.
        var exception = exception
        exception.asksForTrust = false
        let name = exception.name(owner: "trial", expiry: nil)
        let text = exception.rulesFile(owner: "trial", expiry: nil)
        let tuned = ConfiguredRules.load(
            configuration, from: files, adding: [("the exception", Array(text.utf8))])
        guard tuned.isSuccessful, let rule = tuned.loaded.rules.first(where: { $0.name == exception.rule }) else {
            problems = tuned.results.flatMap(\.errors).map(\.line)
            return
        }
        for alert in alerts {
            var event = WrittenEvent(catalogue: tuned.catalogue)
            for (field, value) in alert.fields { try? event.set(field, to: .scalar(value)) }
            let types = tuned.compiledRule(named: rule.name)?.eventTypes.types ?? []
            guard let type = event.type ?? types.first,
                let explanation = tuned.explanation(of: rule, type: type, reader: event),
                explanation.heldExceptions.contains(name)
            else {
                uncovered += 1
                continue
            }
        }
        let before = Self.failures(RuleTestSuite(paths: tests, rules: rules, from: files), of: rule.name)
        let after = Self.failures(RuleTestSuite(paths: tests, rules: tuned, from: files), of: rule.name)
        hiddenCases = after.filter { !before.contains($0) }
    }

    private static func failures(_ suite: RuleTestSuite, of rule: String) -> [String] {
        suite.files.flatMap(\.results).filter { $0.failure != nil && $0.test.mustAlert && $0.test.rule == rule }
            .map { "\($0.test.location.described): \($0.test.name)" }
    }
}
