import Glibc

/// Putting audit's settings back so that nobody waits for it.
extension AuditControl {
    /// Puts back how many records may wait in the kernel and how long processes wait where there are more, as soon as there are no
    /// more. Before, the kernel lets everybody who sends audit a message sleep for that long, a minute mostly, and no signal wakes him
    /// (audit_receive, kernel/audit.c): the sender of the settings would be the first.
    ///
    /// - Parameters:
    ///   - patience: for how many milliseconds it waits until then; nil: as long as it takes. After that they are put back all the same.
    ///   - change: what is to be put back in a state.
    func restoreLimits(patience: Int? = nil, _ change: (AuditStatus) -> AuditStatusChange) throws(AuditFailure) {
        var waited = 0
        while true {
            let status = try status()
            let change = change(status)
            if change.isEmpty { return }
            let limit = change.backlogLimit ?? status.backlogLimit
            let isShort = limit == 0 || status.backlog <= limit
            if isShort || (change.backlogWaitTime ?? status.backlogWaitTime) == 0
                || patience.map({ waited >= $0 }) == true
            {
                return try apply(change)
            }
            usleep(UInt32(Self.pause) * 1000)
            waited += Self.pause
        }
    }

    /// Milliseconds.
    private static var pause: Int { 20 }
}

extension AuditStatusChange {
    /// Whether events are made, and nothing else of it.
    var ofEvents: AuditStatusChange { AuditStatusChange(isEnabled: isEnabled) }
    /// All but whether events are made.
    var ofLimits: AuditStatusChange {
        var change = self
        change.isEnabled = nil
        return change
    }
}
