import AlertReduction
import Detection
import EventFields
import EventModel
import EventSources
import NodeState
import Outputs

/// Takes what the sources of this node deliver, on the event thread: the detection between them and the outputs.
final class LiveEvents: EventSink {
    /// Where alerts go.
    let delivery: AlertDelivery

    private var detection: Detection
    private var lag = EventLag()
    /// The sensor, whose own work must raise no alerts.
    private let ownPID: Int32
    /// The forwarder, whose requests must not raise the alerts that it then sends. -1: it doesn't run.
    private var forwarderPID: Int32 = -1
    /// Whether a source lost events since that was asked for.
    private var hasLoss = false
    private let clock: LiveClock

    /// Takes events for a detection; those of the process `ownPID` are none.
    init(
        _ detection: consuming Detection, _ delivery: AlertDelivery, ownPID: Int32, clock: LiveClock = LiveClock()
    ) {
        self.clock = clock
        self.detection = detection
        self.delivery = delivery
        self.ownPID = ownPID
    }

    func receive(_ event: inout RawEvent) {
        guard event.process.pid != ownPID, event.process.pid != forwarderPID else { return }
        let source = event.source
        let stamp = event.timeNanoseconds
        let delivery = delivery
        let isSeen = detection.take(&event, now: clock.monotonic, send: { delivery.deliver($0) })
        if isSeen { lag.count(source, stamped: stamp, now: clock.coarseWall()) }
    }

    func report(_ notice: SourceNotice) {
        if notice.kind == .lost { hasLoss = true }
        delivery.report(notice)
    }

    /// The containers that began or ended since the last call, so that sources can watch their files for as long.
    func takeContainerChanges() -> [ContainerChange] { detection.state.takeContainerChanges() }

    /// Whether a source lost events since the last call: others may know what they would have told.
    func takeLoss() -> Bool {
        defer { hasLoss = false }
        return hasLoss
    }

    /// Ends a batch of events: what is due and what outputs kept goes out.
    func endBatch() {
        if detection.nextDeadline != .max {
            detection.tick(now: clock.monotonic(), send: { delivery.deliver($0) })
        }
        delivery.endBatch()
        forwarderPID = delivery.forwarderPID
    }

    /// Goes on with other rules, between two events. `channels` is given when the outputs have changed too.
    func replace(
        rules: RuleEvaluation, reader: EventFieldReader, authority: SourceAuthority,
        reduction: ReductionSettings, channels: OutputChannels?
    ) {
        detection.flush(now: clock.monotonic(), send: { delivery.deliver($0) })
        detection.replace(rules: rules, reader: reader, authority: authority, reduction: reduction)
        if let channels { delivery.replace(channels: channels) }
    }

    /// Adds to a snapshot what went this way.
    func describe(in snapshot: inout HealthSnapshot) {
        let counters = detection.counters
        var alerts = counters.alerts
        alerts.add(delivery.ownAlerts)
        snapshot.events = counters.events
        snapshot.matches = alerts.rules
        snapshot.rules = detection.rules.ruleCount
        snapshot.reduction = detection.reductionCounters
        snapshot.costs = detection.rules.costs
        snapshot.lag = lag
        delivery.describe(in: &snapshot)
    }

    /// Delivers what is held back, closes the outputs and gives the counts.
    func finish(_ sources: [(source: SourceKind, counters: SourceCounters)]) -> RunSummary {
        detection.flush(now: clock.monotonic(), send: { delivery.deliver($0) })
        return RunSummary(detection, delivery, sources)
    }
}

extension RunSummary {
    /// Closes the outputs and sums up what a detection found, what was delivered and what was lost.
    init(
        _ detection: borrowing Detection, _ delivery: AlertDelivery,
        _ sources: [(source: SourceKind, counters: SourceCounters)]
    ) {
        delivery.close()
        self = delivery.summary
        events = detection.counters.events
        alerts.add(detection.counters.alerts)
        for (source, counters) in sources {
            addDrop("\(source.name): events lost in the kernel", count: counters.lostInKernel)
            addDrop("\(source.name): events not worked off at the end", count: counters.unread)
            addDrop("\(source.name): records that could not be decoded", count: counters.malformed)
            addDrop("\(source.name): events given up incomplete", count: counters.incomplete)
            if let what = SourceTraits.of(source)?.uncounted { addUncounted("\(source.name): \(what)") }
        }
        addDrop(
            "values of fields, since too many were looked up in a second", count: detection.state.counters.looksRefused)
        repeatsFolded = detection.reductionCounters.folded
        alertsHeldBack = detection.reductionCounters.rateLimited
    }
}
