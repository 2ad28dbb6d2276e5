/// The keys of a rule that an override may name.
public enum RuleKey: String, Sendable, Hashable, CaseIterable {
    case condition, output, desc, priority, tags, exceptions, enabled
    case warnEventTypes = "warn_evttypes"
    case skipIfUnknownFilter = "skip-if-unknown-filter"
    case capture
    case captureDuration = "capture_duration"

    /// Whether the key's value can be appended to an earlier one.
    public var isAppendable: Bool {
        switch self {
        case .condition, .output, .desc, .tags, .exceptions: true
        default: false
        }
    }
}

/// What an override does with a key.
public enum OverrideOperation: String, Sendable, Hashable, CaseIterable { case append, replace }

/// A `rule` item as written. A key that was not written is nil.
public struct RuleItem: Sendable, Hashable {
    /// What the item does.
    public enum Form: Sendable, Hashable {
        /// A whole rule; condition, output, description and priority are there.
        case define
        /// `append: true`, which is deprecated: adds to condition and exceptions.
        case legacyAppend
        /// Only `enabled`, which is deprecated: switches an earlier rule.
        case enable(Bool)
        case override([RuleKey: OverrideOperation])
    }

    public var name: Sourced<String>
    public var form: Form
    /// The whole item.
    public var span: SourceSpan
    public var condition: SourcedText?
    /// Trimmed.
    public var output: SourcedText?
    public var description: Sourced<String>?
    public var priority: Sourced<String>?
    /// Nil also for an empty or null source.
    public var source: Sourced<String>?
    public var isEnabled: Bool?
    public var tags: [String]?
    public var warnsEventTypes: Bool?
    public var skipsIfUnknownFilter: Bool?
    public var exceptions: [ExceptionItem]?
    public var isCapturing: Bool?
    public var captureDurationMilliseconds: UInt32?

    /// A rule item without any key.
    public init(name: Sourced<String>, form: Form, span: SourceSpan) {
        self.name = name
        self.form = form
        self.span = span
    }
}

/// An exception of a rule as written.
public struct ExceptionItem: Sendable, Hashable {
    /// A key that takes one element (form A: `fields: proc.name`) or a sequence (form B: `fields: [proc.name, fd.name]`).
    public enum OneOrMore: Sendable, Hashable {
        case one(SourcedText)
        case more([SourcedText])

        /// The element or elements.
        public var elements: [SourcedText] {
            switch self {
            case .one(let element): [element]
            case .more(let elements): elements
            }
        }
    }

    /// A value, or a tuple of values.
    public indirect enum Value: Sendable, Hashable {
        case scalar(SourcedText)
        case sequence([Value], span: SourceSpan)
    }

    public var name: Sourced<String>
    public var fields: OneOrMore?
    public var comparisons: OneOrMore?
    /// Empty when absent.
    public var values: [Value]
    /// The whole exception.
    public var span: SourceSpan

    /// An exception from its parts.
    public init(
        name: Sourced<String>, fields: OneOrMore? = nil, comparisons: OneOrMore? = nil, values: [Value] = [],
        span: SourceSpan
    ) {
        self.name = name
        self.fields = fields
        self.comparisons = comparisons
        self.values = values
        self.span = span
    }
}
