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
    /// The process that the kernel names as the one that records go to, when they come to us.
    var owner: Int32?
    var isOwner: Bool { owner != nil }
    /// Whether rules and settings are another's from now on.
    private var isLeft = false
    /// Whether it only waits for its end.
    private var isWithdrawn = false
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

    var plan = AuditRulePlan()
    var mounts: MountWatch?
    var places: PlaceWatch?
    private var told = AuditControlState()
    private var heardOf: [String: UInt64] = [:]
    var nextPlan: UInt64 = 0
    /// How many changes of needs were asked for.
    var needsTaken: UInt64 = 0
    var lastPlan: UInt64 = 0
    private var wasOvertakenAt: UInt64 = 0
    /// Paths that did not answer for the plan in place.
    var silent: Set<String> = []
    /// Mounts that it was told of that they are not looked into.
    var skipped: Set<String> = []
    private var hidden = UnwatchedContainers(.audit)
    private var late = UnwatchedContainers(.audit)
    private var beginnings = ContainerBeginnings(.audit)

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
        now = KernelClock.monotonic()
        guard !isWithdrawn else { return }
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
        case .begin(let owner):
            self.owner = owner
            do throws(AuditFailure) {
                try begin(replies)
                replies.send(.state(state))
                replies.send(.answered(nil))
            } catch { replies.send(.answered(error)) }
        case .owner(let owner): self.owner = owner
        case .withdraw:
            isWithdrawn = true
            takeRulesBack()
        case .leave:
            tellLost(replies)
            isLeft = true
        case .began(let root, let at): tell(beginnings.began(root, at: at, &state.containers), replies)
        case .ended(let root):
            beginnings.ended(root)
            carryOut(manager.take(.ended(root: root)), replies)
        case .record(let record):
            monitor.note(record, now: now)
            // auditctl -t: marks on places that are not below their rule's directory are taken away.
            if record.operation == "trim" { carryOut(manager.take(.unsure), replies) }
        case .lookSoon: monitor.checkSoon()
        case .started, .needs: break
        }
    }

    /// Looks a last time what was lost: the next one tells of the rest.
    private func tellLost(_ replies: ControlReplies<AuditControlReply>) {
        guard isBegun, let status = try? control.get().status() else { return }
        state.status = status
        let lost = monitor.takeLost(status.lost)
        if lost > 0 { replies.send(.lost(lost)) }
    }

    // MARK: Time

    func tick(nowNanoseconds: UInt64, _ replies: ControlReplies<AuditControlReply>) {
        guard isBegun, !isWithdrawn else { return }
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
            tell(beginnings.watched(root, at: KernelClock.wall(), &state.containers), replies)
            guard let heard = heardOf.removeValue(forKey: root) else { return }
            let last = KernelClock.monotonic() &- heard
            state.containers.armed &+= 1
            state.containers.lastNanoseconds = last
            state.containers.longestNanoseconds = max(state.containers.longestNanoseconds, last)
        case .unreachable(let root):
            heardOf[root] = nil
            state.containers.unreachable &+= 1
            if state.containers.unreachable == 1 {
                note(.blind, "the files of a container at \(root) can't be looked at, so they are not watched", replies)
            }
        case .hidden(let root):
            heardOf[root] = nil
            state.containers.unreachable &+= 1
            let reason = "nothing is there in the node's mount namespace; its runtime seems to have another one"
            tell(hidden.take("at \(root)", reason), replies)
        case .late(let root):
            heardOf[root] = nil
            state.containers.unreachable &+= 1
            tell(late.take("at \(root)", "it ended before they could be"), replies)
        }
    }

    private func tell(_ notice: SourceNotice?, _ replies: ControlReplies<AuditControlReply>) {
        if let notice { replies.send(.notice(notice)) }
    }

    // MARK: End

    func end(_ replies: ControlReplies<AuditControlReply>) {
        guard isBegun, !isLeft else { return }
        // When no rule holds for them any more.
        defer { TemplateDirectories(path: request.templateDirectory).remove() }
        guard state.canConfigure, let control = try? control.get() else { return }
        takeRulesBack()
        if let status = try? control.status() { try? control.apply(settings.restoration(from: status).ofEvents) }
        // Last, since it may have to wait until what is queued has been read. Who can't wait leaves it to another process.
        try? control.restoreLimits { settings.restoration(from: $0).ofLimits }
    }

    private func takeRulesBack() {
        guard isBegun, !isLeft, state.canConfigure, let control = try? control.get() else { return }
        let key = Array(options.key.utf8)
        // A rule that goes while we list is gone too.
        for rule in (try? control.rules()) ?? [] where rule.keys.contains(key) { try? control.remove(rule) }
        putBack(control)
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

    /// Loads ours before those that hide something, at most once in a while: somebody may do it again and again.
    func overtake(_ replies: ControlReplies<AuditControlReply>) -> Bool {
        guard wasOvertakenAt == 0 || now &- wasOvertakenAt > 10_000_000_000 else { return false }
        wasOvertakenAt = now
        carryOut(manager.overtake(), replies)
        carryOut(manager.take(.unsure), replies)
        return true
    }
}
