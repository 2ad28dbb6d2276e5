public import EventModel

/// Compiled rules in their order, made runnable together: what `Evaluator`, `AlertBuilder` and the sources work from.
/// Immutable; a reload makes another one.
public struct RuleSet: Sendable {
    /// The rules in order of definition.
    public let rules: [CompiledRule]
    /// What the rules need from event sources.
    public let needs: EventNeeds
    /// The fields that the rules refer to.
    public let catalogue: FieldCatalogue
    /// The correlations among the rules.
    let correlations: [CorrelationPlan]
    /// The events of all correlations, as the evaluator numbers them, the first behind the last rule.
    public let steps: [CorrelationStep]
    let program: MatchProgram
    let outputs: [RuleOutput]

    /// A set of rules in order of definition, compiled against a catalogue. What no event of `sources` can satisfy, for want
    /// of a field, asks the sources for nothing.
    public init(_ rules: [CompiledRule], catalogue: FieldCatalogue, sources: SourceSet = .all) {
        self.rules = rules
        self.catalogue = catalogue
        var builder = ProgramBuilder()
        var program = builder.build(rules, catalogue)
        let outputs = rules.map { rule in
            RuleOutput(rule) { expressions in builder.addSlots(to: &program, for: expressions) }
        }
        self.outputs = outputs
        correlations = rules.enumerated().compactMap { number, rule in
            CorrelationPlan(rule, number: number, kept: outputs[number].kept, catalogue: catalogue) { expressions in
                builder.addSlots(to: &program, for: expressions)
            }
        }
        steps = correlations.enumerated().flatMap { number, plan in
            (0..<plan.eventCount).map { CorrelationStep(correlation: number, event: $0) }
        }
        needs = EventNeeds(rules, catalogue: catalogue, sources: sources)
        self.program = program
    }

    /// The names of what an evaluator matches, by its numbers: the rules, and behind them the correlations of the steps.
    public var matchNames: [String] { rules.map(\.name) + steps.map { correlations[$0.correlation].name } }

    /// The index of the rule that a number of an evaluator's matches is of: a correlation's for one of its steps.
    public func rule(ofMatch number: Int) -> Int {
        number < rules.count ? number : correlations[steps[number - rules.count].correlation].rule
    }

    /// The types of the events that some rule can match.
    public var eventTypes: EventTypeSet {
        rules.reduce(EventTypeSet()) { $0.union($1.eventTypes) }
    }
}

/// An event of a correlation.
public struct CorrelationStep: Sendable, Hashable {
    /// Which of the set's correlations.
    let correlation: Int
    /// Which of its events, in written order.
    let event: Int
}
