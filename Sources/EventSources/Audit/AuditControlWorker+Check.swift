import EventModel
import Glibc
import KernelInterface

extension AuditControlWorker {
    // MARK: State

    func checkStatus(_ replies: ControlReplies<AuditControlReply>) {
        guard let control = try? control.get() else { return }
        let before = state.status
        do throws(AuditFailure) { state.status = try control.status() } catch {
            if error.errorNumber != EPERM { note(.remark, "audit's state can't be read: \(error)", replies) }
            return
        }
        // What follows finds out anew.
        state.outage = nil
        let lost = monitor.takeLost(state.status.lost)
        if lost > 0 { replies.send(.lost(lost)) }
        if isOwner, state.canConfigure { slowDown(lost, control, replies) }
        if state.status.enabled == .immutable, before.enabled != .immutable {
            state.canConfigure = false
            note(
                .tampered,
                "audit was made immutable\(monitor.culprit("set")): its rules stay as they are until the next boot, "
                    + "Shrike's too", replies)
        }
        if state.canConfigure, state.status.enabled == .off { switchOn(control, replies) }
        if let owner, state.status.pid != owner { replies.send(.ownerLost(state.status.pid)) }
        if state.canConfigure { checkSettings(control, replies) }
    }

    /// Loss makes processes wait for room, for as long as there is loss or little room and a while longer.
    private func slowDown(_ lost: UInt64, _ control: any AuditControl, _ replies: ControlReplies<AuditControlReply>) {
        guard options.overloadWaitTicks > 0 else { return }
        if lost > 0 || state.status.backlog > state.status.backlogLimit / 2 { overloadedAt = now }
        let isOverloaded = overloadedAt > 0 && now &- overloadedAt < Self.overloadNanoseconds
        guard let change = settings.wait(ticks: isOverloaded ? options.overloadWaitTicks : 0) else { return }
        do throws(AuditFailure) {
            try control.apply(change)
            state.status.backlogWaitTime = change.backlogWaitTime ?? 0
            note(
                .remark,
                isOverloaded
                    ? "records were lost: for now whoever makes them waits for room, \(options.overloadWaitTicks) ticks at "
                        + "most" : "nobody waits for room any more", replies)
        } catch { note(.remark, "the wait for room can't be set: \(error)", replies) }
    }

    private func switchOn(_ control: any AuditControl, _ replies: ControlReplies<AuditControlReply>) {
        let culprit = monitor.culprit("set", setting: "audit_enabled")
        do throws(AuditFailure) {
            try control.apply(AuditStatusChange(isEnabled: true))
            state.status.enabled = .on
            deeds.take(
                .setting("enabled"), detail: "audit was switched off\(culprit); switched on again", culprit: "",
                now: now)
        } catch {
            state.outage = "audit is switched off and can't be switched on: \(error)"
            note(.blind, "audit was switched off\(culprit) and can't be switched on: \(error)", replies)
        }
    }

    private func checkSettings(_ control: any AuditControl, _ replies: ControlReplies<AuditControlReply>) {
        for deviation in settings.deviations(in: state.status, isOwner: isOwner) {
            let culprit = monitor.culprit("set", setting: "audit_\(deviation.name)")
            let what = "audit's \(deviation.name) was set from \(deviation.before) to \(deviation.now)\(culprit)"
            // Beside another owner the settings are its business.
            guard isOwner || deviation.name == "failure" else {
                deeds.take(.setting(deviation.name), detail: "\(what): records may get lost", culprit: "", now: now)
                continue
            }
            do throws(AuditFailure) {
                try control.apply(deviation.remedy)
                deeds.take(.setting(deviation.name), detail: "\(what); set back", culprit: "", now: now)
            } catch {
                state.outage = "\(what) and can't be set back: \(error)"
                deeds.take(.setting(deviation.name), detail: "\(what) and can't be set back", culprit: "", now: now)
            }
        }
    }

    // MARK: Rules

    func checkRules(_ replies: ControlReplies<AuditControlReply>) {
        guard let control = try? control.get() else { return }
        do throws(AuditFailure) {
            let present = try control.rules()
            let actions = manager.take(.listed(present))
            carryOut(actions, replies)
            judge(actions.isEmpty ? present : try control.rules(), replies)
        } catch {
            if error.errorNumber == EPERM { state.canConfigure = false }
            note(.blind, "audit rules can't be loaded: \(error)", replies)
        }
    }

    // MARK: Deeds

    func tellDeeds(_ replies: ControlReplies<AuditControlReply>) {
        for deed in deeds.due(now: now) {
            switch deed.kind {
            case .removedRules:
                note(
                    .tampered, "\(deed.count) of Shrike's audit rules had been removed\(deed.culprit); loaded again",
                    count: deed.count, replies)
            case .setting, .hidingRules:
                let more = deed.count > 1 ? " (\(deed.count) times)" : ""
                note(.tampered, deed.detail + deed.culprit + more, count: deed.count, replies)
            }
        }
    }
}

extension AuditRule {
    /// Whether it watches a tree that this path is in.
    func watches(below path: [UInt8]) -> Bool {
        guard let place = watchedPath, place.kind == .directory else { return false }
        return Self.isBelow(path, place.text)
    }

    /// Whether what it watches is at or below this path.
    func isBelow(_ path: [UInt8]) -> Bool { watchedPath.map { Self.isBelow($0.text, path) } ?? false }

    private static func isBelow(_ path: [UInt8], _ directory: [UInt8]) -> Bool {
        path == directory || directory == [UInt8(ascii: "/")]
            || path.starts(with: directory + [UInt8(ascii: "/")])
    }
}
