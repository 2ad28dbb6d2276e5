/// What a line of a log seems to be that holds no audit record.
public enum UnreadableLine: String, Sendable {
    /// What `journalctl` prints: without the numbers that say which records belong together.
    case journal
    /// What `ausearch -i` and `aureport` print: numbers replaced by what they mean.
    case interpreted
    /// A record's beginning, but not in the form that audit writes, or cut off.
    case damaged
    /// Bytes that are no text.
    case binary
    /// Something else.
    case other

    /// What to do about it, as a sentence; nil when nothing is known of it.
    public var advice: String? {
        switch self {
        case .journal:
            "this looks like journalctl's output, which lacks the numbers that tell events apart: give auditd's own log "
                + "(/var/log/audit/audit.log)"
        case .interpreted:
            "this looks like the output of ausearch -i, which lacks the raw values: use ausearch --raw, or give auditd's "
                + "own log (/var/log/audit/audit.log)"
        case .damaged: "this looks like a damaged or cut record"
        case .binary: "this looks like a binary file; plain and gzip'd text is read"
        case .other: nil
        }
    }

    /// Judges a line without a record; nil for one that means nothing: blank, or what ausearch writes between events.
    init?(_ line: Span<UInt8>, _ names: RecordTypeNames) {
        var start = 0
        while start < line.count, line[start] == 0x20 || line[start] &- 9 < 5 { start &+= 1 }
        if start == line.count { return nil }
        var index = start
        if EventID.skip("----", line, &index) || EventID.skip("time->", line, &index) { return nil }
        var form = UnreadableLine.other
        while start < line.count {
            if line[start] == 0 {
                form = .binary
                break
            }
            index = start
            if EventID.skip("msg=audit(", line, &index) {
                var digits = index
                while digits < line.count, line[digits] &- 0x30 < 10 { digits &+= 1 }
                form = digits < line.count && line[digits] == 0x2f ? .interpreted : .damaged
                break
            }
            index = start
            if EventID.skip("audit[", line, &index), UnreadableLine.isJournal(line, index, names) {
                form = .journal
                break
            }
            start &+= 1
        }
        self = form
    }

    /// `audit[PID]: SYSCALL arch=…`.
    private static func isJournal(_ line: Span<UInt8>, _ start: Int, _ names: RecordTypeNames) -> Bool {
        var index = start
        while index < line.count, line[index] &- 0x30 < 10 { index &+= 1 }
        guard EventID.skip("]: ", line, &index) else { return false }
        let word = index
        while index < line.count, line[index] > 0x20 { index &+= 1 }
        return names.type(line, word..<index) != nil
    }
}
