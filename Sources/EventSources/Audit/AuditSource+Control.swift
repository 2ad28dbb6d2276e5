public import EventModel
import Glibc
import KernelInterface

extension AuditSource {
    /// Planning looks at many files.
    private static let beginMilliseconds: UInt64 = 60_000

    /// Finds out what is possible here and sets it up.
    ///
    /// - Parameter isTakeover: the records come to the connection already.
    func start(isTakeover: Bool) throws(AuditFailure) {
        try ask(.status)
        if !state.canConfigure, state.status.enabled != .immutable {
            note(.blind, "audit's settings can't be changed; only events that rules of others let through are seen")
        }
        if isTakeover, state.status.pid != 0 { mode = .owner } else { try connect() }
        // The kernel names the process that claimed the records, also when another goes on with its socket.
        let owner = isTakeover && state.status.pid != 0 ? state.status.pid : getpid()
        try ask(.begin(owner: mode == .owner ? owner : nil))
        noteCircumstances()
    }

    private func connect() throws(AuditFailure) {
        let owner = state.status.pid
        // One that was killed is named until the kernel has something to send; a claim lets it find out.
        let isOwned = owner != 0 && owner != getpid() && AuditDiagnosis.isRunning(owner)
        if options.mode == .multicast || (options.mode == nil && (isOwned || !state.canReadStatus)) {
            try connection.joinMulticast()
            mode = .multicast
            return
        }
        do throws(AuditFailure) {
            try connection.claim()
            mode = .owner
        } catch {
            guard error.errorNumber == EEXIST, options.mode == nil else {
                guard error.errorNumber == EEXIST else { throw error }
                throw AuditFailure(
                    reason: "\(AuditDiagnosis.describe(owner: owner)) receives the audit records",
                    fix: error.fix, errorNumber: EEXIST
                )
            }
            // Somebody was quicker.
            try connection.joinMulticast()
            mode = .multicast
        }
    }

    /// Asks for something without which there is no start, and waits for it.
    private func ask(_ request: AuditControlRequest) throws(AuditFailure) {
        guard lane.send(request) else { throw AuditFailure(reason: "audit's control thread takes no requests") }
        let end = KernelClock.monotonic() &+ Self.beginMilliseconds &* 1_000_000
        var isAnswered = false
        var error: AuditFailure?
        while !isAnswered {
            guard KernelClock.monotonic() < end else {
                throw AuditFailure(
                    reason: "audit's rules could not be planned in time",
                    fix: "a file system that rules name does not answer", errorNumber: ETIMEDOUT)
            }
            for reply in lane.reply(withinMilliseconds: 1000) {
                if case .answered(let failure) = reply { (isAnswered, error) = (true, failure) } else { take(reply) }
            }
        }
        if let error { throw error }
    }

    func take(_ reply: AuditControlReply) {
        switch reply {
        case .answered: break
        case .state(let new): state = new
        case .notice(let notice): notices.append(notice)
        case .lost(let count):
            lostInKernel &+= count
            kernelLosses.add(count)
        case .ownerLost(let taker): claimAgain(from: taker)
        }
    }

    /// Tells of what the kernel has lost, when it is time.
    func reportLost(nowNanoseconds: UInt64, isEnd: Bool = false) {
        guard let count = kernelLosses.take(nowNanoseconds: nowNanoseconds, isEnd: isEnd) else { return }
        note(
            .lost,
            "\(count) audit records lost in the kernel: backlog \(state.status.backlog) of "
                + "\(state.status.backlogLimit), rate limit \(state.status.rateLimit), buffer overruns \(overruns)"
                + loudest, count: count)
    }

    private func claimAgain(from taker: Int32) {
        guard mode == .owner else { return }
        do throws(AuditFailure) {
            try connection.claim()
            lane.send(.owner(getpid()))
            note(
                .tampered,
                taker == 0
                    ? "the kernel sent its audit records nowhere for a while (Shrike did not read in time, or was signed "
                        + "off); Shrike receives them again"
                    : "\(AuditDiagnosis.describe(owner: taker)) had taken the audit records; Shrike receives them again"
            )
        } catch {
            do throws(AuditFailure) {
                try connection.joinMulticast()
                mode = .multicast
                lane.send(.owner(nil))
                note(
                    .tampered,
                    "\(AuditDiagnosis.describe(owner: taker)) has taken the audit records; Shrike reads a copy from now on"
                )
            } catch {
                failure = "\(AuditDiagnosis.describe(owner: taker)) has taken the audit records"
                note(.blind, "\(AuditDiagnosis.describe(owner: taker)) has taken the audit records: \(error)")
            }
        }
    }

    /// Takes what the control thread tells, and passes on what it did not take yet.
    func followControl(_ now: UInt64) {
        for reply in lane.takeReplies() { take(reply) }
        notices += upkeep.follow(busySince: lane.busySince, now: now, send)
    }

    // MARK: What is asked for

    /// Changes what rules need; the rules that stay are loaded all the time. Returns at once: the control thread does it. Throws,
    /// with nothing changed, when that does not take it.
    public func reload(needs: EventNeeds, fieldNames: Set<String>? = nil) throws(SourceFailure) {
        guard !isStopped, finished == nil else { return }
        guard lane.send(.needs(needs, fieldNames: fieldNames ?? AuditPlanRequest.anyFields)) else {
            throw .overrun("audit rules")
        }
        needsAsked &+= 1
    }

    /// Whether the kernel's rules are those for the needs that were asked for last.
    public var isSettled: Bool { isStopped || finished != nil || state.needsInPlace >= needsAsked }

    /// Watches the files of a container, by its root directory as the host names it: best called before its first
    /// program runs. Each call is taken back by one of `removeContainerRoot`.
    public func addContainerRoot(_ path: String) {
        demand(.started(root: path, at: KernelClock.monotonic()))
    }

    /// Watches the files of a container no more.
    public func removeContainerRoot(_ path: String) { demand(.ended(root: path)) }

    func demand(_ demand: ControlUpkeep.Demand) {
        guard !isStopped, finished == nil else { return }
        upkeep.demand(demand, send)
    }

    private func send(_ demand: ControlUpkeep.Demand) -> Bool {
        switch demand {
        case .started(let root, let at): lane.send(.started(root: root, at: at))
        case .began(let root, let at): lane.send(.began(root: root, at: at))
        case .ended(let root): lane.send(.ended(root: root))
        }
    }
}
