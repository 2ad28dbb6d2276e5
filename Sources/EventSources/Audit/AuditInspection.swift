import Glibc

/// The audit subsystem as others have set it up, for a diagnosis; reading it changes nothing.
public struct AuditInspection: Sendable, Equatable {
    /// Whether events are made.
    public enum State: String, Sendable {
        case off, on
        /// On, and nothing can be changed until the next boot.
        case immutable
    }

    /// Whether events are made.
    public var state = State.off
    /// Who receives the records, as `pid 12 (/sbin/auditd)`; nil for nobody and for this process.
    public var owner: String?
    /// Records per second over which the kernel drops, 0 for no limit.
    public var rateLimit: UInt32 = 0
    /// What the kernel does when it can't log: 0 nothing, 1 print, 2 panic.
    public var failureMode: UInt32 = 0
    /// Records lost since boot.
    public var lost: UInt32 = 0
    /// Loaded rules, whoever loaded them.
    public var ruleCount = 0
    /// A sentence for each rule of others that hides events from Shrike, with what would mend it.
    public var hiding: [String] = []

    /// Nothing known.
    public init() {}

    /// Asks the kernel.
    public static func current() throws(AuditFailure) -> AuditInspection {
        let control = try NetlinkAuditControl()
        return AuditInspection(try control.status(), rules: try control.rules())
    }

    init(_ status: AuditStatus, rules: [AuditRule]) {
        switch status.enabled {
        case .off: state = .off
        case .on: state = .on
        case .immutable: state = .immutable
        }
        if status.pid != 0, status.pid != getpid() { owner = AuditDiagnosis.describe(owner: status.pid) }
        rateLimit = status.rateLimit
        failureMode = status.failure
        lost = status.lost
        ruleCount = rules.count
        // What rules would hide from one that asks for everything and comes first.
        let key = Array("shrike".utf8)
        let everything = AuditRule(syscalls: .all, keys: [key])
        hiding = ForeignRules.verdicts([everything] + rules, key: key).map(\.text)
    }
}
