import EventModel
import Glibc
import KernelInterface

/// What the event thread asks fanotify's control thread for.
enum FanotifyControlRequest: Sendable {
    /// Mark what is needed on the host, and answer when that is done.
    case begin
    case needs(host: OpenNeeds, container: OpenNeeds)
    /// A container's root directory, as the host names it, and when it was heard of (CLOCK_MONOTONIC).
    case started(root: String, at: UInt64)
    /// When its first program began (nanoseconds since the epoch).
    case began(root: String, at: UInt64)
    case ended(root: String)
}

/// What it tells.
enum FanotifyControlReply: Sendable {
    /// The answer to `begin`.
    case begun
    /// How things stand; sent when that changes.
    case state(FanotifyControlState)
    case notice(SourceNotice)
}

/// How the marks stand.
struct FanotifyControlState: Sendable, Equatable {
    var coverage = FanotifyCoverage()
    var aliases = PathAliases()
    /// How many of the changes of needs that were asked for hold in the kernel.
    var needsInPlace: UInt64 = 0
    var containers = ContainerArming()
    /// What keeps marks from being kept up, as part of a sentence; nil while nothing does.
    var outage: String?
}

/// The calls that fanotify's control makes; each has a time limit.
protocol FanotifyCalls {
    /// Finds the places in a root directory; nil when it does not answer.
    func plan(root: String, _ needs: OpenNeeds) -> FanotifyPlan?
    /// What of the host could not be looked at since the last call.
    func takeFailures() -> FailedLooks
    /// Mounts that are not looked into, as a program answers for them.
    var skippedMounts: Set<String> { get }
    /// Points that were silent and have come back since the last call.
    func takeAnswering() -> [WatchPoint]
    /// Looks at points and marks them; an answer for each.
    func look(_ requests: [FanotifyLookRequest]) -> [FanotifyLook]
    /// Takes a mark back; with `keepsWrites` all of it but what tells of writers.
    func unmark(_ point: WatchPoint, _ identity: WatchPoint.Identity, keepsWrites: Bool)
}

/// What fanotify's control thread does: carries out what `FanotifyMarkManager` decides, and says what it finds.
final class FanotifyControlWorker: ControlWorker {
    typealias Reply = FanotifyControlReply

    /// Points looked at in one call.
    private static let batch = 256

    private var manager: FanotifyMarkManager
    private let calls: any FanotifyCalls
    private let hostRoot: String
    private var hostNeeds: OpenNeeds
    private var containerNeeds: OpenNeeds
    private var places: PlaceWatch?
    private var state = FanotifyControlState()
    private var needsTaken: UInt64 = 0
    private var hasChanged = false
    private var hasNewAliases = false
    /// What of the host could not be looked at for the plan in place.
    private var failed = FailedLooks()
    /// Whether the last looks were not made.
    private var isStuck = false
    private var told = TroubleTelling()
    private var beginnings = ContainerBeginnings(.fanotify)

    init(
        host: OpenNeeds, container: OpenNeeds, options: FanotifySource.Options, calls: any FanotifyCalls,
        watchesNames: Bool = true
    ) {
        (hostNeeds, containerNeeds) = (host, container)
        hostRoot = options.hostRoot
        manager = FanotifyMarkManager(directoryLimit: options.directoryLimit)
        self.calls = calls
        places = watchesNames ? try? PlaceWatch() : nil
    }

    func take(_ requests: [FanotifyControlRequest], _ replies: ControlReplies<Reply>) {
        var isAllNew = false
        for request in requests {
            switch request {
            case .begin:
                isAllNew = true
                carryOut(manager.take(.started(root: "")), replies)
            case .needs(let host, let container):
                (hostNeeds, containerNeeds) = (host, container)
                needsTaken &+= 1
                isAllNew = true
                carryOut(manager.take(.needs), replies)
                state.needsInPlace = needsTaken
                hasChanged = true
            case .started(let root, let at):
                let before = state.containers.unreachable
                let actions = manager.take(.started(root: root))
                carryOut(actions, replies)
                if !actions.isEmpty, state.containers.unreachable == before { noteArmed(root, since: at, replies) }
            case .began(let root, let at):
                if let notice = beginnings.began(root, at: at, &state.containers) { replies.send(.notice(notice)) }
                hasChanged = true
            case .ended(let root):
                beginnings.ended(root)
                carryOut(manager.take(.ended(root: root)), replies)
                hasChanged = true
            }
        }
        tellState(replies)
        if isAllNew { note(.remark, "fanotify: \(state.coverage.sentence)", replies) }
        for case .begin in requests { replies.send(.begun) }
    }

    private func noteArmed(_ root: String, since heard: UInt64, _ replies: ControlReplies<Reply>) {
        if let notice = beginnings.watched(root, at: KernelClock.wall(), &state.containers) {
            replies.send(.notice(notice))
        }
        let last = KernelClock.monotonic() &- heard
        state.containers.armed &+= 1
        state.containers.lastNanoseconds = last
        state.containers.longestNanoseconds = max(state.containers.longestNanoseconds, last)
        hasChanged = true
    }

    func tick(nowNanoseconds: UInt64, _ replies: ControlReplies<Reply>) {
        if let appeared = places?.takeAppeared(), !appeared.isEmpty {
            let named = Set(appeared.map { String($0.dropFirst(hostRoot.count)) })
            carryOut(manager.take(.appeared(named)), replies)
        }
        let answering = calls.takeAnswering()
        if !answering.isEmpty {
            hasChanged = true
            carryOut(manager.take(.answering(answering)), replies)
        }
        carryOut(manager.take(.tick(nowNanoseconds)), replies)
        tellState(replies)
        if let more = told.tick(nowNanoseconds) { note(.blind, more, replies) }
    }

    /// Does what was decided, and what follows from it.
    private func carryOut(_ actions: [FanotifyMarkManager.Action], _ replies: ControlReplies<Reply>) {
        var queue = actions
        var next = 0
        while next < queue.count {
            var looks: [FanotifyLookRequest] = []
            while looks.count < Self.batch, next < queue.count, case .look(let point, let marked) = queue[next] {
                looks.append((point, marked))
                next += 1
            }
            if !looks.isEmpty, hasNewAliases { tellNames(replies) }
            for (request, look) in zip(looks, looks.isEmpty ? [] : calls.look(looks)) {
                if look != .same || isStuck { hasChanged = true }
                isStuck = look == .unasked
                queue += manager.take(.looked(request.point, look))
            }
            guard looks.isEmpty else { continue }
            switch queue[next] {
            case .look: break
            case .plan(let root): queue += manager.take(.planned(root: root, plan(root, replies)))
            case .unmark(let point, let identity, let keepsWrites):
                calls.unmark(point, identity, keepsWrites: keepsWrites)
            case .tell(let finding): tell(finding, replies)
            }
            next += 1
        }
    }

    private func plan(_ root: String, _ replies: ControlReplies<Reply>) -> FanotifyPlan? {
        hasChanged = true
        hasNewAliases = true
        let plan = calls.plan(root: root, root.isEmpty ? hostNeeds : containerNeeds)
        if root.isEmpty { failed = calls.takeFailures() }
        return plan
    }

    /// Opens may come as soon as the marks are there: the event thread must know their names by then.
    private func tellNames(_ replies: ControlReplies<Reply>) {
        hasNewAliases = false
        let aliases = manager.aliases
        guard aliases != state.aliases else { return }
        state.aliases = aliases
        replies.send(.state(state))
    }

    private func tell(_ finding: FanotifyMarkManager.Finding, _ replies: ControlReplies<Reply>) {
        switch finding {
        case .unreachable:
            state.containers.unreachable &+= 1
            hasChanged = true
        case .tooMany(let path):
            note(
                .remark, "there are too many directories below \(path): every open on its file system is looked at",
                replies)
        }
    }

    private func note(_ kind: SourceNotice.Kind, _ message: String, _ replies: ControlReplies<Reply>) {
        replies.send(.notice(SourceNotice(kind: kind, source: .fanotify, message: message)))
    }

    private func tellTroubles(_ replies: ControlReplies<Reply>) {
        let all = manager.troubles.union(failed.silent.map { FanotifyTrouble.silent($0) })
            .union(calls.skippedMounts.map { FanotifyTrouble.skipped($0) })
        for (kind, message) in told.take(all) { note(kind, message, replies) }
    }

    private func tellState(_ replies: ControlReplies<Reply>) {
        guard hasChanged else { return }
        hasChanged = false
        var wanted: [String: Set<String>] = [:]
        for (directory, names) in manager.awaited { wanted[hostRoot + directory] = names }
        places?.watch(wanted)
        state.coverage = manager.coverage
        state.containers.watched = manager.containerCount
        state.aliases = manager.aliases
        state.outage =
            isStuck ? "files can't be looked at: all threads for that wait for what does not answer" : failed.outage
        replies.send(.state(state))
        tellTroubles(replies)
    }
}
