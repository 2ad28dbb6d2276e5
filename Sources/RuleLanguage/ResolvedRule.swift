/// A rule after collecting, list substitution, exceptions and macro resolution: what the compiler takes.
public struct ResolvedRule: Sendable {
    /// The rule's name.
    public var name: String
    /// Its description.
    public var description: String
    /// Its priority as written (any case); checked before.
    public var priority: String
    /// Its tags, sorted, each once.
    public var tags: [String]
    /// Its event source, `syscall` by default.
    public var source: String
    /// Whether it starts enabled.
    public var isEnabled: Bool
    /// The condition with no macro left in it. Its ranges name the texts that the loader parsed (the rule's and its macros').
    public var condition: Condition
    /// The condition's text after exceptions and lists; macros still by name.
    public var conditionText: String
    /// The output template's text, trimmed.
    public var outputText: String
    /// Extra output fields: key and template (a bare field name gives itself as a template with `isRaw`).
    public var extraFields: [ExtraField]
    /// Whether unknown fields skip the rule with a warning.
    public var skipsIfUnknownFilter: Bool
    /// Whether a missing event type restriction warns.
    public var warnsEventTypes: Bool
    /// Where the rule begins.
    public var location: SourceLocation
    /// The id of the output's text in template ranges.
    public var outputTextID: UInt32 = 0
    /// The condition as written, appended parts joined, without exceptions.
    public var writtenCondition = ""
    /// Names of the macros that the condition itself refers to, sorted.
    public var macros: [String] = []
    /// Names of the lists that the condition itself refers to, sorted.
    public var lists: [String] = []
    /// The names of its exceptions, in order.
    public var exceptionNames: [String] = []
    /// The names of those that have values, in order: each is the negated one of as many last parts of the condition.
    public var activeExceptions: [String] = []
    /// The fields of its exceptions, sorted, each once.
    public var exceptionFields: [String] = []
    /// The operators of its exceptions, sorted, each once.
    public var exceptionOperators: [String] = []
    /// Whether a capture file is begun when it fires.
    public var isCapturing = false
    /// How long such a capture lasts; 0 for the configured default.
    public var captureDurationMilliseconds: UInt32 = 0
    /// What joins its events, for a correlation; its condition is then that of any of them.
    public var correlation: ResolvedCorrelation?

    /// An output field beyond the template.
    public struct ExtraField: Sendable, Hashable {
        /// The key in `output_fields`.
        public var key: String
        /// The template, or the name of a raw field.
        public var template: String
        /// Whether the value keeps its type; else it is rendered text.
        public var isRaw: Bool
        /// A field beyond the template.
        public init(key: String, template: String, isRaw: Bool) {
            self.key = key
            self.template = template
            self.isRaw = isRaw
        }
    }

    /// A resolved rule from its parts.
    public init(
        name: String, description: String = "", priority: String, tags: [String] = [], source: String = "syscall",
        isEnabled: Bool = true, condition: Condition, conditionText: String, outputText: String,
        extraFields: [ExtraField] = [], skipsIfUnknownFilter: Bool = false, warnsEventTypes: Bool = true,
        location: SourceLocation
    ) {
        self.name = name
        self.description = description
        self.priority = priority
        self.tags = tags
        self.source = source
        self.isEnabled = isEnabled
        self.condition = condition
        self.conditionText = conditionText
        self.outputText = outputText
        self.extraFields = extraFields
        self.skipsIfUnknownFilter = skipsIfUnknownFilter
        self.warnsEventTypes = warnsEventTypes
        self.location = location
    }
}
