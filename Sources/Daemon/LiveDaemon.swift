import CommandOutput
import Configuration
import Delivery
import Detection
import EventFields
import EventModel
import EventSources
import Glibc
import KernelInterface
import NodeState
import Outputs
import Recording

/// All of a live run that is not the process's own: what is detected and delivered, reloaded, shed and told of, and the loop
/// that drives it. It opens nothing, so a test can run it with sources, clocks and outputs of its own.
final class LiveDaemon {
    /// What it is made of.
    struct Parts {
        var options: RunOptions
        var rules: RuleEvaluation
        var state: NodeState
        var sources: LiveSources
        var channels: OutputChannels
        var spool: SpoolOutput?
        var reload: any ReloadLane
        /// When the run was started, CLOCK_MONOTONIC.
        var started: UInt64
        /// Learns what workloads do, and keeps it; nil: nothing is learned.
        var profiles: ProfileKeeping?
        /// Writes down what is seen; nil: nothing is.
        var recorder: Recorder?
        /// What the process uses of the machine.
        var usage: () -> ProcessUsage = ProcessUsage.current
        /// The process whose own events are none.
        var ownPID: Int32 = getpid()
        var clock = LiveClock()
        var log: DaemonLog
    }

    /// The way of events to the outputs.
    let events: LiveEvents
    /// Tells how the daemon is.
    let health: HealthMonitor
    private let parts: Parts

    init(_ parts: Parts) {
        self.parts = parts
        let configuration = parts.options.configuration
        let reader = EventFieldReader(
            state: parts.state, hostname: configuration.alertFormat.hostName,
            staticFields: configuration.staticFields.map(\.value))
        // A log may be that of other machines too: nothing here tells of their processes.
        let others = parts.state.options
        let readsLog = parts.sources.running.contains { $0.kind == .auditLog }
        let nodes = LoggedNodes(own: configuration.alertFormat.hostName) { name in
            EventFieldReader(
                state: NodeState(options: others, files: NoFiles()), hostname: name,
                staticFields: configuration.staticFields.map(\.value))
        }
        let detection = Detection(
            state: parts.state, rules: parts.rules, reader: reader, authority: parts.sources.authority,
            reduction: configuration.reduction,
            incidents: IncidentSettings(withinSeconds: configuration.incidentSeconds),
            nodes: readsLog ? nodes : nil, learner: parts.profiles?.learner)
        events = LiveEvents(
            detection, AlertDelivery(parts.channels, spool: parts.spool, clock: parts.clock, log: parts.log),
            ownPID: parts.ownPID, clock: parts.clock,
            filtering: parts.sources.running.lazy.compactMap { $0 as? any ProcessFiltering }.first,
            recorder: parts.recorder)
        health = HealthMonitor(
            configuration, events: events, sources: parts.sources, state: parts.state, started: parts.started,
            clock: parts.clock, log: parts.log)
    }

    /// Runs until a signal, the end of the time or of all outputs; gives the exit status.
    ///
    /// - Parameters:
    ///   - record: where it is noted that this node is watched.
    ///   - guarded: files that must stay what they are: what each is, and its path.
    ///   - atEnd: called before what is queued then is worked off.
    func run(
        _ wait: any EventWait, service: ServiceNotifier? = nil, record: WatchRecord? = nil,
        guarded: [(what: String, path: String)] = [], atEnd: () -> Void = {}
    ) -> ExitStatus {
        let reload = Reload(
            options: parts.options, lane: parts.reload, priorities: parts.rules.priorities, events: events,
            sources: parts.sources, state: parts.state, spool: parts.spool, clock: parts.clock, log: parts.log)
        reload.health = health
        let shedding = LoadShedding(
            parts.options.configuration.limits, reload: reload, sources: parts.sources, delivery: events.delivery,
            state: parts.state, usage: parts.usage, clock: parts.clock, log: parts.log)
        let loop = LiveLoop(
            parts.sources, wait,
            LiveLoop.Parts(
                events: events, state: parts.state, reload: reload, health: health, service: service, record: record,
                profiles: parts.profiles, shedding: shedding,
                tamper: TamperWatch(now: parts.clock.monotonic(), files: guarded)),
            end: parts.options.stopAfterSeconds.map { parts.started &+ UInt64(max(0, $0)) &* 1_000_000_000 },
            clock: parts.clock, log: parts.log)
        return loop.run(atEnd: atEnd)
    }

    /// Reads nothing more, delivers what is held back, closes the outputs and gives the counts.
    func finish() -> RunSummary {
        let running = parts.sources.running
        for source in running { source.endReading() }
        for source in running where source.counters.unread > 0 {
            events.delivery.report(
                SourceNotice(
                    kind: .lost, source: source.kind,
                    message: "\(source.counters.unread) events were queued and not worked off when Shrike ended",
                    count: source.counters.unread))
        }
        events.takeLastUses(of: running)
        parts.profiles?.end(log: parts.log)
        var summary = events.finish(running.map { ($0.kind, $0.counters) })
        for source in running {
            guard let arming = source.containerArming else { continue }
            summary.addDrop(
                "\(source.kind.name): containers whose files were not watched", count: arming.unreachable)
            summary.addDrop(
                "\(source.kind.name): containers whose files were not watched from their program's beginning",
                count: arming.late)
        }
        summary.longestStandstillNanoseconds = health.standstill.longest
        return summary
    }
}
