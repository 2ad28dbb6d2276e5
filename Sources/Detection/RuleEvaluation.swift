import EventFields
import EventModel
import NodeState
import Outputs
import RuleEngine
import RuleLanguage

/// The loaded rules ready to run on the event thread: matching, and alerts from what matched.
final class RuleEvaluation {
    /// What the rules need from the sources.
    let needs: EventNeeds
    /// What the rules' fields refer to.
    let catalogue: FieldCatalogue
    /// How many rules events are matched against.
    let ruleCount: Int
    /// The priorities of the rules.
    let priorities: Set<Priority>
    private var evaluator: Evaluator
    private let builder: AlertBuilder
    private var meter: RuleMeter

    private init(_ ruleSet: RuleSet, _ configuration: Configuration) {
        needs = ruleSet.needs
        catalogue = ruleSet.catalogue
        ruleCount = ruleSet.rules.count
        priorities = Set(ruleSet.rules.map(\.priority))
        evaluator = Evaluator(ruleSet, mode: configuration.ruleMatching == .all ? .all : .first)
        var options = AlertOptions()
        options.usesBase64 = configuration.rendersBuffersAsBase64
        options.usesISOTime = configuration.alertFormat.usesISO8601Time
        builder = AlertBuilder(ruleSet, options: options)
        meter = RuleMeter(ruleSet.rules.map(\.name))
    }

    /// Loads the rules that a configuration names; throws, with every problem logged, when they can't be used.
    static func load(_ configuration: Configuration, _ log: DaemonLog) throws(InvalidRules) -> RuleEvaluation {
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
        if let remark = configuration.repeats.remark(on: rules.active) { log.info(remark) }
        return RuleEvaluation(RuleSet(rules.active, catalogue: rules.catalogue), configuration)
    }

    /// The names, without arguments, of the fields that rules read.
    var fieldNames: Set<String> { Set(needs.fields.map { catalogue[$0.field].name }) }

    /// What the rules cost, estimated.
    var costs: RuleCostEstimate { meter.estimate }

    /// Goes on counting the costs of the rules that were there before a reload.
    func continueCosts(of old: RuleEvaluation) { meter.goOn(from: old.costs) }

    /// Matches the reader's current event; calls `body` with the alert of each rule that matched.
    @inline(__always)
    func evaluate(_ type: EventType, _ reader: EventFieldReader, _ body: (Alert) -> Void) {
        let matches =
            meter.isDue ? meter.measure(type, reader, &evaluator) : evaluator.evaluate(type, reader: reader)
        guard matches else { return }
        let time = reader.state.current.event.timeNanoseconds
        for rule in evaluator.matches {
            if let alert = builder.alert(forRule: rule, timeNanoseconds: time, evaluator: &evaluator, reader: reader) {
                body(alert)
            }
        }
    }
}

/// Rules that can't be used.
struct InvalidRules: Error {
    /// The errors, a line each.
    var problems: [String]
}
