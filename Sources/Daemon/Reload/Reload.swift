import CommandOutput
import Configuration
import Delivery
import Detection
import EventFields
import EventModel
import ForwarderProtocol
import InternalAlerts
import KernelInterface
import NodeState
import Outputs
import RuleLanguage

/// Takes changed rules and configuration over while the daemon runs: loads and checks them beside those in use, and puts
/// them in place between two events. If anything is wrong, all stays as it was. Either way an alert says so.
final class Reload {
    /// Told what becomes of a change.
    var health: HealthMonitor?

    private let options: RunOptions
    private let events: LiveEvents
    private let sources: LiveSources
    private let state: NodeState
    private let spool: SpoolOutput?
    private let log: DaemonLog
    private var configuration: Configuration
    /// What is left out of the configuration for want of time or memory.
    private var shed = Shed()
    /// The priorities of the rules in use.
    private(set) var priorities: Set<Priority>
    private var watch: ConfigurationWatch
    private var nextLook: UInt64 = 0
    /// Twice as long is a change left alone: an editor or several files of one change are not yet done.
    private static let lookNanoseconds: UInt64 = 300_000_000

    init(
        options: RunOptions, priorities: Set<Priority>, events: LiveEvents, sources: LiveSources, state: NodeState,
        spool: SpoolOutput?, log: DaemonLog
    ) {
        self.options = options
        self.priorities = priorities
        self.events = events
        self.sources = sources
        self.state = state
        self.spool = spool
        self.log = log
        configuration = options.configuration
        watch = ConfigurationWatch(options.configuration, request: options.request)
    }

    /// Looks whether a file has changed; call with CLOCK_MONOTONIC. Gives whether it has, and all was loaded anew.
    func tick(now: UInt64) -> Bool {
        // Without outputs it is no channel, and nobody else looks after its last process.
        if let spool, spool.currentPlan.outputs.isEmpty { try? spool.flush() }
        guard configuration.watchesFiles, now >= nextLook else { return false }
        nextLook = now &+ Self.lookNanoseconds
        guard watch.hasChanged() else { return false }
        run(because: "a file changed")
        return true
    }

    /// What the sensor may use.
    var limits: ResourceLimits { configuration.limits }

    /// Leaves this out from now on; gives why that can't be done, with nothing changed then.
    func take(_ shed: Shed) -> String? {
        let before = self.shed
        self.shed = shed
        do throws(Rejection) {
            _ = try take(configuration)
            return nil
        } catch {
            self.shed = before
            return error.problems.first ?? "unknown"
        }
    }

    /// Loads everything anew.
    func run(because reason: String) {
        let result = options.request.load()
        for diagnostic in result.diagnostics { log.text(diagnostic.rendered) }
        // What was read now, good or bad, is not read again until it changes.
        watch.restart(result.configuration, request: options.request)
        do throws(Rejection) {
            let errors = result.diagnostics.filter { $0.severity == .error }
            guard errors.isEmpty else { throw Rejection(problems: errors.map(\.line)) }
            let weaknesses = FileTrust.weaknesses(of: FileTrust.files(of: result.configuration))
            guard weaknesses.isEmpty else { throw Rejection(problems: weaknesses.map(\.diagnostic.line)) }
            let evaluation = try take(result.configuration)
            accepted(result.configuration, evaluation, reason)
        } catch {
            rejected(error, reason)
        }
    }

    private struct Rejection: Error {
        var problems: [String]
    }

    /// Checks all that can fail, then puts it in place.
    private func take(_ new: Configuration) throws(Rejection) -> RuleEvaluation {
        let evaluation: RuleEvaluation
        var loaded = new
        if let threshold = shed.threshold { loaded.priorityThreshold = min(new.priorityThreshold, threshold) }
        do throws(InvalidRules) {
            evaluation = try RuleEvaluation.load(loaded, log, clock: KernelClock.monotonic)
        } catch {
            throw Rejection(problems: error.problems)
        }
        let plan = try checkedPlan(new)
        var channels: OutputChannels?
        if new.outputs != configuration.outputs || new.alertFormat != configuration.alertFormat {
            do throws(OutputError) {
                channels = try new.outputs.open(
                    format: new.alertFormat, isUnbuffered: options.isUnbuffered,
                    spool: plan.outputs.isEmpty ? nil : spool)
            } catch {
                throw Rejection(problems: ["an output can't be opened: \(error)"])
            }
        }
        do throws(LiveSourcesError) { try sources.reload(evaluation, without: shed.sources) } catch {
            throw Rejection(problems: [error.message])
        }
        if let spool, plan != spool.currentPlan || new.spoolLimits != configuration.spoolLimits {
            spool.change(plan, limits: new.spoolLimits)
        }
        priorities = evaluation.priorities
        let stateOptions = new.stateOptions(evaluation.needs, evaluation.catalogue)
        state.want(stateOptions.wanted, files: stateOptions.namedFiles)
        let reader = EventFieldReader(
            state: state, hostname: new.alertFormat.hostName, staticFields: new.staticFields.map(\.value))
        events.replace(
            rules: evaluation, reader: reader, authority: sources.authority, reduction: new.reduction,
            channels: channels)
        return evaluation
    }

    /// What the forwarder is to do then, if it can be done.
    private func checkedPlan(_ new: Configuration) throws(Rejection) -> ForwarderPlan {
        var plan = new.forwarderPlan
        // Another file takes effect at the next start.
        if let spool { plan.spoolPath = spool.path }
        if spool == nil, let first = plan.outputs.first {
            throw Rejection(
                problems: [
                    "the first network output ('\(first.name)') needs a restart: a Shrike that runs without one can't start "
                        + "the process that sends any more"
                ])
        }
        let known = spool?.currentPlan.outputs ?? []
        let problems = plan.outputs.filter { !known.contains($0) }.compactMap { $0.credentialProblem() }
        guard problems.isEmpty else { throw Rejection(problems: problems) }
        return plan
    }

    private func accepted(_ new: Configuration, _ evaluation: RuleEvaluation, _ reason: String) {
        var message = "rules and configuration reloaded (\(reason)): \(evaluation.ruleCount) rules"
        let kept = new.keysThatNeedRestart(beside: options.configuration)
        if !kept.isEmpty { message += "; restart to change \(kept.joined(separator: ", "))" }
        configuration = new
        health?.accepted(new)
        log.info(message)
        for line in sources.lines { log.debug(line) }
        events.delivery.send(
            InternalAlert.make(
                "Shrike internal: configuration reloaded", .notice, message,
                [("rules", .unsigned(UInt64(evaluation.ruleCount)))], KernelClock.wall()))
    }

    private func rejected(_ rejection: Rejection, _ reason: String) {
        let first = rejection.problems.first ?? "it could not be read"
        let more = rejection.problems.count > 1 ? " (and \(rejection.problems.count - 1) more)" : ""
        let message = "changed rules or configuration not taken (\(reason)), the old ones stay: \(first)\(more)"
        health?.rejected()
        log.warning(message)
        events.delivery.send(
            InternalAlert.make(
                "Shrike internal: configuration rejected", .error, message,
                [("problems", .unsigned(UInt64(rejection.problems.count)))], KernelClock.wall()))
    }
}

extension Configuration {
    /// The keys whose values differ from a running daemon's and that it can't change.
    func keysThatNeedRestart(beside running: Configuration) -> [String] {
        var keys: [String] = []
        if sources != running.sources { keys.append("shrike.sources") }
        if auditLogPath != running.auditLogPath { keys.append("shrike.audit_log.path") }
        if procPollMilliseconds != running.procPollMilliseconds { keys.append("shrike.proc.poll_interval_ms") }
        if processLimit != running.processLimit { keys.append("shrike.limits.processes") }
        if hostRoot != running.hostRoot { keys.append("shrike.host_root") }
        if isSandboxed != running.isSandboxed { keys.append("shrike.sandbox") }
        if stateDirectory != running.stateDirectory { keys.append("shrike.state_directory") }
        if logLevel != running.logLevel { keys.append("log_level") }
        if outputs.spool.path != running.outputs.spool.path { keys.append("shrike.spool.path") }
        return keys
    }
}
