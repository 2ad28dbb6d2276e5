import Configuration
import KernelInterface
import Outputs

/// The way from the event thread to the reload's worker. Nothing here waits.
protocol ReloadLane: AnyObject {
    /// False where too much waits.
    @discardableResult func send(_ request: ReloadWorker.Request) -> Bool
    func takeReplies() -> [ReloadWorker.Reply]
    /// Since when it has been at the same thing, CLOCK_MONOTONIC; nil: it waits for requests.
    var busySince: UInt64? { get }
}

/// The worker on a thread of its own.
final class ReloadThread: ReloadLane {
    private let thread: ControlThread<ReloadWorker>

    /// An output may take so long to be opened.
    private static let openMilliseconds: Int32 = 5000

    /// Starts it.
    ///
    /// - Parameters:
    ///   - told: what was logged of the rules already.
    ///   - open: opens the outputs of a configuration; may hang.
    init(
        _ options: RunOptions, told: [LogRemark] = [], clock: LiveClock = LiveClock(),
        openMilliseconds: Int32 = openMilliseconds,
        open: ReloadWorker.Opening? = nil
    ) throws(KernelError) {
        let isUnbuffered = options.isUnbuffered
        let open = open ?? { $0.openedOutputs(isUnbuffered: isUnbuffered) }
        // A file on a file system whose server is gone must not keep later changes from being read.
        let calls = try LimitedCalls(name: "shrike-outputs", threads: 2, open)
        thread = try ControlThread(name: "shrike-reload") {
            ReloadWorker(options, told: told, clock: clock.monotonic) { configuration in
                do throws(LimitedCalls<Configuration, Result<Handover<OutputChannels>, ReloadRejection>>.Failure) {
                    return try calls.call(configuration, withinMilliseconds: openMilliseconds)
                } catch {
                    let targets = configuration.outputs.openedTargets.joined(separator: ", ")
                    let which = targets.isEmpty ? "" : " (\(targets))"
                    return .failure(
                        ReloadRejection(
                            problems: [
                                "an output can't be opened: it does not answer\(which); is the server of its file system gone?"
                            ]))
                }
            }
        }
    }

    @discardableResult func send(_ request: ReloadWorker.Request) -> Bool { thread.send(request) }
    func takeReplies() -> [ReloadWorker.Reply] { thread.takeReplies() }
    var busySince: UInt64? { thread.status.busySince }
}

extension OutputSettings {
    /// What is opened for alerts, by name.
    fileprivate var openedTargets: [String] { (file.isEnabled ? [file.target] : []) + (syslog ? ["syslog"] : []) }
}
