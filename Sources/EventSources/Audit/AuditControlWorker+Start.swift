import AuditRecords
import EventModel
import Glibc
import KernelInterface

extension AuditControlWorker {
    func findStatus() throws(AuditFailure) {
        do throws(AuditFailure) { state.status = try control.get().status() } catch {
            guard error.errorNumber == EPERM else { throw error }
            // With CAP_AUDIT_READ alone records can be read, if others load rules.
            state.canConfigure = false
        }
        if state.status.enabled == .immutable { state.canConfigure = false }
    }

    func begin(_ replies: ControlReplies<AuditControlReply>) throws(AuditFailure) {
        // Between two Shrikes nobody looks.
        monitor.start(lost: options.lostBefore ?? state.status.lost)
        let control = try control.get()
        isBegun = true
        prepareTemplates()
        let first = NodePlan(request, planner)
        plan = first.plan
        if state.canConfigure {
            state.provides = plan.provides
            do throws(AuditFailure) { try configure(control, replies) } catch {
                // Immutable although the state did not say so, or a capability that was taken away.
                guard error.errorNumber == EPERM else { throw error }
                state.canConfigure = false
                note(.blind, "audit rules can't be loaded: \(error)", replies)
            }
        }
        if !state.canConfigure { receiveOnly(control, replies) }
        for text in plan.notes { note(.remark, text, replies) }
        tellFailures(first.failures, replies)
        nextPlan = now &+ options.planIntervalNanoseconds
    }

    private func configure(
        _ control: any AuditControl, _ replies: ControlReplies<AuditControlReply>
    ) throws(AuditFailure) {
        let change = settings.changes(for: state.status, isOwner: isOwner, backlogLimit: options.backlogLimit)
        if let inherited = options.inherited { settings.inherit(inherited.settings) }
        state.before = settings.before
        // Room and no waiting before the first event, events on when the rules are there.
        var limits = change
        limits.isEnabled = nil
        try control.apply(limits)
        // What a killed run left is taken over or taken back.
        let present = try control.rules()
        _ = manager.take(.planned(plan))
        carryOut(manager.take(.listed(present)), replies)
        guard state.canConfigure else { throw AuditFailure(reason: "refused", errorNumber: EPERM) }
        for rule in options.inherited?.rules ?? [] where !present.contains(rule) { state.takenOut.append(rule) }
        judge(try control.rules(), isStart: true, replies)
        watchNames()
        try control.apply(AuditStatusChange(isEnabled: change.isEnabled))
        state.watchesCanaryFile = request.canaryFile != nil
    }

    /// Nothing can be changed: what rules of others let through is all there is.
    private func receiveOnly(_ control: any AuditControl, _ replies: ControlReplies<AuditControlReply>) {
        let loaded = (try? control.rules()) ?? []
        let syscalls = planner.syscalls
        let seen = ForeignRules.types(of: loaded) { syscalls.calls(making: $0, $1) }
        let missing = plan.provides.intersection(seen.complement)
        state.provides = seen
        guard state.status.enabled == .immutable else { return }
        if missing.isEmpty {
            note(
                .remark, "audit is immutable until the next boot; the rules that are loaded let through what is needed",
                replies)
        } else {
            let names = missing.types.map(\.name).joined(separator: ", ")
            note(
                .blind,
                "audit is immutable until the next boot and its rules do not let through \(names); add Shrike's audit "
                    + "rules to /etc/audit/rules.d and boot", replies)
        }
        if state.status.enabled == .off { note(.blind, "audit is off", replies) }
    }
}
