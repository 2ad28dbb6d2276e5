import Glibc
import Synchronization

/// How a thread fares when the processors are busy.
public enum ThreadPriority {
    /// How many steps of nice a thread is raised by (sched(7)): enough that a node whose processors are all taken does not make
    /// events wait for their turn. auditd raises itself by 4 (`priority_boost`, auditd.conf(5)).
    public static let boost: Int32 = 10

    /// The niceness of the threads that were not raised; `unknown` while none was.
    private static let usual = Atomic<Int32>(unknown)
    private static let unknown = Int32.max

    /// Lets the calling thread go before others by so much, and so processes that it starts from then on; threads that
    /// `WorkerThread` starts are not raised with it. Gives whether it may (CAP_SYS_NICE).
    @discardableResult
    public static func raise(by steps: Int32 = boost) -> Bool {
        // On Linux these are the calling thread's, not the process's (setpriority(2), C library/kernel differences).
        let process = __priority_which_t(PRIO_PROCESS.rawValue)
        errno = 0
        let now = getpriority(process, 0)
        guard errno == 0 else { return false }
        _ = usual.compareExchange(expected: unknown, desired: now, ordering: .relaxed)
        return setpriority(process, 0, max(-20, now - steps)) == 0
    }

    /// Lets the session that the process leads go before other sessions by so much. Where the kernel shares processors among sessions
    /// first (sched(7), "The autogroup feature", on by default in Debian), niceness counts only among the threads of one session: without
    /// this a raised thread has half a processor that one busy loop of another session has the other half of. A session that others
    /// lead, such as a terminal's, is left as it is: their programs are in it too.
    ///
    /// Gives whether nothing is left to be done: it was raised, or the kernel has no such groups.
    @discardableResult
    public static func raiseSession(by steps: Int32 = boost) -> Bool {
        let group = open("/proc/self/autogroup", O_RDWR | O_CLOEXEC)
        guard group >= 0 else { return errno == ENOENT }
        let descriptor = FileDescriptor(owning: group)
        guard getsid(0) == getpid() else { return false }
        let text = Array("\(max(-20, -steps))".utf8)
        return write(descriptor.rawValue, text, text.count) == text.count
    }

    /// Lets the calling thread go as threads do that were not raised, whoever has started it.
    static func lower() {
        let usual = usual.load(ordering: .relaxed)
        if usual != unknown { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, usual) }
    }
}
