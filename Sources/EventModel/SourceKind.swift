/// Where an event comes from.
public enum SourceKind: UInt8, Sendable, CaseIterable, Hashable {
    /// The kernel's audit subsystem, over netlink.
    case audit
    /// Audit records in a log file or on standard input.
    case auditLog
    /// The kernel's process connector (netlink).
    case processConnector
    /// A scan of /proc.
    case procfs
    /// fanotify marks on file systems.
    case fanotify
    /// eBPF programs.
    case ebpf

    /// The name that commands and messages use.
    public var name: String {
        switch self {
        case .audit: "audit"
        case .auditLog: "audit-log"
        case .processConnector: "connector"
        case .procfs: "scan"
        case .fanotify: "fanotify"
        case .ebpf: "ebpf"
        }
    }
}

/// A set of event sources, as the field catalogue and the event needs state them.
public struct SourceSet: OptionSet, Sendable, Hashable {
    /// One bit for each source.
    public let rawValue: UInt8
    /// A set from its bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// The set that holds one source.
    public init(_ kind: SourceKind) { self.init(rawValue: 1 << kind.rawValue) }

    /// Live audit records.
    public static let audit = SourceSet(.audit)
    /// Audit records in a log.
    public static let auditLog = SourceSet(.auditLog)
    /// The process connector.
    public static let processConnector = SourceSet(.processConnector)
    /// The scan of /proc.
    public static let procfs = SourceSet(.procfs)
    /// fanotify marks.
    public static let fanotify = SourceSet(.fanotify)
    /// eBPF programs.
    public static let ebpf = SourceSet(.ebpf)
    /// Audit records, live or from a log.
    public static let anyAudit: SourceSet = [.audit, .auditLog]
    /// Every source that Shrike has.
    public static let all: SourceSet = [.audit, .auditLog, .processConnector, .procfs, .fanotify, .ebpf]
}
