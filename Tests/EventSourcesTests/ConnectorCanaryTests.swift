import Testing

@testable import EventSources

@Suite struct ConnectorCanaryTests {
    private static func exit(_ pid: Int32) -> ProcessConnectorMessage.Event {
        .exit(ProcessConnectorMessage.Task(thread: pid, process: pid), status: 0)
    }

    @Test func `a canary that is seen says nothing`() {
        var canary = ConnectorCanary()
        #expect(canary.tick(now: 0, interval: 10, losses: 0) == .nothing)
        #expect(canary.tick(now: 9, interval: 10, losses: 0) == .nothing)
        #expect(canary.tick(now: 10, interval: 10, losses: 0) == .run)
        canary.started(50)
        #expect(canary.isAbout(Self.exit(51)) == false)
        #expect(canary.isAbout(Self.exit(50)) == true)
        #expect(canary.isAbout(Self.exit(50)) == false, "the pid may be another's now")
        #expect(canary.tick(now: 20, interval: 10, losses: 0) == .run)
    }

    @Test func `a canary that is not seen makes blind once, and seen again recovered`() {
        var canary = ConnectorCanary()
        _ = canary.tick(now: 0, interval: 10, losses: 0)
        #expect(canary.tick(now: 10, interval: 10, losses: 0) == .run)
        canary.started(50)
        #expect(canary.tick(now: 20, interval: 10, losses: 0) == .becameBlind)
        #expect(canary.tick(now: 21, interval: 10, losses: 0) == .run)
        canary.started(51)
        #expect(canary.tick(now: 31, interval: 10, losses: 0) == .run)
        canary.started(52)
        #expect(canary.isAbout(Self.exit(52)) == true)
        #expect(canary.tick(now: 41, interval: 10, losses: 0) == .recovered)
    }

    @Test func `a canary lost in an overflow is no blindness`() {
        var canary = ConnectorCanary()
        _ = canary.tick(now: 0, interval: 10, losses: 0)
        #expect(canary.tick(now: 10, interval: 10, losses: 0) == .run)
        canary.started(50)
        #expect(canary.tick(now: 20, interval: 10, losses: 1) == .run)
    }
}
