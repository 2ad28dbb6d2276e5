/// A node of a YAML document with its place in the file. The tree knows no types: scalars are text as written, and who
/// reads them decides whether `yes` is a bool.
public struct YAMLNode: Sendable, Hashable {
    /// How a scalar was written; it decides how value offsets map to file positions.
    public enum ScalarStyle: Sendable, Hashable { case plain, singleQuoted, doubleQuoted, literal, folded }

    /// What the node is.
    public indirect enum Content: Sendable, Hashable {
        /// A null: nothing written, `~` or `null` (plain).
        case null
        case scalar(String, ScalarStyle)
        case sequence([YAMLNode])
        /// Pairs in file order; repeated keys stay.
        case mapping([Pair])
    }

    /// A key and its value.
    public struct Pair: Sendable, Hashable {
        public var key: YAMLNode
        public var value: YAMLNode
        /// A key and its value.
        public init(key: YAMLNode, value: YAMLNode) {
            self.key = key
            self.value = value
        }
    }

    /// What the node is.
    public var content: Content
    /// Line of its first character, from 1.
    public var line: Int
    /// Column of its first character, from 1, in Unicode scalars.
    public var column: Int

    /// A node from its parts.
    public init(content: Content, line: Int, column: Int) {
        self.content = content
        self.line = line
        self.column = column
    }
}
