import EventFields
public import EventModel
import NodeState
public import RuleEngine

/// The loaded rules ready to run on the event thread: matching, and alerts from what matched.
public final class RuleEvaluation {
    /// What the rules need from the sources.
    public let needs: EventNeeds
    /// What the rules' fields refer to.
    public let catalogue: FieldCatalogue
    /// How many rules events are matched against.
    public let ruleCount: Int
    /// The priorities of the rules.
    public let priorities: Set<Priority>
    private var evaluator: Evaluator
    private let builder: AlertBuilder
    private var meter: RuleMeter

    /// Rules to be matched in a mode, with alerts by these options.
    ///
    /// - Parameter clock: nanoseconds, for what rules cost; without one it is not measured.
    public init(
        _ ruleSet: RuleSet, mode: MatchMode = .first, options: AlertOptions = AlertOptions(),
        clock: (@Sendable () -> UInt64)? = nil
    ) {
        needs = ruleSet.needs
        catalogue = ruleSet.catalogue
        ruleCount = ruleSet.rules.count
        priorities = Set(ruleSet.rules.map(\.priority))
        evaluator = Evaluator(ruleSet, mode: mode)
        builder = AlertBuilder(ruleSet, options: options)
        meter = RuleMeter(ruleSet.rules.map(\.name), clock: clock)
    }

    /// The names, without arguments, of the fields that rules read.
    public var fieldNames: Set<String> { Set(needs.fields.map { catalogue[$0.field].name }) }

    /// What the rules cost, estimated.
    public var costs: RuleCostEstimate { meter.estimate }

    /// Goes on counting the costs of the rules that were there before a reload.
    func continueCosts(of old: RuleEvaluation) { meter.goOn(from: old.costs) }

    /// Matches the reader's current event; calls `body` with the alert of each rule that matched.
    @inline(__always)
    func evaluate(
        _ type: EventType, from source: RuleSource, _ reader: EventFieldReader, _ body: (Alert) -> Void
    ) {
        let matches =
            meter.isDue
            ? meter.measure(type, from: source, reader, &evaluator)
            : evaluator.evaluate(type, from: source, reader: reader)
        guard matches else { return }
        let time = reader.state.current.event.timeNanoseconds
        for rule in evaluator.matches {
            if let alert = builder.alert(forRule: rule, timeNanoseconds: time, evaluator: &evaluator, reader: reader) {
                body(alert)
            }
        }
    }
}
