public import EventModel

/// An alert on its way to the network outputs.
public struct SpooledAlert: Sendable, Equatable {
    /// Its place in the order; 0 before it is in the spool.
    public var id: Int64
    /// When the event was, nanoseconds since the epoch.
    public var timeNanoseconds: UInt64
    /// The alert's priority.
    public var priority: Priority
    /// The rule's name.
    public var rule: String
    /// The rule's tags.
    public var tags: [String]
    /// `syscall`, or `internal` for Shrike's own alerts.
    public var source: String
    /// Names this alert for ever: every delivery of it carries the same key.
    public var key: String
    /// Falco's JSON object with all its members.
    public var payload: [UInt8]
    /// The one output that it is for, whatever that output's filter says; empty: all outputs.
    public var output: String

    /// An alert from its parts.
    public init(
        id: Int64 = 0, timeNanoseconds: UInt64, priority: Priority, rule: String, tags: [String], source: String,
        key: String = "", payload: [UInt8], output: String = ""
    ) {
        self.id = id
        self.timeNanoseconds = timeNanoseconds
        self.priority = priority
        self.rule = rule
        self.tags = tags
        self.source = source
        self.key = key
        self.payload = payload
        self.output = output
    }

    /// Roughly what it takes on disk, in bytes: the texts, and what a row and its index entry need besides.
    var size: Int64 { Int64(payload.count + rule.utf8.count + key.utf8.count) + Self.rowOverhead }
    static let rowOverhead: Int64 = 96
}

extension SpooledAlert {
    /// The columns that `init(row:)` reads, in its order.
    static let columns = "id, time, priority, rule, tags, source, key, payload, output"

    /// The alert of a row that was selected.
    init(row: Statement) {
        self.init(
            id: row.integer(0), timeNanoseconds: UInt64(clamping: row.integer(1)),
            priority: Priority(rawValue: UInt8(clamping: row.integer(2))) ?? .debug, rule: row.text(3),
            tags: row.text(4).split(separator: "\n").map(String.init), source: row.text(5), key: row.text(6),
            payload: row.bytes(7), output: row.text(8))
    }
}

/// How much the spool keeps.
public struct SpoolLimits: Sendable, Equatable {
    /// Most bytes of alerts on disk.
    public var bytes: Int64
    /// The age in seconds at which an undelivered alert is given up.
    public var ageSeconds: Int64
    /// Most bytes of alerts kept in memory while the disk takes nothing.
    public var pendingBytes: Int64

    /// 256 MiB, a week, 8 MiB.
    public init(bytes: Int64 = 256 << 20, ageSeconds: Int64 = 7 * 86_400, pendingBytes: Int64 = 8 << 20) {
        self.bytes = bytes
        self.ageSeconds = ageSeconds
        self.pendingBytes = pendingBytes
    }
}

/// Something about the spool that its operator must know.
public enum SpoolReport: Sendable, Equatable {
    /// Alerts that no output will get, and why.
    case lost(count: UInt64, reason: LossReason)
    /// The file was damaged and is now under this name; a new one was begun.
    case setAside(path: String?, reason: String)
    /// Alerts wait in memory because the file can't be written.
    case failing(reason: String)
    /// The file can be written again.
    case recovered
    /// An output is configured no more; so many alerts had not been delivered to it.
    case removed(output: String, undelivered: UInt64)

    /// Why alerts were given up.
    public enum LossReason: String, Sendable, CaseIterable {
        /// The spool had reached its size.
        case size = "the spool is full"
        /// They had waited too long.
        case age = "undelivered for too long"
        /// The disk took nothing and the memory for waiting alerts was used up.
        case memory = "the spool can't be written"
    }
}
