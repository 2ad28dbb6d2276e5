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
    /// What the rules need as tables for a filter in the kernel; nil where nobody made them.
    public let filter: RuleFilter?
    /// How many rules events are matched against.
    public let ruleCount: Int
    /// The priorities of the rules.
    public let priorities: Set<Priority>
    /// When exceptions of the rules end to hold.
    public let expirations: [ExceptionExpiration]
    /// Whether rules join several events.
    public let hasCorrelations: Bool
    private var evaluator: Evaluator
    private var correlator: Correlator
    private let builder: AlertBuilder
    private var meter: RuleMeter

    /// Rules to be matched in a mode, with alerts by these options.
    ///
    /// - Parameters:
    ///   - filter: what the rules need as tables, if a source wants them so.
    ///   - expirations: when exceptions of the rules end to hold.
    ///   - clock: nanoseconds, for what rules cost; without one it is not measured.
    public init(
        _ ruleSet: RuleSet, mode: MatchMode = .first, options: AlertOptions = AlertOptions(),
        filter: RuleFilter? = nil, expirations: [ExceptionExpiration] = [], clock: (@Sendable () -> UInt64)? = nil
    ) {
        self.filter = filter
        self.expirations = expirations
        needs = ruleSet.needs
        catalogue = ruleSet.catalogue
        ruleCount = ruleSet.rules.count
        priorities = Set(ruleSet.rules.map(\.priority))
        evaluator = Evaluator(ruleSet, mode: mode)
        correlator = Correlator(ruleSet)
        hasCorrelations = !correlator.isEmpty
        builder = AlertBuilder(ruleSet, options: options)
        meter = RuleMeter(ruleSet.matchNames, clock: clock)
    }

    /// The names, without arguments, of the fields that rules read.
    public var fieldNames: Set<String> { Set(needs.fields.map { catalogue[$0.field].name }) }

    /// What the rules cost, estimated.
    public var costs: RuleCostEstimate { meter.estimate }

    /// How many keys correlations gave up before their time was over.
    public var keysGivenUp: UInt64 { hasCorrelations ? correlator.keysPushedOut : 0 }

    /// What the correlations counted, by name.
    public var correlations: [(name: String, counters: CorrelationCounters)] { correlator.counters }

    /// Goes on counting the costs of the rules that were there before a reload, and with what correlations remember.
    func goOn(from old: RuleEvaluation) {
        meter.goOn(from: old.costs)
        correlator.takeMemory(of: old.correlator)
    }

    /// Notes that sources lost events, by the clock of the events' times.
    func noteLoss(_ count: UInt64, timeNanoseconds: UInt64) {
        guard hasCorrelations else { return }
        correlator.noteLoss(count, timeNanoseconds: timeNanoseconds)
    }

    /// Matches the reader's current event; calls `body` with the alert of each rule that matched, and of each correlation that
    /// the event completes. Gives whether a rule matched.
    ///
    /// - Parameter occasion: which event it is, and how it is looked at.
    @inline(__always)
    func evaluate(
        _ type: EventType, from source: RuleSource, _ reader: EventFieldReader, _ occasion: Occasion,
        _ body: (Alert) -> Void
    ) -> Bool {
        let matches =
            meter.isDue
            ? meter.measure(type, from: source, reader, stepsOnly: occasion.isMatched, &evaluator)
            : evaluator.evaluate(type, from: source, reader: reader, stepsOnly: occasion.isMatched)
        guard matches else { return false }
        return raise(reader, occasion, body)
    }

    @inline(never)
    private func raise(_ reader: EventFieldReader, _ occasion: Occasion, _ body: (Alert) -> Void) -> Bool {
        let time = reader.state.current.event.timeNanoseconds
        var isMatched = false
        for rule in evaluator.matches where rule < ruleCount {
            isMatched = true
            let facts = AlertFacts(incident: occasion.incidents.join(reader.state, node: occasion.node))
            if let alert = builder.alert(
                forRule: rule, timeNanoseconds: time, evaluator: &evaluator, reader: reader, facts: facts)
            {
                body(alert)
            }
        }
        guard hasCorrelations else { return isMatched }
        let builder = builder
        correlator.take(
            &evaluator, reader, number: occasion.number, timeNanoseconds: time, node: occasion.node
        ) { rule, facts, kept, evaluator in
            var facts = facts
            facts.incident = occasion.incidents.join(reader.state, node: occasion.node)
            if let alert = builder.alert(
                forRule: rule, timeNanoseconds: time, evaluator: &evaluator, reader: reader, facts: facts, kept: kept)
            {
                body(alert)
            }
        }
        return isMatched
    }

    /// An event as it is looked at.
    struct Occasion {
        /// Tells the event from all others.
        let number: UInt64
        /// The node that it is of, where events bear names of nodes.
        let node: [UInt8]?
        /// Whether a rule has matched it, under another name of its file: then only events of correlations are looked for.
        let isMatched: Bool
        /// What its alerts join.
        let incidents: IncidentTable
    }
}
