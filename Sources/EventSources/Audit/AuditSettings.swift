/// The settings that we change while we own audit, what they were, and what others may not make of them.
struct AuditSettings {
    /// A setting that somebody changed for the worse.
    struct Deviation: Sendable, Equatable {
        /// Its name in `auditctl -s`.
        var name: String
        var now: UInt32
        var before: UInt32
        /// What puts it back.
        var remedy: AuditStatusChange
    }

    private(set) var before = AuditStatusChange()
    private var ours = AuditStatusChange()
    /// What is to stay.
    private var reference: AuditStatus?

    /// The changes to make: events on; as the owner also no waiting of audited processes for us, no limit of the rate,
    /// and room for a burst. What is as wanted already is not ours to restore.
    mutating func changes(for status: AuditStatus, isOwner: Bool, backlogLimit: UInt32) -> AuditStatusChange {
        var change = AuditStatusChange()
        var reference = status
        if status.enabled == .off {
            change.isEnabled = true
            before.isEnabled = false
        }
        if isOwner {
            // 0 is no limit.
            if status.backlogLimit != 0, status.backlogLimit < backlogLimit {
                change.backlogLimit = backlogLimit
                before.backlogLimit = status.backlogLimit
                reference.backlogLimit = backlogLimit
            }
            if status.backlogWaitTime != 0 {
                change.backlogWaitTime = 0
                before.backlogWaitTime = status.backlogWaitTime
                reference.backlogWaitTime = 0
            }
            if status.rateLimit != 0 {
                change.rateLimit = 0
                before.rateLimit = status.rateLimit
                reference.rateLimit = 0
            }
        }
        ours = change
        self.reference = reference
        return change
    }

    /// Lets audited processes wait that long for room, or no longer; nil where that is so already.
    mutating func wait(ticks: UInt32) -> AuditStatusChange? {
        guard reference != nil, reference?.backlogWaitTime != ticks else { return nil }
        if before.backlogWaitTime == nil { before.backlogWaitTime = reference?.backlogWaitTime }
        reference?.backlogWaitTime = ticks
        ours.backlogWaitTime = ticks
        return AuditStatusChange(backlogWaitTime: ticks)
    }

    /// Takes over what a run before had changed and did not put back: what it found is from before this one too. Call it
    /// behind `changes`.
    mutating func inherit(_ earlier: AuditStatusChange) {
        guard let reference else { return }
        if before.isEnabled == nil { before.isEnabled = earlier.isEnabled }
        if before.backlogLimit == nil, let limit = earlier.backlogLimit {
            (before.backlogLimit, ours.backlogLimit) = (limit, reference.backlogLimit)
        }
        if before.backlogWaitTime == nil, let time = earlier.backlogWaitTime {
            (before.backlogWaitTime, ours.backlogWaitTime) = (time, reference.backlogWaitTime)
        }
        if before.rateLimit == nil, let limit = earlier.rateLimit {
            (before.rateLimit, ours.rateLimit) = (limit, reference.rateLimit)
        }
    }

    /// What somebody has changed since so that records get lost, processes wait, or the machine stops.
    func deviations(in status: AuditStatus, isOwner: Bool) -> [Deviation] {
        guard let reference else { return [] }
        var deviations: [Deviation] = []
        func compare(
            _ name: String, _ now: UInt32, _ before: UInt32, isWorse: Bool,
            _ remedy: WritableKeyPath<AuditStatusChange, UInt32?>
        ) {
            guard isWorse else { return }
            var change = AuditStatusChange()
            change[keyPath: remedy] = before
            deviations.append(Deviation(name: name, now: now, before: before, remedy: change))
        }
        let isSmaller =
            status.backlogLimit != 0 && (reference.backlogLimit == 0 || status.backlogLimit < reference.backlogLimit)
        compare("backlog_limit", status.backlogLimit, reference.backlogLimit, isWorse: isSmaller, \.backlogLimit)
        let isSlower = status.rateLimit != 0 && (reference.rateLimit == 0 || status.rateLimit < reference.rateLimit)
        compare("rate_limit", status.rateLimit, reference.rateLimit, isWorse: isSlower, \.rateLimit)
        compare(
            "failure", status.failure, reference.failure, isWorse: status.failure == 2 && reference.failure != 2,
            \.failure)
        if isOwner {
            compare(
                "backlog_wait_time", status.backlogWaitTime, reference.backlogWaitTime,
                isWorse: status.backlogWaitTime > reference.backlogWaitTime, \.backlogWaitTime)
        }
        return deviations
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
        if let limit = before.rateLimit, status.rateLimit == ours.rateLimit { change.rateLimit = limit }
        return change
    }
}
