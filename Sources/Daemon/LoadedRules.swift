import AlertReduction
import CommandOutput
import Configuration
import ConfiguredRules
import Detection
import EventModel
import EventSources
import KernelInterface
import Outputs
import RuleEngine
import RuleLanguage
import RuleTesting

/// The rules that a configuration names, loaded, checked and compiled: a value, so that it can be made on another thread.
struct LoadedRules: Sendable {
    private let rules: RuleSet
    private let filter: RuleFilter?
    private let mode: MatchMode
    private let options: AlertOptions
    private let expirations: [ExceptionExpiration]

    /// What becomes of the configured tests of rules.
    enum TestUse: Sendable {
        /// They are not run.
        case ignored
        /// What fails is told.
        case told
        /// All must pass.
        case required
    }

    /// Loads the rules; throws when they can't be used. Either way `remarks` gets what is to be logged, every problem included.
    ///
    /// - Parameters:
    ///   - isVerbose: warnings one by one.
    ///   - tests: what becomes of the configured tests of rules.
    ///   - isFiltered: whether a source that filters in the kernel may be used.
    static func load(
        _ configuration: Configuration, isVerbose: Bool, tests: TestUse = .ignored, isFiltered: Bool = true,
        remarks: inout [LogRemark]
    ) throws(InvalidRules) -> LoadedRules {
        let rules = ConfiguredRules.load(configuration)
        for result in rules.results {
            for diagnostic in result.diagnostics where diagnostic.severity == .error || isVerbose {
                remarks.append(.text(diagnostic.rendered))
            }
            let warnings = result.diagnostics.count { $0.severity == .warning }
            if warnings > 0, !isVerbose {
                remarks.append(
                    .info(
                        "\(result.name): \(Plural.counted(warnings, "warning")); 'shrike rules check' shows \(warnings == 1 ? "it" : "them")"
                    ))
            }
        }
        guard rules.isSuccessful else {
            let errors = rules.results.flatMap(\.diagnostics).filter { $0.severity == .error }
            throw InvalidRules(problems: errors.map(\.line))
        }
        if tests != .ignored, !configuration.ruleTests.isEmpty {
            let suite = RuleTestSuite(paths: configuration.ruleTests, rules: rules)
            if !suite.isSuccessful {
                guard tests == .told else { throw InvalidRules(problems: suite.problems) }
                remarks.append(
                    .warning(
                        "changed rules will not be taken over while tests of shrike.rules_tests fail: "
                            + "\(suite.problems.first ?? ""); 'shrike rules test' shows all"))
            }
        }
        remarks += (rules.fileRemarks + rules.selectionRemarks).map { .warning($0) }
        if let remark = rules.noveltyRemark { remarks.append(.info(remark)) }
        if let remark = rules.reachRemark { remarks.append(.warning(remark.text)) }
        let active = rules.active
        if let remark = configuration.repeats.remark(on: active) { remarks.append(.info(remark)) }
        var options = AlertOptions()
        options.usesBase64 = configuration.rendersBuffersAsBase64
        options.usesISOTime = configuration.alertFormat.usesISO8601Time
        let set = RuleSet(active, catalogue: rules.catalogue)
        return LoadedRules(
            rules: set,
            filter: isFiltered && configuration.sources.mayBe(.ebpf)
                ? set.filter(limits: BPFSource.filterAbility.limits, noticing: BPFSource.filterAbility.noticed) : nil,
            mode: rules.matching == .all ? .all : .first, options: options,
            expirations: rules.expirations)
    }

    /// The rules ready to run, on the thread that this is called on.
    ///
    /// - Parameter clock: nanoseconds, for what rules cost; without one it is not measured.
    func evaluation(clock: (@Sendable () -> UInt64)? = nil) -> RuleEvaluation {
        RuleEvaluation(rules, mode: mode, options: options, filter: filter, expirations: expirations, clock: clock)
    }
}

/// Rules that can't be used.
struct InvalidRules: Error {
    /// The errors, a line each.
    var problems: [String]
}

/// What is to be logged, gathered where the log is not at hand.
enum LogRemark: Sendable, Hashable {
    case text(String)
    case info(String)
    case warning(String)
}

extension DaemonLog {
    /// Logs what was gathered elsewhere.
    func tell(_ remarks: [LogRemark]) {
        for remark in remarks {
            switch remark {
            case .text(let text): self.text(text)
            case .info(let message): info(message)
            case .warning(let message): warning(message)
            }
        }
    }
}
