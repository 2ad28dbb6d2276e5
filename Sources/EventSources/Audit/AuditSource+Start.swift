import AuditRecords
import EventModel
import Glibc
import KernelInterface

extension AuditSource {
    /// Finds out what is possible here and sets it up.
    func start() throws(AuditFailure) {
        try findControl()
        try connect()
        makePlan()
        if canConfigure {
            do throws(AuditFailure) { try configure() } catch {
                // Immutable although the state did not say so, or a capability that was taken away.
                guard error.errorNumber == EPERM else { throw error }
                canConfigure = false
                note(.blind, "audit rules can't be loaded: \(error)")
            }
        }
        if !canConfigure { receiveOnly() }
        noteCircumstances()
        monitor.start(lost: status.lost)
    }

    /// Whether settings can be read and changed.
    private func findControl() throws(AuditFailure) {
        do throws(AuditFailure) { status = try control.status() } catch {
            guard error.errorNumber == EPERM else { throw error }
            // With CAP_AUDIT_READ alone records can be read, if others load rules.
            canConfigure = false
            note(.blind, "\(error); only events that rules of others let through are seen")
        }
        if status.enabled == .immutable { canConfigure = false }
    }

    private func connect() throws(AuditFailure) {
        let isOwned = status.pid != 0 && status.pid != getpid()
        if options.mode == .multicast || (options.mode == nil && isOwned) || (options.mode == nil && !canReadStatus) {
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
                    reason: "\(AuditDiagnosis.describe(owner: status.pid)) receives the audit records",
                    fix: error.fix, errorNumber: EEXIST
                )
            }
            // Somebody was quicker.
            try connection.joinMulticast()
            mode = .multicast
        }
    }

    var canReadStatus: Bool { canConfigure || status.enabled == .immutable }

    private func configure() throws(AuditFailure) {
        let change = settings.changes(for: status, isOwner: mode == .owner, backlogLimit: options.backlogLimit)
        // Room and no waiting before the first event, events on when the rules are there.
        var limits = change
        limits.isEnabled = nil
        try control.apply(limits)
        report(try keeper.load(plan.rules))
        try control.apply(AuditStatusChange(isEnabled: change.isEnabled))
    }

    /// Nothing can be changed: what rules of others let through is all there is.
    private func receiveOnly() {
        let loaded = (try? control.rules()) ?? []
        let syscalls = planner.syscalls
        let seen = ForeignRules.types(of: loaded) { syscalls.calls(making: $0, $1) }
        let missing = plan.provides.intersection(seen.complement)
        provides = seen
        guard status.enabled == .immutable else { return }
        if missing.isEmpty {
            note(
                .remark, "audit is immutable until the next boot; the rules that are loaded let through what is needed")
        } else {
            let names = missing.types.map(\.name).joined(separator: ", ")
            note(
                .blind,
                "audit is immutable until the next boot and its rules do not let through \(names); add Shrike's audit "
                    + "rules to /etc/audit/rules.d and boot"
            )
        }
        if status.enabled == .off { note(.blind, "audit is off") }
    }

    private func noteCircumstances() {
        let isInitial = DescriptorFacts.namespaceInode("net") == Self.hostNetworkNamespace
        if mode == .multicast {
            let owner = status.pid == 0 ? "" : " beside \(AuditDiagnosis.describe(owner: status.pid))"
            note(.remark, "receives a copy of the audit records\(owner); a copy is lost when Shrike falls behind")
            if !isInitial {
                note(.blind, "the copy goes to the host's network namespace only; run with the host's network")
            }
            if status.pid == 0 {
                note(.remark, "nobody receives the audit records, so the kernel prints them to its log as well")
            }
        }
        if canConfigure, status.enabled == .off {
            note(
                .remark,
                "audit was off: processes that started before it was first switched on are not seen; boot with audit=1"
            )
        }
        if status.rateLimit > 0 {
            note(.blind, "audit's rate limit is \(status.rateLimit): records beyond it are lost; use auditctl -r 0")
        }
        if status.failure == 2 {
            note(.remark, "audit's failure flag is 2: the kernel panics when it can't log; use auditctl -f 1")
        }
        if SyscallCatalogue.ABI.hasX32 {
            note(.blind, "programs of the x32 ABI are not seen by audit; boot with syscall.x32=n")
        }
    }

    /// The network namespace of the first process; nil when it can't be known.
    private static var hostNetworkNamespace: UInt64? {
        DescriptorFacts.namespaceInode("net", of: "1") ?? DescriptorFacts.namespaceInode("net")
    }

    func note(_ kind: SourceNotice.Kind, _ message: String, count: UInt64 = 0) {
        notices.append(SourceNotice(kind: kind, source: self.kind, message: message, count: count))
    }

    // MARK: Plan

    func makePlan() {
        let before = Set(plan.notes)
        plan = planner.plan(request)
        if canConfigure { provides = plan.provides }
        for text in plan.notes where !before.contains(text) { note(.remark, text) }
    }

    /// Plans again and loads what is new.
    func replan() {
        guard !isStopped, canConfigure else { return }
        makePlan()
        do throws(AuditFailure) { report(try keeper.load(plan.rules)) } catch { configurationFailed(error) }
    }

    // MARK: Availability

    /// Whether audit works here; changes nothing.
    public static func probe() -> SourceAvailability {
        do throws(AuditFailure) {
            let status = try NetlinkAuditControl().status()
            let owner = status.pid
            return SourceAvailability(
                kind: .audit, isAvailable: true,
                reason: owner != 0 && owner != getpid()
                    ? "reads beside \(AuditDiagnosis.describe(owner: owner))" : ""
            )
        } catch {
            return SourceAvailability(kind: .audit, isAvailable: false, reason: error.reason, fix: error.fix)
        }
    }
}

extension AuditRulePlanner.Options {
    /// What this machine's kernel can do.
    static var host: AuditRulePlanner.Options {
        var options = AuditRulePlanner.Options()
        let release = ProcessFile.text("/proc/sys/kernel/osrelease") ?? ""
        let numbers = release.split(whereSeparator: { !$0.isNumber }).prefix(2).compactMap { Int($0) }
        if numbers.count == 2 {
            let isRecent = (numbers[0], numbers[1]) >= (5, 16)
            options.understandsOpenat2 = isRecent
            options.hasIOUring = isRecent
        }
        return options
    }
}
