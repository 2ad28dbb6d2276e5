import KernelInterface
import Testing

@testable import EventSources

@Suite struct SourceCanaryTests {
    private func process(_ pid: Int32, at time: UInt64 = 100) -> CanaryProcess {
        CanaryProcess(pid: pid, startedNanoseconds: time, openedFile: false)
    }

    @Test func `before the first there is nothing to say`() {
        var canary = SourceCanary()
        #expect(canary.conclude(losses: 0) == .nothing)
        #expect(canary.latencyNanoseconds == nil && canary.outage == nil)
    }

    @Test func `one that is seen gives its latency`() {
        var canary = SourceCanary()
        canary.started(process(50), losses: 0)
        #expect(canary.pid == 50)
        canary.seen(now: 140)
        // Its other events don't count.
        canary.seen(now: 190)
        #expect(canary.latencyNanoseconds == 40)
        #expect(canary.conclude(losses: 0) == .nothing)
        #expect(canary.pid == 0, "the pid may be another's now")
    }

    @Test func `one that is not seen makes blind once, and one that is makes well again`() {
        var canary = SourceCanary()
        canary.started(process(50), losses: 3)
        #expect(canary.conclude(losses: 3) == .becameBlind)
        #expect(canary.outage != nil && canary.missed == 1)
        canary.started(process(51), losses: 3)
        #expect(canary.conclude(losses: 3) == .nothing)
        canary.started(process(52), losses: 3)
        canary.seen(now: 200)
        #expect(canary.conclude(losses: 3) == .recovered)
        #expect(canary.outage == nil && canary.missed == 2)
    }

    @Test func `one that was lost with others is no blindness`() {
        var canary = SourceCanary()
        canary.started(process(50), losses: 0)
        #expect(canary.conclude(losses: 1) == .nothing)
        #expect(canary.outage == nil && canary.missed == 1)
    }
}
