/// How much a YAML text may ask for before it is refused.
public struct YAMLLimits: Sendable, Hashable {
    /// Bytes of the text.
    public var bytes: Int
    /// Nodes, those that aliases stand for counted each time.
    public var nodes: Int
    /// Levels of nesting, aliases included.
    public var depth: Int

    /// Limits that no honest rules or configuration file meets.
    public init(bytes: Int = 16 << 20, nodes: Int = 1_000_000, depth: Int = 100) {
        self.bytes = bytes
        self.nodes = nodes
        self.depth = depth
    }
}

/// Reads YAML 1.1 text into trees.
public enum YAMLDocument {
    /// Parses every document of a text, in order; a document without content is a null node.
    public static func parse(text: String, limits: YAMLLimits = YAMLLimits()) throws(YAMLSyntaxError) -> [YAMLNode] {
        try parse(bytes: Array(text.utf8), limits: limits)
    }

    /// Parses every document of a file's bytes (UTF-8, with or without a byte order mark), in order.
    public static func parse(bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) throws(YAMLSyntaxError) -> [YAMLNode] {
        guard bytes.count <= limits.bytes else {
            throw YAMLSyntaxError(
                message: "the text has \(bytes.count) bytes; at most \(limits.bytes) are read", line: 1, column: 1,
                offset: 0
            )
        }
        var events = try YAMLEventReader(bytes: bytes)
        var builder = YAMLTreeBuilder(limits: limits)
        return try builder.documents(from: &events)
    }
}
