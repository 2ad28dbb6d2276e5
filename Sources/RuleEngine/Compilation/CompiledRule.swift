public import EventModel

/// A rule that the compiler accepted: its condition typed, its output checked. Rules become runnable in a `RuleSet`.
public struct CompiledRule: Sendable {
    /// The rule's name.
    public let name: String
    /// Its description.
    public let description: String
    /// Its priority.
    public let priority: Priority
    /// Its event source.
    public let source: String
    /// Its event source, if Shrike has it; without one the rule matches nothing.
    public var ruleSource: RuleSource? { RuleSource(name: source) }
    /// Its tags, sorted.
    public let tags: [String]
    /// The types of the events that can satisfy the condition.
    public let eventTypes: EventTypeSet
    /// The typed condition.
    let condition: TypedCondition
    /// The output's template.
    let output: CompiledTemplate
    /// Output fields beyond the template.
    let extraFields: [CompiledExtraField]
    /// What joins its events, for a correlation: then `condition` is that of any of them, and no single event matches the rule.
    var correlation: CompiledCorrelation?

    /// Whether it joins several events.
    public var isCorrelation: Bool { correlation != nil }

    /// The keys of the fields that its alerts have, but for the event's time.
    public var outputKeys: [String] { output.fields.map(\.key) + extraFields.map(\.key) }
}

/// What the compiler made of a rule.
public struct RuleCompilation: Sendable {
    /// The compiled rule; nil when a problem prevents it or the rule is to be skipped.
    public var rule: CompiledRule?
    /// Everything that is wrong or doubtful, in the order of the texts.
    public var problems: [CompileProblem]
}
