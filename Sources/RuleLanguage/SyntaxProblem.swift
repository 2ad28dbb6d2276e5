/// What is wrong in a condition's or an output template's text.
public struct SyntaxProblem: Error, Sendable, Hashable {
    /// What is wrong and what was expected.
    public var message: String
    /// Where, in the text that was parsed.
    public var range: TextRange
    /// How to mend it, e.g. `did you mean 'and'?`.
    public var suggestion: String?

    /// A problem at a place.
    public init(message: String, range: TextRange, suggestion: String? = nil) {
        self.message = message
        self.range = range
        self.suggestion = suggestion
    }
}
