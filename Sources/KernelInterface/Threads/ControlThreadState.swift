import Glibc
import Synchronization

/// What a control thread and the others share: the queues, and how to wake each other.
final class ControlThreadState<Request: Sendable, Reply: Sendable>: WorkerThread.Member {
    private struct Queues: Sendable {
        var requests: [Request] = []
        var replies: [Reply] = []
        var work: [@Sendable () -> Void] = []
        var refused: UInt64 = 0
        var isStopping = false
    }

    let repliesReady: EventDescriptor
    let busySince = Atomic<UInt64>(0)
    let hasEnded = Atomic<Bool>(false)
    private let wake: EventDescriptor
    private let room: EventDescriptor
    private let end: EventDescriptor
    private let queues = Mutex(Queues())
    private let limit: Int

    init(queueLimit: Int) throws(KernelError) {
        repliesReady = try EventDescriptor()
        wake = try EventDescriptor()
        room = try EventDescriptor()
        end = try EventDescriptor()
        limit = max(1, queueLimit)
    }

    // MARK: Other threads

    var isAlive: Bool { !hasEnded.load(ordering: .acquiring) }

    var load: (queued: Int, refused: UInt64) { queues.withLock { ($0.requests.count, $0.refused) } }

    func send(_ request: Request) -> Bool {
        let isTaken = queues.withLock { queues in
            guard !queues.isStopping, queues.requests.count < limit else {
                queues.refused &+= 1
                return false
            }
            queues.requests.append(request)
            return true
        }
        if isTaken { wake.signal() }
        return isTaken
    }

    func takeReplies() -> [Reply] {
        repliesReady.clear()
        let replies = queues.withLock { queues in
            let replies = queues.replies
            queues.replies.removeAll()
            return replies
        }
        if !replies.isEmpty { room.signal() }
        return replies
    }

    func perform(_ work: @escaping @Sendable () -> Void) {
        queues.withLock { $0.work.append(work) }
        wake.signal()
    }

    func stop(withinMilliseconds limit: Int32) -> Bool {
        queues.withLock { $0.isStopping = true }
        wake.signal()
        // A thread that waits for room among the replies goes on.
        room.signal()
        return hasEnded.load(ordering: .acquiring) || end.wait(milliseconds: limit)
    }

    // MARK: The thread

    func run(_ worker: inout some ControlWorker<Request, Reply>, tickMilliseconds: Int32) {
        let replies = ControlReplies<Reply> { self.put($0) }
        let interval = UInt64(max(1, tickMilliseconds)) &* 1_000_000
        var nextTick = KernelClock.monotonic()
        while true {
            let (requests, work, isStopping) = queues.withLock { queues in
                defer {
                    queues.requests.removeAll()
                    queues.work.removeAll()
                }
                return (queues.requests, queues.work, queues.isStopping)
            }
            for item in work { item() }
            var now = KernelClock.monotonic()
            busySince.store(now, ordering: .relaxed)
            if !requests.isEmpty { worker.take(requests, replies) }
            if isStopping { break }
            now = KernelClock.monotonic()
            if now >= nextTick {
                busySince.store(now, ordering: .relaxed)
                worker.tick(nowNanoseconds: now, replies)
                now = KernelClock.monotonic()
                nextTick = now &+ interval
            }
            busySince.store(0, ordering: .relaxed)
            let wait = nextTick > now ? (nextTick &- now) / 1_000_000 &+ 1 : 0
            _ = wake.wait(milliseconds: Int32(clamping: wait))
            wake.clear()
        }
        busySince.store(KernelClock.monotonic(), ordering: .relaxed)
        worker.end(replies)
        busySince.store(0, ordering: .relaxed)
        hasEnded.store(true, ordering: .releasing)
        end.signal()
    }

    /// Waits for room, on the control thread: a reply that is dropped would be a change that nobody knows of.
    private func put(_ reply: Reply) {
        while true {
            let isPut = queues.withLock { queues in
                guard queues.replies.count < limit || queues.isStopping else { return false }
                queues.replies.append(reply)
                return true
            }
            if isPut { break }
            _ = room.wait(milliseconds: 100)
            room.clear()
        }
        repliesReady.signal()
    }
}
