/// A text that is no YAML, or YAML beyond the limits.
public struct YAMLSyntaxError: Error, Sendable, Hashable {
    /// What is wrong.
    public var message: String
    /// How to mend it, where the cause is a common one.
    public var hint: String?
    /// Line of the place, from 1.
    public var line: Int
    /// Column of the place, from 1, in Unicode scalars.
    public var column: Int
    /// Byte offset of the place in the file.
    public var offset: Int

    /// A syntax error at a place.
    public init(message: String, hint: String? = nil, line: Int, column: Int, offset: Int) {
        self.message = message
        self.hint = hint
        self.line = line
        self.column = column
        self.offset = offset
    }
}
