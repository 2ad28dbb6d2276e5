import AuditRecords
import EventModel
import Glibc
import KernelInterface

/// What audit's control thread does: carries out what `AuditRuleManager` decides, watches settings, mounts and names, and
/// says what it finds.
final class AuditControlWorker: ControlWorker {
    typealias Reply = AuditControlReply

    /// Rules taken back between two looks at the requests.
    private static let idleSteps = 3
    /// Plans that names ask for are at least this far apart: each looks at many files.
    private static let planPauseNanoseconds: UInt64 = 1_000_000_000
    /// Containers looked at again with each plan.
    private static let containersPerLook = 32

    let options: AuditSource.Options
    var control: Result<any AuditControl, AuditFailure>
    var planner: AuditRulePlanner
    var request: AuditPlanRequest
    var manager: AuditRuleManager
    var settings = AuditSettings()
    var monitor = AuditMonitor()
    var deeds = DeedFolding()
    var state = AuditControlState()
    var isOwner = false
    var isBegun = false
    /// When records were lost last, or nearly.
    var overloadedAt: UInt64 = 0
    /// So long nothing is lost before nobody has to wait any more.
    static let overloadNanoseconds: UInt64 = 60_000_000_000
    /// CLOCK_MONOTONIC of the call under way.
    var now: UInt64 = 0

    /// Looks at a container's places: its root, what is asked for, whether it is to be quick. Nil: not in time.
    var findContainer: (String, [ContainerTemplate], Bool) -> ContainerPlan?

    /// Begins to plan the node's rules, and gives the plan once it is there.
    var beginPlan: (AuditPlanRequest) -> Void = { _ in }
    var takePlan: () -> NodePlan? = { nil }

    private var plan = AuditRulePlan()
    private var mounts: MountWatch?
    private var places: PlaceWatch?
    private var told = AuditControlState()
    private var heardOf: [String: UInt64] = [:]
    private var nextPlan: UInt64 = 0
    /// How many changes of needs were asked for.
    private var needsTaken: UInt64 = 0
    private var lastPlan: UInt64 = 0
    private var wasOvertakenAt: UInt64 = 0

    /// - Parameter watches: whether mounts and names are watched for changes, as opposed to looked at from time to time.
    init(
        request: AuditPlanRequest, options: AuditSource.Options, planner: AuditRulePlanner,
        control: Result<any AuditControl, AuditFailure>, watches: Bool
    ) {
        self.options = options
        self.control = control
        var plannerOptions = planner.options
        plannerOptions.key = Array(options.key.utf8)
        plannerOptions.hostRoot = options.hostRoot
        self.planner = AuditRulePlanner(syscalls: planner.syscalls, files: planner.files, options: plannerOptions)
        self.request = request
        manager = AuditRuleManager(key: plannerOptions.key)
        findContainer = { [files = planner.files] root, templates, isQuick in
            ContainerPlan(root: root, templates, files: files, hostRoot: options.hostRoot, isQuick: isQuick)
        }
        var planned: NodePlan?
        beginPlan = { [planner = self.planner] in planned = NodePlan($0, planner) }
        takePlan = {
            defer { planned = nil }
            return planned
        }
        if watches {
            mounts = MountWatch()
            places = try? PlaceWatch()
        }
    }

    // MARK: Requests

    func take(_ requests: [AuditControlRequest], _ replies: ControlReplies<AuditControlReply>) {
        now = EpochOffset.now(CLOCK_MONOTONIC)
        var areNeedsNew = false
        // Starts first: whoever starts is about to act.
        var starting: [(root: String, at: UInt64)] = []
        for request in requests {
            switch request {
            case .started(let root, let at): starting.append((root, at))
            case .needs(let needs, let fieldNames):
                self.request.needs = needs
                self.request.fieldNames = fieldNames
                areNeedsNew = true
                needsTaken &+= 1
            default: break
            }
        }
        if areNeedsNew, isBegun { replan(replies) }
        for (root, at) in starting {
            let actions = manager.take(.started(root: root))
            if actions.contains(.find(root: root, isQuick: true)) { heardOf[root] = at }
            carryOut(actions, replies)
        }
        for request in requests { takeSimple(request, replies) }
        tellState(replies)
    }

    private func takeSimple(_ request: AuditControlRequest, _ replies: ControlReplies<AuditControlReply>) {
        switch request {
        case .status:
            do throws(AuditFailure) {
                try findStatus()
                replies.send(.state(state))
                replies.send(.answered(nil))
            } catch { replies.send(.answered(error)) }
        case .begin(let isOwner):
            self.isOwner = isOwner
            do throws(AuditFailure) {
                try begin(replies)
                replies.send(.state(state))
                replies.send(.answered(nil))
            } catch { replies.send(.answered(error)) }
        case .owner(let isOwner): self.isOwner = isOwner
        case .ended(let root): carryOut(manager.take(.ended(root: root)), replies)
        case .record(let record):
            monitor.note(record, now: now)
            // auditctl -t: marks on places that are not below their rule's directory are taken away.
            if record.operation == "trim" { carryOut(manager.take(.unsure), replies) }
        case .lookSoon: monitor.checkSoon()
        case .started, .needs: break
        }
    }

    private func findStatus() throws(AuditFailure) {
        do throws(AuditFailure) { state.status = try control.get().status() } catch {
            guard error.errorNumber == EPERM else { throw error }
            // With CAP_AUDIT_READ alone records can be read, if others load rules.
            state.canConfigure = false
        }
        if state.status.enabled == .immutable { state.canConfigure = false }
    }

    private func begin(_ replies: ControlReplies<AuditControlReply>) throws(AuditFailure) {
        monitor.start(lost: state.status.lost)
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
        judge(try control.rules(), replies)
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

    // MARK: Time

    func tick(nowNanoseconds: UInt64, _ replies: ControlReplies<AuditControlReply>) {
        guard isBegun else { return }
        now = nowNanoseconds
        if let added = mounts?.takeNew() { followMounts(added, replies) }
        if let appeared = places?.takeAppeared(), !appeared.isEmpty { follow(appeared, replies) }
        let due = monitor.due(now, options)
        if due.status { checkStatus(replies) }
        if state.canConfigure {
            if now >= nextPlan, plan.isProvisional || manager.containerCount > 0 || !manager.waiting.isEmpty {
                nextPlan = now &+ options.planIntervalNanoseconds
                replan(replies)
                manager.lookAgain(atMost: Self.containersPerLook)
            }
            collectPlan(replies)
            if due.rules { checkRules(replies) }
            for _ in 0..<Self.idleSteps {
                let actions = manager.take(.idle)
                carryOut(actions, replies)
                // A thorough look takes long, and requests wait behind it.
                if case .find? = actions.first { break }
            }
        }
        tellDeeds(replies)
        tellState(replies)
    }

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
    private func collectPlan(_ replies: ControlReplies<AuditControlReply>) {
        guard let new = takePlan() else { return }
        // Asked for something else since: plan again.
        guard new.needs == request.needs else { return beginPlan(request) }
        let before = Set(plan.notes)
        plan = new.plan
        state.provides = plan.provides
        for text in plan.notes where !before.contains(text) { note(.remark, text, replies) }
        carryOut(manager.take(.planned(plan)), replies)
        state.needsInPlace = needsTaken
        tellFailures(new.failures, replies)
        watchNames()
    }

    /// What did not answer is not watched, and that is worth an alert.
    private func tellFailures(_ paths: [String], _ replies: ControlReplies<AuditControlReply>) {
        for path in paths {
            note(
                .blind, "\(path) does not answer, so what is below is not watched; it is looked at again every minute",
                replies)
        }
    }

    private func watchNames() { places?.watch(manager.awaited.mapKeys { options.hostRoot + $0 }) }

    /// Names appeared that plans wait for.
    private func follow(_ directories: Set<String>, _ replies: ControlReplies<AuditControlReply>) {
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

    private func followMounts(_ added: Set<[UInt8]>, _ replies: ControlReplies<AuditControlReply>) {
        guard state.canConfigure, let control = try? control.get() else { return }
        for mount in added where manager.wanted.contains(where: { $0.watches(below: mount) }) {
            // Directory rules do not hold for what is mounted later by themselves.
            try? control.includeMount(at: mount)
        }
        // Rules about places that are now below a mount name something else.
        for rule in manager.wanted where added.contains(where: { rule.isBelow($0) }) {
            try? control.remove(rule)
            carryOut([.add(rule)], replies)
        }
    }

    // MARK: Carrying out

    /// Does what was decided, and what follows from it.
    func carryOut(_ actions: [AuditRuleManager.Action], _ replies: ControlReplies<AuditControlReply>) {
        guard case .success(let control) = control else { return }
        var queue = actions[...]
        while let action = queue.popFirst() {
            guard state.canConfigure else { return }
            var errorNumber: Int32 = 0
            do throws(AuditFailure) {
                switch action {
                case .add(let rule): try control.add(rule, first: true)
                case .remove(let rule): try control.remove(rule)
                case .include(let mark):
                    try control.include(Array(mark.place.utf8), in: Array(mark.directory.utf8))
                case .find(let root, let isQuick):
                    queue = manager.take(.found(root: root, findContainer(root, plan.templates, isQuick))) + queue
                    watchNames()
                case .tell(let finding): tell(finding, replies)
                }
            } catch { errorNumber = error.errorNumber == 0 ? EIO : error.errorNumber }
            queue = manager.take(.done(action, errorNumber: errorNumber)) + queue
        }
    }

    private func tell(_ finding: AuditRuleManager.Finding, _ replies: ControlReplies<AuditControlReply>) {
        switch finding {
        case .restored(let rule):
            // Rules about files go when their directory goes: that is no tampering.
            guard rule.watchedPath == nil || monitor.isRemovedByProcess else { return }
            deeds.take(.removedRules, culprit: monitor.culprit("remove_rule"), now: now)
        case .refused(let rule, let errorNumber):
            let text = "\(rule): \(String(cString: strerror(errorNumber)))"
            if monitor.refused.insert(text).inserted {
                note(.blind, "audit rule refused by the kernel: \(text)", replies)
            }
        case .forbidden:
            state.canConfigure = false
            if isBegun { note(.blind, "audit rules can't be loaded: no permission", replies) }
        case .covered(let root):
            guard let heard = heardOf.removeValue(forKey: root) else { return }
            let last = EpochOffset.now(CLOCK_MONOTONIC) &- heard
            state.containers.armed &+= 1
            state.containers.lastNanoseconds = last
            state.containers.longestNanoseconds = max(state.containers.longestNanoseconds, last)
        case .unreachable(let root):
            heardOf[root] = nil
            state.containers.unreachable &+= 1
            if state.containers.unreachable == 1 {
                note(.blind, "the files of a container at \(root) can't be looked at, so they are not watched", replies)
            }
        }
    }

    // MARK: End

    func end(_ replies: ControlReplies<AuditControlReply>) {
        guard state.canConfigure, isBegun, let control = try? control.get() else { return }
        // First what costs others something, then the rest.
        if let status = try? control.status() { try? control.apply(settings.restoration(from: status)) }
        let key = Array(options.key.utf8)
        // A rule that goes while we list is gone too.
        for rule in (try? control.rules()) ?? [] where rule.keys.contains(key) { try? control.remove(rule) }
        for template in plan.templates { rmdir(template.directory) }
    }

    // MARK: Telling

    func note(_ kind: SourceNotice.Kind, _ message: String, count: UInt64 = 0, _ replies: ControlReplies<Reply>) {
        replies.send(.notice(SourceNotice(kind: kind, source: .audit, message: message, count: count)))
    }

    func tellState(_ replies: ControlReplies<AuditControlReply>) {
        state.containers.watched = manager.containerCount
        state.ruleCount = manager.loadedCount
        guard state != told else { return }
        told = state
        replies.send(.state(state))
    }

    /// The directories that stand for containers' places: without them there is nothing to put rules on.
    private func prepareTemplates() {
        let directory = request.templateDirectory
        var path = ""
        for name in directory.split(separator: "/") {
            path += "/\(name)"
            mkdir(path, 0o700)
        }
        for index in 0..<16 { mkdir("\(directory)/\(index)", 0o700) }
    }

    /// Loads ours before those that hide something, at most once in a while: somebody may do it again and again.
    func overtake(_ replies: ControlReplies<AuditControlReply>) -> Bool {
        guard wasOvertakenAt == 0 || now &- wasOvertakenAt > 10_000_000_000 else { return false }
        wasOvertakenAt = now
        carryOut(manager.overtake(), replies)
        carryOut(manager.take(.unsure), replies)
        return true
    }
}

extension Dictionary {
    fileprivate func mapKeys<NewKey: Hashable>(_ change: (Key) -> NewKey) -> [NewKey: Value] {
        Dictionary<NewKey, Value>(map { (change($0.key), $0.value) }) { first, _ in first }
    }
}
