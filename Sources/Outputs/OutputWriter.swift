import EventModel
import KernelInterface
import Synchronization

/// A channel's buffer, and the thread that empties it into the channel's sink. Whoever appends never waits for the reader: the
/// lock is held for as long as it takes to move a line.
final class OutputWriter: Sendable {
    fileprivate struct State: Sendable {
        var buffer: OutputBuffer
        /// Lines that the thread has taken and not delivered yet.
        var underWay = 0
        /// Lines that the sink has taken, and of which it isn't known yet what becomes of them.
        var handedOver: UInt64 = 0
        /// Since when it is at them, CLOCK_MONOTONIC.
        var busySince: UInt64?
        var delivered: UInt64 = 0
        /// Lines lost otherwise than by the buffer's bound.
        var lost: UInt64 = 0
        var failure: OutputError?
        var isReaderGone = false
        /// The file is opened anew when the lines before this one are written.
        var reopenAt: UInt64?
        var isClosing = false
        var closeBy: UInt64 = .max
        var isStarted = false
    }

    /// What the thread does next.
    private enum Step { case write, reopen, wait, end }

    private let name: String
    private let isLossless: Bool
    private let make: @Sendable () -> any OutputSink
    private let state: Mutex<State>
    private let wake: EventDescriptor
    private let progress: EventDescriptor
    private let isGivenUp = Atomic<Bool>(false)
    private let isOver = Atomic<Bool>(false)
    /// Whether lines were appended since the thread was woken for them.
    private let hasNews = Atomic<Bool>(false)
    /// How long after a failure the same lines are tried again.
    private static let retryMilliseconds: Int32 = 1000
    /// How often one who waits looks whether it still has to.
    private static let lookMilliseconds: Int32 = 100

    /// A writer whose thread starts with `start`. `make` makes the sink there.
    init(
        name: String, queue: OutputQueue, make: @escaping @Sendable () -> any OutputSink
    ) throws(OutputError) {
        self.name = name
        isLossless = queue.isLossless
        self.make = make
        state = Mutex(State(buffer: OutputBuffer(limits: queue.limits)))
        do throws(KernelError) {
            wake = try EventDescriptor()
            progress = try EventDescriptor()
        } catch { throw .failed(error) }
    }

    /// Starts the thread, with the privileges that the calling thread has; once.
    func start() throws(OutputError) {
        let isFirst = state.withLock { state in
            defer { state.isStarted = true }
            return !state.isStarted
        }
        guard isFirst else { return }
        do throws(KernelError) { try WorkerThread.start("output") { self.run() } } catch {
            state.withLock { $0.isStarted = false }
            throw .failed(error)
        }
    }

    // MARK: The event thread

    /// Has the channel fail from the start, until a delivery succeeds.
    func note(_ failure: OutputError) { state.withLock { $0.failure = failure } }

    /// Whether there is a thread.
    var isStarted: Bool { state.withLock { $0.isStarted } }

    /// Whether nothing will be delivered any more.
    var hasEnded: Bool { isOver.load(ordering: .acquiring) }

    /// What was delivered, lost, and waits.
    var status: OutputStatus {
        state.withLock { state in
            OutputStatus(
                delivered: state.delivered, lost: state.lost &+ state.buffer.dropped,
                waiting: state.buffer.count + state.underWay + Int(clamping: state.handedOver),
                busySince: state.busySince, failure: state.failure,
                hasEnded: state.isReaderGone)
        }
    }

    /// Changes how much may wait.
    func change(_ limits: OutputBuffer.Limits) { state.withLock { $0.buffer.limits = limits } }

    /// Adds a line; gives how many bytes wait then.
    @discardableResult
    func append(_ bytes: [UInt8], _ priority: Priority) -> Int {
        while true {
            let waiting: Int? = state.withLock { state in
                if hasEnded {
                    state.lost &+= 1
                    return 0
                }
                if isLossless, state.isStarted, state.buffer.isHalfFull { return nil }
                state.buffer.append(bytes, priority)
                return state.buffer.bytes
            }
            if let waiting {
                hasNews.store(true, ordering: .relaxed)
                return waiting
            }
            wake.signal()
            _ = progress.wait(milliseconds: Self.lookMilliseconds)
            progress.clear()
        }
    }

    /// Lets the thread write what was appended since the last time; called with every batch of events, most of which append
    /// nothing.
    func flush() {
        if hasNews.exchange(false, ordering: .relaxed) { wake.signal() }
    }

    /// Opens the file anew behind the lines so far.
    func reopen() {
        state.withLock { $0.reopenAt = $0.buffer.endSequence }
        wake.signal()
    }

    /// Tells the thread to write what waits and to end. Waits for nothing.
    ///
    /// - Parameter deadline: CLOCK_MONOTONIC; what is not written by then is lost, and counted by `waitForEnd`.
    func finish(by deadline: UInt64) {
        state.withLock { state in
            state.isClosing = true
            state.closeBy = min(state.closeBy, deadline)
        }
        wake.signal()
    }

    /// Waits for the end that `finish` asked for, until its deadline. Then the thread is given up, with what still waits. Where
    /// nobody asked, nobody waits.
    func waitForEnd() {
        let (deadline, isStarted) = state.withLock { ($0.isClosing ? $0.closeBy : 0, $0.isStarted) }
        while isStarted, !hasEnded {
            let now = KernelClock.monotonic()
            guard now < deadline else { break }
            let left = Int32(clamping: (deadline &- now) / 1_000_000 &+ 1)
            _ = progress.wait(milliseconds: min(left, Self.lookMilliseconds))
            progress.clear()
        }
        isGivenUp.store(true, ordering: .releasing)
        state.withLock { $0.giveUp() }
        isOver.store(true, ordering: .releasing)
    }

    // MARK: The writer's thread

    private func run() {
        var sink = make()
        var lines: [OutputBuffer.Entry] = []
        while true {
            switch next(&lines, sink.batchBytes) {
            case .write:
                do throws(OutputError) {
                    try sink.write(lines) { isGivenUp.load(ordering: .acquiring) }
                    lines = []
                    state.withLock { if sink.isDeferred { $0.handOver() } else { $0.succeed() } }
                    if isLossless { progress.signal() }
                } catch { take(error, &lines) }
            case .reopen:
                do throws(OutputError) { try sink.reopen() } catch { state.withLock { $0.failure = error } }
            case .wait:
                _ = wake.wait(milliseconds: sink.idleMilliseconds)
                wake.clear()
                sink.tick()
            case .end:
                sink.close()
                settle(sink.takeOutcome())
                state.withLock { $0.giveUp() }
                isOver.store(true, ordering: .releasing)
                progress.signal()
                return
            }
            if sink.isDeferred { settle(sink.takeOutcome()) }
        }
    }

    private func settle(_ outcome: DeferredOutcome) {
        state.withLock { state in
            // Given up meanwhile: counted already.
            if !isGivenUp.load(ordering: .acquiring) { state.settle(outcome) }
        }
    }

    private func next(_ lines: inout [OutputBuffer.Entry], _ limit: Int) -> Step {
        if isGivenUp.load(ordering: .acquiring) { return .end }
        return state.withLock { state in
            if state.isReaderGone { return .end }
            if !lines.isEmpty {
                state.busySince = state.busySince ?? KernelClock.monotonic()
                return .write
            }
            if let at = state.reopenAt, state.buffer.isEmpty || state.buffer.firstSequence >= at {
                state.reopenAt = nil
                return .reopen
            }
            lines = state.buffer.takeFirst(bytes: limit, before: state.reopenAt ?? .max)
            guard !lines.isEmpty else { return state.isClosing ? .end : .wait }
            state.underWay = lines.count
            state.busySince = KernelClock.monotonic()
            return .write
        }
    }

    private func take(_ error: OutputError, _ lines: inout [OutputBuffer.Entry]) {
        let isRetried = state.withLock { state in
            // Given up meanwhile: counted already.
            guard !isGivenUp.load(ordering: .acquiring) else { return false }
            state.failure = error
            state.busySince = nil
            switch error {
            case .readerGone:
                state.isReaderGone = true
                state.giveUp()
                return false
            case .failed where !isLossless && !state.isClosing: return true
            case .failed where state.isClosing:
                // It has had its last chance.
                state.giveUp()
                return false
            case .failed, .full, .ended:
                state.lost &+= UInt64(state.underWay)
                state.underWay = 0
                return false
            }
        }
        guard isRetried else {
            lines = []
            if isLossless { progress.signal() }
            return
        }
        let end = KernelClock.monotonic() &+ UInt64(Self.retryMilliseconds) &* 1_000_000
        // New lines wake it; they wait too.
        while KernelClock.monotonic() < end, !isGivenUp.load(ordering: .acquiring), !state.withLock({ $0.isClosing }) {
            _ = wake.wait(milliseconds: Self.lookMilliseconds)
            wake.clear()
        }
    }
}

extension OutputWriter.State {
    mutating func succeed() {
        delivered &+= UInt64(underWay)
        underWay = 0
        busySince = nil
        failure = nil
    }

    mutating func handOver() {
        handedOver &+= UInt64(underWay)
        underWay = 0
        busySince = nil
    }

    mutating func settle(_ outcome: DeferredOutcome) {
        delivered &+= outcome.delivered
        lost &+= outcome.lost
        handedOver &-= min(handedOver, outcome.delivered &+ outcome.lost)
        if let failure = outcome.failure {
            self.failure = failure
        } else if outcome.delivered > 0 {
            failure = nil
        }
    }

    /// Counts all that waits as lost, and as delivered what a reader has that goes on without us.
    mutating func giveUp() {
        delivered &+= handedOver
        handedOver = 0
        lost &+= UInt64(underWay) &+ buffer.removeAll()
        underWay = 0
        busySince = nil
    }
}

/// What became of a channel's alerts, and how it is now.
public struct OutputStatus: Sendable {
    /// Alerts that were written.
    public var delivered: UInt64
    /// Alerts that were lost: refused, or dropped because too many waited.
    public var lost: UInt64
    /// Alerts that wait.
    public var waiting: Int
    /// Since when the reader has taken nothing of what it is given, CLOCK_MONOTONIC in nanoseconds; nil: it isn't given any.
    public var busySince: UInt64?
    /// Why the last delivery failed; nil after one that did not.
    public var failure: OutputError?
    /// Whether the reader has gone for good.
    public var hasEnded: Bool
}
