import Configuration
import EventModel
import Testing

@testable import Daemon

/// Keeping a budget.
struct SheddingTests {
    private static let second: UInt64 = 1_000_000_000

    /// Feeds seconds of use, in percent of a processor and MiB; gives the steps that are no `nothing`.
    private func run(
        _ budget: inout ResourceBudget, from start: UInt64 = 0, _ seconds: Int, percent: UInt64, mebibytes: UInt64 = 10,
        processor: inout UInt64, canShed: Bool = true
    ) -> [ResourceBudget.Step] {
        var steps: [ResourceBudget.Step] = []
        for second in 1...UInt64(seconds) {
            processor += percent * Self.second / 100
            var usage = ProcessUsage()
            usage.cpuNanoseconds = processor
            usage.residentBytes = mebibytes << 20
            let step = budget.sample(now: (start + second) * Self.second, usage, canShed: canShed)
            if step != .nothing { steps.append(step) }
        }
        return steps
    }

    private func limits(percent: Int? = nil, mebibytes: Int? = nil) -> ResourceLimits {
        var limits = ResourceLimits()
        limits.processorPercent = percent
        limits.memoryMebibytes = mebibytes
        return limits
    }

    @Test func `without bounds nothing is shed`() {
        var budget = ResourceBudget(ResourceLimits())
        var processor: UInt64 = 0
        #expect(run(&budget, 100, percent: 100, mebibytes: 4000, processor: &processor).isEmpty)
    }

    @Test func `a burst is no reason, ten seconds are, and every ten more`() {
        var budget = ResourceBudget(limits(percent: 20))
        var processor: UInt64 = 0
        #expect(run(&budget, 11, percent: 15, processor: &processor).isEmpty)
        #expect(run(&budget, from: 11, 2, percent: 90, processor: &processor).isEmpty)
        #expect(run(&budget, from: 13, 18, percent: 2, processor: &processor).isEmpty)
        let steps = run(&budget, from: 31, 20, percent: 40, processor: &processor)
        #expect(steps.count == 2 && budget.depth == 2, "\(steps)")
        #expect(steps.last == .shed(.processor, used: 40, limit: 20))
    }

    @Test func `with nothing left to shed it stays as it is`() {
        var budget = ResourceBudget(limits(percent: 20))
        var processor: UInt64 = 0
        #expect(run(&budget, 60, percent: 90, processor: &processor, canShed: false).isEmpty)
        #expect(budget.depth == 0)
    }

    @Test func `for memory it forgets first, and sheds only when that was not enough`() {
        var budget = ResourceBudget(limits(mebibytes: 64))
        var processor: UInt64 = 0
        #expect(
            run(&budget, 12, percent: 1, mebibytes: 65, processor: &processor) == [.shrink(used: 65, limit: 64)])
        #expect(budget.depth == 0)
        #expect(
            run(&budget, from: 12, 10, percent: 1, mebibytes: 66, processor: &processor) == [
                .shed(.memory, used: 66, limit: 64)
            ])
        #expect(run(&budget, from: 22, 10, percent: 1, mebibytes: 60, processor: &processor).isEmpty)
        #expect(
            run(&budget, from: 32, 10, percent: 1, mebibytes: 65, processor: &processor) == [
                .shrink(used: 65, limit: 64)
            ])
    }

    @Test func `calm brings it back after two minutes, and after four when that was too soon`() {
        var budget = ResourceBudget(limits(percent: 20))
        var processor: UInt64 = 0
        #expect(run(&budget, 12, percent: 50, processor: &processor).count == 1)
        #expect(run(&budget, from: 12, 300, percent: 15, processor: &processor).isEmpty, "not calm enough")
        #expect(run(&budget, from: 312, 115, percent: 5, processor: &processor).isEmpty)
        #expect(run(&budget, from: 427, 30, percent: 5, processor: &processor) == [.restore])
        #expect(run(&budget, from: 457, 4, percent: 5, processor: &processor).isEmpty)
        #expect(run(&budget, from: 461, 10, percent: 50, processor: &processor).count == 1)
        #expect(run(&budget, from: 471, 245, percent: 5, processor: &processor).isEmpty)
        #expect(run(&budget, from: 716, 20, percent: 5, processor: &processor) == [.restore])
    }

    @Test func `the least valuable goes first, and the most severe rules never`() {
        let stages = SheddingStage.all(
            sources: [.processConnector, .fanotify, .procfs], priorities: [.critical, .notice, .debug])
        #expect(
            stages == [
                .source(.procfs), .rules(lessSevereThan: .notice), .rules(lessSevereThan: .critical),
                .source(.fanotify),
            ])
        #expect(SheddingStage.all(sources: [.procfs], priorities: [.warning]).isEmpty)
        let shed = Shed(stages.prefix(3))
        #expect(shed.threshold == .critical && shed.sources == [.procfs])
        #expect(Shed(stages.prefix(0)) == Shed())
    }
}
