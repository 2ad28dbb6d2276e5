import CKernel
import Glibc
import Synchronization

/// Threads of ours beside the event thread: started once, never joined.
///
/// Capabilities and no_new_privs belong to a thread. `ProcessPrivileges.keep` therefore asks every thread that was
/// started here to give up the same; a seccomp filter reaches them by itself (SECCOMP_FILTER_FLAG_TSYNC).
public enum WorkerThread {
    /// A thread that can be asked to do something for all of its kind.
    protocol Member: AnyObject, Sendable {
        /// Does this on the thread, soon.
        func perform(_ work: @escaping @Sendable () -> Void)
        /// Whether the thread goes on: one that ends performs nothing any more, and keeps nothing.
        var isAlive: Bool { get }
    }

    private struct Entry: Sendable {
        weak var member: (any Member)?
    }

    private static let members = Mutex<[Entry]>([])

    /// Starts a thread; `name` is cut to 15 bytes (pthread_setname_np(3)). It is asked for nothing later: one that is started
    /// here directly begins with the privileges that it is to keep.
    public static func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws(KernelError) {
        let context = Unmanaged.passRetained(Body(body)).toOpaque()
        let result = shrike_start_thread(
            String(name.utf8.prefix(15)) ?? "shrike",
            { context in
                guard let context else { return }
                // Only who says so is in a hurry.
                ThreadPriority.lower()
                Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
            }, context)
        guard result == 0 else {
            Unmanaged<Body>.fromOpaque(context).release()
            throw KernelError(call: "pthread_create", object: name, errno: -result)
        }
    }

    /// Makes a thread one of those that `performOnAll` reaches, for as long as it lives.
    static func register(_ member: any Member) {
        members.withLock { list in
            list.removeAll { $0.member == nil }
            list.append(Entry(member: member))
        }
    }

    /// Does something on every registered thread; gives how many that go on had not done it when the time was over.
    static func performOnAll(withinMilliseconds limit: Int32, _ work: @escaping @Sendable () -> Void)
        throws(KernelError) -> Int
    {
        let all = members.withLock { $0.compactMap(\.member) }
        guard !all.isEmpty else { return 0 }
        let round = try Round()
        for (index, member) in all.enumerated() {
            member.perform {
                work()
                round.finish(index)
            }
        }
        let end = KernelClock.monotonic() &+ UInt64(max(0, limit)) &* 1_000_000
        while true {
            let finished = round.finished
            let missing = all.indices.count { !finished.contains($0) && all[$0].isAlive }
            if missing == 0 || KernelClock.monotonic() >= end { return missing }
            _ = round.progress.wait(milliseconds: 10)
            round.progress.clear()
        }
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private final class Round: Sendable {
        let progress: EventDescriptor
        private let indices = Mutex<Set<Int>>([])
        init() throws(KernelError) { progress = try EventDescriptor() }
        var finished: Set<Int> { indices.withLock { $0 } }
        func finish(_ index: Int) {
            indices.withLock { _ = $0.insert(index) }
            progress.signal()
        }
    }
}
