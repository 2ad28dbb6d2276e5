/// The type of an audit record: what netlink carries in `nlmsg_type` and log files spell out as `type=`.
public struct RecordType: RawRepresentable, Sendable, Hashable {
    /// The number (linux/audit.h, libaudit.h).
    public let rawValue: UInt16

    /// The type with a number; every number is a type, known or not.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    static let login = RecordType(rawValue: 1006)
    static let firstDaemon = RecordType(rawValue: 1200)
    static let lastDaemon = RecordType(rawValue: 1299)
    static let syscall = RecordType(rawValue: 1300)
    static let path = RecordType(rawValue: 1302)
    static let socketCall = RecordType(rawValue: 1304)
    static let configChange = RecordType(rawValue: 1305)
    static let socketAddress = RecordType(rawValue: 1306)
    static let currentDirectory = RecordType(rawValue: 1307)
    static let execve = RecordType(rawValue: 1309)
    static let descriptorPair = RecordType(rawValue: 1317)
    static let endOfEvent = RecordType(rawValue: 1320)
    static let execCapabilities = RecordType(rawValue: 1321)
    static let capset = RecordType(rawValue: 1322)
    static let mmap = RecordType(rawValue: 1323)
    static let seccomp = RecordType(rawValue: 1326)
    static let proctitle = RecordType(rawValue: 1327)
    static let featureChange = RecordType(rawValue: 1328)
    static let kernelModule = RecordType(rawValue: 1330)
    static let ringOperation = RecordType(rawValue: 1336)
    static let openat2 = RecordType(rawValue: 1337)

    /// What the decoder does with records of a type.
    enum Handling {
        /// Adds to an event.
        case part
        /// Ends an event and says nothing else.
        case end
        /// Is about the audit subsystem itself: adds to an event and is handed on as an `AuditControlRecord`.
        case control
        /// Is about the audit daemon, an event of its own.
        case daemon
        /// Tells of one call by itself: handed on as a `SeccompRecord`.
        case seccomp
        /// Says nothing that an event shows: user-space messages, access vector decisions, anomalies, integrity.
        case ignored
    }

    var handling: Handling {
        switch self {
        case .syscall, .path, .socketCall, .socketAddress, .currentDirectory, .execve, .descriptorPair,
            .execCapabilities, .capset, .mmap, .proctitle, .kernelModule, .ringOperation, .openat2:
            .part
        case .endOfEvent: .end
        case .configChange, .featureChange: .control
        case .seccomp: .seccomp
        default:
            rawValue >= RecordType.firstDaemon.rawValue && rawValue <= RecordType.lastDaemon.rawValue
                ? .daemon : .ignored
        }
    }
}

extension RecordType: CustomStringConvertible {
    /// The type that a log file names so; `UNKNOWN[1334]` and plain numbers too. Nil when nothing is named so.
    public init?(name: String) {
        let bytes = Array(name.utf8)
        guard let type = RecordTypeNames.shared.type(bytes.span, 0..<bytes.count) else { return nil }
        self = type
    }

    /// The name that log files use; `UNKNOWN[n]` for a number without one.
    public var name: String { RecordTypeNames.shared.name(of: self) ?? "UNKNOWN[\(rawValue)]" }

    /// The type's name.
    public var description: String { name }
}
