import CommandOutput
import Configuration
import EventModel
import EventSources
import Glibc
import HealthServer
import KernelInterface
import NodeState
import Outputs

/// Tells how the daemon is: to who asks over HTTP, and from time to time in an alert. On the event thread, from the tick.
final class HealthMonitor {
    private let events: LiveEvents
    private let sources: LiveSources
    private let state: NodeState
    private let log: DaemonLog
    private let startedMonotonic: UInt64
    private let startedWallClock: UInt64
    private var settings: WebServerSettings
    private var metrics: MetricsSettings
    private let hostName: String
    private var reloads = ReloadCounters()
    private let clock: LiveClock
    /// How long the event thread stood still.
    var standstill = StandstillMeter()

    private var server: HealthServer?
    private var nextListen: UInt64 = 0
    private var isListenFailureKnown = false
    private var nextSnapshot: UInt64
    private var previous: (time: UInt64, events: UInt64, usage: ProcessUsage)

    private static let listenRetryNanoseconds: UInt64 = 10_000_000_000

    /// A monitor of a run that was started at `started` (CLOCK_MONOTONIC).
    init(
        _ configuration: Configuration, events: LiveEvents, sources: LiveSources, state: NodeState, started: UInt64,
        clock: LiveClock, log: DaemonLog
    ) {
        self.clock = clock
        self.events = events
        self.sources = sources
        self.state = state
        self.log = log
        startedMonotonic = started
        let running = clock.monotonic() &- started
        startedWallClock = clock.wall() &- running
        settings = configuration.webServer
        metrics = configuration.metrics
        hostName = configuration.alertFormat.hostName
        nextSnapshot = started &+ UInt64(configuration.metrics.intervalMilliseconds) &* 1_000_000
        previous = (started, 0, ProcessUsage())
    }

    /// A change of configuration took effect.
    func accepted(_ configuration: Configuration) {
        reloads.accepted &+= 1
        reloads.lastAcceptedNanoseconds = clock.wall()
        if configuration.metrics != metrics {
            metrics = configuration.metrics
            nextSnapshot =
                clock.monotonic() &+ UInt64(configuration.metrics.intervalMilliseconds) &* 1_000_000
        }
        guard configuration.webServer != settings else { return }
        settings = configuration.webServer
        isListenFailureKnown = false
        nextListen = 0
        if !settings.isEnabled || server?.address != settings.listenAddress { server = nil }
    }

    /// A change of configuration was refused.
    func rejected() { reloads.rejected &+= 1 }

    /// Answers who asks, and raises the alert when it is due; call with CLOCK_MONOTONIC.
    func tick(now: UInt64) {
        if settings.isEnabled {
            if server == nil, now >= nextListen { listen(now) }
            server?.serve(now: now) { answer($0, now) }
        }
        guard metrics.isEnabled, metrics.raisesAlert, now >= nextSnapshot else { return }
        nextSnapshot = now &+ UInt64(metrics.intervalMilliseconds) &* 1_000_000
        let snapshot = snapshot(now)
        events.delivery.send(snapshot.alert(metrics, since: previous, now: now, hostName: hostName))
        previous = (now, snapshot.events, snapshot.usage)
    }

    /// A port that is taken is no reason not to watch: who asks for health sees that there is no answer.
    private func listen(_ now: UInt64) {
        nextListen = now &+ Self.listenRetryNanoseconds
        guard let address = settings.listenAddress else { return }
        do throws(KernelError) {
            server = try HealthServer(address)
            isListenFailureKnown = false
            log.info("health is told at \(address), path \(settings.healthPath)")
            if !address.isLocal {
                log.info("\(address) may be reached from other machines: it tells without a password what is watched")
            }
        } catch {
            if !isListenFailureKnown { log.warning("the health server can't listen: \(error); trying again") }
            isListenFailureKnown = true
        }
    }

    private func answer(_ request: HTTPRequest, _ now: UInt64) -> HTTPResponse {
        switch String(decoding: request.path, as: UTF8.self) {
        case settings.healthPath: return snapshot(now).health
        case "/versions": return HealthSnapshot.versions
        case "/metrics" where settings.servesMetrics:
            return HTTPResponse(
                status: .ok, contentType: PrometheusText.contentType, body: snapshot(now).prometheus)
        default: return HTTPResponse(.notFound)
        }
    }

    /// How the daemon is at a time (CLOCK_MONOTONIC).
    func snapshot(_ now: UInt64) -> HealthSnapshot {
        var snapshot = HealthSnapshot()
        snapshot.timeNanoseconds = clock.wall()
        snapshot.startedNanoseconds = startedWallClock
        snapshot.uptimeNanoseconds = now &- startedMonotonic
        snapshot.sources = sources.running.map { source in
            HealthSnapshot.Source(
                kind: source.kind, counters: source.counters, outage: source.outage, queue: source.queue,
                backlog: source.backlog, canary: source.canary, arming: source.containerArming,
                gaps: source.filterGaps, heldBack: source.heldBack)
        }
        snapshot.state = state.counters
        snapshot.usage = ProcessUsage.current()
        snapshot.reloads = reloads
        snapshot.longestStandstillNanoseconds = standstill.longest
        snapshot.requests = server?.counters.answered ?? 0
        events.describe(in: &snapshot)
        return snapshot
    }
}
