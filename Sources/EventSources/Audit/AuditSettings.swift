/// The settings that we change while we own audit, and what they were.
struct AuditSettings {
    private var before = AuditStatusChange()
    private var ours = AuditStatusChange()

    /// The changes to make: events on; as the owner also no waiting of audited processes for us, and room for a burst.
    /// What is as wanted already is not ours to restore.
    mutating func changes(for status: AuditStatus, isOwner: Bool, backlogLimit: UInt32) -> AuditStatusChange {
        var change = AuditStatusChange()
        if status.enabled == .off {
            change.isEnabled = true
            before.isEnabled = false
        }
        if isOwner {
            // 0 is no limit.
            if status.backlogLimit != 0, status.backlogLimit < backlogLimit {
                change.backlogLimit = backlogLimit
                before.backlogLimit = status.backlogLimit
            }
            if status.backlogWaitTime != 0 {
                change.backlogWaitTime = 0
                before.backlogWaitTime = status.backlogWaitTime
            }
        }
        ours = change
        return change
    }

    /// What restores the settings from before; what somebody else changed since stays.
    func restoration(from status: AuditStatus) -> AuditStatusChange {
        var change = AuditStatusChange()
        guard status.enabled != .immutable else { return change }
        if before.isEnabled == false, status.enabled == .on { change.isEnabled = false }
        if let limit = before.backlogLimit, status.backlogLimit == ours.backlogLimit { change.backlogLimit = limit }
        if let time = before.backlogWaitTime, status.backlogWaitTime == ours.backlogWaitTime {
            change.backlogWaitTime = time
        }
        return change
    }
}
