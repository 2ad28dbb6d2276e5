import AlertReduction
import AuditRecords
import Detection
import EventFields
import EventModel
import EventSources
import InternalAlerts
import Learning
import NodeState
import Outputs
import Recording

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
    private var correlationWatch = CorrelationWatch()
    private var exceptionWatch = ExceptionWatch()
    private var seccompWatch = SeccompWatch()
    private var groupUses = GroupUses()
    /// The losses of sources that correlations know of.
    private var lossesNoted: UInt64 = 0
    private let clock: LiveClock
    /// The source whose filter is told what rules can mean of processes.
    private let filtering: (any ProcessFiltering)?
    /// Notes what is done here; nil where the run is not recorded.
    private let recorder: Recorder?

    /// Takes events for a detection; those of the process `ownPID` are none.
    init(
        _ detection: consuming Detection, _ delivery: AlertDelivery, ownPID: Int32, clock: LiveClock = LiveClock(),
        filtering: (any ProcessFiltering)? = nil, recorder: Recorder? = nil
    ) {
        self.filtering = filtering
        self.recorder = recorder
        self.clock = clock
        self.detection = detection
        self.delivery = delivery
        self.ownPID = ownPID
        exceptionWatch.watch(self.detection.rules.expirations)
    }

    func receive(_ event: inout RawEvent) {
        guard event.process.pid != ownPID, event.process.pid != forwarderPID else { return }
        let source = event.source
        let stamp = event.timeNanoseconds
        let delivery = delivery
        let isSeen: Bool
        if let recorder {
            recorder.begin(event)
            let clock = clock
            isSeen = detection.take(
                &event,
                now: {
                    let now = clock.monotonic()
                    recorder.note(monotonic: now)
                    return now
                }, send: { delivery.deliver($0) })
        } else {
            isSeen = detection.take(&event, now: clock.monotonic, send: { delivery.deliver($0) })
        }
        if let filtering, filtering.kind == source { detection.sift(for: filtering) }
        if isSeen { lag.count(source, stamped: stamp, now: clock.coarseWall()) }
    }

    func receive(_ record: SeccompRecord) {
        guard record.pid != ownPID, record.pid != forwarderPID else { return }
        let process = detection.state.process(pid: record.pid)
        if let alert = seccompWatch.alert(of: record, by: process) { delivery.deliver(alert) }
    }

    func report(_ notice: SourceNotice) {
        if notice.kind == .lost {
            hasLoss = true
            // What a log says of losses no counter has.
            if notice.source == .auditLog { noteLoss(max(notice.count, 1)) }
        }
        delivery.report(notice)
    }

    /// Notes with the tick what sources have lost, since their notices wait for each other.
    func noteLosses(of sources: [any EventSource]) {
        var total: UInt64 = 0
        for source in sources {
            let counters = source.counters
            total &+= max(counters.lostInKernel, counters.overruns) &+ counters.incomplete
        }
        if total > lossesNoted, detection.rules.hasCorrelations { noteLoss(total &- lossesNoted) }
        // Less than before: a source is gone.
        lossesNoted = total
    }

    private func noteLoss(_ count: UInt64) {
        let time = clock.wall()
        recorder?.begin(.loss(count, time))
        detection.noteLoss(count, timeNanoseconds: time)
    }

    /// Between two events: what the state does of itself.
    func tick(_ state: NodeState, wallClock: UInt64) {
        recorder?.begin(.tick(wallClock))
        state.tick(nowNanoseconds: wallClock)
    }

    /// The containers that began or ended since the last call, so that sources can watch their files for as long.
    func takeContainerChanges() -> [ContainerChange] {
        let changes = detection.state.takeContainerChanges()
        if let learner = detection.learner {
            for case .ended(let id) in changes {
                learner.end(container: id, now: UInt32(clamping: clock.wall() / 1_000_000_000))
            }
        }
        return changes
    }

    /// Learns what the kernel counted of control groups.
    func takeUses(of sources: [any EventSource]) {
        guard let learner = detection.learner else { return }
        learner.use(counted: GroupUses.kinds(of: sources))
        let now = UInt32(clamping: clock.wall() / 1_000_000_000)
        for source in sources { groupUses.take(from: source, to: learner, detection.state, now: now) }
    }

    /// The same for the last time: calls that have begun and not returned are among it.
    func takeLastUses(of sources: [any EventSource]) {
        guard let learner = detection.learner else { return }
        for source in sources { source.noteCallsUnderWay() }
        takeUses(of: sources)
        groupUses.end(learner)
    }

    /// Whether a source lost events since the last call: others may know what they would have told.
    func takeLoss() -> Bool {
        defer { hasLoss = false }
        return hasLoss
    }

    /// Ends a batch of events: what is due and what outputs kept goes out.
    func endBatch() {
        if detection.nextDeadline != .max {
            let now = clock.monotonic()
            if now >= detection.nextDeadline {
                recorder?.begin(.due(now))
                detection.tick(now: now, send: { delivery.deliver($0) })
            }
        }
        if let recorder {
            recorder.passOn(now: clock.monotonic())
            if let problem = recorder.takeProblem() {
                delivery.send(Self.alert(recordingEndedBy: problem, clock.wall()))
            }
        }
        if let filtering { detection.renewSieve(for: filtering) }
        if detection.rules.keysGivenUp > correlationWatch.told,
            let alert = correlationWatch.alert(detection.rules, now: clock.monotonic(), wall: clock.wall())
        {
            delivery.deliver(alert)
        }
        let wall = clock.coarseWall()
        if exceptionWatch.isDue(wall) { exceptionWatch.alerts(wall: wall).forEach(delivery.deliver) }
        delivery.endBatch()
        forwarderPID = delivery.forwarderPID
    }

    /// Goes on with other rules, between two events. `channels` is given when the outputs have changed too.
    func replace(
        rules: RuleEvaluation, reader: EventFieldReader, authority: SourceAuthority,
        reduction: ReductionSettings, incidents: IncidentSettings, channels: OutputChannels?
    ) {
        flush()
        recorder?.begin(.reload)
        detection.replace(
            rules: rules, reader: reader, authority: authority, reduction: reduction, incidents: incidents)
        correlationWatch.told = min(correlationWatch.told, detection.rules.keysGivenUp)
        exceptionWatch.watch(detection.rules.expirations)
        if let channels { delivery.replace(channels: channels) }
    }

    private func flush() {
        let now = clock.monotonic()
        recorder?.begin(.flush(now))
        detection.flush(now: now, send: { delivery.deliver($0) })
    }

    private static func alert(recordingEndedBy problem: String, _ time: UInt64) -> Alert {
        InternalAlert.make(.recordingEnded, "The recording ends before the run: \(problem)", [], time)
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
        snapshot.correlations = detection.rules.correlations
        snapshot.incidentsEndedEarly = detection.incidentsEndedEarly
        snapshot.learning = detection.learner.map(LearningStatus.init)
        snapshot.lag = lag
        delivery.describe(in: &snapshot)
    }

    /// Delivers what is held back, closes the outputs and gives the counts.
    func finish(_ sources: [(source: SourceKind, counters: SourceCounters)]) -> RunSummary {
        flush()
        recorder?.finish()
        if let problem = recorder?.takeProblem() {
            delivery.send(Self.alert(recordingEndedBy: problem, clock.wall()))
        }
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
        addDrop(
            "files that rules name and that are known by these names alone, since there are too many",
            count: detection.state.counters.namedFilesLeftOut)
        repeatsFolded = detection.reductionCounters.folded
        alertsHeldBack = detection.reductionCounters.rateLimited
    }
}
