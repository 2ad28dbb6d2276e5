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
        /// The key; most often a scalar.
        public var key: YAMLNode
        /// The value.
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
    /// The bytes of the file that it takes: from its first character (an anchor or tag before a scalar is left out) to
    /// one past its last. A node that an alias stands for keeps the place where it was written.
    public var bytes: Range<Int>

    /// A node from its parts.
    public init(content: Content, line: Int, column: Int, bytes: Range<Int> = 0..<0) {
        self.content = content
        self.line = line
        self.column = column
        self.bytes = bytes
    }
}

extension YAMLNode {
    /// Whether nothing, `~` or `null` was written.
    public var isNull: Bool {
        if case .null = content { return true }
        return false
    }

    /// The text of a scalar; nil for anything else, null included.
    public var text: String? {
        if case .scalar(let text, _) = content { return text }
        return nil
    }

    /// The elements of a sequence; nil for anything else.
    public var elements: [YAMLNode]? {
        if case .sequence(let elements) = content { return elements }
        return nil
    }

    /// The pairs of a mapping in file order; nil for anything else.
    public var pairs: [Pair]? {
        if case .mapping(let pairs) = content { return pairs }
        return nil
    }

    /// The value of a mapping's first key with this text; nil when there is none or this is no mapping.
    public subscript(key: String) -> YAMLNode? {
        pairs?.first { $0.key.text == key }?.value
    }

    /// A scalar read as a YAML 1.1 boolean: y, yes, true, on, n, no, false, off; lower, upper or capitalised.
    public var bool: Bool? {
        guard let text, let first = text.first else { return nil }
        let lowered = text.lowercased()
        let isOneCase = text == lowered || text == text.uppercased() || text == first.uppercased() + lowered.dropFirst()
        guard isOneCase else { return nil }
        switch lowered {
        case "y", "yes", "true", "on": return true
        case "n", "no", "false", "off": return false
        default: return nil
        }
    }

    /// What the node is, in words for a message: `a sequence`, `a mapping`, `a scalar`, `null`.
    public var kindInWords: String {
        switch content {
        case .null: "null"
        case .scalar: "a scalar"
        case .sequence: "a sequence"
        case .mapping: "a mapping"
        }
    }
}
