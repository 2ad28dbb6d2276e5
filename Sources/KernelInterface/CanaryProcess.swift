import CKernel
import Glibc

/// A child process made only so that event sources have something harmless to see: it begins, makes one system call
/// (membarrier(2), a query), opens a file, and ends.
public struct CanaryProcess: Sendable, Equatable {
    /// Its process id; it has ended.
    public let pid: Int32
    /// When it was made, CLOCK_MONOTONIC in nanoseconds.
    public let startedNanoseconds: UInt64
    /// Whether it opened a file.
    public let openedFile: Bool

    /// A canary from its parts.
    public init(pid: Int32, startedNanoseconds: UInt64, openedFile: Bool) {
        self.pid = pid
        self.startedNanoseconds = startedNanoseconds
        self.openedFile = openedFile
    }

    /// The system call that it makes.
    public static let syscall = "membarrier"

    /// Makes the child and reaps it. It opens, by itself, what the descriptors `files` are open on, four at most. No SIGCHLD is
    /// sent.
    public static func run(opening files: [Int32] = []) throws(KernelError) -> CanaryProcess {
        let start = KernelClock.monotonic()
        let pid = shrike_canary_process(files, Int32(clamping: files.count))
        guard pid > 0 else { throw KernelError(call: "clone", object: "canary process", errno: -pid) }
        return CanaryProcess(
            pid: pid, startedNanoseconds: start, openedFile: !files.isEmpty)
    }
}
