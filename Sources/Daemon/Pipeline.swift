import EventFields
import EventModel
import EventSources
import Glibc
import NodeState
import Outputs
import RuleEngine
import Spool

/// The way of an event on the event thread: source to node state to rules to alert.
final class Pipeline: EventSink {
    /// Sees containers begin and end, so that sources can watch their files for as long.
    var onContainerChange: ((ContainerChange) -> Void)?

    /// The channel to the network outputs, for what it has to tell.
    var spool: SpoolOutput?

    private let state: NodeState
    private var reader: EventFieldReader
    private var evaluation: RuleEvaluation
    private var channels: OutputChannels
    private let log: DaemonLog
    private var reduction: AlertReduction
    private let reductionClock: ReductionClock
    /// The last time that alerts were taken at, nanoseconds of `reductionClock`.
    private var reductionTime: UInt64 = 0
    /// For each source, the event types that it alone tells the rules; the others' events only feed the state.
    private var authority: [EventTypeSet]
    private let ownPID: Int32
    /// The forwarder, whose requests must not raise the alerts that it then sends. -1: it doesn't run.
    private var forwarderPID: Int32 = -1
    private(set) var summary = RunSummary()
    private var lag = EventLag()
    /// What keeps the spool from being written; nil when nothing does.
    private var spoolFailure: String?

    /// Which time windows and intervals of alerts are measured in.
    enum ReductionClock {
        /// CLOCK_MONOTONIC, which nobody sets.
        case monotonic
        /// The events': a log is read in less time than it tells of.
        case events
    }

    /// A pipeline into these channels. `authority` is indexed by `SourceKind.rawValue`.
    init(
        state: NodeState, reader: EventFieldReader, evaluation: RuleEvaluation, channels: OutputChannels,
        authority: [EventTypeSet], reduction: ReductionSettings, reductionClock: ReductionClock = .monotonic,
        log: DaemonLog
    ) {
        self.state = state
        self.reader = reader
        self.evaluation = evaluation
        self.channels = channels
        self.authority = authority
        self.reduction = AlertReduction(reduction)
        self.reductionClock = reductionClock
        self.log = log
        ownPID = getpid()
    }

    func receive(_ event: inout RawEvent) {
        guard event.process.pid != ownPID, event.process.pid != forwarderPID else { return }
        let type = event.type
        let source = event.source
        let stamp = event.timeNanoseconds
        let applied = state.apply(&event)
        guard authority[Int(source.rawValue)].contains(type) else { return }
        // Another source may have told the state first; rules have not seen it unless it comes a second time from the
        // scan, which fills the gaps of the others.
        if applied.isDuplicate, source == .procfs { return }
        summary.events &+= 1
        // The coarse clock: it costs a few nanoseconds, is exact to a timer tick, and is what audit stamps with.
        lag.count(source, stamped: stamp, now: Self.clock(CLOCK_REALTIME_COARSE))
        evaluation.evaluate(type, reader) { alert in
            summary.count(alert)
            guard reduction.isActive else { return channels.send(alert) }
            advanceReductionTime(alert)
            send(reduction.take(alert, now: reductionTime))
        }
    }

    /// Event times may go back; the time of the windows does not.
    private func advanceReductionTime(_ alert: Alert) {
        switch reductionClock {
        case .monotonic: reductionTime = Self.clock(CLOCK_MONOTONIC)
        case .events: reductionTime = max(reductionTime, alert.timeNanoseconds)
        }
    }

    private func send(_ alerts: [CountedAlert]) {
        for counted in alerts { channels.send(counted.alert) }
    }

    /// Tells of what is kept from the outputs so far.
    private func flushReduction() {
        if reductionClock == .monotonic { reductionTime = Self.clock(CLOCK_MONOTONIC) }
        send(reduction.flush(now: reductionTime))
    }

    func report(_ notice: SourceNotice) {
        guard let alert = InternalAlert.of(notice, timeNanoseconds: Self.now()) else {
            log.info("\(notice.source.name): \(notice.message)")
            return
        }
        log.warning("\(notice.source.name): \(notice.message)")
        send(alert)
    }

    /// Sends an alert of Shrike's own.
    func send(_ alert: Alert) {
        summary.count(alert)
        channels.send(alert)
    }

    /// Ends a batch of events: what outputs kept goes out, new containers are told of.
    func endBatch() {
        if let onContainerChange {
            for change in state.takeContainerChanges() { onContainerChange(change) }
        }
        if reductionClock == .monotonic, reduction.nextDeadline != .max {
            send(reduction.tick(now: Self.clock(CLOCK_MONOTONIC)))
        }
        channels.endBatch()
        takeDeliveryEvents()
        for problem in channels.takeProblems() { log.warning(problem) }
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
            if let alert = event.alert(timeNanoseconds: Self.now()) { send(alert) }
        }
    }

    /// Goes on with other rules, between two events. `channels` is given when the outputs have changed too: the old ones
    /// are closed, but for the spool, which is in both.
    func replace(
        evaluation: RuleEvaluation, reader: EventFieldReader, authority: [EventTypeSet],
        reduction settings: ReductionSettings, channels new: OutputChannels?
    ) {
        flushReduction()
        reduction.apply(settings)
        evaluation.continueCosts(of: self.evaluation)
        self.evaluation = evaluation
        self.reader = reader
        self.authority = authority
        guard let new else { return }
        channels.endBatch()
        channels.close(except: spool)
        summary.addDrops(of: channels)
        channels = new
    }

    /// Adds to a snapshot what went this way.
    func describe(in snapshot: inout HealthSnapshot) {
        snapshot.events = summary.events
        snapshot.matches = summary.matches
        snapshot.rules = evaluation.ruleCount
        snapshot.reduction = reduction.counters
        snapshot.costs = evaluation.costs
        snapshot.lag = lag
        snapshot.outputs = channels.counters
        snapshot.failingOutputs = channels.failing + (spoolFailure.map { ["spool (\($0))"] } ?? [])
        snapshot.delivery = spool?.status(wallClock: Self.now())
    }

    /// Whether nobody reads alerts any more.
    var haveOutputsEnded: Bool { channels.haveAllEnded }

    /// Opens output files anew.
    func reopenOutputs() { channels.reopen() }

    /// Closes the outputs and gives the counts.
    func finish(counters: [(source: SourceKind, counters: SourceCounters)]) -> RunSummary {
        flushReduction()
        // Its alerts must reach the channels while they are open; what comes after is in the log.
        channels.endBatch()
        takeDeliveryEvents()
        channels.close()
        for event in spool?.takeEvents() ?? [] { log.warning(event.message) }
        for problem in channels.takeProblems() { log.warning(problem) }
        if let status = spool?.status(wallClock: Self.now()) { summary.add(status) }
        for (source, counters) in counters {
            summary.addDrop("\(source.name): events lost in the kernel", count: counters.lostInKernel)
            summary.addDrop("\(source.name): records that could not be decoded", count: counters.malformed)
            summary.addDrop("\(source.name): events given up incomplete", count: counters.incomplete)
        }
        summary.repeatsFolded = reduction.counters.folded
        summary.alertsHeldBack = reduction.counters.rateLimited
        summary.addDrops(of: channels)
        return summary
    }

    /// The wall clock, nanoseconds since the epoch.
    static func now() -> UInt64 { clock(CLOCK_REALTIME) }

    /// A clock's time in nanoseconds.
    static func clock(_ id: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(id, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}
