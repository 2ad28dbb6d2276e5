import ForwarderProtocol
import Glibc
import KernelInterface
import Outputs
import Spool

/// The forwarder's process: reads its plan, opens what it needs, gives up its privileges, delivers until the sensor ends.
public enum ForwarderRun {
    private typealias Descriptor = ForwarderPlan.Descriptor

    /// Accounts that it may become, best first.
    private static let users = ["shrike", "nobody"]
    /// After the sensor's end: time for the requests that can be made without waiting.
    private static let drainNanoseconds: UInt64 = 1_500_000_000
    private static let checkpointNanoseconds: UInt64 = 2_000_000_000

    /// Why the process could not begin or go on.
    private enum Failure: Error {
        case message(String)
        case spool(SpoolError)
    }

    /// Runs; gives the exit status: 0 after the sensor's end, 4 for a damaged spool, 1 when it can't go on otherwise.
    public static func run() -> Int32 {
        signal(SIGPIPE, SIG_IGN)
        ChildProcess.setOwnName("shrike-forward")
        // The sensor decides when it ends, so that a Ctrl-C or a stop of the service leaves time for the last alerts.
        for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] { signal(number, SIG_IGN) }
        do throws(Failure) {
            try deliver()
            return 0
        } catch {
            let text =
                switch error {
                case .message(let text): text
                case .spool(let error): "spool: \(error)"
                }
            let line = Array("shrike-forward: \(text)\n".utf8)
            _ = line.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if case .spool(.corrupt) = error { return ForwarderPlan.damageStatus }
            return 1
        }
    }

    private static func deliver() throws(Failure) {
        guard let plan = ForwarderPlan(readAll(Descriptor.plan)) else {
            throw .message(
                "there is no plan on descriptor \(Descriptor.plan): only a running shrike of the same version starts this"
            )
        }
        close(Descriptor.plan)
        for descriptor in [Descriptor.wake, Descriptor.reports] {
            guard fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 else {
                throw .message("descriptor \(descriptor) is not open")
            }
        }
        guard let group = TransferGroup() else { throw .message("libcurl can't be initialized") }
        var deliveries: [any Delivery] = []
        do {
            // All that needs rights is opened here; the process that talks to the network has none.
            let spool = try SpoolReader(path: plan.spoolPath)
            for output in plan.outputs {
                guard let delivery = try delivery(of: output, plan, spool, tag: deliveries.count) else {
                    throw Failure.message("no memory")
                }
                deliveries.append(delivery)
            }
            try ProcessPrivileges.dropAll(users: users, parent: plan.parent)
            try ForwarderSandbox.enter()
            try loop(deliveries, group, spool)
        } catch let failure as Failure {
            throw failure
        } catch let error as SpoolError {
            throw .spool(error)
        } catch {
            throw .message("\(error)")
        }
    }

    private static func delivery(of output: NetworkOutput, _ plan: ForwarderPlan, _ spool: SpoolReader, tag: Int) throws
        -> (any Delivery)?
    {
        let credentials = try Credentials(output)
        switch output.kind {
        case .webhook(let settings):
            return try WebhookDelivery(output, settings, credentials, spool, format: plan.format, tag: tag)
        case .syslog(let settings):
            return try SyslogDelivery(
                output, settings, credentials, spool, format: plan.format, sensor: plan.sensor, tag: tag)
        }
    }

    private static func loop(_ deliveries: [any Delivery], _ group: TransferGroup, _ spool: SpoolReader)
        throws(SpoolError)
    {
        var drainEnd: UInt64?
        var nextCheckpoint: UInt64 = 0
        var hasMoved = true
        while true {
            let now = KernelClock.monotonic()
            if drainEnd == nil, !takeWakes() {
                drainEnd = now &+ drainNanoseconds
                for delivery in deliveries { delivery.prepareToEnd() }
            }
            var isBusy = false
            do throws(SpoolError) {
                for delivery in deliveries where try delivery.advance(group, now: now) { hasMoved = true }
                group.perform()
                while let (tag, result) = group.nextDone() {
                    guard deliveries.indices.contains(tag) else { continue }
                    try deliveries[tag].finish(result, group, now: KernelClock.monotonic())
                    isBusy = true
                }
            } catch  where error.isPassing {
                // Each delivery knows how far it is. What could not be noted is noted with the next, or delivered again by
                // the next process: at least once.
                usleep(20_000)
                isBusy = true
            }
            for delivery in deliveries { for report in delivery.takeReports(now: now) { send(report) } }
            if isBusy { continue }
            let isIdle = deliveries.allSatisfy { !$0.isSending }
            if let drainEnd, isIdle || now >= drainEnd { return }
            if hasMoved, isIdle, now >= nextCheckpoint {
                do throws(SpoolError) { try spool.checkpoint() } catch  where error.isPassing {}
                nextCheckpoint = now &+ checkpointNanoseconds
                hasMoved = false
            }
            var waits = deliveries.compactMap(\.wait)
            if drainEnd == nil { waits.append(.init(descriptor: Descriptor.wake)) }
            group.wait(waits, milliseconds: waitMilliseconds(deliveries, now, isDraining: drainEnd != nil))
        }
    }

    /// Until the next attempt is due; a second at most, against a wake that got lost.
    private static func waitMilliseconds(_ deliveries: [any Delivery], _ now: UInt64, isDraining: Bool) -> Int32 {
        var wait: UInt64 = isDraining ? 50_000_000 : 1_000_000_000
        for time in deliveries.compactMap(\.wakeTime) { wait = min(wait, time > now ? time - now : 0) }
        return wait == 0 ? 0 : Int32(clamping: wait / 1_000_000 + 1)
    }

    /// Empties the pipe of wakes; false when the sensor has closed its end.
    private static func takeWakes() -> Bool {
        var bytes: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        while true {
            let count = withUnsafeMutableBytes(of: &bytes) { read(Descriptor.wake, $0.baseAddress, $0.count) }
            if count == 0 { return false }
            if count < 0, errno != EINTR { return errno == EAGAIN }
        }
    }

    /// A report that the sensor has no room for is not worth waiting for.
    private static func send(_ report: ForwarderReport) {
        _ = report.line.withUnsafeBytes { write(Descriptor.reports, $0.baseAddress, $0.count) }
    }

    private static func readAll(_ descriptor: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while bytes.count < 16 << 20 {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes.append(contentsOf: chunk[..<count])
        }
        return bytes
    }
}
