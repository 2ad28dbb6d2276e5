import CommandOutput
import Configuration
import EventModel
import EventSources
import InternalAlerts
import KernelInterface
import NodeState

/// Keeps the sensor within its budget: sheds what is worth least when it uses too much, tells of it in an alert, and takes it
/// up again when there is room.
final class LoadShedding {
    private let reload: Reload
    private let sources: LiveSources
    private let delivery: AlertDelivery
    private let state: NodeState
    private let log: DaemonLog
    private let clock: LiveClock
    /// What this process uses.
    private let usage: () -> ProcessUsage
    private var budget: ResourceBudget
    /// As of the moment when nothing was shed.
    private var stages: [SheddingStage] = []
    private var nextSample: UInt64 = 0
    private static let sampleNanoseconds: UInt64 = 1_000_000_000

    init(
        _ limits: ResourceLimits, reload: Reload, sources: LiveSources, delivery: AlertDelivery, state: NodeState,
        usage: @escaping () -> ProcessUsage = ProcessUsage.current, clock: LiveClock, log: DaemonLog
    ) {
        self.usage = usage
        self.clock = clock
        budget = ResourceBudget(limits)
        self.reload = reload
        self.sources = sources
        self.delivery = delivery
        self.state = state
        self.log = log
    }

    /// Looks at what is used; call it with every tick (CLOCK_MONOTONIC).
    func tick(now: UInt64) {
        guard now >= nextSample else { return }
        nextSample = now &+ Self.sampleNanoseconds
        budget.limits = reload.limits
        guard budget.isAsked else { return }
        if budget.depth == 0 {
            stages = SheddingStage.all(sources: sources.running.map(\.kind), priorities: reload.priorities)
        }
        let step = budget.sample(now: now, usage(), canShed: budget.depth < stages.count)
        switch step {
        case .nothing: break
        case .restore: change(to: budget.depth, nil)
        case .shrink(let used, let limit):
            state.shrink()
            ProcessMemory.trim()
            tell(
                .loadShed,
                "Shrike uses \(used) MiB of memory, \(limit) are allowed: it keeps fewer processes in mind", "processes"
            )
        case .shed(let resource, let used, let limit):
            let cause =
                switch resource {
                case .processor: "Shrike used \(used) % of a processor for ten seconds, \(limit) % are allowed"
                case .memory: "Shrike uses \(used) MiB of memory, \(limit) are allowed"
                }
            change(to: budget.depth, cause)
        }
    }

    /// Puts a number of stages in place; `cause` when it is one more.
    private func change(to depth: Int, _ cause: String?) {
        let shed = stages.prefix(depth)
        guard
            let text = cause.map({ cause in
                "\(cause): not watched any more: \(shed.last?.text ?? "")"
            }) ?? stages.dropFirst(depth).first.map({ "watched again: \($0.text)" })
        else { return }
        let names = shed.map(\.text).joined(separator: ", ")
        reload.take(Shed(shed)) { [self] problem in
            if let problem { return log.warning("\(text): failed: \(problem)") }
            tell(
                cause == nil ? .watchingMore : .loadShed, text, names)
        }
    }

    private func tell(_ rule: InternalRule, _ text: String, _ shed: String) {
        log.warning(text)
        delivery.send(
            InternalAlert.make(rule, text, [("shed", .string(Array(shed.utf8)))], clock.wall()))
    }
}
