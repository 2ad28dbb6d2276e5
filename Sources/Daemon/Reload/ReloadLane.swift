import KernelInterface

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

    init(_ options: RunOptions) throws(KernelError) {
        thread = try ControlThread(name: "shrike-reload") { ReloadWorker(options) }
    }

    @discardableResult func send(_ request: ReloadWorker.Request) -> Bool { thread.send(request) }
    func takeReplies() -> [ReloadWorker.Reply] { thread.takeReplies() }
    var busySince: UInt64? { thread.status.busySince }
}
