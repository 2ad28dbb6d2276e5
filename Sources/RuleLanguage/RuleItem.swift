/// The keys of a rule or correlation that an override may name.
public enum RuleKey: String, Sendable, Hashable, CaseIterable {
    case events, condition, output, desc, priority, tags, exceptions, enabled
    case warnEventTypes = "warn_evttypes"
    case skipIfUnknownFilter = "skip-if-unknown-filter"
    case capture
    case captureDuration = "capture_duration"

    /// The keys of a kind of item.
    public static func keys(of kind: ItemKind) -> [RuleKey] {
        kind == .correlation ? allCases.filter { $0 != .warnEventTypes } : allCases.filter { $0 != .events }
    }

    /// Whether the key's value can be appended to an earlier one. A correlation's condition can't: its parts have one order.
    public func isAppendable(in kind: ItemKind) -> Bool {
        switch self {
        case .condition: kind == .rule
        case .events, .output, .desc, .tags, .exceptions: true
        default: false
        }
    }
}

/// What an override does with a key.
public enum OverrideOperation: String, Sendable, Hashable, CaseIterable { case append, replace }

/// One of the events of a correlation as written.
public struct CorrelationEventItem: Sendable, Hashable {
    /// The event's name.
    public var name: Sourced<String>
    /// The condition's text.
    public var condition: SourcedText
    /// The whole event.
    public var span: SourceSpan

    /// An event from its parts.
    public init(name: Sourced<String>, condition: SourcedText, span: SourceSpan) {
        self.name = name
        self.condition = condition
        self.span = span
    }
}

/// A `rule` or `correlation` item as written. A key that was not written is nil.
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

    /// Which of the two it is.
    public var kind: ItemKind
    /// The rule's name.
    public var name: Sourced<String>
    /// What the item does.
    public var form: Form
    /// The whole item.
    public var span: SourceSpan
    /// The events that a correlation joins.
    public var events: [CorrelationEventItem]?
    /// The condition's text.
    public var condition: SourcedText?
    /// Trimmed.
    public var output: SourcedText?
    /// The description (`desc`).
    public var description: Sourced<String>?
    /// The priority, unchecked.
    public var priority: Sourced<String>?
    /// Nil also for an empty or null source.
    public var source: Sourced<String>?
    /// Whether the rule starts enabled.
    public var isEnabled: Bool?
    /// The tags as written.
    public var tags: [String]?
    /// Whether a missing event type restriction warns.
    public var warnsEventTypes: Bool?
    /// Whether unknown fields skip the rule with a warning.
    public var skipsIfUnknownFilter: Bool?
    /// The exceptions.
    public var exceptions: [ExceptionItem]?
    /// Whether a capture file is begun when the rule fires.
    public var isCapturing: Bool?
    /// How long such a capture lasts.
    public var captureDurationMilliseconds: UInt32?

    /// A rule item without any key.
    public init(kind: ItemKind = .rule, name: Sourced<String>, form: Form, span: SourceSpan) {
        self.kind = kind
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

    /// The exception's name.
    public var name: Sourced<String>
    /// One field (form A) or several (form B).
    public var fields: OneOrMore?
    /// One operator (form A) or as many as fields (form B).
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
