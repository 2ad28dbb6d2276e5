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
import RuleLanguage

/// Watches this node: sources, node state, rules, outputs, from start to stop.
public enum LiveRun {
    /// Runs until it is told to stop.
    public static func run(_ options: RunOptions) -> ExitStatus {
        let started = KernelClock.monotonic()
        let configuration = options.configuration
        // A file that may not grow (ulimit -f) is an error of its output, no reason to end; a reader that goes likewise.
        for number in [SIGXFSZ, SIGPIPE] { signal(number, SIG_IGN) }
        let logOutput = LogOutput()
        defer { logOutput.close() }
        var log = DaemonLog(threshold: options.isVerbose ? .debug : configuration.logLevel, output: logOutput)
        if !options.isDryRun {
            log.times = .ofDaemon(
                usesISO8601: configuration.alertFormat.usesISO8601Time,
                journal: getenv("JOURNAL_STREAM").map { String(cString: $0) })
        }
        let service = ServiceNotifier.ofThisProcess { log.warning("the service manager can't be told: \($0)") }
        let weaknesses = FileTrust.weaknesses(of: FileTrust.files(of: configuration))
        for weakness in weaknesses { log.text(weakness.diagnostic.rendered) }
        guard weaknesses.isEmpty,
            let evaluation = try? RuleEvaluation.load(configuration, log, clock: KernelClock.monotonic)
        else {
            return .invalid
        }

        // A rehearsal must not disturb the one that runs.
        let isBeside =
            options.isBeside
            || options.isDryRun && AuditSource.watcher(key: NodeInstance.key(isBeside: false)) != nil
        var instance: InstanceLock?
        if !options.isDryRun {
            switch NodeInstance.enter(isBeside: isBeside, waitSeconds: options.waitSeconds, log: log) {
            case .entered(let lock): instance = lock
            case .refused(let reason):
                log.warning(reason)
                return .alreadyWatched
            }
        }

        let signals: SignalDescriptor
        let channels: OutputChannels
        let spool: SpoolOutput?
        do {
            signals = try SignalDescriptor([SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGCONT])
            spool = options.isDryRun ? nil : try configuration.openSpool()
            channels = try configuration.outputs.open(
                format: configuration.alertFormat, isUnbuffered: options.isUnbuffered, spool: spool
            )
        } catch {
            log.warning("\(error)")
            return .invalid
        }

        let state: NodeState
        do throws(KernelError) {
            state = NodeState(
                options: configuration.stateOptions(evaluation.needs, evaluation.catalogue),
                files: HostFiles(foreign: try ForeignReader()))
        } catch {
            log.warning("\(error)")
            return .cannotWatch
        }
        let sources: LiveSources
        do throws(LiveSourcesError) {
            sources = try LiveSources(
                evaluation: evaluation, configuration: configuration, state: state,
                instance: .init(isBeside: isBeside, inherited: instance?.previous?.audit))
        } catch {
            log.warning("can't watch this node: \(error.message)" + (error.fix.isEmpty ? "" : "; \(error.fix)"))
            return .cannotWatch
        }
        instance?.note(sources.restoration)
        var kernelGuard: KernelGuard?
        defer {
            sources.stop()
            // What could not be put back in time is left to the process that outlives this one.
            if sources.isRestored {
                instance?.enter(.ended)
                kernelGuard?.dismiss()
            }
        }
        if options.isDryRun {
            for line in sources.lines { log.info(line) }
            log.info("dry run: everything is ready")
            return .success
        }
        if instance != nil, sources.restoration != nil {
            do throws(KernelError) { kernelGuard = try KernelGuard(key: NodeInstance.key(isBeside: isBeside)) } catch {
                log.warning("if Shrike is killed, its audit rules stay until the next start: \(error)")
            }
        }
        let pidFile: PIDFile?
        let record: WatchRecord?
        do throws(KernelError) {
            pidFile = try options.pidFile.map { path throws(KernelError) in try PIDFile(path) }
            record = try configuration.openWatchRecord()
        } catch {
            log.warning("\(error)")
            return .invalid
        }
        defer { pidFile?.remove() }

        // The sources already queue events, so nothing is missed between the scan and the first event.
        let processes = state.loadAll(nowNanoseconds: KernelClock.wall())
        let reader = EventFieldReader(
            state: state, hostname: configuration.alertFormat.hostName,
            staticFields: configuration.staticFields.map(\.value)
        )
        let delivery = AlertDelivery(channels, spool: spool, log: log)
        let detection = Detection(
            state: state, rules: evaluation, reader: reader, authority: sources.authority,
            reduction: configuration.reduction)
        let events = LiveEvents(detection, delivery, ownPID: getpid())
        events.onContainerChange = { change in
            do { try sources.watch(change) } catch {
                // The container may have ended already; what can't be watched is still worth a word.
                log.debug("the files of a container can't be watched: \(error)")
            }
        }
        if let alert = record?.gapAlert(wallClock: KernelClock.wall()) { delivery.send(alert) }
        events.endBatch()

        do throws(KernelError) {
            try SensorPrivileges(configuration, sources: sources.running.map(\.kind)).drop()
        } catch {
            log.warning("privileges that are not needed could not be dropped: \(error)")
        }
        // Their threads have the privileges that are left.
        logOutput.start()
        delivery.start()
        do throws(KernelError) { try SensorSandbox.enter(configuration, log: log) } catch {
            log.warning("the sensor can't confine itself to the system calls that it needs: \(error)")
        }

        for line in sources.lines { log.info(line) }
        let milliseconds = (KernelClock.monotonic() &- started) / 1_000_000
        log.info(
            "armed in \(milliseconds) ms: \(evaluation.ruleCount) rules, \(processes) processes known; Ctrl-C stops")
        service?.ready(status: "\(evaluation.ruleCount) rules; " + (sources.lines.first ?? ""))

        let reload = Reload(
            options: options, priorities: evaluation.priorities, events: events, sources: sources, state: state,
            spool: spool, log: log)
        let health = HealthMonitor(
            configuration, events: events, sources: sources, state: state, started: started, log: log)
        reload.health = health
        var guarded = record.map { [(what: "the watch record", path: $0.path)] } ?? []
        if spool != nil { guarded.append((what: "the spool", path: configuration.outputs.spool.path)) }
        let parts = LiveLoop.Parts(
            events: events, state: state, reload: reload, health: health, service: service, record: record,
            shedding: LoadShedding(
                configuration.limits, reload: reload, sources: sources, delivery: delivery, state: state, log: log),
            tamper: TamperWatch(now: KernelClock.monotonic(), files: guarded))
        let end = options.stopAfterSeconds.map { started &+ UInt64(max(0, $0)) &* 1_000_000_000 }
        let status = LiveLoop(sources, signals, parts, end: end, log: log).run { instance?.enter(.ending) }

        record?.end(wallClock: KernelClock.wall())
        let running = sources.running
        for source in running { source.endReading() }
        for source in running where source.counters.unread > 0 {
            delivery.report(
                SourceNotice(
                    kind: .lost, source: source.kind,
                    message: "\(source.counters.unread) events were queued and not worked off when Shrike ended",
                    count: source.counters.unread))
        }
        let summary = events.finish(running.map { ($0.kind, $0.counters) })
        log.text(summary.text)
        return status
    }
}
