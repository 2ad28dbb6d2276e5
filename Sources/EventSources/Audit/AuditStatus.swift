/// The audit subsystem's state (`struct audit_status`, linux/audit.h).
struct AuditStatus: Sendable, Equatable {
    /// Whether events are made (`enabled`).
    enum Enabled: Sendable, Equatable {
        case off, on
        /// On, and nothing can be changed until the next boot (`auditctl -e 2`).
        case immutable
    }

    var enabled: Enabled = .off
    /// What the kernel does when it can't log: 0 nothing, 1 print, 2 panic.
    var failure: UInt32 = 0
    /// The process that receives the records, 0 for none.
    var pid: Int32 = 0
    /// Records per second over which the kernel drops, 0 for no limit.
    var rateLimit: UInt32 = 0
    /// Records that may wait in the kernel, 0 for no limit.
    var backlogLimit: UInt32 = 0
    /// Records lost since boot (or since somebody reset it); wraps.
    var lost: UInt32 = 0
    /// Records that wait in the kernel.
    var backlog: UInt32 = 0
    /// What the kernel can do (`AUDIT_FEATURE_BITMAP_…`).
    var features: UInt32 = 0
    /// How long an audited process waits when the backlog is full, in the kernel's ticks.
    var backlogWaitTime: UInt32 = 0
    /// How long processes have waited so far; 0 where the kernel does not tell.
    var backlogWaitTimeActual: UInt32 = 0

    init() {}

    /// The structure grew from 32 to 40 and 44 bytes; what an older kernel leaves out is 0.
    static let minimumBytes = 32

    /// Reads the answer to AUDIT_GET; nil when it is too short.
    init?(_ bytes: Span<UInt8>) {
        guard bytes.count >= Self.minimumBytes else { return nil }
        func word(_ index: Int) -> UInt32 { bytes.hostInteger(at: index * 4, as: UInt32.self) ?? 0 }
        enabled = word(1) == 0 ? .off : word(1) == 2 ? .immutable : .on
        failure = word(2)
        pid = Int32(bitPattern: word(3))
        rateLimit = word(4)
        backlogLimit = word(5)
        lost = word(6)
        backlog = word(7)
        features = word(8)
        backlogWaitTime = word(9)
        backlogWaitTimeActual = word(10)
    }
}

/// A change of the audit subsystem's state: only what is set changes.
struct AuditStatusChange: Sendable, Equatable {
    var isEnabled: Bool?
    var pid: Int32?
    var backlogLimit: UInt32?
    var backlogWaitTime: UInt32?
    var rateLimit: UInt32?
    /// 0 or 1; 2 would let the kernel panic, and is never written.
    var failure: UInt32?

    var isEmpty: Bool { self == AuditStatusChange() }

    /// The payload of AUDIT_SET: masked, so that the kernel writes only what is set. There is no way to make the
    /// machine panic (`failure` 2) or the configuration immutable.
    var encoded: [UInt8] {
        var words = [UInt32](repeating: 0, count: 10)
        if let isEnabled {
            words[0] |= 0x01
            words[1] = isEnabled ? 1 : 0
        }
        if let failure, failure < 2 {
            words[0] |= 0x02
            words[2] = failure
        }
        if let rateLimit {
            words[0] |= 0x08
            words[4] = rateLimit
        }
        if let pid {
            words[0] |= 0x04
            words[3] = UInt32(bitPattern: pid)
        }
        if let backlogLimit {
            words[0] |= 0x10
            words[5] = backlogLimit
        }
        if let backlogWaitTime {
            words[0] |= 0x20
            words[9] = backlogWaitTime
        }
        var bytes: [UInt8] = []
        for word in words { withUnsafeBytes(of: word) { bytes.append(contentsOf: $0) } }
        return bytes
    }
}
