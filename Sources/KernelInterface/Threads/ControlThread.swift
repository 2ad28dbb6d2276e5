import Glibc
import Synchronization

/// A second thread for what may wait: it owns a worker's state, takes requests from a bounded queue and answers into
/// another, all as plain values. Nobody ever waits for it without a time limit.
///
/// The queues' lock is held for as long as it takes to move a value; it is taken for requests and replies, not for events.
public final class ControlThread<Worker: ControlWorker>: Sendable {
    /// Bounds and the interval of ticks.
    public struct Options: Sendable {
        /// Requests, and replies, that may wait.
        public var queueLimit = 4096
        /// How often `tick` is called while nothing is asked for.
        public var tickMilliseconds: Int32 = 100

        /// The usual bounds.
        public init() {}
    }

    /// What the thread is doing, for the health report.
    public struct Status: Sendable, Equatable {
        /// Since when it has been at the same call of the worker, CLOCK_MONOTONIC in nanoseconds; nil: it waits.
        public var busySince: UInt64?
        /// Requests that wait.
        public var queued: Int
        /// Requests that were refused because too many waited.
        public var refused: UInt64
        /// Whether it has ended.
        public var hasEnded: Bool
    }

    private let shared: ControlThreadState<Worker.Request, Worker.Reply>

    /// Starts the thread; `make` makes the worker there.
    public init(
        name: String, options: Options = Options(), make: @escaping @Sendable () -> Worker
    ) throws(KernelError) {
        let state = try ControlThreadState<Worker.Request, Worker.Reply>(queueLimit: options.queueLimit)
        shared = state
        let tick = options.tickMilliseconds
        try WorkerThread.start(name) {
            var worker = make()
            state.run(&worker, tickMilliseconds: tick)
        }
        WorkerThread.register(state)
    }

    /// Starts the thread with a worker that was made elsewhere and is given away.
    public init(name: String, options: Options = Options(), worker: sending Worker) throws(KernelError) {
        let state = try ControlThreadState<Worker.Request, Worker.Reply>(queueLimit: options.queueLimit)
        shared = state
        let tick = options.tickMilliseconds
        let box = Handover(worker)
        try WorkerThread.start(name) {
            guard var worker = box.take() else { return }
            state.run(&worker, tickMilliseconds: tick)
        }
        WorkerThread.register(state)
    }

    /// Readable while replies wait; for the event loop.
    public var descriptor: Int32 { shared.repliesReady.rawValue }

    /// Asks for something; false, and counted, where too many requests wait or the thread has ended.
    @discardableResult
    public func send(_ request: Worker.Request) -> Bool { shared.send(request) }

    /// Takes the replies that wait, oldest first.
    public func takeReplies() -> [Worker.Reply] { shared.takeReplies() }

    /// Waits for replies, so long at most, and takes them.
    public func takeReplies(withinMilliseconds limit: Int32) -> [Worker.Reply] {
        _ = shared.repliesReady.wait(milliseconds: limit)
        return takeReplies()
    }

    /// What the thread is doing.
    public var status: Status {
        let busy = shared.busySince.load(ordering: .relaxed)
        let (queued, refused) = shared.load
        return Status(
            busySince: busy == 0 ? nil : busy, queued: queued, refused: refused,
            hasEnded: shared.hasEnded.load(ordering: .acquiring))
    }

    /// Asks the thread to end behind what is queued, and waits that long at most; false when it has not ended by then. It is left
    /// to itself in that case.
    @discardableResult
    public func stop(withinMilliseconds limit: Int32) -> Bool { shared.stop(withinMilliseconds: limit) }
}
