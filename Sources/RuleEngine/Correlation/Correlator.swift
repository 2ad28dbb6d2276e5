public import EventModel

/// Joins the events that an evaluator found to be of correlations.
///
/// It has no clock and knows no process: what it goes by are the fields and the times of events. Nothing is allocated for an
/// event once its tables have grown to what the node needs, but for one that completes a correlation.
public struct Correlator: ~Copyable {
    private let steps: [CorrelationStep]
    private let firstStep: Int
    private var tables: [CorrelationTable]
    private var losses = LossLog()

    /// A correlator for the correlations of a set.
    public init(_ ruleSet: RuleSet) {
        steps = ruleSet.steps
        firstStep = ruleSet.rules.count
        tables = ruleSet.correlations.map { CorrelationTable($0) }
    }

    /// Whether there is anything to join.
    public var isEmpty: Bool { tables.isEmpty }

    /// What each correlation counted, by name.
    public var counters: [(name: String, counters: CorrelationCounters)] { tables.map { ($0.plan.name, $0.counters) } }

    /// How many keys were given up before their time was over.
    public var keysPushedOut: UInt64 { tables.reduce(0) { $0 &+ $1.keysPushedOut } }

    /// Notes that sources lost events, by the clock of the events' times.
    public mutating func noteLoss(_ count: UInt64, timeNanoseconds: UInt64) {
        losses.add(count, at: timeNanoseconds)
    }

    /// Goes on with what another one remembers of correlations that are the same here.
    public mutating func takeMemory(of old: borrowing Correlator) {
        losses = old.losses
        for index in tables.indices {
            let signature = tables[index].plan.signature
            if let same = old.tables.first(where: { $0.plan.signature == signature }) {
                tables[index].takeMemory(of: same)
            }
        }
    }

    /// Takes the event that the evaluator has just matched; calls `body` with each correlation that it completes: the index of
    /// the rule, and what its alert knows beside the event.
    ///
    /// - Parameters:
    ///   - number: tells the event from all others; the same for all names that its file goes by.
    ///   - node: the node that it is of, where events bear names of nodes.
    public mutating func take<Reader: FieldReader>(
        _ evaluator: inout Evaluator, _ reader: Reader, number: UInt64, timeNanoseconds: UInt64, node: [UInt8]?,
        _ body: (_ rule: Int, AlertFacts, KeptValues, inout Evaluator) -> Void
    ) {
        var event = StepEvent(events: 0, number: number, timeNanoseconds: timeNanoseconds, node: node)
        var current = -1
        for match in 0...evaluator.matches.count {
            var step: CorrelationStep?
            if match < evaluator.matches.count {
                let number = evaluator.matches[match] - firstStep
                guard steps.indices.contains(number) else { continue }
                step = steps[number]
            }
            if current >= 0, step?.correlation != current {
                if let found = tables[current].take(event, &evaluator, reader) {
                    let correlation = AlertFacts.Correlation(
                        count: found.count, firstNanoseconds: found.firstNanoseconds,
                        lost: losses.count(since: found.firstNanoseconds))
                    body(tables[current].plan.rule, AlertFacts(correlation: correlation), found.kept, &evaluator)
                }
                event.events = 0
            }
            if let step {
                current = step.correlation
                event.events |= 1 << UInt32(step.event)
            }
        }
    }
}
