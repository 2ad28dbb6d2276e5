public import EventModel

/// A syslog facility (RFC 5424, table 1), by the names of syslog.conf(5); without `kern`, which is the kernel's.
public enum SyslogFacility: String, Sendable, CaseIterable {
    case user, mail, daemon, auth, syslog, lpr, news, uucp, cron, authpriv, ftp
    case local0, local1, local2, local3, local4, local5, local6, local7

    /// The facility's number.
    public var code: Int {
        switch self {
        case .user: 1
        case .mail: 2
        case .daemon: 3
        case .auth: 4
        case .syslog: 5
        case .lpr: 6
        case .news: 7
        case .uucp: 8
        case .cron: 9
        case .authpriv: 10
        case .ftp: 11
        case .local0: 16
        case .local1: 17
        case .local2: 18
        case .local3: 19
        case .local4: 20
        case .local5: 21
        case .local6: 22
        case .local7: 23
        }
    }
}

/// Writes alerts as syslog messages of RFC 5424.
///
/// There is no byte order mark before the message (section 6.4 asks for one before UTF-8): servers hand it on as part of
/// the text, where it breaks JSON. The message is UTF-8 all the same.
public struct SyslogMessage: Sendable {
    /// What a message says of an alert.
    public struct Content: Sendable {
        /// The severity.
        public var priority: Priority
        /// When the event was, nanoseconds since the epoch.
        public var timeNanoseconds: UInt64
        /// The rule's name.
        public var rule: String
        /// `syscall`, or `internal` for Shrike's own alerts.
        public var source: String
        /// Names this alert for ever; empty: it has no such name.
        public var key: String

        /// A content from its parts.
        public init(priority: Priority, timeNanoseconds: UInt64, rule: String, source: String, key: String = "") {
            self.priority = priority
            self.timeNanoseconds = timeNanoseconds
            self.rule = rule
            self.source = source
            self.key = key
        }
    }

    /// The private enterprise number that is set aside for documentation (RFC 5612). Shrike has none of its own, and a name
    /// without `@` would have to be registered (RFC 5424, section 6.3.2).
    public static let documentationEnterprise = 32_473

    private let facility: SyslogFacility
    private let hostName: [UInt8]
    private let processID: Int32
    private let enterpriseNumber: Int
    private var timestamps = TimestampWriter()
    private var timestamp: [UInt8] = []

    /// A writer of messages of one sender.
    public init(
        facility: SyslogFacility, hostName: String, processID: Int32,
        enterpriseNumber: Int = SyslogMessage.documentationEnterprise
    ) {
        self.facility = facility
        // PRINTUSASCII (section 6): no blanks, at most 255.
        let printable = hostName.utf8.filter { $0 > 0x20 && $0 < 0x7f }.prefix(255)
        self.hostName = printable.isEmpty ? [UInt8(ascii: "-")] : Array(printable)
        self.processID = processID
        self.enterpriseNumber = enterpriseNumber
    }

    /// Writes everything before the message over what `bytes` holds, a blank at its end.
    ///
    ///     <132>1 2026-01-31T12:00:00.123456Z node shrike 812 alert [shrike@32473 rule="…" source="syscall" key="…"] ␠
    public mutating func writeHeader(of content: Content, into bytes: inout [UInt8]) {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: "<\(facility.code << 3 | Int(content.priority.rawValue))>1 ".utf8)
        timestamp.removeAll(keepingCapacity: true)
        timestamps.appendUTC(content.timeNanoseconds, to: &timestamp)
        // Microseconds are the finest that TIME-SECFRAC has (section 6.2.3).
        bytes.append(contentsOf: timestamp.dropLast(3))
        bytes.append(contentsOf: "Z ".utf8)
        bytes.append(contentsOf: hostName)
        // The kind of message: a rule's alert, or Shrike's word about itself.
        let kind = content.source == "internal" ? "internal" : "alert"
        bytes.append(contentsOf: " shrike \(processID) \(kind) [shrike@\(enterpriseNumber)".utf8)
        appendParameter("rule", content.rule, to: &bytes)
        appendParameter("source", content.source, to: &bytes)
        if !content.key.isEmpty { appendParameter("key", content.key, to: &bytes) }
        bytes.append(contentsOf: "] ".utf8)
    }

    /// PARAM-VALUE (section 6.3.3): `"`, `\` and `]` are escaped; control characters, which a value should not have, become
    /// blanks.
    private func appendParameter(_ name: String, _ value: String, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: " \(name)=\"".utf8)
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"", "\\", "]":
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(contentsOf: String(scalar).utf8)
            case _ where scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value): bytes.append(UInt8(ascii: " "))
            default: bytes.append(contentsOf: String(scalar).utf8)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// How many bytes of a text to keep so that at most `limit` remain and no character of its UTF-8 is cut.
    public static func length(of text: [UInt8], atMost limit: Int) -> Int {
        guard text.count > limit else { return text.count }
        var length = max(0, limit)
        // A byte 10xxxxxx continues a character (RFC 3629, section 3).
        while length > 0, text[length] & 0xc0 == 0x80 { length -= 1 }
        return length
    }
}
