import KernelInterface
import Synchronization

/// Fanotify's control on a thread of its own.
typealias FanotifyControlThread = ControlThread<FanotifyControlWorker>

extension FanotifyControlThread {
    convenience init(
        host: OpenNeeds, container: OpenNeeds, options: FanotifySource.Options, marker: FanotifyMarker
    ) throws(KernelError) {
        let calls = try LimitedFanotifyCalls(marker: marker, hostRoot: options.hostRoot)
        try self.init(name: "shrike-fanotify") {
            FanotifyControlWorker(host: host, container: container, options: options, calls: calls)
        }
    }
}

/// The calls on threads that can be given up: a directory may lie on a file system that does not answer.
final class LimitedFanotifyCalls: FanotifyCalls, Sendable {
    /// A container's places are found in one go: whoever starts it is about to act.
    private let plans: LimitedCalls<PlanQuestion, FanotifyPlan>
    private let looks: LimitedCalls<LookQuestion, [FanotifyLook]>
    private let limited: LimitedFiles
    private let skipped: SkippedMounts
    private let hung = Mutex<[(points: [WatchPoint], progress: LookProgress)]>([])

    private static let planMilliseconds: Int32 = 1000
    /// After so long a call gives back what it has looked at by then, so that one that does not come back hangs at one thing.
    private static let portionNanoseconds: UInt64 = 1_000_000_000
    private static let lookMilliseconds: Int32 = 2000
    private static let singleMilliseconds: Int32 = 200

    private struct PlanQuestion: Sendable {
        var root: String
        var needs: OpenNeeds
    }
    private enum LookQuestion: Sendable {
        case look([FanotifyLookRequest], LookProgress)
        case unmark(WatchPoint, WatchPoint.Identity, keepsWrites: Bool)
    }

    convenience init(marker: FanotifyMarker, hostRoot: String) throws(KernelError) {
        let skipped = SkippedMounts()
        let marking = FanotifyMarking(marker: marker, hostRoot: hostRoot, skipped: skipped)
        try self.init(
            hostRoot: hostRoot, skipped: skipped, look: { marking.look($0, $1) },
            unmark: { marking.unmark($0, $1, keepsWrites: $2) })
    }

    /// - Parameter look: looks at points and puts the answers one by one, as long as they are taken.
    init(
        hostRoot: String, skipped: SkippedMounts = SkippedMounts(),
        look: @escaping @Sendable ([FanotifyLookRequest], (FanotifyLook) -> Bool) -> Void,
        unmark: @escaping @Sendable (WatchPoint, WatchPoint.Identity, Bool) -> Void
    ) throws(KernelError) {
        self.skipped = skipped
        plans = try LimitedCalls(name: "shrike-places") { question in
            let files = HostWatchedFiles(hostRoot: hostRoot, skipped: skipped)
            return FanotifyPlan(
                question.needs, root: question.root, files: RememberedFiles(files, root: question.root))
        }
        limited = LimitedFiles(
            calls: try LimitedCalls(name: "shrike-files") {
                HostWatchedFiles(hostRoot: hostRoot, skipped: skipped).answer($0)
            })
        looks = try LimitedCalls(name: "shrike-marks") { question in
            switch question {
            case .look(let requests, let progress):
                let end = KernelClock.monotonic() &+ Self.portionNanoseconds
                look(requests) { progress.put($0) && KernelClock.monotonic() < end }
                return progress.end()
            case .unmark(let point, let identity, let keepsWrites):
                unmark(point, identity, keepsWrites)
                return []
            }
        }
    }

    func plan(root: String, _ needs: OpenNeeds) -> FanotifyPlan? {
        guard root.isEmpty else {
            return try? plans.call(PlanQuestion(root: root, needs: needs), withinMilliseconds: Self.planMilliseconds)
        }
        return FanotifyPlan(needs, root: root, files: limited)
    }

    func takeFailures() -> FailedLooks { limited.takeFailures() }
    var skippedMounts: Set<String> { skipped.current() }

    /// How many looks hang now.
    var hanging: Int { looks.hanging }

    func takeAnswering() -> [WatchPoint] {
        hung.withLock { hung in
            let back = hung.filter(\.progress.isOver).flatMap(\.points)
            hung.removeAll(where: \.progress.isOver)
            return back
        }
    }

    func look(_ requests: [FanotifyLookRequest]) -> [FanotifyLook] {
        var answers: [FanotifyLook] = []
        while answers.count < requests.count {
            let some = requests[answers.count...].prefix { !isBelowHung($0.point) }
            answers += some.isEmpty ? [silent(requests[answers.count].point)] : ask(Array(some))
        }
        return answers
    }

    /// Answers for the first of these at least.
    private func ask(_ requests: [FanotifyLookRequest]) -> [FanotifyLook] {
        let progress = LookProgress()
        do {
            let answers = try looks.call(.look(requests, progress), withinMilliseconds: Self.lookMilliseconds)
            return answers.isEmpty ? [.unasked] : answers
        } catch {
            switch error {
            case .noThread: return [FanotifyLook](repeating: .unasked, count: requests.count)
            case .timedOut:
                let answers = progress.giveUp()
                // The one that it was at. Which one that is need not be found out on another thread.
                guard answers.count < requests.count else { return answers }
                hung.withLock { $0.append(([requests[answers.count].point], progress)) }
                return answers + [.silent]
            }
        }
    }

    /// Whether a point is below one that hangs: it would cost another thread.
    private func isBelowHung(_ point: WatchPoint) -> Bool {
        hung.withLock { hung in hung.contains { $0.points.first.map(point.isAtOrBelow) ?? false } }
    }

    /// What a point is that is below one that hangs; it answers when that does.
    private func silent(_ point: WatchPoint) -> FanotifyLook {
        hung.withLock { hung in
            let index = hung.firstIndex { $0.points.first.map(point.isAtOrBelow) ?? false }
            if let index, !hung[index].points.contains(point) { hung[index].points.append(point) }
        }
        return .silent
    }

    /// A mark that can't be taken back in time stays: it only costs.
    func unmark(_ point: WatchPoint, _ identity: WatchPoint.Identity, keepsWrites: Bool) {
        _ = try? looks.call(
            .unmark(point, identity, keepsWrites: keepsWrites), withinMilliseconds: Self.singleMilliseconds)
    }
}

/// How far a call has come that looks at points, for whoever gave it up.
private final class LookProgress: Sendable {
    private struct State: Sendable {
        var answers: [FanotifyLook] = []
        var isGivenUp = false
        var isOver = false
    }
    private let state = Mutex(State())

    /// Takes an answer; false when nobody wants another one.
    func put(_ answer: FanotifyLook) -> Bool {
        state.withLock { state in
            if !state.isGivenUp { state.answers.append(answer) }
            return !state.isGivenUp
        }
    }

    /// The call has come back, with these answers.
    func end() -> [FanotifyLook] {
        state.withLock { state in
            state.isOver = true
            return state.answers
        }
    }

    /// Takes no more answers; gives those so far.
    func giveUp() -> [FanotifyLook] {
        state.withLock { state in
            state.isGivenUp = true
            return state.answers
        }
    }

    var isOver: Bool { state.withLock { $0.isOver } }
}
