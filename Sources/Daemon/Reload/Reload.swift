import CommandOutput
import Configuration
import Delivery
import Detection
import EventFields
import EventModel
import EventSources
import ForwarderProtocol
import InternalAlerts
import KernelInterface
import NodeState
import Outputs
import RuleLanguage

/// Takes changed rules and configuration over while the daemon runs: they are loaded and checked on another thread, beside those
/// in use, and put in place between two events. If anything is wrong, all stays as it was. Either way an alert says so.
final class Reload {
    /// Told what becomes of a change.
    var health: HealthMonitor?

    private let options: RunOptions
    private let lane: any ReloadLane
    private let events: LiveEvents
    private let sources: LiveSources
    private let state: NodeState
    private let spool: SpoolOutput?
    private let clock: LiveClock
    private let log: DaemonLog
    private var configuration: Configuration
    /// What is left out of the configuration for want of time or memory.
    private var shed = Shed()
    /// Who asked for something to be left out, oldest first.
    private var shedders: [(String?) -> Void] = []
    /// The priorities of the rules in use.
    private(set) var priorities: Set<Priority>
    /// Changes that are in place here and that the sources have not all passed on to the kernel yet.
    private var unsettled: [(message: String, rules: Int, since: UInt64)] = []
    private var isHangTold = false
    /// Files of others may take long; then it is worth a word.
    private static let patienceNanoseconds: UInt64 = 15_000_000_000
    private static let overrun = "too many changes wait"

    init(
        options: RunOptions, lane: any ReloadLane, priorities: Set<Priority>, events: LiveEvents, sources: LiveSources,
        state: NodeState, spool: SpoolOutput?, clock: LiveClock, log: DaemonLog
    ) {
        self.options = options
        self.lane = lane
        self.priorities = priorities
        self.events = events
        self.sources = sources
        self.state = state
        self.spool = spool
        self.clock = clock
        self.log = log
        configuration = options.configuration
    }

    /// Puts in place what is ready; call with CLOCK_MONOTONIC.
    func tick(now: UInt64) {
        // Without outputs it is no channel, and nobody else looks after its last process.
        if let spool, spool.currentPlan.outputs.isEmpty { try? spool.flush() }
        for reply in lane.takeReplies() { take(reply) }
        tellAccepted(now)
        watchLane(now)
    }

    /// What the sensor may use.
    var limits: ResourceLimits { configuration.limits }

    /// Leaves this out from now on. Calls `done` when that is so, or with why it can't be done; nothing is changed then.
    func take(_ shed: Shed, done: @escaping (String?) -> Void) {
        guard lane.send(.shed(shed)) else { return done(Self.overrun) }
        shedders.append(done)
    }

    /// Loads everything anew.
    func run(because reason: String) {
        guard lane.send(.load(because: reason)) else {
            return rejected(ReloadRejection(problems: [Self.overrun]), reason)
        }
    }

    private func take(_ reply: ReloadWorker.Reply) {
        log.tell(reply.remarks)
        do throws(ReloadRejection) {
            guard let evaluation = try put(reply.configuration, reply.shed, try reply.ready.get()) else {
                // Its outputs were opened for a change that was not put in place: once more, beside those in use.
                lane.send(.keep(configuration, shed))
                if let reason = reply.reason { return run(because: reason) }
                // For what is shed those in use will do.
                if !lane.send(.shed(reply.shed)) { answer(Self.overrun) }
                return
            }
            if let reason = reply.reason { accepted(reply.configuration, evaluation, reason) } else { answer(nil) }
        } catch {
            lane.send(.keep(configuration, shed))
            if let reason = reply.reason { rejected(error, reason) } else { answer(error.problems.first ?? "unknown") }
        }
    }

    /// Tells who asked for something to be left out.
    private func answer(_ problem: String?) {
        if !shedders.isEmpty { shedders.removeFirst()(problem) }
    }

    private func watchLane(_ now: UInt64) {
        let isHung = lane.busySince.map { now > $0 &+ Self.patienceNanoseconds } ?? false
        defer { isHangTold = isHung }
        guard isHung, !isHangTold else { return }
        let message =
            "changed rules or configuration can't be read: a file does not answer (a file system whose server is gone?); the old "
            + "ones stay"
        log.warning(message)
        events.delivery.send(
            InternalAlert.make(.rejected, message, [], clock.wall()))
    }

    /// Checks what can still fail, then puts it in place; nil when its outputs are still to be opened.
    private func put(
        _ new: Configuration, _ newShed: Shed, _ ready: ReloadWorker.Ready
    ) throws(ReloadRejection) -> RuleEvaluation? {
        guard let evaluation = ready.rules.take() else { return nil }
        let plan = try plan(new)
        let channels = ready.channels?.take()
        if channels == nil, new.hasOtherOutputs(than: configuration) { return nil }
        if let spool, !plan.outputs.isEmpty { channels?.put(first: spool) }
        do throws(LiveSourcesError) {
            try sources.reload(SourceNeeds(evaluation), without: newShed.sources, into: events)
        } catch {
            throw ReloadRejection(problems: [error.message])
        }
        if let spool, plan != spool.currentPlan || new.spoolLimits != configuration.spoolLimits {
            spool.change(plan, limits: new.spoolLimits)
            lane.send(.outputs(plan.outputs))
        }
        shed = newShed
        priorities = evaluation.priorities
        let stateOptions = new.stateOptions(evaluation.needs, evaluation.catalogue)
        state.want(
            stateOptions.wanted, files: stateOptions.namedFiles, directories: stateOptions.namedDirectories)
        let reader = EventFieldReader(
            state: state, hostname: new.alertFormat.hostName, staticFields: new.staticFields.map(\.value))
        events.replace(
            rules: evaluation, reader: reader, authority: sources.authority, reduction: new.reduction,
            incidents: IncidentSettings(withinSeconds: new.incidentSeconds), channels: channels)
        return evaluation
    }

    /// What the forwarder is to do then, if it can be done.
    private func plan(_ new: Configuration) throws(ReloadRejection) -> ForwarderPlan {
        var plan = new.forwarderPlan
        // Another file takes effect at the next start.
        if let spool { plan.spoolPath = spool.path }
        if spool == nil, let first = plan.outputs.first {
            throw ReloadRejection(
                problems: [
                    "the first network output ('\(first.name)') needs a restart: a Shrike that runs without one can't start "
                        + "the process that sends any more"
                ])
        }
        return plan
    }

    private func accepted(_ new: Configuration, _ evaluation: RuleEvaluation, _ reason: String) {
        var message = "rules and configuration reloaded (\(reason)): \(Plural.counted(evaluation.ruleCount, "rule"))"
        let kept = new.keysThatNeedRestart(beside: options.configuration)
        if !kept.isEmpty { message += "; restart to change \(kept.joined(separator: ", "))" }
        configuration = new
        health?.accepted(new)
        unsettled.append((message, evaluation.ruleCount, clock.monotonic()))
    }

    /// Says that a change is in effect when it is: who reads it may try a new rule at once.
    private func tellAccepted(_ now: UInt64) {
        guard let first = unsettled.first else { return }
        let isSettled = sources.running.allSatisfy(\.isSettled)
        guard isSettled || now > first.since &+ Self.patienceNanoseconds else { return }
        for change in unsettled {
            var message = change.message
            if !isSettled { message += "; the kernel does not filter for them yet, so new rules may miss events" }
            log.info(message)
            events.delivery.send(
                InternalAlert.make(
                    .reloaded, message,
                    [("rules", .unsigned(UInt64(change.rules)))], clock.wall()))
        }
        unsettled = []
        for line in sources.lines { log.debug(line) }
    }

    private func rejected(_ rejection: ReloadRejection, _ reason: String) {
        let first = rejection.problems.first ?? "it could not be read"
        let more = rejection.problems.count > 1 ? " (and \(rejection.problems.count - 1) more)" : ""
        let message = "changed rules or configuration not taken (\(reason)), the old ones stay: \(first)\(more)"
        health?.rejected()
        log.warning(message)
        events.delivery.send(
            InternalAlert.make(
                .rejected, message,
                [("problems", .unsigned(UInt64(rejection.problems.count)))], clock.wall()))
    }
}

extension Configuration {
    /// The keys whose values differ from a running daemon's and that it can't change.
    func keysThatNeedRestart(beside running: Configuration) -> [String] {
        var keys: [String] = []
        if sources != running.sources { keys.append("shrike.sources") }
        if hidingRules != running.hidingRules { keys.append("shrike.audit.hiding_rules") }
        if bpfLimits != running.bpfLimits { keys.append("shrike.ebpf") }
        if auditLogPath != running.auditLogPath { keys.append("shrike.audit_log.path") }
        if procPollMilliseconds != running.procPollMilliseconds { keys.append("shrike.proc.poll_interval_ms") }
        if processLimit != running.processLimit { keys.append("shrike.limits.processes") }
        if hostRoot != running.hostRoot { keys.append("shrike.host_root") }
        if isSandboxed != running.isSandboxed { keys.append("shrike.sandbox") }
        if stateDirectory != running.stateDirectory { keys.append("shrike.state_directory") }
        var newLearning = learning
        newLearning.setting = running.learning.setting
        if newLearning != running.learning { keys.append("shrike.learning") }
        if logLevel != running.logLevel { keys.append("log_level") }
        if outputs.spool.path != running.outputs.spool.path { keys.append("shrike.spool.path") }
        return keys
    }
}
