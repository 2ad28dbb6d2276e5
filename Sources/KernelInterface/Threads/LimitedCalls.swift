import Glibc
import Synchronization

/// Calls that may never come back (a file of others, on a file system whose server is gone), made on threads that can be
/// given up: whoever asks waits for so long and no longer.
///
/// A thread that was given up is used again when its call comes back after all. With all of them given up every further call
/// fails at once.
public final class LimitedCalls<Request: Sendable, Answer: Sendable>: Sendable {
    /// Why there is no answer.
    public enum Failure: Error, Sendable, Equatable {
        /// It took too long; its thread was given up.
        case timedOut
        /// Every thread waits for something that does not come back.
        case noThread
    }

    private let lanes: [Lane]

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - threads: how many calls may hang before calls fail at once.
    ///   - isUrgent: whether they go before other threads of the node (`ThreadPriority`): who asks does, and waits for them.
    public init(
        name: String, threads: Int = 4, isUrgent: Bool = false, _ work: @escaping @Sendable (Request) -> Answer
    ) throws(KernelError) {
        var lanes: [Lane] = []
        for _ in 0..<max(1, threads) { lanes.append(try Lane(name, isUrgent, work)) }
        self.lanes = lanes
    }

    deinit { for lane in lanes { lane.stop() } }

    /// How many calls hang now.
    public var hanging: Int { lanes.count { $0.isGivenUp } }

    /// Makes a call and waits for its answer, so long at most.
    public func call(_ request: Request, withinMilliseconds limit: Int32) throws(Failure) -> Answer {
        for lane in lanes {
            guard lane.begin(request) else { continue }
            if let answer = lane.answer(withinMilliseconds: limit) { return answer }
            throw .timedOut
        }
        throw .noThread
    }

    /// Begins a call without waiting for its answer; gives what to ask for it with, nil where every thread is at work.
    public func begin(_ request: Request) -> Int? { lanes.firstIndex { $0.begin(request) } }

    /// The answer to a call that was begun, once it is there; to be taken once.
    public func answer(of call: Int) -> Answer? { lanes.indices.contains(call) ? lanes[call].takeAnswer() : nil }

    /// One thread and the call that it is at.
    private final class Lane: WorkerThread.Member {
        private enum State: Sendable {
            case idle
            case asked(Request)
            case working
            case answered(Answer)
            /// Nobody waits for the answer any more.
            case givenUp
            case stopped
        }
        private struct Slot: Sendable {
            var state = State.idle
            var work: [@Sendable () -> Void] = []
        }

        private let slot = Mutex(Slot())
        private let wake: EventDescriptor
        private let done: EventDescriptor

        init(
            _ name: String, _ isUrgent: Bool, _ work: @escaping @Sendable (Request) -> Answer
        ) throws(KernelError) {
            wake = try EventDescriptor()
            done = try EventDescriptor()
            try WorkerThread.start(name) {
                if isUrgent { ThreadPriority.raise() }
                self.run(work)
            }
            WorkerThread.register(self)
        }

        var isAlive: Bool { slot.withLock { if case .stopped = $0.state { false } else { true } } }

        var isGivenUp: Bool { slot.withLock { if case .givenUp = $0.state { true } else { false } } }

        func perform(_ work: @escaping @Sendable () -> Void) {
            slot.withLock { $0.work.append(work) }
            wake.signal()
        }

        func stop() {
            slot.withLock { $0.state = .stopped }
            wake.signal()
        }

        func begin(_ request: Request) -> Bool {
            let isFree = slot.withLock { slot in
                guard case .idle = slot.state else { return false }
                slot.state = .asked(request)
                return true
            }
            if isFree { wake.signal() }
            return isFree
        }

        func takeAnswer() -> Answer? {
            slot.withLock { slot in
                guard case .answered(let answer) = slot.state else { return nil }
                slot.state = .idle
                return answer
            }
        }

        func answer(withinMilliseconds limit: Int32) -> Answer? {
            let end = KernelClock.monotonic() &+ UInt64(max(0, limit)) &* 1_000_000
            while true {
                let now = KernelClock.monotonic()
                let isOver = now >= end
                let answer: Answer? = slot.withLock { slot in
                    if case .answered(let answer) = slot.state {
                        slot.state = .idle
                        return answer
                    }
                    if isOver { slot.state = .givenUp }
                    return nil
                }
                if let answer { return answer }
                if isOver { return nil }
                _ = done.wait(milliseconds: Int32(clamping: (end &- now) / 1_000_000 &+ 1))
                done.clear()
            }
        }

        private func run(_ work: @Sendable (Request) -> Answer) {
            while true {
                _ = wake.wait(milliseconds: Int32.max)
                wake.clear()
                let items = slot.withLock { slot in
                    defer { slot.work.removeAll() }
                    return slot.work
                }
                for item in items { item() }
                let next: (request: Request?, isStopped: Bool) = slot.withLock { slot in
                    switch slot.state {
                    case .asked(let request):
                        slot.state = .working
                        return (request, false)
                    case .stopped: return (nil, true)
                    case .givenUp:
                        // Before it was begun.
                        slot.state = .idle
                        return (nil, false)
                    case .idle, .working, .answered: return (nil, false)
                    }
                }
                if next.isStopped { return }
                guard let request = next.request else { continue }
                let answer = work(request)
                slot.withLock { slot in
                    switch slot.state {
                    case .working: slot.state = .answered(answer)
                    case .givenUp: slot.state = .idle
                    case .asked, .idle, .answered, .stopped: break
                    }
                }
                done.signal()
            }
        }
    }
}
