import CommandOutput
import Delivery
import EventModel
import EventSources
import Glibc
import InternalAlerts
import KernelInterface
import NodeState
import Outputs

/// The event thread's life from armed to told to stop: waits, lets sources deliver, does what is due ten times a second.
final class LiveLoop {
    /// What is looked after besides the sources. All of it is called on the event thread.
    struct Parts {
        var events: LiveEvents
        var state: NodeState
        var reload: Reload
        var health: HealthMonitor
        var service: ServiceNotifier?
        var record: WatchRecord?
        var profiles: ProfileKeeping?
        var shedding: LoadShedding
        var tamper: TamperWatch
    }

    private let sources: LiveSources
    private var wait: any EventWait
    private var parts: Parts
    private var running: [any EventSource] = []
    private var generation = -1
    private var ready: [Int] = []
    private var spoolGeneration = 0
    private var canaries: CanaryRuns
    private var isCanaryFailureKnown = false
    private var packageRemark = PackageRemark()
    private let log: DaemonLog
    private let clock: LiveClock
    /// CLOCK_MONOTONIC at which the run ends by itself.
    private let end: UInt64?
    private static let workOffNanoseconds: UInt64 = 5_000_000_000
    private static let quietLooks = 3
    /// How often it is looked whether the kernel has more, which it may not have put into the socket yet.
    private static let drainLookMilliseconds: Int32 = 10
    private static let tickNanoseconds = UInt64(EventLoop.tickMilliseconds) &* 1_000_000

    init(
        _ sources: LiveSources, _ wait: any EventWait, _ parts: Parts, end: UInt64?, clock: LiveClock, log: DaemonLog
    ) {
        self.sources = sources
        self.wait = wait
        self.parts = parts
        self.end = end
        self.clock = clock
        self.log = log
        canaries = CanaryRuns(now: clock.monotonic())
    }

    /// Takes events until a signal, the time limit or the end of all outputs ends the run, and works off what is queued then;
    /// gives the exit status. `atEnd` is called in between.
    func run(atEnd: () -> Void) -> ExitStatus {
        let status = watch()
        atEnd()
        parts.service?.stopping()
        if !parts.events.delivery.haveOutputsEnded { workOff() }
        return status
    }

    /// The end is part of the run: the kernel is asked for no more, and what it has queued is evaluated, for a bounded time. A
    /// second signal ends that at once.
    private func workOff() {
        let events = parts.events
        followSources()
        for source in running { source.finish() }
        let deadline = clock.monotonic() &+ Self.workOffNanoseconds
        // The kernel's thread may hold a record between its queue and the socket.
        var quietLooks = 0
        while clock.monotonic() < deadline, quietLooks < Self.quietLooks {
            quietLooks = running.allSatisfy(\.isDrained) ? quietLooks + 1 : 0
            let signal = wait.wait(milliseconds: Self.drainLookMilliseconds, ready: &ready)
            for index in ready { _ = running[index].drain(into: events) }
            events.endBatch()
            if let signal, [SIGINT, SIGTERM].contains(signal.number) { break }
        }
        for source in running { source.conclude(into: events) }
        events.endBatch()
    }

    private func watch() -> ExitStatus {
        var nextTick = clock.monotonic()
        var begin = nextTick
        let events = parts.events
        while true {
            followSources()
            let signal = wait.wait(milliseconds: EventLoop.tickMilliseconds, ready: &ready)
            let woke = clock.monotonic()
            for index in ready { _ = running[index].drain(into: events) }
            let now = clock.monotonic()
            if let signal, signal.number == SIGCONT { parts.tamper.continued(by: signal) }
            let isTick = now >= nextTick
            if isTick {
                tick(now)
                nextTick = now &+ Self.tickNanoseconds
            }
            passOn()
            events.endBatch()
            // Behind the batch: whether an output fails shows when what it kept is delivered.
            if isTick { parts.health.tick(now: now) }
            if let status = status(after: signal, now) { return status }
            let done = clock.monotonic()
            parts.health.standstill.take(waited: begin, atMost: Self.tickNanoseconds, woke: woke, done: done)
            begin = done
        }
    }

    /// Waits for the sources that run now.
    private func followSources() {
        guard sources.generation != generation else { return }
        generation = sources.generation
        running = sources.running
        wait.watch(running)
    }

    /// What events told that sources must know.
    private func passOn() {
        let events = parts.events
        for change in events.takeContainerChanges() {
            // The container may have ended already; what can't be watched is still worth a word.
            for failure in sources.watch(change, into: events) {
                log.debug("the files of a container can't be watched: \(failure)")
            }
        }
        if events.takeLoss() { sources.lookAnew(into: events) }
    }

    /// How the run ends; nil: it goes on.
    private func status(after signal: SignalDescriptor.Signal?, _ now: UInt64) -> ExitStatus? {
        let delivery = parts.events.delivery
        if let signal, isEnd(signal) { return .success }
        if let end, now >= end { return .success }
        if delivery.haveOutputsEnded {
            log.info("nobody reads the alerts any more: stopping")
            return .success
        }
        // The launcher can't be started again from here. Where somebody starts us again, that mends it; elsewhere
        // watching without the network outputs is better than not watching.
        if delivery.spool?.isDeliveryOver == true, parts.service?.hasManager == true { return .incomplete }
        return nil
    }

    private func tick(_ now: UInt64) {
        let wallClock = clock.wall()
        watchOverItself(now, wallClock)
        for source in running { source.tick(nowNanoseconds: now, into: parts.events) }
        parts.events.noteLosses(of: running)
        parts.events.takeUses(of: running)
        if let error = canaries.tick(now: now, sources: running, sink: parts.events), !isCanaryFailureKnown {
            isCanaryFailureKnown = true
            log.warning("test processes can't be run, so a source that goes blind shows only in other ways: \(error)")
        }
        parts.events.tick(parts.state, wallClock: wallClock)
        if let remark = packageRemark.text(leftOut: parts.state.counters.packageFilesLeftOut) { log.warning(remark) }
        parts.reload.tick(now: now)
        parts.shedding.tick(now: now)
        parts.service?.tick(nowNanoseconds: now)
        parts.record?.tick(now: now, wallClock: wallClock)
        parts.profiles?.tick(now: now, log: log)
    }

    private func watchOverItself(_ now: UInt64, _ wallClock: UInt64) {
        if let spool = parts.events.delivery.spool, spool.generation != spoolGeneration {
            spoolGeneration = spool.generation
            parts.tamper.accept(spool.path)
        }
        while let name = SyscallViolations.take() {
            let alert = SensorSandbox.alert(name, wallClock)
            log.warning(String(decoding: alert.message, as: UTF8.self))
            parts.events.delivery.send(alert)
        }
        for alert in parts.tamper.tick(now: now, wallClock: wallClock) {
            log.warning(String(decoding: alert.message, as: UTF8.self))
            parts.events.delivery.send(alert)
        }
        for path in parts.tamper.takeReplaced() where path == parts.events.delivery.spool?.path {
            parts.events.delivery.spool?.moveOn(now: now)
        }
    }

    /// Does what a signal asks for; gives whether it ends the run.
    private func isEnd(_ signal: SignalDescriptor.Signal) -> Bool {
        switch signal.number {
        case SIGINT, SIGTERM:
            // Who stops the watching may be who has something to hide. Ctrl-C comes from the kernel, and is no alert.
            if let sender = signal.sender { parts.events.delivery.send(stopAlert(sender, signal.number)) }
            return true
        case SIGUSR1: parts.events.delivery.reopenOutputs()
        case SIGHUP: parts.reload.run(because: "SIGHUP")
        default: break
        }
        return false
    }

    private func stopAlert(_ sender: (pid: Int32, uid: UInt32), _ number: Int32) -> Alert {
        InternalAlert.make(
            .stopping,
            "Shrike ends: \(TamperWatch.name(of: (sender.pid, sender.uid))) sent "
                + (number == SIGINT ? "SIGINT" : "SIGTERM"),
            [("pid", .unsigned(UInt64(sender.pid))), ("uid", .unsigned(UInt64(sender.uid)))], clock.wall())
    }
}
