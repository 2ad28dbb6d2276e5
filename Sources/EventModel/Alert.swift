/// A matched rule with its resolved output: what outputs write.
public struct Alert: Sendable {
    /// The event's time, nanoseconds since the epoch.
    public var timeNanoseconds: UInt64
    /// The rule's name.
    public var rule: String
    /// The rule's priority.
    public var priority: Priority
    /// The event source that rules name, `syscall`, or `internal` for Shrike's own alerts.
    public var source: String
    /// The rule's tags, sorted.
    public var tags: [String]
    /// The rendered output, without time and priority, not yet escaped.
    public var message: [UInt8]
    /// The fields of the output, keyed as the user wrote them.
    public var fields: [(key: String, value: AlertValue)]

    /// The node that the event is of, where that is not the one that Shrike runs on.
    public var node: [UInt8]?

    /// An alert from its parts, of this node.
    public init(
        timeNanoseconds: UInt64, rule: String, priority: Priority, source: String, tags: [String], message: [UInt8],
        fields: [(key: String, value: AlertValue)]
    ) {
        self.timeNanoseconds = timeNanoseconds
        self.rule = rule
        self.priority = priority
        self.source = source
        self.tags = tags
        self.message = message
        self.fields = fields
    }
}

/// A field's value in an alert.
public enum AlertValue: Sendable, Hashable {
    case null
    case signed(Int64)
    case unsigned(UInt64)
    case bool(Bool)
    case double(Double)
    /// Bytes, not necessarily UTF-8.
    case string([UInt8])
    case list([AlertValue])
}
