/// A record about the audit subsystem or daemon itself, such as a changed rule: what tells of tampering.
public struct AuditControlRecord: Sendable, Equatable {
    /// CONFIG_CHANGE, FEATURE_CHANGE, or one of DAEMON_….
    public var type: RecordType
    /// Nanoseconds since the epoch.
    public var timeNanoseconds: UInt64
    /// The process that caused it in the initial pid namespace, 0 when no record told.
    public var pid: Int32
    /// `op=`: `add_rule`, `remove_rule`, `set`, `updated_rules`, `terminate` …; empty when not told.
    public var operation: String
    /// The rule's key, several joined by byte 1; empty without one.
    public var key: [UInt8]
    /// The record's text behind its header, at most 512 bytes.
    public var text: [UInt8]

    static let maximumText = 512

    /// Reads a record; the process is known only with the event's SYSCALL record.
    init(_ type: RecordType, _ id: EventID, _ text: Span<UInt8>, from offset: Int) {
        self.type = type
        timeNanoseconds = id.time
        pid = 0
        operation = ""
        key = []
        self.text = []
        var cursor = FieldCursor(at: offset)
        while cursor.nextName(text) {
            switch cursor.name {
            case FieldName.op:
                var bytes: [UInt8] = []
                bytes.append(contentsOf: text, cursor.word(text))
                operation = String(decoding: bytes.filter { $0 != 0x22 }, as: UTF8.self)
            case FieldName.key: _ = cursor.text(text, into: &key)
            case FieldName.pid where type.handling == .daemon: pid = cursor.signed32(text) ?? 0
            default: cursor.skipValue(text)
            }
        }
        var start = offset
        while start < text.count, text[start] == 0x20 { start += 1 }
        self.text.append(contentsOf: text, start..<min(cursor.offset, start + Self.maximumText, text.count))
        while let last = self.text.last, last <= 0x20 { self.text.removeLast() }
    }
}
