public import EventModel
public import ForwarderProtocol
import KernelInterface
public import Outputs
public import Spool

/// The channel to the network outputs: writes alerts to the spool and wakes the forwarder.
public final class SpoolOutput: AlertOutput {
    /// What it is called in counts and messages.
    public let name: String
    /// The spool's file.
    public let path: String
    private let spool: SpoolWriter
    private let forwarder: ForwarderProcess
    private var writer: AlertWriter
    private var payload: [UInt8] = []
    private var events: [DeliveryEvent] = []
    /// Goes up when Shrike itself puts a new file in place of a damaged one.
    public private(set) var generation = 0
    private var hasNewAlerts = false
    /// Whether nothing can be delivered until the next start.
    public private(set) var isDeliveryOver = false
    private var nextTick: UInt64 = 0
    private static let tickNanoseconds: UInt64 = 100_000_000
    private let age = AgeClock(wallClock: KernelClock.wall(), monotonic: KernelClock.monotonic())
    private var nextVerification: UInt64 = 0
    private static let longestLockNanoseconds: UInt64 = 5_000_000_000
    /// Not more often, whatever the other process says.
    private static let verificationNanoseconds: UInt64 = 600_000_000_000

    private var plan: ForwarderPlan
    /// The plan that the forwarder gets as soon as the spool knows its outputs.
    private var nextPlan: ForwarderPlan?
    private var credentials: CredentialWatch
    private var knownPID: Int32?
    private var failing: Set<String> = []
    /// What the outputs had done before this run, by name.
    private let before: [String: OutputProgress]

    /// A channel into a spool, with the process that empties it; it is started with the first call of `flush`.
    init(_ spool: SpoolWriter, _ plan: ForwarderPlan, forwarder: ForwarderProcess) {
        name = "spool \(plan.spoolPath)"
        path = plan.spoolPath
        self.spool = spool
        self.plan = plan
        self.forwarder = forwarder
        writer = Self.writer(plan.format)
        credentials = CredentialWatch(plan)
        before = Dictionary(spool.progress().map { ($0.output, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The spool has every member: what each output wants of them is decided when it is sent.
    private static func writer(_ format: AlertFormat) -> AlertWriter {
        var full = format
        full.isJSON = true
        full.includesOutput = true
        full.includesMessage = true
        full.includesOutputFields = true
        full.includesTags = true
        return AlertWriter(format: full)
    }

    /// Goes on with other outputs and bounds; nothing is lost in between. Without outputs nothing is sent any more, and
    /// nobody may write to this channel.
    public func change(_ plan: ForwarderPlan, limits: SpoolLimits) {
        self.plan = plan
        writer = Self.writer(plan.format)
        credentials = CredentialWatch(plan)
        spool.change(outputs: plan.outputs.map(\.name), limits: limits)
        nextPlan = plan
        nextTick = 0
    }

    /// Somebody has put another file, or none, in the place of the spool: a new one takes what the old one still has.
    public func moveOn(now: UInt64) {
        spool.moveOn(because: "somebody removed it or put another in its place", monotonic: now)
        nextTick = 0
    }

    /// What it is to do.
    public var currentPlan: ForwarderPlan { plan }

    /// The forwarder's process id; nil while it doesn't run.
    public var forwarderPID: Int32? { forwarder.pid }

    /// What each output has done.
    public var progress: [OutputProgress] { spool.progress() }

    /// Alerts that are not in the file yet.
    public var pendingCount: Int { spool.pendingCount }

    /// Nothing: it writes alerts, not lines.
    public func write(_ alert: borrowing RenderedAlert) throws(OutputError) {}

    /// Appends an alert to what the next `flush` commits.
    public func write(_ alert: Alert, _ rendered: borrowing RenderedAlert) throws(OutputError) {
        hasNewAlerts = true
        writer.write(alert, into: &payload)
        spool.append(
            SpooledAlert(
                timeNanoseconds: alert.timeNanoseconds, priority: alert.priority, rule: alert.rule, tags: alert.tags,
                source: alert.source, payload: payload))
    }

    /// Commits, wakes the forwarder and looks after it.
    public func flush() throws(OutputError) {
        let now = KernelClock.monotonic()
        // Called after every batch of events; without an alert there is something to do a few times a second only.
        guard hasNewAlerts || now >= nextTick else { return }
        hasNewAlerts = false
        nextTick = now &+ Self.tickNanoseconds
        let time = age.nanoseconds(wallClock: KernelClock.wall(), monotonic: now)
        let outcome = spool.commit(monotonic: now, wallClockSeconds: Int64(time / 1_000_000_000))
        if case .committed = outcome { forwarder.wake() }
        if let since = spool.lockedSince, now &- since > Self.longestLockNanoseconds {
            // It stands still inside a transaction. Its end gives the lock back, and it repeats what it had not noted.
            forwarder.restart(now: now)
        }
        if forwarder.hasMetDamage, now >= nextVerification {
            nextVerification = now &+ Self.verificationNanoseconds
            spool.verify()
        }
        if spool.generation != generation {
            // The old process reads a file that is not the spool any more.
            generation = spool.generation
            forwarder.restart(now: now)
        }
        if let nextPlan, !spool.hasToSetOutputs {
            self.nextPlan = nil
            forwarder.change(nextPlan, now: now)
        } else if credentials.haveChanged(now: now) {
            events.append(.credentialsChanged)
            forwarder.change(plan, now: now)
        }
        forwarder.tick(now: now)
        if forwarder.hasLostLauncher, !isDeliveryOver {
            isDeliveryOver = true
            events.append(.launcherEnded)
        }
        events += spool.takeReports(monotonic: now).map(DeliveryEvent.spool)
        takeForwarderReports()
    }

    private func takeForwarderReports() {
        if forwarder.pid != knownPID {
            // Another process says anew what fails.
            knownPID = forwarder.pid
            failing = []
        }
        for report in forwarder.takeReports() {
            switch report.kind {
            // It may say what it likes: only outputs that there are count.
            case .failing where plan.outputs.contains { $0.name == report.output }: failing.insert(report.output)
            case .recovered: failing.remove(report.output)
            case .failing, .rejected, .remark: break
            }
            events.append(.forwarder(report))
        }
    }

    /// How the delivery goes.
    public func status(wallClock: UInt64) -> DeliveryStatus {
        let spooled = spool.status()
        var status = DeliveryStatus()
        status.alerts = UInt64(clamping: spooled.alerts)
        status.bytes = UInt64(clamping: spooled.bytes)
        if let oldest = spooled.oldestNanoseconds, oldest < wallClock {
            status.oldestAgeSeconds = Double(wallClock - oldest) / 1e9
        }
        status.lost = spool.lost.map { (reason: $0.reason, count: $0.count) }
        status.trouble = forwarder.trouble
        status.outputs = spooled.outputs.map { output in
            let before = before[output.output]
            return DeliveryStatus.Output(
                name: output.output, delivered: UInt64(clamping: output.delivered),
                rejected: UInt64(clamping: output.rejected), queued: UInt64(clamping: output.queued),
                deliveredNow: UInt64(clamping: output.delivered - (before?.delivered ?? 0)),
                rejectedNow: UInt64(clamping: output.rejected - (before?.rejected ?? 0)),
                isFailing: failing.contains(output.output))
        }
        return status
    }

    /// Commits, and lets the forwarder end.
    public func close() throws(OutputError) {
        nextTick = 0
        try flush()
        forwarder.stop()
        // What would be summed up with later losses: there are none.
        events += spool.takeReports(monotonic: .max).map(DeliveryEvent.spool)
        takeForwarderReports()
    }

    /// What the user should know since the last call.
    public func takeEvents() -> [DeliveryEvent] {
        if events.isEmpty { return [] }
        defer { events.removeAll() }
        return events
    }
}
