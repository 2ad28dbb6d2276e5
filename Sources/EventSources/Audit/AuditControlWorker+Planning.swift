import EventModel
import Glibc
import KernelInterface

extension AuditControlWorker {
    /// Plans that names ask for are at least this far apart: each looks at many files.
    private static let planPauseNanoseconds: UInt64 = 1_000_000_000

    /// Plans again and loads what is new.
    func replan(_ replies: ControlReplies<AuditControlReply>) {
        guard state.canConfigure else {
            // There is nothing that could be put in place.
            state.needsInPlace = needsTaken
            return
        }
        prepareTemplates()
        lastPlan = now
        beginPlan(request)
        collectPlan(replies)
    }

    /// Loads what was planned, when it is.
    func collectPlan(_ replies: ControlReplies<AuditControlReply>) {
        guard let new = takePlan() else { return }
        // Asked for something else since: plan again.
        guard new.request == request else { return beginPlan(request) }
        let before = Set(plan.notes)
        plan = new.plan
        state.provides = plan.provides
        for text in plan.notes where !before.contains(text) { note(.remark, text, replies) }
        carryOut(manager.take(.planned(plan)), replies)
        state.needsInPlace = needsTaken
        tellFailures(new.failures, replies)
        watchNames()
    }

    /// What does not answer is worth an alert, and that it answers again.
    func tellFailures(_ failed: FailedLooks, _ replies: ControlReplies<AuditControlReply>) {
        state.lookOutage = failed.outage
        for path in failed.silent.subtracting(silent).sorted() { note(.blind, FailedLooks.blindness(path), replies) }
        for path in silent.subtracting(failed.silent).sorted() { note(.recovered, FailedLooks.recovery(path), replies) }
        silent = failed.silent
        for path in failed.skipped.subtracting(skipped).sorted() { note(.blind, FailedLooks.skipping(path), replies) }
        for path in skipped.subtracting(failed.skipped).sorted() {
            note(.recovered, FailedLooks.recovery(path), replies)
        }
        skipped = failed.skipped
    }

    func watchNames() { places?.watch(manager.awaited.mapKeys { options.hostRoot + $0 }) }

    /// Names appeared that plans wait for.
    func follow(_ directories: Set<String>, _ replies: ControlReplies<AuditControlReply>) {
        guard state.canConfigure else { return }
        let named = directories.map { String($0.dropFirst(options.hostRoot.count)) }
        var roots: Set<String> = []
        for directory in named { roots.formUnion(manager.containers(awaiting: directory)) }
        carryOut(roots.sorted().map { .find(root: $0, isQuick: true) }, replies)
        if named.contains(where: { plan.awaited[$0] != nil }) {
            // Packages that are installed replace many files.
            nextPlan = min(nextPlan, lastPlan &+ Self.planPauseNanoseconds)
        }
    }

    func followMounts(_ added: Set<[UInt8]>, _ replies: ControlReplies<AuditControlReply>) {
        guard state.canConfigure, let control = try? control.get() else { return }
        for mount in added where manager.wanted.contains(where: { $0.watches(below: mount) }) {
            // Directory rules do not hold for what is mounted later by themselves.
            try? control.includeMount(at: mount)
        }
        // Rules about places that are now below a mount name something else. The kernel itself would wait for a program there.
        let programs = Set(ProgramMounts.current().map(\.path))
        if !added.isDisjoint(with: programs) { nextPlan = min(nextPlan, lastPlan &+ Self.planPauseNanoseconds) }
        for rule in manager.wanted where added.subtracting(programs).contains(where: { rule.isBelow($0) }) {
            try? control.remove(rule)
            carryOut([.add(rule)], replies)
        }
    }

    /// Without the directories that stand for containers' places there is nothing to put rules on.
    func prepareTemplates() { TemplateDirectories(path: request.templateDirectory).make() }
}

extension Dictionary {
    fileprivate func mapKeys<NewKey: Hashable>(_ change: (Key) -> NewKey) -> [NewKey: Value] {
        Dictionary<NewKey, Value>(map { (change($0.key), $0.value) }) { first, _ in first }
    }
}
