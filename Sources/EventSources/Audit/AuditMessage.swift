/// A netlink message of the audit protocol: the header (`struct nlmsghdr`, linux/netlink.h) and where the payload is.
struct AuditMessage: Sendable, Equatable {
    /// Requests and answers below 1100, records above (linux/audit.h); 2 and 3 are netlink's own.
    struct Kind: RawRepresentable, Sendable, Hashable {
        let rawValue: UInt16
        static let acknowledgement = Kind(rawValue: 2)
        static let done = Kind(rawValue: 3)
        static let get = Kind(rawValue: 1000)
        static let set = Kind(rawValue: 1001)
        static let addRule = Kind(rawValue: 1011)
        static let deleteRule = Kind(rawValue: 1012)
        static let listRules = Kind(rawValue: 1013)
        static let makeEquivalent = Kind(rawValue: 1015)
        /// Settings or rules were changed.
        static let configChange = Kind(rawValue: 1305)
        /// Asks whether the owner of audit is alive: somebody else wants to be it.
        static let replace = Kind(rawValue: 1329)
        /// What is below is no record.
        static let firstRecord = Kind(rawValue: 1100)

        /// Whether it carries a record's text.
        var isRecord: Bool { rawValue >= Self.firstRecord.rawValue && self != .replace }
    }

    static let headerBytes = 16
    /// `NLM_F_REQUEST`, `NLM_F_ACK`.
    private static let requestFlag: UInt16 = 1
    private static let acknowledgeFlag: UInt16 = 4

    var kind: Kind
    /// 0 for records; answers have the request's.
    var sequence: UInt32

    /// Reads a datagram's header; nil when it is too short. The payload is everything behind the header: the kernel's
    /// `nlmsg_len` leaves out the header in records (kernel/audit.c), so the datagram's own length counts.
    init?(_ datagram: Span<UInt8>) {
        guard datagram.count >= Self.headerBytes, let kind = datagram.hostInteger(at: 4, as: UInt16.self),
            let sequence = datagram.hostInteger(at: 8, as: UInt32.self)
        else { return nil }
        self.kind = Kind(rawValue: kind)
        self.sequence = sequence
    }

    /// The errno of an acknowledgement, 0 for success.
    static func errorNumber(_ payload: Span<UInt8>) -> Int32 {
        guard let negative = payload.hostInteger(at: 0, as: Int32.self) else { return 0 }
        return negative < 0 && negative > -4096 ? -negative : 0
    }

    /// A request's bytes.
    static func request(_ kind: Kind, _ payload: [UInt8] = [], sequence: UInt32, acknowledged: Bool = true) -> [UInt8] {
        var bytes: [UInt8] = []
        func add<T: FixedWidthInteger>(_ value: T) { withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) } }
        add(UInt32(headerBytes + payload.count))
        add(kind.rawValue)
        add(requestFlag | (acknowledged ? acknowledgeFlag : 0))
        add(sequence)
        add(UInt32(0))
        return bytes + payload
    }
}
