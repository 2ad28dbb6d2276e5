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
    let program: MatchProgram
    let outputs: [RuleOutput]

    /// A set of rules in order of definition, compiled against a catalogue. What no event of `sources` can satisfy, for want
    /// of a field, asks the sources for nothing.
    public init(_ rules: [CompiledRule], catalogue: FieldCatalogue, sources: SourceSet = .all) {
        self.rules = rules
        self.catalogue = catalogue
        var builder = ProgramBuilder()
        var program = builder.build(rules, catalogue)
        outputs = rules.map { rule in
            RuleOutput(rule) { expressions in builder.addSlots(to: &program, for: expressions) }
        }
        needs = EventNeeds(rules, catalogue: catalogue, sources: sources)
        self.program = program
    }

    /// The types of the events that some rule can match.
    public var eventTypes: EventTypeSet {
        rules.reduce(EventTypeSet()) { $0.union($1.eventTypes) }
    }
}
