import AlertReduction
import CommandOutput
import Configuration
import ConfiguredRules
import Detection
import EventModel
import KernelInterface
import Outputs
import RuleEngine
import RuleLanguage

extension RuleEvaluation {
    /// Loads the rules that a configuration names; throws, with every problem logged, when they can't be used.
    static func load(
        _ configuration: Configuration, _ log: DaemonLog, clock: (@Sendable () -> UInt64)? = nil
    ) throws(InvalidRules) -> RuleEvaluation {
        let rules = ConfiguredRules.load(configuration)
        for result in rules.results {
            for diagnostic in result.diagnostics where diagnostic.severity == .error || log.threshold == .debug {
                log.text(diagnostic.rendered)
            }
            let warnings = result.diagnostics.count { $0.severity == .warning }
            if warnings > 0, log.threshold != .debug {
                log.info("\(result.name): \(warnings) warnings; 'shrike rules check' shows them")
            }
        }
        guard rules.isSuccessful else {
            let errors = rules.results.flatMap(\.diagnostics).filter { $0.severity == .error }
            throw InvalidRules(problems: errors.map(\.line))
        }
        for remark in rules.selectionRemarks { log.warning(remark) }
        if let remark = rules.reachRemark { log.warning(remark.text) }
        if let remark = configuration.repeats.remark(on: rules.active) { log.info(remark) }
        var options = AlertOptions()
        options.usesBase64 = configuration.rendersBuffersAsBase64
        options.usesISOTime = configuration.alertFormat.usesISO8601Time
        return RuleEvaluation(
            RuleSet(rules.active, catalogue: rules.catalogue),
            mode: configuration.ruleMatching == .all ? .all : .first, options: options, clock: clock)
    }
}

/// Rules that can't be used.
struct InvalidRules: Error {
    /// The errors, a line each.
    var problems: [String]
}
