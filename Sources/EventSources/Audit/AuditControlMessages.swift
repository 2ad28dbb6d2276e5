import AuditRecords
import EventModel

/// What the event thread asks the audit control thread for.
enum AuditControlRequest: Sendable {
    /// The subsystem's state, before it is known how records will come.
    case status
    /// Settings and rules for the first time.
    case begin(owner: Int32?)
    /// How records come now: to us, and the process that the kernel names for that; nil: a copy.
    case owner(Int32?)
    /// Another Shrike goes on: at the end nothing is put back.
    case leave
    /// No more events are wanted: the rules are taken back, and nothing else is done until the end.
    case withdraw
    case needs(EventNeeds, fieldNames: Set<String>)
    /// A container's root directory, as the host names it, and when it was heard of (CLOCK_MONOTONIC).
    case started(root: String, at: UInt64)
    /// When its first program began (nanoseconds since the epoch).
    case began(root: String, at: UInt64)
    case ended(root: String)
    /// A record about audit itself came.
    case record(AuditControlRecord)
    /// Something is wrong: look at once.
    case lookSoon
}

/// What it tells.
enum AuditControlReply: Sendable {
    /// The answer to `status` and `begin`.
    case answered(AuditFailure?)
    /// How things stand; sent when that changes.
    case state(AuditControlState)
    case notice(SourceNotice)
    /// The kernel lost records since the last time.
    case lost(UInt64)
    /// The records go to another process; 0: to none.
    case ownerLost(Int32)
}

/// How the control of audit stands.
struct AuditControlState: Sendable, Equatable {
    var status = AuditStatus()
    /// Whether rules and settings can be changed: not in immutable mode, and not without CAP_AUDIT_CONTROL.
    var canConfigure = true
    /// The event types that the loaded kernel rules let through.
    var provides = EventTypeSet()
    /// What keeps events from coming, as part of a sentence; nil while nothing does.
    var outage: String?
    /// The same for files that can't be looked at.
    var lookOutage: String?
    /// What rules of others hide, one sentence each.
    var hiding: [String] = []
    /// Whether the file that canaries open is watched.
    var watchesCanaryFile = false
    /// The settings from before that were changed.
    var before = AuditStatusChange()
    /// Rules of others that were there at the start and hid something: to be put back at the end.
    var takenOut: [AuditRule] = []
    /// Rules of ours that the kernel holds.
    var ruleCount = 0
    var containers = ContainerArming()
    /// How many of the changes of needs that were asked for hold in the kernel.
    var needsInPlace: UInt64 = 0

    var canReadStatus: Bool { canConfigure || status.enabled == .immutable }
}
