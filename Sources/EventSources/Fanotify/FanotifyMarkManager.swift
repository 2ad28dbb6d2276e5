/// Decides what is marked: takes what changed and gives what is to be done, in order. Pure: who does it tells what came of
/// it with the next change.
///
/// fanotify has no recursive mark: a directory made after the last look is marked at the next one (about a second), and an
/// open below it in between is not seen.
struct FanotifyMarkManager {
    /// What changed.
    enum Change: Sendable {
        /// A root directory is to be watched: the host's ("") or a container's.
        case started(root: String)
        /// A container has ended.
        case ended(root: String)
        /// Rules need something else.
        case needs
        /// The places in a root directory were found; nil when they could not be looked at in time.
        case planned(root: String, FanotifyPlan?)
        /// What came of a look.
        case looked(WatchPoint, FanotifyLook)
        /// Names that are waited for appeared in these directories.
        case appeared(Set<String>)
        /// These did not answer, and have now: they may be looked at again.
        case answering([WatchPoint])
        /// Time has passed; CLOCK_MONOTONIC.
        case tick(UInt64)
    }

    /// What is to be done.
    enum Action: Sendable, Equatable {
        /// Find the places in a root directory.
        case plan(root: String)
        /// Look at a point, and mark it unless it is what is marked already.
        case look(WatchPoint, marked: WatchPoint.Identity?)
        /// Take a mark back; with `keepsWrites` all of it but what tells of writers.
        case unmark(WatchPoint, WatchPoint.Identity, keepsWrites: Bool)
        /// Say so.
        case tell(Finding)
    }

    /// What is worth a word when it happens.
    enum Finding: Sendable, Equatable {
        /// A container's places could not be looked at in time.
        case unreachable(root: String)
        /// There are more directories than are marked one by one.
        case tooMany(below: String)
    }

    private struct Root {
        var users = 1
        var plan: FanotifyPlan?
        /// Whether its places could not be looked at in time.
        var isUnreachable = false
        /// When its places were looked for last; the first time is the first tick.
        var lookedAt: UInt64 = 0
        /// Whether that was its start.
        var isFresh = true
    }
    private struct Held {
        var identity: WatchPoint.Identity?
        /// The named directory that it was found below; nil for what a plan names.
        var top: WatchPoint?
    }
    private struct Mark: Hashable {
        var device: UInt64
        /// nil: the whole file system.
        var inode: UInt64?
        /// Whether it tells of more than writers.
        var reads = true
    }
    private struct Failure {
        var text: String
        var isRefused: Bool
    }

    /// More containers than this are not followed: as many as a node can have, with room.
    static let maximumRoots = 4096
    /// Places looked at again in one go, at most.
    private static let checkLimit = 256
    /// Marks taken back in one go, at most.
    private static let unmarkLimit = 64
    /// One root's plans are at least this far apart, and at most so far.
    private static let planPauseNanoseconds: UInt64 = 1_000_000_000
    private static let planIntervalNanoseconds: UInt64 = 60_000_000_000

    private let directoryLimit: Int
    private var roots: [String: Root] = [:]
    private var held: [WatchPoint: Held] = [:]
    /// The held points in the order in which they are looked at again; some may be held no more.
    private var order: [WatchPoint] = []
    private var ordered: Set<WatchPoint> = []
    private var nextCheck = 0
    /// How many held points are behind a mark.
    private var users: [Mark: Int] = [:]
    private var superfluous: [(WatchPoint, WatchPoint.Identity)] = []
    private var toPlan: Set<String> = []
    private var silent: Set<WatchPoint> = []
    private var failures: [WatchPoint: Failure] = [:]
    /// Whether there were more root directories than are followed.
    private var isOverfull = false

    init(directoryLimit: Int) { self.directoryLimit = directoryLimit }

    /// Takes a change; gives what is to be done.
    mutating func take(_ change: Change) -> [Action] {
        switch change {
        case .started(let root): return start(root)
        case .ended(let root):
            end(root)
            return []
        case .needs: return roots.keys.sorted().map { .plan(root: $0) }
        case .planned(let root, let plan): return take(plan, of: root)
        case .looked(let point, let look): return take(look, of: point)
        case .appeared(let directories):
            for (root, state) in roots where directories.contains(where: { state.plan?.awaited[$0] != nil }) {
                toPlan.insert(root)
            }
            return []
        case .answering(let points):
            silent.subtract(points)
            return []
        case .tick(let now): return plans(now) + checks() + unmarks()
        }
    }

    /// Names that plans wait for, by directory.
    var awaited: [String: Set<String>] {
        roots.values.reduce(into: [:]) { all, root in all.merge(root.plan?.awaited ?? [:]) { $0.union($1) } }
    }

    /// Containers whose files are watched.
    var containerCount: Int { roots.count { !$0.key.isEmpty } }

    /// The names that rules use for what the kernel shows by another.
    var aliases: PathAliases {
        PathAliases(roots.sorted { $0.key < $1.key }.flatMap { $0.value.plan?.aliases ?? [] })
    }

    /// What can't be watched now.
    var troubles: Set<FanotifyTrouble> {
        var troubles = Set(silent.map { FanotifyTrouble.silent($0.text) })
        for (root, state) in roots {
            if state.isUnreachable { troubles.insert(.unreachable(root: root)) }
            for text in state.plan?.failures ?? [] { troubles.insert(.unmarkable(text)) }
        }
        for (point, failure) in failures {
            troubles.insert(
                failure.isRefused ? .refused(point.text, failure.text) : .unmarkable("\(point.text): \(failure.text)"))
        }
        if isOverfull { troubles.insert(.tooManyRoots(limit: Self.maximumRoots)) }
        return troubles
    }

    /// What is marked.
    var coverage: FanotifyCoverage {
        var coverage = FanotifyCoverage()
        for root in roots.values { coverage.missing += root.plan?.missing ?? 0 }
        var devices: Set<UInt64> = []
        for (point, state) in held {
            switch (point.kind, state.identity) {
            case (.file, nil): coverage.missing += 1
            case (.file, _): coverage.files += 1
            case (.filesystem, let identity?):
                if devices.insert(identity.device).inserted { coverage.filesystems.append(point.text) }
            case (_, nil): break
            default: coverage.directories += 1
            }
        }
        coverage.filesystems.sort()
        return coverage
    }

    // MARK: Root directories

    private mutating func start(_ root: String) -> [Action] {
        guard roots[root] == nil else {
            roots[root]?.users += 1
            return []
        }
        guard roots.count < Self.maximumRoots else {
            isOverfull = true
            return [.tell(.unreachable(root: root))]
        }
        roots[root] = Root()
        return [.plan(root: root)]
    }

    /// Its marks go with its file system, or stay until the group ends.
    private mutating func end(_ root: String) {
        guard let users = roots[root]?.users else { return }
        guard users <= 1 else {
            roots[root]?.users = users - 1
            return
        }
        roots[root] = nil
        toPlan.remove(root)
        for point in held.keys where point.root == root { drop(point) }
    }

    private mutating func take(_ plan: FanotifyPlan?, of root: String) -> [Action] {
        guard let before = roots[root] else { return [] }
        roots[root]?.isUnreachable = plan == nil
        // What it had before stays marked.
        guard let plan else { return before.isUnreachable ? [] : [.tell(.unreachable(root: root))] }
        roots[root]?.plan = plan
        let gone = before.plan?.points.subtracting(plan.points) ?? []
        if !gone.isEmpty {
            for (point, state) in held where gone.contains(point) || state.top.map(gone.contains) == true {
                if let identity = drop(point) { superfluous.append((point, identity)) }
            }
        }
        for point in plan.points { hold(point, below: nil) }
        return plan.points.subtracting(silent).sorted { $0.text < $1.text }
            .map { .look($0, marked: held[$0]?.identity) }
    }

    private mutating func plans(_ now: UInt64) -> [Action] {
        var due: [String] = []
        for (root, state) in roots {
            if state.lookedAt == 0 { roots[root]?.lookedAt = now }
            let passed = now &- (roots[root]?.lookedAt ?? now)
            let isDue = passed >= Self.planIntervalNanoseconds
            let isWanted = toPlan.contains(root) && (state.isFresh || passed >= Self.planPauseNanoseconds)
            if isDue || isWanted { due.append(root) }
        }
        // What is asked for first; of what is only due, one at a time.
        guard let root = due.filter(toPlan.contains).min() ?? due.min() else { return [] }
        toPlan.remove(root)
        roots[root]?.lookedAt = now
        roots[root]?.isFresh = false
        return [.plan(root: root)]
    }

    // MARK: Points

    private mutating func hold(_ point: WatchPoint, below top: WatchPoint?) {
        guard held[point] == nil else { return }
        held[point] = Held(identity: nil, top: top)
        // One that comes and goes is in the order once.
        if ordered.insert(point).inserted { order.append(point) }
    }

    /// Holds it no more; gives what is marked.
    @discardableResult
    private mutating func drop(_ point: WatchPoint) -> WatchPoint.Identity? {
        let identity = held.removeValue(forKey: point)?.identity
        count(point, identity, nil)
        silent.remove(point)
        failures[point] = nil
        return identity
    }

    private func mark(_ point: WatchPoint, _ identity: WatchPoint.Identity) -> Mark {
        if case .filesystem(let reads) = point.kind { return Mark(device: identity.device, inode: nil, reads: reads) }
        return Mark(device: identity.device, inode: identity.inode)
    }

    private mutating func count(
        _ point: WatchPoint, _ before: WatchPoint.Identity?, _ after: WatchPoint.Identity?
    ) {
        if let before {
            let mark = mark(point, before)
            users[mark] = users[mark].flatMap { $0 > 1 ? $0 - 1 : nil }
        }
        if let after { users[mark(point, after), default: 0] += 1 }
    }

    private mutating func take(_ look: FanotifyLook, of point: WatchPoint) -> [Action] {
        guard let state = held[point] else { return [] }
        switch look {
        case .silent:
            silent.insert(point)
            return []
        case .unasked, .same: return []
        case .missing:
            count(point, state.identity, nil)
            held[point]?.identity = nil
            failures[point] = nil
            guard state.top == nil else {
                drop(point)
                return []
            }
            // Another place stands for it now, and its directory tells when it is made again.
            if state.identity != nil { toPlan.insert(point.root) }
            return []
        case .found(let found):
            count(point, state.identity, found.identity)
            held[point]?.identity = found.identity
            failures[point] = found.failure.map { Failure(text: $0, isRefused: found.isRefused) }
            return descend(point, state.top ?? point, found.subdirectories)
        }
    }

    /// Adds the directories directly below that can hold paths that are asked for.
    private mutating func descend(_ point: WatchPoint, _ top: WatchPoint, _ names: [[UInt8]]) -> [Action] {
        guard case .tree(let beginning) = point.kind else { return [] }
        var actions: [Action] = []
        for name in names where name.starts(with: beginning) {
            let child = point.below(name)
            guard held[child] == nil else { continue }
            guard held.count < directoryLimit else {
                let whole = WatchPoint(root: top.root, path: top.path, kind: .filesystem(reads: true))
                guard held[whole] == nil else { return actions }
                hold(whole, below: top)
                return actions + [.tell(.tooMany(below: top.text)), .look(whole, marked: nil)]
            }
            hold(child, below: top)
            actions.append(.look(child, marked: nil))
        }
        return actions
    }

    /// Some of the points; all of them in ten calls, if they are not too many.
    private mutating func checks() -> [Action] {
        var actions: [Action] = []
        for _ in 0..<min(order.count / 10 + 1, Self.checkLimit) where !order.isEmpty {
            if nextCheck >= order.count { nextCheck = 0 }
            let point = order[nextCheck]
            guard let state = held[point] else {
                order.swapAt(nextCheck, order.count - 1)
                order.removeLast()
                ordered.remove(point)
                continue
            }
            nextCheck += 1
            // Each look at one that hangs costs a thread.
            if silent.contains(point) { continue }
            actions.append(.look(point, marked: state.identity))
        }
        return actions
    }

    private mutating func unmarks() -> [Action] {
        let some = superfluous.suffix(Self.unmarkLimit)
        superfluous.removeLast(some.count)
        return some.compactMap { point, identity in
            var mark = mark(point, identity)
            // Something else may be behind the same mark by now, or behind a part of it.
            guard users[mark] == nil else { return nil }
            mark.reads.toggle()
            let isShared = users[mark] != nil
            return isShared && mark.reads ? nil : .unmark(point, identity, keepsWrites: isShared)
        }
    }
}
