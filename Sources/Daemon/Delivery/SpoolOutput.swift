import EventModel
import Glibc
import Outputs
import Spool

/// The channel to the network outputs: writes alerts to the spool and wakes the forwarder.
final class SpoolOutput: AlertOutput {
    let name: String
    /// The spool's file.
    let path: String
    private let spool: SpoolWriter
    private let forwarder: ForwarderProcess
    private var writer: AlertWriter
    private var payload: [UInt8] = []
    private var events: [DeliveryEvent] = []
    /// Goes up when Shrike itself puts a new file in place of a damaged one.
    private(set) var generation = 0
    private var hasNewAlerts = false
    /// Whether nothing can be delivered until the next start.
    private(set) var isDeliveryOver = false
    private var nextTick: UInt64 = 0
    private static let tickNanoseconds: UInt64 = 100_000_000
    private let age = AgeClock(wallClock: Pipeline.now(), monotonic: Pipeline.clock(CLOCK_MONOTONIC))
    private var nextVerification: UInt64 = 0
    private static let longestLockNanoseconds: UInt64 = 5_000_000_000
    /// Not more often, whatever the other process says: the event thread waits for it.
    private static let verificationNanoseconds: UInt64 = 600_000_000_000

    /// A channel into a spool, with the process that empties it; it is started with the first call of `flush`.
    init(_ spool: SpoolWriter, path: String, forwarder: ForwarderProcess, format: AlertFormat) {
        name = "spool \(path)"
        self.path = path
        self.spool = spool
        self.forwarder = forwarder
        // The spool has every member: what each output wants of them is decided when it is sent.
        var full = format
        full.isJSON = true
        full.includesOutput = true
        full.includesMessage = true
        full.includesOutputFields = true
        full.includesTags = true
        writer = AlertWriter(format: full)
    }

    /// The forwarder's process id; nil while it doesn't run.
    var forwarderPID: Int32? { forwarder.pid }

    /// What each output has done.
    var progress: [OutputProgress] { spool.progress() }

    /// Alerts that are not in the file yet.
    var pendingCount: Int { spool.pendingCount }

    func write(_ alert: borrowing RenderedAlert) throws(OutputError) {}

    func write(_ alert: Alert, _ rendered: borrowing RenderedAlert) throws(OutputError) {
        hasNewAlerts = true
        writer.write(alert, into: &payload)
        spool.append(
            SpooledAlert(
                timeNanoseconds: alert.timeNanoseconds, priority: alert.priority, rule: alert.rule, tags: alert.tags,
                source: alert.source, payload: payload))
    }

    func flush() throws(OutputError) {
        let now = Pipeline.clock(CLOCK_MONOTONIC)
        // Called after every batch of events; without an alert there is something to do a few times a second only.
        guard hasNewAlerts || now >= nextTick else { return }
        hasNewAlerts = false
        nextTick = now &+ Self.tickNanoseconds
        let time = age.nanoseconds(wallClock: Pipeline.now(), monotonic: now)
        let outcome = spool.commit(monotonic: now, wallClockSeconds: Int64(time / 1_000_000_000))
        if case .committed = outcome { forwarder.wake() }
        if let since = spool.lockedSince, now &- since > Self.longestLockNanoseconds {
            // It stands still inside a transaction. Its end gives the lock back, and it repeats what it had not noted.
            forwarder.restart(now: now)
        }
        if forwarder.hasMetDamage, now >= nextVerification {
            nextVerification = now &+ Self.verificationNanoseconds
            spool.verify(monotonic: now)
        }
        if spool.generation != generation {
            // The old process reads a file that is not the spool any more.
            generation = spool.generation
            forwarder.restart(now: now)
        }
        forwarder.tick(now: now)
        if forwarder.hasLostLauncher, !isDeliveryOver {
            isDeliveryOver = true
            events.append(.launcherEnded)
        }
        events += spool.takeReports(monotonic: now).map(DeliveryEvent.spool)
        events += forwarder.takeReports().map(DeliveryEvent.forwarder)
    }

    func close() throws(OutputError) {
        nextTick = 0
        try flush()
        forwarder.stop()
        // What would be summed up with later losses: there are none.
        events += spool.takeReports(monotonic: .max).map(DeliveryEvent.spool)
        events += forwarder.takeReports().map(DeliveryEvent.forwarder)
    }

    /// What the user should know since the last call.
    func takeEvents() -> [DeliveryEvent] {
        if events.isEmpty { return [] }
        defer { events.removeAll() }
        return events
    }
}
