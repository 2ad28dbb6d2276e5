import EventFields
import EventModel
import EventSources
import Glibc
import KernelInterface
import NodeState
import Outputs
import RuleLanguage

/// Watches this node: sources, node state, rules, outputs, from start to stop.
public enum LiveRun {
    /// Runs until it is told to stop.
    public static func run(_ options: RunOptions) -> ExitStatus {
        let started = Pipeline.clock(CLOCK_MONOTONIC)
        let configuration = options.configuration
        let log = DaemonLog(threshold: options.isVerbose ? .debug : configuration.logLevel)
        let service = ServiceNotifier.ofThisProcess { log.warning("the service manager can't be told: \($0)") }
        let weaknesses = FileTrust.weaknesses(of: FileTrust.files(of: configuration))
        for weakness in weaknesses { log.text(weakness.diagnostic.rendered) }
        guard weaknesses.isEmpty, let evaluation = try? RuleEvaluation.load(configuration, log) else {
            return .invalid
        }

        let signals: SignalDescriptor
        let channels: OutputChannels
        let spool: SpoolOutput?
        do {
            signals = try SignalDescriptor([SIGINT, SIGTERM, SIGHUP, SIGUSR1])
            spool = options.isDryRun ? nil : try configuration.openSpool()
            channels = try configuration.outputs.open(
                format: configuration.alertFormat, isUnbuffered: options.isUnbuffered, spool: spool
            )
        } catch {
            log.warning("\(error)")
            return .invalid
        }

        let state = NodeState(
            options: configuration.stateOptions(evaluation.needs, evaluation.catalogue), files: HostFiles())
        let sources: LiveSources
        do throws(LiveSourcesError) {
            sources = try LiveSources(evaluation: evaluation, configuration: configuration, state: state)
        } catch {
            log.warning("can't watch this node: \(error.message)" + (error.fix.isEmpty ? "" : "; \(error.fix)"))
            return .cannotWatch
        }
        defer { sources.stop() }
        if options.isDryRun {
            for line in sources.lines { log.info(line) }
            log.info("dry run: everything is ready")
            return .success
        }
        let pidFile: PIDFile?
        do throws(KernelError) {
            pidFile = try options.pidFile.map { path throws(KernelError) in try PIDFile(path) }
        } catch {
            log.warning("\(error)")
            return .invalid
        }
        defer { pidFile?.remove() }

        // The sources already queue events, so nothing is missed between the scan and the first event.
        let processes = state.loadAll(nowNanoseconds: Pipeline.now())
        let reader = EventFieldReader(
            state: state, hostname: configuration.alertFormat.hostName,
            staticFields: configuration.staticFields.map(\.value)
        )
        let pipeline = Pipeline(
            state: state, reader: reader, evaluation: evaluation, channels: channels, authority: sources.authority,
            log: log
        )
        pipeline.spool = spool
        pipeline.onNewContainer = { container in
            do { try sources.watch(container) } catch {
                // The container may have ended already; what can't be watched is still worth a word.
                log.debug("container \(String(decoding: container.fullID.prefix(12), as: UTF8.self)): \(error)")
            }
        }
        pipeline.endBatch()

        do throws(KernelError) {
            try SensorPrivileges(configuration, sources: sources.running.map(\.kind)).drop()
        } catch {
            log.warning("privileges that are not needed could not be dropped: \(error)")
        }

        for line in sources.lines { log.info(line) }
        let milliseconds = (Pipeline.clock(CLOCK_MONOTONIC) &- started) / 1_000_000
        log.info(
            "armed in \(milliseconds) ms: \(evaluation.ruleCount) rules, \(processes) processes known; Ctrl-C stops")
        service?.ready(status: "\(evaluation.ruleCount) rules; " + (sources.lines.first ?? ""))

        let reload = Reload(
            options: options, pipeline: pipeline, sources: sources, state: state, spool: spool, log: log)
        let health = HealthMonitor(
            configuration, pipeline: pipeline, sources: sources, state: state, started: started, log: log)
        reload.health = health
        loop(sources, signals, pipeline, state, reload, health, service, options, started)

        service?.stopping()
        let counters = sources.running.map { ($0.kind, $0.counters) }
        sources.stop()
        let summary = pipeline.finish(counters: counters)
        log.text(summary.text)
        return .success
    }

    /// Takes events until a signal or the time limit ends the run.
    private static func loop(
        _ opened: LiveSources, _ signals: SignalDescriptor, _ pipeline: Pipeline, _ state: NodeState,
        _ reload: Reload, _ health: HealthMonitor, _ service: ServiceNotifier?,
        _ options: RunOptions, _ started: UInt64
    ) {
        var sources = opened.running
        var generation = opened.generation
        var wait = EventLoop(sources: sources, signals: signals)
        let end = options.stopAfterSeconds.map { started &+ UInt64(max(0, $0)) &* 1_000_000_000 }
        let tick = UInt64(EventLoop.tickMilliseconds) &* 1_000_000
        var nextTick = Pipeline.clock(CLOCK_MONOTONIC)
        while true {
            let signal = wait.wait(milliseconds: EventLoop.tickMilliseconds) { index in
                _ = sources[index].drain(into: pipeline)
            }
            let now = Pipeline.clock(CLOCK_MONOTONIC)
            let isTick = now >= nextTick
            if isTick {
                for source in sources { source.tick(nowNanoseconds: now, into: pipeline) }
                state.tick(nowNanoseconds: Pipeline.now())
                reload.tick(now: now)
                service?.tick(nowNanoseconds: now)
                nextTick = now &+ tick
            }
            pipeline.endBatch()
            // Behind the batch: whether an output fails shows when what it kept is delivered.
            if isTick { health.tick(now: now) }
            switch signal {
            case SIGINT, SIGTERM: return
            case SIGUSR1: pipeline.reopenOutputs()
            case SIGHUP: reload.run(because: "SIGHUP")
            default: break
            }
            if opened.generation != generation {
                generation = opened.generation
                sources = opened.running
                wait = EventLoop(sources: sources, signals: signals)
            }
            if let end, now >= end { return }
            if pipeline.haveOutputsEnded {
                return
            }
        }
    }
}
