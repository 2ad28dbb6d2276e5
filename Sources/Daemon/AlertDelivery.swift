import CommandOutput
import Delivery
import EventModel
import EventSources
import InternalAlerts
import Outputs
import Spool

/// The way of an alert from the event thread to the outputs: channels, spool, and what they have to tell.
final class AlertDelivery {
    /// The channel to the network outputs; nil without any.
    let spool: SpoolOutput?
    /// The forwarder's process id; -1: it doesn't run.
    private(set) var forwarderPID: Int32 = -1
    /// Alerts of Shrike's own.
    private(set) var ownAlerts = AlertCounts()

    private var channels: OutputChannels
    private let log: DaemonLog
    private let clock: LiveClock
    /// Whether the end waits for the outputs' readers, as a log's does.
    private let isLossless: Bool
    /// So long outputs may take at the end of a run; the forwarder has its own time beside it.
    private static let closeMilliseconds: UInt64 = 1500
    /// What keeps the spool from being written; nil when nothing does.
    private var spoolFailure: String?

    /// A delivery into channels; `spool` is one of them.
    init(
        _ channels: OutputChannels, spool: SpoolOutput? = nil, isLossless: Bool = false, clock: LiveClock = LiveClock(),
        log: DaemonLog
    ) {
        self.clock = clock
        self.isLossless = isLossless
        self.channels = channels
        self.spool = spool
        self.log = log
    }

    /// Delivers an alert that a rule raised.
    func deliver(_ alert: Alert) { channels.send(alert) }

    /// Delivers an alert of Shrike's own.
    func send(_ alert: Alert) {
        ownAlerts.count(alert)
        channels.send(alert)
    }

    /// Tells what a source has to say: in the log, and in an alert if it is more than a remark.
    func report(_ notice: SourceNotice) {
        let text = "\(notice.source.name): \(notice.message)"
        guard let alert = InternalAlert.of(notice, timeNanoseconds: clock.wall()) else { return log.info(text) }
        log.warning(text)
        send(alert)
    }

    /// Ends a batch of alerts: what channels kept goes out.
    func endBatch() {
        channels.endBatch()
        takeDeliveryEvents()
        tellProblems()
    }

    /// What the outputs have to tell; its alerts go out with the next batch.
    private func tellProblems() {
        for problem in channels.takeProblems() {
            log.warning(problem.message)
            if let alert = problem.alert(timeNanoseconds: clock.wall()) { send(alert) }
        }
    }

    /// What the delivery over the network has to tell; its alerts go out with the next batch.
    private func takeDeliveryEvents() {
        guard let spool else { return }
        forwarderPID = spool.forwarderPID ?? -1
        for event in spool.takeEvents() {
            log.warning(event.message)
            switch event {
            case .spool(.failing(reason: let reason)): spoolFailure = reason
            case .spool(.recovered): spoolFailure = nil
            case .launcherEnded: spoolFailure = "its delivery has ended"
            default: break
            }
            if let alert = event.alert(timeNanoseconds: clock.wall()) { send(alert) }
        }
    }

    /// Begins to write to the outputs, with the privileges that are left now.
    func start() { channels.start() }

    /// Goes on with other channels; the old ones deliver what they have beside them, but for the spool, which is in both.
    func replace(channels new: OutputChannels) {
        channels.endBatch()
        new.takeOver(channels, except: spool)
        channels = new
    }

    /// Whether nobody reads alerts any more.
    var haveOutputsEnded: Bool { channels.haveAllEnded }

    /// Opens output files anew.
    func reopenOutputs() { channels.reopen() }

    /// Adds to a snapshot what the outputs took.
    func describe(in snapshot: inout HealthSnapshot) {
        snapshot.outputs = channels.counters
        snapshot.failingOutputs = channels.failing + (spoolFailure.map { ["spool (\($0))"] } ?? [])
        snapshot.delivery = spool?.status(wallClock: clock.wall())
    }

    /// Closes the outputs.
    func close() {
        // Its alerts must reach the channels while they are open; what comes after is in the log.
        channels.endBatch()
        takeDeliveryEvents()
        channels.close(withinMilliseconds: isLossless ? nil : Self.closeMilliseconds)
        for event in spool?.takeEvents() ?? [] { log.warning(event.message) }
        for problem in channels.takeProblems() { log.warning(problem.message) }
    }

    /// What was delivered and lost, after `close`.
    var summary: RunSummary {
        var summary = RunSummary()
        summary.alerts = ownAlerts
        if let status = spool?.status(wallClock: clock.wall()) { summary.add(status) }
        summary.addDrops(of: channels)
        return summary
    }
}
