import EventFields
import EventModel
import RuleEngine

/// The loaded rules ready to run on the event thread: matching, and alerts from what matched.
final class RuleEvaluation {
    /// What the rules need from the sources.
    let needs: EventNeeds
    private var evaluator: Evaluator
    private var builder: AlertBuilder

    /// Makes rules ready to run as a configuration wants them.
    init(_ ruleSet: RuleSet, _ configuration: Configuration) {
        needs = ruleSet.needs
        evaluator = Evaluator(ruleSet, mode: configuration.ruleMatching == .all ? .all : .first)
        builder = AlertBuilder(ruleSet, configuration)
    }

    /// Matches the reader's current event; calls `body` with the alert of each rule that matched.
    @inline(__always)
    func evaluate(_ type: EventType, _ reader: EventFieldReader, _ body: (Alert) -> Void) {
        guard evaluator.evaluate(type, reader: reader) else { return }
        for rule in evaluator.matches { body(builder.alert(rule, reader)) }
    }
}
