import CommandOutput
import Configuration
import Delivery
import Detection
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
        var remarks: [LogRemark] = []
        let rules =
            weaknesses.isEmpty
            ? try? LoadedRules.load(configuration, isVerbose: log.threshold == .debug, remarks: &remarks) : nil
        log.tell(remarks)
        guard let evaluation = rules?.evaluation(clock: KernelClock.monotonic) else { return .invalid }

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
            var context = configuration.sourceContext(known: state)
            context.instance.key = NodeInstance.key(isBeside: isBeside)
            context.instance.besideKey = isBeside ? NodeInstance.key(isBeside: false) : nil
            context.instance.inherited = instance?.previous?.audit
            sources = try LiveSources(
                needs: SourceNeeds(evaluation), choice: configuration.sources, context: context)
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
        let reload: ReloadThread
        do throws(KernelError) {
            reload = try ReloadThread(options)
            pidFile = try options.pidFile.map { path throws(KernelError) in try PIDFile(path) }
            record = try configuration.openWatchRecord()
        } catch {
            log.warning("\(error)")
            return .invalid
        }
        defer { pidFile?.remove() }

        // The sources already queue events, so nothing is missed between the scan and the first event.
        let processes = state.loadAll(nowNanoseconds: KernelClock.wall())
        let daemon = LiveDaemon(
            LiveDaemon.Parts(
                options: options, rules: evaluation, state: state, sources: sources, channels: channels, spool: spool,
                reload: reload, started: started, log: log))
        let delivery = daemon.events.delivery
        if let alert = record?.gapAlert(wallClock: KernelClock.wall()) { delivery.send(alert) }
        daemon.events.endBatch()

        do throws(KernelError) {
            try SensorPrivileges(configuration, sources: sources.capabilities).drop()
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

        var guarded = record.map { [(what: "the watch record", path: $0.path)] } ?? []
        if spool != nil { guarded.append((what: "the spool", path: configuration.outputs.spool.path)) }
        let status = daemon.run(
            EventLoop(signals: signals), service: service, record: record, guarded: guarded
        ) { instance?.enter(.ending) }

        record?.end(wallClock: KernelClock.wall())
        log.text(daemon.finish().text)
        return status
    }
}

extension Configuration {
    /// What sources are opened with.
    func sourceContext(known: any KnownProcesses) -> SourceContext {
        var context = SourceContext()
        context.hostRoot = hostRoot
        context.auditLogPath = auditLogPath
        context.scanIntervalNanoseconds = UInt64(procPollMilliseconds) &* 1_000_000
        context.known = known
        return context
    }
}
