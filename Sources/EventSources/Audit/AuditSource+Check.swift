import EventModel
import Glibc

extension AuditSource {
    /// Looks at what others may have changed, and puts it right.
    func check(_ now: UInt64) {
        reportMissed()
        if let added = mounts?.takeNew() {
            followMounts(added)
            monitor.checkSoon()
        }
        let due = monitor.due(now, options)
        if due.status { checkStatus() }
        guard canConfigure else { return }
        if due.plan, plan.isProvisional {
            replan()
        } else if due.rules {
            do throws(AuditFailure) { report(try keeper.synchronize()) } catch { configurationFailed(error) }
        }
    }

    /// Loss that only the reader of a copy knows.
    private func reportMissed() {
        guard mode == .multicast else { return }
        let full = overruns &- monitor.reportedOverruns
        // The record behind an overrun tells how many are missing.
        let lost = missed &- monitor.reportedMissed
        guard lost > 0 || full > 0 else { return }
        lostInKernel &+= lost
        let number = lost > 0 ? "\(lost)" : "an unknown number of"
        note(
            .lost, "\(number) audit events lost: the socket's buffer was full \(full) times (copies are not kept)",
            count: max(lost, 1)
        )
        monitor.reportedMissed = missed
        monitor.reportedOverruns = overruns
    }

    // MARK: State

    private func checkStatus() {
        let before = status
        do throws(AuditFailure) { status = try control.status() } catch {
            if error.errorNumber != EPERM { note(.remark, "audit's state can't be read: \(error)") }
            return
        }
        // What follows finds out anew.
        outage = nil
        checkLoss(before)
        if status.enabled == .immutable, before.enabled != .immutable {
            canConfigure = false
            note(
                .tampered,
                "audit was made immutable\(monitor.takeCulprit("set")): its rules stay as they are until the next boot, "
                    + "Shrike's too"
            )
        }
        if canConfigure, status.enabled == .off { switchOn() }
        checkOwner(before)
        if mode == .owner, canConfigure, status.pid == getpid(), status.backlogWaitTime != 0 {
            // Somebody else's boot script may set it; audited processes would wait for us.
            try? control.apply(AuditStatusChange(backlogWaitTime: 0))
        }
    }

    private func checkLoss(_ before: AuditStatus) {
        let lost = monitor.takeLost(status.lost)
        guard lost > 0 else { return }
        lostInKernel &+= lost
        note(
            .lost,
            "\(lost) audit records lost in the kernel: backlog \(status.backlog) of \(status.backlogLimit), rate limit "
                + "\(status.rateLimit), buffer overruns \(overruns)", count: lost
        )
    }

    private func switchOn() {
        let culprit = monitor.takeCulprit("set")
        do throws(AuditFailure) {
            try control.apply(AuditStatusChange(isEnabled: true))
            status.enabled = .on
            note(.tampered, "audit was switched off\(culprit); switched on again")
        } catch {
            outage = "audit is switched off and can't be switched on: \(error)"
            note(.blind, "audit was switched off\(culprit) and can't be switched on: \(error)")
        }
    }

    private func checkOwner(_ before: AuditStatus) {
        guard mode == .owner, status.pid != getpid() else { return }
        let taker = status.pid
        do throws(AuditFailure) {
            try connection.claim()
            status.pid = getpid()
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
                note(
                    .tampered,
                    "\(AuditDiagnosis.describe(owner: taker)) has taken the audit records; Shrike reads a copy from now on"
                )
            } catch {
                outage = "\(AuditDiagnosis.describe(owner: taker)) has taken the audit records"
                note(.blind, "\(AuditDiagnosis.describe(owner: taker)) has taken the audit records: \(error)")
            }
        }
    }

    // MARK: Rules

    /// Says what the comparison of the rules found.
    func report(_ outcome: AuditRuleKeeper.Outcome) {
        // Rules about files go when their directory goes: that is no tampering.
        let removed = outcome.restored.filter { $0.watchedPath == nil || monitor.isRemovedByProcess }
        if !removed.isEmpty {
            let culprit = monitor.takeCulprit("remove_rule")
            note(
                .tampered, "\(removed.count) of Shrike's audit rules had been removed\(culprit); loaded again",
                count: UInt64(removed.count)
            )
        }
        if outcome.isPending { plan.isProvisional = true }
        for text in outcome.refused where monitor.refused.insert(text).inserted {
            note(.blind, "audit rule refused by the kernel: \(text)")
        }
        let now = Set(outcome.blindness)
        for text in outcome.blindness where !monitor.blindness.contains(text) { note(.blind, text) }
        for text in monitor.blindness.subtracting(now).sorted() {
            note(.recovered, "no longer so: \(text)")
        }
        monitor.blindness = now
    }

    func configurationFailed(_ error: AuditFailure) {
        if error.errorNumber == EPERM { canConfigure = false }
        note(.blind, "audit rules can't be loaded: \(error)")
    }

    /// Mounts made since the rules were loaded: directory rules get them added, and rules about places that are now below
    /// a mount are loaded anew.
    private func followMounts(_ added: Set<[UInt8]>) {
        guard canConfigure else { return }
        for mount in added {
            var isInside = false
            for rule in keeper.planned {
                guard let place = rule.watchedPath, place.kind == .directory else { continue }
                if Self.isBelow(mount, place.text) { isInside = true }
            }
            if isInside { try? control.includeMount(at: mount) }
        }
        keeper.reload { rule in
            guard let place = rule.watchedPath else { return false }
            return added.contains { Self.isBelow(place.text, $0) }
        }
    }

    private static func isBelow(_ path: [UInt8], _ directory: [UInt8]) -> Bool {
        path == directory || directory == [UInt8(ascii: "/")]
            || path.starts(with: directory + [UInt8(ascii: "/")])
    }
}
