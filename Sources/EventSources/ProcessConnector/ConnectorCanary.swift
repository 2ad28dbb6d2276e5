/// Decides when a test process is due and whether the one before was seen.
struct ConnectorCanary: Sendable {
    enum Step: Equatable, Sendable {
        case nothing
        /// Make a test process and call `started`.
        case run
        case becameBlind
        case recovered
    }

    private var pid: Int32 = 0
    private var isSeen = true
    /// Whether the last test process was not seen.
    private(set) var isBlind = false
    private var lastRun: UInt64?
    private var lossesAtRun: UInt64 = 0

    /// Notes that a test process was made.
    mutating func started(_ pid: Int32) {
        self.pid = pid
        isSeen = false
    }

    /// Whether a message is about the test process: nobody else wants it.
    mutating func isAbout(_ event: ProcessConnectorMessage.Event) -> Bool {
        guard pid != 0 else { return false }
        switch event {
        case .fork(_, let child): return child.process == pid
        case .exit(let task, _) where task.process == pid:
            isSeen = true
            // The id may be used again from now on.
            pid = 0
            return true
        default: return false
        }
    }

    /// What is due now. A test process has one interval to be seen.
    mutating func tick(now: UInt64, interval: UInt64, losses: UInt64) -> Step {
        guard let lastRun else {
            self.lastRun = now
            return .nothing
        }
        guard now &- lastRun >= interval else { return .nothing }
        let wasLost = losses != lossesAtRun
        if isSeen, isBlind {
            isBlind = false
            return .recovered
        }
        if !isSeen, !wasLost, !isBlind {
            isBlind = true
            return .becameBlind
        }
        self.lastRun = now
        lossesAtRun = losses
        return .run
    }
}
