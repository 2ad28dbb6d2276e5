import CommandOutput
import Configuration
import Detection
import EventModel
import EventSources
import Foundation
import Glibc
import KernelInterface
import NodeState
import Outputs
import Recording
import RuleLanguage
import Synchronization
import TestSupport

@testable import Daemon

/// A live run in memory: the real loop, detection, delivery, reload and shedding, over a test's sources, clock, files and outputs.
/// It needs no privileges, and minutes of it take milliseconds.
final class EmbeddedRun {
    static let second: UInt64 = 1_000_000_000

    /// What is to be told by.
    let output = RecordedOutput()
    let node: ScriptedNode
    /// What the process is said to use.
    var usage = ProcessUsage()
    /// The file that the rules are in.
    let rulesPath: String
    /// How the run ended.
    private(set) var status: ExitStatus?
    private(set) var summary: RunSummary?
    /// The metrics at the end.
    private(set) var metrics = ""
    /// Since when the reload's thread is at the same thing.
    var reloadBusySince: UInt64? {
        get { lane.busySince }
        set { inlineLane?.busySince = newValue }
    }

    /// Whether what was loaded is not taken yet.
    var holdsReload: Bool {
        get { inlineLane?.isHeld ?? false }
        set { inlineLane?.isHeld = newValue }
    }

    private let time: ScriptedTime
    private let wait: ScriptedWait
    private let lane: any ReloadLane
    private let inlineLane: InlineReloadLane?
    private var daemon: LiveDaemon?
    let options: RunOptions

    /// A run of a configuration and rules over these sources.
    ///
    /// - Parameters:
    ///   - directory: an empty one, for the files.
    ///   - recorder: writes the run down.
    ///   - makeLane: makes what reloads; nil: the worker without its thread.
    init(
        _ drivers: [SourceDriver], rules: String, configuration text: String = "", in directory: String,
        node: ScriptedNode = ScriptedNode(), outputs: [any AlertOutput] = [],
        recorder: Recorder? = nil, makeLane: ((RunOptions) throws -> any ReloadLane)? = nil
    ) throws {
        self.node = node
        rulesPath = "\(directory)/rules.yaml"
        try rules.write(toFile: rulesPath, atomically: true, encoding: .utf8)
        try text.write(toFile: "\(directory)/shrike.yaml", atomically: true, encoding: .utf8)
        var request = ConfigurationRequest()
        request.path = "\(directory)/shrike.yaml"
        request.rulesFiles = [rulesPath]
        let loaded = request.load()
        guard !loaded.hasErrors else { throw EmbeddedRunError(problems: loaded.diagnostics.map(\.line)) }
        options = RunOptions(request: request, configuration: loaded.configuration)
        var remarks: [LogRemark] = []
        let evaluation = try LoadedRules.load(loaded.configuration, isVerbose: false, remarks: &remarks).evaluation()

        let time = ScriptedTime()
        self.time = time
        let clock = LiveClock(
            monotonic: { time.now }, wall: { ScriptedTime.epoch + time.now },
            coarseWall: { ScriptedTime.epoch + time.now })
        wait = ScriptedWait(time)
        let worker = ReloadWorker(options, clock: clock.monotonic) { $0.openedOutputs(isUnbuffered: false) }
        inlineLane = makeLane == nil ? InlineReloadLane(worker, clock) : nil
        lane = try makeLane?(options) ?? inlineLane ?? InlineReloadLane(worker, clock)
        var stateOptions = loaded.configuration.stateOptions(evaluation.needs, evaluation.catalogue)
        if recorder != nil { stateOptions.bootTimeNanoseconds = KernelClock.wall() &- KernelClock.boot() }
        let state = NodeState(
            options: stateOptions, files: recorder.map { RecordingFiles(node, $0) } ?? node as any NodeFiles)
        var context = loaded.configuration.sourceContext()
        context.known = state
        context.hostRoot = ""
        let sources = try LiveSources(
            drivers, needs: SourceNeeds(evaluation), choice: .auto, context: context)
        recorder?.start(
            RecordingHeader(
                hostname: Array(loaded.configuration.alertFormat.hostName.utf8), hostRoot: [],
                bootTimeNanoseconds: stateOptions.bootTimeNanoseconds ?? 0, authorities: sources.authority.types))
        recorder?.begin(.scan(clock.wall()))
        _ = state.loadAll(nowNanoseconds: clock.wall())
        let channels = OutputChannels([output] + outputs, format: loaded.configuration.alertFormat)
        var parts = LiveDaemon.Parts(
            options: options, rules: evaluation, state: state, sources: sources, channels: channels, reload: lane,
            started: time.now, ownPID: -1, clock: clock, log: DaemonLog(threshold: .emergency))
        if loaded.configuration.learning.isEnabled {
            parts.profiles = try ProfileKeeping(loaded.configuration.learning, now: time.now, remarks: &remarks)
        }
        parts.recorder = recorder
        parts.usage = { [unowned self] in usage }
        daemon = LiveDaemon(parts)
        daemon?.events.delivery.start()
    }

    /// Does something at a time, in seconds from the start.
    func at(_ seconds: Double, _ action: @escaping () -> Void) {
        wait.add(seconds) {
            action()
            return nil
        }
    }

    /// Sends a signal at a time.
    func signal(_ number: Int32, at seconds: Double) {
        wait.add(seconds) { SignalDescriptor.Signal(number: number, sender: nil) }
    }

    /// Lets time pass, as work that takes long does.
    func spend(milliseconds: UInt64) { time.pass(milliseconds * 1_000_000) }

    /// How much time has passed, in nanoseconds.
    var now: UInt64 { time.now }

    /// Runs until SIGTERM, which comes at the time given.
    func run(until seconds: Double) {
        signal(SIGTERM, at: seconds)
        status = daemon?.run(wait)
        if let health = daemon?.health {
            metrics = String(decoding: health.snapshot(time.now).prometheus, as: UTF8.self)
        }
        summary = daemon?.finish()
    }

    /// The rules of the alerts so far.
    var rules: [String] { output.alerts.map(\.rule) }
    /// The texts of the alerts of a rule.
    func messages(of rule: String) -> [String] {
        output.alerts.filter { $0.rule == rule }.map { String(decoding: $0.message, as: UTF8.self) }
    }

    /// Puts another configuration in place of the file's, as editors do.
    func replaceConfiguration(_ text: String) throws {
        guard let path = options.request.path else { return }
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    /// Puts other rules in place of the file's, as editors do.
    func replaceRules(_ text: String) throws { try text.write(toFile: rulesPath, atomically: true, encoding: .utf8) }
}

/// Why a run can't begin.
struct EmbeddedRunError: Error {
    var problems: [String]
}

/// A clock that goes when it is told to.
final class ScriptedTime: Sendable {
    /// What the wall clock says at the start: the time, since processes are known by when they started after the boot.
    static let epoch = KernelClock.wall()
    private let nanoseconds = Atomic<UInt64>(EmbeddedRun.second)

    var now: UInt64 { nanoseconds.load(ordering: .relaxed) }
    func pass(_ more: UInt64) { nanoseconds.add(more, ordering: .relaxed) }
}

/// Waits by letting the clock go on, and does what the script says meanwhile.
final class ScriptedWait: EventWait {
    private var steps: [(time: UInt64, action: () -> SignalDescriptor.Signal?)] = []
    private var sources: [any EventSource] = []
    private let time: ScriptedTime
    private let start: UInt64

    init(_ time: ScriptedTime) {
        self.time = time
        start = time.now
    }

    func add(_ seconds: Double, _ action: @escaping () -> SignalDescriptor.Signal?) {
        steps.append((start + UInt64(seconds * 1e9), action))
        steps.sort { $0.time < $1.time }
    }

    func watch(_ sources: [any EventSource]) {
        self.sources = sources
        for case let source as ScriptedSource in sources { source.wall = { [time] in ScriptedTime.epoch + time.now } }
    }

    func wait(milliseconds: Int32, ready: inout [Int]) -> SignalDescriptor.Signal? {
        let isReady = sources.contains { ($0 as? ScriptedSource)?.hasWaiting == true }
        time.pass(isReady ? 1_000_000 : UInt64(milliseconds) * 1_000_000)
        var signal: SignalDescriptor.Signal?
        while signal == nil, let step = steps.first, step.time <= time.now {
            steps.removeFirst()
            signal = step.action()
        }
        ready = sources.indices.filter { (sources[$0] as? ScriptedSource)?.hasWaiting == true }
        return signal
    }
}

/// The reload's worker without its thread.
final class InlineReloadLane: ReloadLane {
    private final class Box: Sendable {
        let replies = Mutex<[ReloadWorker.Reply]>([])
    }
    var busySince: UInt64?
    var isHeld = false
    private var worker: ReloadWorker
    private let clock: LiveClock
    private let box = Box()
    private let replies: ControlReplies<ReloadWorker.Reply>

    init(_ worker: ReloadWorker, _ clock: LiveClock) {
        self.worker = worker
        self.clock = clock
        replies = ControlReplies { [box] reply in box.replies.withLock { $0.append(reply) } }
    }

    @discardableResult func send(_ request: ReloadWorker.Request) -> Bool {
        worker.take([request], replies)
        return true
    }

    func takeReplies() -> [ReloadWorker.Reply] {
        worker.tick(nowNanoseconds: clock.monotonic(), replies)
        if isHeld { return [] }
        return box.replies.withLock { list in
            defer { list = [] }
            return list
        }
    }
}
