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
import Recording
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
        var stored = StoredDescriptors.ofThisProcess()
        let storedNames = stored?.names ?? []
        let weaknesses = FileTrust.weaknesses(of: FileTrust.files(of: configuration))
        for weakness in weaknesses { log.text(weakness.diagnostic.rendered) }
        if let problem = configuration.hostRootProblem {
            log.error("\(problem.message); \(problem.fix)")
            return .invalid
        }
        if options.isDryRun {
            let problems = DryRun.problems(options)
            for problem in problems { log.error(problem) }
            if !problems.isEmpty { return .invalid }
        }
        var prepared = configuration.sourceContext().preparations(configuration.sources)
        var remarks: [LogRemark] = []
        let rules =
            weaknesses.isEmpty
            ? try? LoadedRules.load(
                configuration, isVerbose: log.threshold == .debug, tests: .told, remarks: &remarks) : nil
        log.tell(remarks)
        guard let evaluation = rules?.evaluation(clock: KernelClock.monotonic) else { return .invalid }

        // A rehearsal must not disturb the one that runs.
        let isBeside =
            options.isBeside
            || options.isDryRun && AuditSource.watcher(key: NodeInstance.key(isBeside: false)) != nil
        var instance: InstanceLock?
        var takeover: AuditTakeover?
        if !options.isDryRun {
            switch NodeInstance.enter(
                isBeside: isBeside, waitSeconds: options.waitSeconds,
                goesOn: !isBeside && configuration.sources.mayBe(.audit), log: log)
            {
            case .entered(let lock, let left): (instance, takeover) = (lock, left)
            case .refused(let reason):
                log.error(reason)
                return .alreadyWatched
            }
        }

        // What a run before has left in audit, until this one goes on with it or has put it back.
        var left = instance?.previous?.audit
        defer { if let left, (try? left.apply()) != nil { instance?.enter(.ended) } }

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
            log.error("\(error)")
            return .invalid
        }

        let state: NodeState
        let recorder: Recorder?
        do throws(KernelError) {
            recorder = try options.recording.map { recording throws(KernelError) in
                try Recorder(path: recording.path, limit: UInt64(max(recording.limitMebibytes, 1)) << 20)
            }
        } catch {
            log.error("\(error)")
            return .invalid
        }
        do throws(KernelError) {
            var stateOptions = configuration.stateOptions(evaluation.needs, evaluation.catalogue)
            var files: any NodeFiles = HostFiles(foreign: try ForeignReader())
            if let recorder {
                stateOptions.bootTimeNanoseconds = KernelClock.wall() &- KernelClock.boot()
                files = RecordingFiles(files, recorder)
            }
            state = NodeState(options: stateOptions, files: files)
        } catch {
            log.error("\(error)")
            return .cannotWatch
        }
        state.beginPackages()
        let sources: LiveSources
        do throws(LiveSourcesError) {
            var context = configuration.sourceContext()
            context.known = state
            context.prepared = prepared
            context.instance.key = NodeInstance.key(isBeside: isBeside)
            context.instance.besideKey = isBeside ? NodeInstance.key(isBeside: false) : nil
            context.instance.inherited = instance?.previous?.audit
            context.takeover = takeover
            context.stored = stored
            sources = try LiveSources(
                needs: SourceNeeds(evaluation), choice: configuration.sources, context: context)
            prepared = [:]
        } catch {
            log.error("can't watch this node: \(error.message)" + (error.fix.isEmpty ? "" : "; \(error.fix)"))
            return .cannotWatch
        }
        recorder?.start(
            RecordingHeader(
                hostname: Array(configuration.alertFormat.hostName.utf8), hostRoot: Array(configuration.hostRoot.utf8),
                bootTimeNanoseconds: state.options.bootTimeNanoseconds ?? 0, authorities: sources.authority.types))
        // What no source goes on with is closed.
        stored = nil
        if sources.restoration != nil { left = nil }
        if let audit = left, !sources.running.contains(where: { $0.kind == .audit }) {
            // Nobody here reads what its rules make; they would stay for the whole run. Settings are put back where nobody owns audit.
            takeover?.giveUp()
            takeover = nil
            do throws(AuditFailure) {
                _ = try audit.apply()
                left = nil
            } catch {
                log.warning(
                    "audit can't be put back as it was before the Shrike that used it; tried again at the end: \(error)"
                )
            }
        }
        if let service, !options.isDryRun { sources.store(with: service, replacing: storedNames) }
        instance?.note(left ?? sources.restoration, socket: sources.handoverDescriptor)
        var kernelGuard: KernelGuard?
        var isHandedOver = false
        defer {
            sources.stop()
            if isHandedOver { kernelGuard?.dismiss() }
            // What could not be put back in time is left to the process that outlives this one.
            if sources.isRestored, !isHandedOver {
                if left == nil { instance?.enter(.ended) }
                kernelGuard?.dismiss()
            }
        }
        if options.isDryRun {
            let lines = DryRun.lines(
                configuration, rules: evaluation.ruleCount, outputs: channels.counters.map(\.name),
                holder: options.isBeside ? nil : NodeInstance.holder())
            for line in sources.lines + lines { log.info(line) }
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
        var profiles: ProfileKeeping?
        do throws(KernelError) {
            reload = try ReloadThread(options, told: remarks)
            pidFile = try options.pidFile.map { path throws(KernelError) in try PIDFile(path) }
            record = try configuration.openWatchRecord()
            if configuration.learning.isEnabled {
                remarks = []
                profiles = try ProfileKeeping(configuration.learning, now: KernelClock.monotonic(), remarks: &remarks)
                log.tell(remarks)
            }
        } catch {
            log.error("\(error)")
            return .invalid
        }
        defer { pidFile?.remove() }

        // The sources already queue events, so nothing is missed between the scan and the first event.
        let scanned = KernelClock.wall()
        recorder?.begin(.scan(scanned))
        let processes = state.loadAll(nowNanoseconds: scanned)
        recorder?.begin(.awaitPackages)
        state.awaitPackages(milliseconds: 500)
        let daemon = LiveDaemon(
            LiveDaemon.Parts(
                options: options, rules: evaluation, state: state, sources: sources, channels: channels, spool: spool,
                reload: reload, started: started, profiles: profiles, recorder: recorder, log: log))
        let delivery = daemon.events.delivery
        // What came meanwhile waits in what was taken over.
        if takeover == nil, !sources.continuesEarlierRun, let alert = record?.gapAlert(wallClock: KernelClock.wall()) {
            delivery.send(alert)
        }
        daemon.events.endBatch()

        // Events don't wait for their turn on a busy node. The forwarder's process is there already.
        if !ThreadPriority.raise() { log.debug("the event thread has the usual priority: no CAP_SYS_NICE") }
        if !ThreadPriority.raiseSession() {
            log.debug("the event thread goes before its own session only: another leads it, or no CAP_SYS_NICE")
        }
        do throws(KernelError) {
            try SensorPrivileges(configuration, sources: sources.capabilities).drop()
        } catch {
            log.warning("privileges that are not needed could not be dropped: \(error)")
        }
        // Their threads have the privileges that are left.
        logOutput.start()
        delivery.start()
        let usesBPF = sources.running.contains { $0.kind == .ebpf }
        do throws(KernelError) { try SensorSandbox.enter(configuration, usesBPF: usesBPF, log: log) } catch {
            log.warning("the sensor can't confine itself to the system calls that it needs: \(error)")
        }

        for line in sources.lines { log.info(line) }
        let milliseconds = (KernelClock.monotonic() &- started) / 1_000_000
        if let count = state.packageFileCount {
            log.debug("\(count) files of packages known")
        }
        log.info(
            "armed in \(milliseconds) ms: \(Plural.counted(evaluation.ruleCount, "rule")), \(processes) processes known; Ctrl-C stops"
        )
        service?.ready(status: "\(Plural.counted(evaluation.ruleCount, "rule")); " + (sources.lines.first ?? ""))

        var guarded = record.map { [(what: "the watch record", path: $0.path)] } ?? []
        if spool != nil { guarded.append((what: "the spool", path: configuration.outputs.spool.path)) }
        let status = daemon.run(
            EventLoop(signals: signals), service: service, record: record, guarded: guarded
        ) {
            isHandedOver = instance?.hasSuccessor == true && sources.handOver()
            instance?.enter(isHandedOver ? .handedOver : .ending)
        }

        if isHandedOver { instance?.note(lost: sources.handoverLost) }
        record?.end(wallClock: KernelClock.wall())
        log.text(daemon.finish().text)
        return status
    }
}

extension Configuration {
    /// What sources are opened with.
    func sourceContext() -> SourceContext {
        var context = SourceContext()
        context.hostRoot = hostRoot
        context.auditLogPath = auditLogPath
        context.scanIntervalNanoseconds = UInt64(procPollMilliseconds) &* 1_000_000
        context.takesOutHidingRules = hidingRules == .remove
        context.bpfLimits = bpfLimits
        // Nobody else asks what groups call.
        if !learning.isEnabled { context.bpfLimits.callSets = 0 }
        return context
    }
}
