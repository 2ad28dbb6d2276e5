public import RuleLanguage

/// A problem that the compiler found in a rule: what is wrong, where, and how to mend it.
public struct CompileProblem: Sendable, Hashable {
    /// Which of the rule's texts `range` means.
    public enum Subject: Sendable, Hashable {
        /// The condition; the range names its text by id.
        case condition
        /// The output template.
        case output
        /// The template of the extra output field with this index.
        case extraField(Int)
    }

    /// Whether the rule is usable in spite of it.
    public var severity: Diagnostic.Severity
    /// Falco's code.
    public var code: LoadCode
    /// What is wrong and what was expected.
    public var message: String
    /// The offending bytes.
    public var range: TextRange
    /// How to mend it.
    public var suggestion: String?
    /// Which text the range is about.
    public var subject: Subject
    /// Whether the cause is a field or event type that nobody here knows; `skip-if-unknown-filter` forgives it.
    var isUnknownFilter = false
    /// Whether the cause is a macro that the loader did not find, and reported.
    var isUndefinedMacro = false

    /// A problem from its parts.
    public init(
        severity: Diagnostic.Severity = .error, code: LoadCode, message: String, range: TextRange,
        suggestion: String? = nil, subject: Subject = .condition
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.range = range
        self.suggestion = suggestion
        self.subject = subject
    }
}

/// What makes a condition not compilable; the compiler turns it into a `CompileProblem` with the right code.
struct ConditionError: Error {
    var message: String
    var range: TextRange
    var suggestion: String?
    var isUnknownFilter = false
    var isUndefinedMacro = false

    init(_ message: String, at range: TextRange, suggestion: String? = nil, isUnknownFilter: Bool = false) {
        self.message = message
        self.range = range
        self.suggestion = suggestion
        self.isUnknownFilter = isUnknownFilter
    }
}
