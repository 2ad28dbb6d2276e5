import CommandOutput
import Configuration
import Delivery
import EventModel
import Glibc
import KernelInterface
import Outputs
import RuleLanguage
import Spool

/// Sends synthetic alerts through the configured outputs, on the way that the daemon's take, and measures.
public enum AlertBench {
    /// How often it is looked what the outputs have done: this is the resolution of the time of delivery.
    private static let lookNanoseconds: UInt64 = 1_000_000
    /// The most alerts of a batch, so that commits come as often as a busy daemon's.
    private static let largestBatch = 256

    /// Runs to its end, or until SIGINT or SIGTERM. Without a report the reason is on standard error.
    public static func run(_ options: AlertBenchOptions) -> Report {
        let log = DaemonLog()
        var configuration = options.configuration
        let weaknesses = FileTrust.weaknesses(of: configuration.files)
        for weakness in weaknesses { log.text(weakness.diagnostic.rendered) }
        guard weaknesses.isEmpty else { return Report(bytes: [], status: .invalid) }
        // Standard output has the report.
        configuration.outputs.standardOutput = false
        do {
            let file = try BenchSpool(options)
            defer { file.remove() }
            configuration.outputs.spool.path = file.path
            let signals = try SignalDescriptor([SIGINT, SIGTERM])
            let spool = try configuration.openSpool()
            let channels = try configuration.outputs.open(
                format: configuration.alertFormat, isUnbuffered: false, isLossless: true, spool: spool)
            channels.start()
            guard !channels.counters.isEmpty else {
                log.warning(
                    "no output but standard output is configured, so there is nothing to measure; http_output or "
                        + "shrike.outputs name a receiver, e.g. -o http_output.enabled=true -o http_output.url=URL")
                return Report(bytes: [], status: .invalid)
            }
            let result = send(options, channels, spool, signals, log)
            return AlertBenchReport.make(result, isJSON: options.isJSON)
        } catch {
            log.warning("\(error)")
            return Report(bytes: [], status: .invalid)
        }
    }

    private static func send(
        _ options: AlertBenchOptions, _ channels: OutputChannels, _ spool: SpoolOutput?, _ signals: SignalDescriptor,
        _ log: DaemonLog
    ) -> AlertBenchResult {
        var random = SystemRandomNumberGenerator()
        let alert = SyntheticAlert(options, run: String(random.next() as UInt32, radix: 16))
        let start = KernelClock.monotonic()
        var tally = AlertBenchTally(outputs: spool?.progress.map(\.output) ?? [], now: start)
        var (sent, sendingEnd, nextLook) = (0, start, start)
        var isStopped = false
        let patience = UInt64(options.patienceSeconds) &* 1_000_000_000
        while true {
            let due = isStopped ? sent : dueCount(options, elapsed: KernelClock.monotonic() &- start)
            for _ in 0..<min(due - sent, largestBatch) {
                sent += 1
                tally.make(now: KernelClock.monotonic())
                channels.send(alert.make(sent, timeNanoseconds: KernelClock.wall()))
            }
            channels.endBatch()
            let now = KernelClock.monotonic()
            if sent < options.count { sendingEnd = now } else if sendingEnd == start { sendingEnd = now }
            for problem in channels.takeProblems() { log.warning(problem.message) }
            take(spool?.takeEvents() ?? [], &tally, log)
            tally.commit(waiting: spool?.pendingCount ?? 0, now: now)
            if now >= nextLook {
                nextLook = now &+ lookNanoseconds
                for progress in spool?.progress ?? [] { tally.note(progress, now: now) }
            }
            let hasSentAll = isStopped || sent == options.count
            if hasSentAll, isStopped || tally.isDone || now &- tally.lastMove > patience { break }
            if !hasSentAll, sent < due { continue }
            if isSignalled(signals) { isStopped = true }
        }
        channels.close(withinMilliseconds: UInt64(options.patienceSeconds) &* 1000)
        for progress in spool?.progress ?? [] { tally.note(progress, now: KernelClock.monotonic()) }
        take(spool?.takeEvents() ?? [], &tally, log)
        for problem in channels.takeProblems() { log.warning(problem.message) }
        return AlertBenchResult(
            rule: alert.rule, run: alert.run, askedRate: options.rate, askedCount: options.count, start: start,
            sendingEnd: sendingEnd, tally: tally,
            channels: channels.counters.filter { $0.name != spool?.name }, wasStopped: isStopped)
    }

    /// How many alerts are to be made by now.
    private static func dueCount(_ options: AlertBenchOptions, elapsed: UInt64) -> Int {
        guard let rate = options.rate else { return options.count }
        let due = Double(elapsed) / 1e9 * rate + 1
        return due >= Double(options.count) ? options.count : Int(due)
    }

    private static func take(_ events: [DeliveryEvent], _ tally: inout AlertBenchTally, _ log: DaemonLog) {
        for event in events {
            log.warning(event.message)
            if case .spool(.lost(let count, _)) = event { tally.lose(count) }
        }
    }

    /// Waits for a millisecond, or for the wish to end.
    private static func isSignalled(_ signals: SignalDescriptor) -> Bool {
        var waited = pollfd(fd: signals.rawValue, events: Int16(POLLIN), revents: 0)
        return poll(&waited, 1, 1) > 0 && signals.read() != nil
    }
}
