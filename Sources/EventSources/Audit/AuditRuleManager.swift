/// Decides which rules the kernel shall hold: takes what changed and gives what is to be done, in order. Pure: who does it
/// tells what came of it with the next change.
///
/// Adding a rule takes the kernel some 30 µs, taking one back 15 ms (measured; it waits for every processor to have seen
/// it). So what is needed is added at once, all of it, and what is no longer needed goes one by one when nothing else is
/// to be done.
struct AuditRuleManager {
    /// What changed.
    enum Change: Sendable {
        /// The node's rules were planned anew.
        case planned(AuditRulePlan)
        /// A container's first program is about to run; its root directory as the host names it.
        case started(root: String)
        /// It has ended.
        case ended(root: String)
        /// Its places were found; nil when they could not be looked at in time.
        case found(root: String, ContainerPlan?)
        /// What the kernel holds, in its order.
        case listed([AuditRule])
        /// What came of `add` or `remove`: 0 or an errno.
        case done(Action, errorNumber: Int32)
        /// Nothing else is to be done.
        case idle
        /// Marks may have been taken from containers' places, or mean something else now.
        case unsure
    }

    /// What is to be done.
    enum Action: Sendable, Equatable {
        /// Load a rule before all others of its list.
        case add(AuditRule)
        case remove(AuditRule)
        /// Make the rules of a template's directory hold at a place.
        case include(ContainerPlan.Mark)
        /// Look at a container's places; quick, or with all links followed.
        case find(root: String, isQuick: Bool)
        /// Say so.
        case tell(Finding)
    }

    /// What is worth a word.
    enum Finding: Sendable, Equatable {
        /// A rule had been loaded, was gone, and is loaded again.
        case restored(AuditRule)
        /// The kernel does not take a rule.
        case refused(AuditRule, errorNumber: Int32)
        /// The kernel lets nothing be changed.
        case forbidden
        /// A container's file rules hold.
        case covered(root: String)
        /// A container's places could not be looked at in time.
        case unreachable(root: String)
        /// Nothing is at its root directory as we see it.
        case hidden(root: String)
        /// It ended before its file rules held.
        case late(root: String)
    }

    private struct Container {
        var users = 1
        var plan: ContainerPlan?
        var isCovered = false
        /// Looks in a row that found nothing at its root.
        var emptyLooks = 0
    }

    private let key: [UInt8]
    private var plan = AuditRulePlan()
    private var containers: [String: Container] = [:]
    private var order: [String] = []
    private var nextLook = 0
    private var again: [String] = []
    /// Ours, by what we know of the kernel.
    private var loaded: Set<AuditRule> = []
    private var stale: [AuditRule] = []
    /// Rules that wait for a directory that is not there.
    private(set) var waiting: Set<AuditRule> = []
    /// Changes with each new loading of all rules, so that new ones can come before others while the old ones still hold.
    private var generation = 0

    /// More containers than this are not followed: as many as a node can have, with room (a node's pod limit is in the
    /// hundreds).
    static let maximumContainers = 4096

    init(key: [UInt8]) { self.key = key }

    /// The rules that are to be loaded, in order.
    var wanted: [AuditRule] { plan.rules.map(named) }
    /// How many rules are loaded, as far as is known.
    var loadedCount: Int { loaded.count }
    /// Containers whose files are watched.
    var containerCount: Int { containers.count }
    /// Names that plans wait for, by directory.
    var awaited: [String: Set<String>] {
        containers.values.reduce(into: plan.awaited) { all, container in
            all.merge(container.plan?.awaited ?? [:]) { $0.union($1) }
        }
    }

    /// Takes a change; gives what is to be done.
    mutating func take(_ change: Change) -> [Action] {
        switch change {
        case .planned(let new): return take(new)
        case .started(let root): return start(root)
        case .ended(let root): return end(root)
        case .found(let root, let plan): return take(plan, of: root)
        case .listed(let present): return take(present)
        case .done(let action, let errorNumber): return take(errorNumber, of: action)
        case .idle: return next()
        case .unsure: return allMarks
        }
    }

    /// Loads all rules anew before those of others, while the old ones still hold.
    mutating func overtake() -> [Action] {
        generation += 1
        stale += loaded
        return additions()
    }

    // MARK: The node's rules

    private mutating func take(_ new: AuditRulePlan) -> [Action] {
        let areTemplatesNew = new.templates != plan.templates
        plan = new
        waiting = []
        let wanted = Set(wanted)
        stale.removeAll { wanted.contains($0) }
        let superfluous = loaded.subtracting(wanted).subtracting(stale)
        let added = additions()
        stale += superfluous.sorted { "\($0)" < "\($1)" }
        // Places are found anew: other paths may be asked for.
        return added + plan.marks.map { .include($0) }
            + (areTemplatesNew ? order.map { .find(root: $0, isQuick: true) } : [])
    }

    /// What is wanted and not loaded. The last one that is put before all others is the first in the end.
    private func additions() -> [Action] {
        wanted.reversed().filter { !loaded.contains($0) }.map { .add($0) }
    }

    private func named(_ rule: AuditRule) -> AuditRule {
        guard generation > 0 else { return rule }
        var rule = rule
        rule.keys.append(Array("g\(generation)".utf8))
        return rule
    }

    private mutating func take(_ present: [AuditRule]) -> [Action] {
        let ours = Set(present.filter { $0.keys.contains(key) })
        let wanted = wanted
        let all = Set(wanted)
        var actions: [Action] = []
        for rule in wanted.reversed() where !ours.contains(rule) {
            actions.append(.add(rule))
            if loaded.contains(rule) { actions.append(.tell(.restored(rule))) }
        }
        // A directory's rule that was gone took its marks along.
        if all.subtracting(ours).contains(where: { $0.watchedPath?.kind == .directory }) { actions += allMarks }
        loaded = ours
        stale = present.filter { $0.keys.contains(key) && !all.contains($0) }
        return actions
    }

    private mutating func take(_ errorNumber: Int32, of action: Action) -> [Action] {
        switch (action, errorNumber) {
        case (.add(let rule), 0), (.add(let rule), Errno.exists):
            loaded.insert(rule)
            waiting.remove(rule)
            return []
        case (.add(let rule), Errno.noEntry), (.add(let rule), Errno.notDirectory):
            loaded.remove(rule)
            waiting.insert(rule)
            return []
        case (.add, Errno.notPermitted): return [.tell(.forbidden)]
        case (.add(let rule), _):
            loaded.remove(rule)
            return [.tell(.refused(rule, errorNumber: errorNumber))]
        case (.remove(let rule), _):
            loaded.remove(rule)
            return []
        case (.include, _), (.find, _), (.tell, _): return []
        }
    }

    // MARK: Containers

    private mutating func start(_ root: String) -> [Action] {
        guard containers[root] == nil else {
            containers[root]?.users += 1
            return marks(of: [root])
        }
        guard containers.count < Self.maximumContainers else { return [.tell(.unreachable(root: root))] }
        containers[root] = Container()
        order.append(root)
        guard !plan.templates.isEmpty else { return [] }
        return [.find(root: root, isQuick: true)]
    }

    /// Its marks go with its file system; where that stays, nobody opens files by that way any more.
    private mutating func end(_ root: String) -> [Action] {
        guard let container = containers[root] else { return [] }
        guard container.users <= 1 else {
            containers[root]?.users -= 1
            return []
        }
        containers[root] = nil
        order.removeAll { $0 == root }
        let isTold = container.emptyLooks >= Self.emptyLooksUntilTold
        return plan.templates.isEmpty || container.isCovered || isTold ? [] : [.tell(.late(root: root))]
    }

    /// A container that has just ended has an empty root directory, too; one that is hidden still has it at the next round of looks.
    private static let emptyLooksUntilTold = 3

    private mutating func take(_ plan: ContainerPlan?, of root: String) -> [Action] {
        guard containers[root] != nil else { return [] }
        guard let plan else { return [.tell(.unreachable(root: root))] }
        containers[root]?.plan = plan
        guard !plan.isRootEmpty else {
            containers[root]?.emptyLooks += 1
            return containers[root]?.emptyLooks == Self.emptyLooksUntilTold ? [.tell(.hidden(root: root))] : []
        }
        containers[root]?.emptyLooks = 0
        let isFirst = containers[root]?.isCovered == false
        containers[root]?.isCovered = true
        return plan.marks.map { .include($0) } + (isFirst ? [.tell(.covered(root: root))] : [])
    }

    private var allMarks: [Action] { plan.marks.map { .include($0) } + marks(of: order) }

    private func marks(of roots: [String]) -> [Action] {
        roots.flatMap { containers[$0]?.plan?.marks ?? [] }.map { .include($0) }
    }

    // MARK: Idle

    /// One thing at a time: a rule to take back, or a container to look at thoroughly.
    private mutating func next() -> [Action] {
        if let rule = stale.popLast() { return [.remove(rule)] }
        guard !plan.templates.isEmpty else { return [] }
        if let root = order.first(where: { containers[$0]?.plan?.isComplete == false }) {
            return [.find(root: root, isQuick: false)]
        }
        while let root = again.popLast() {
            if containers[root] != nil { return [.find(root: root, isQuick: false)] }
        }
        return []
    }

    /// Has the next containers in turn looked at, when there is time: what is in them changes.
    mutating func lookAgain(atMost count: Int) {
        guard again.isEmpty, !order.isEmpty else { return }
        for _ in 0..<min(count, order.count) {
            nextLook = (nextLook + 1) % order.count
            again.append(order[nextLook])
        }
    }

    /// The containers that have places in a directory.
    func containers(awaiting directory: String) -> [String] {
        order.filter { containers[$0]?.plan?.awaited[directory] != nil }
    }

    /// errno(3), for a pure file.
    private enum Errno {
        static let notPermitted: Int32 = 1
        static let noEntry: Int32 = 2
        static let exists: Int32 = 17
        static let notDirectory: Int32 = 20
    }
}
