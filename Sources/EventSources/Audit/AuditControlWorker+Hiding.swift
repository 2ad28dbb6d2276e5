import Glibc
import KernelInterface

extension AuditControlWorker {
    /// Judges the rules of others. Ours are loaded before those that hide calls; those that hide something wherever they stand are
    /// taken out, where that is wished.
    ///
    /// - Parameter isStart: they were there before us, and are put back at the end.
    func judge(_ present: [AuditRule], isStart: Bool = false, _ replies: ControlReplies<AuditControlReply>) {
        let verdicts = ForeignRules.verdicts(
            present, key: planner.options.key, friends: options.friendKeys.map { Array($0.utf8) })
        let isOvertaken = verdicts.contains(where: \.canBeOvertaken) && overtake(replies)
        let culprit = monitor.culprit("add_rule")
        var remaining: [ForeignRules.Verdict] = []
        for verdict in verdicts {
            if verdict.canBeOvertaken, isOvertaken {
                guard !monitor.blindness.contains(verdict.text) else { continue }
                deeds.take(
                    .hidingRules,
                    detail: "\(verdict.sentence); it was loaded before Shrike's\(culprit), which are before it again",
                    culprit: "", now: now)
            } else if !verdict.canBeOvertaken, options.takesOutHidingRules {
                switch takeOut(verdict.rule) {
                case .done: tellTakenOut(verdict, isStart: isStart, culprit, replies)
                // Another Shrike, or who loaded it, was quicker.
                case .wasGone: break
                case .failed: remaining.append(verdict)
                }
            } else {
                remaining.append(verdict)
            }
        }
        tellRemaining(remaining, culprit, replies)
    }

    /// What hides something still.
    private func tellRemaining(
        _ remaining: [ForeignRules.Verdict], _ culprit: String, _ replies: ControlReplies<AuditControlReply>
    ) {
        let new = remaining.filter { !monitor.blindness.contains($0.text) }
        for verdict in new {
            if state.hiding.isEmpty, monitor.blindness.isEmpty, verdict == new.first {
                note(.blind, verdict.text + (culprit.isEmpty ? "" : "; it was loaded\(culprit)"), replies)
            } else {
                deeds.take(.hidingRules, detail: verdict.text, culprit: culprit, now: now)
            }
        }
        let texts = Set(remaining.map(\.text))
        for text in monitor.blindness.subtracting(texts).sorted() { note(.recovered, "no longer so: \(text)", replies) }
        monitor.blindness = texts
        state.hiding = remaining.map(\.text)
    }

    private enum Removal { case done, wasGone, failed }

    /// Takes a rule of others out.
    private func takeOut(_ rule: AuditRule) -> Removal {
        guard state.canConfigure, let control = try? control.get() else { return .failed }
        do throws(AuditFailure) {
            try control.remove(rule)
            return .done
        } catch { return error.errorNumber == ENOENT ? .wasGone : .failed }
    }

    private func tellTakenOut(
        _ verdict: ForeignRules.Verdict, isStart: Bool, _ culprit: String, _ replies: ControlReplies<AuditControlReply>
    ) {
        let remains = verdict.remains.isEmpty ? "" : "; \(verdict.remains)"
        guard isStart else {
            deeds.take(
                .hidingRules, detail: "\(verdict.sentence); it was loaded\(culprit), and taken out\(remains)",
                culprit: "",
                now: now)
            return
        }
        state.takenOut.append(verdict.rule)
        note(
            verdict.remains.isEmpty ? .remark : .blind,
            "\(verdict.sentence); it was there before Shrike, which has taken it out until it ends\(remains)", replies)
    }

    /// Puts back what was taken out at the start.
    func putBack(_ control: any AuditControl) {
        for rule in state.takenOut { try? control.add(rule, first: false) }
    }
}
