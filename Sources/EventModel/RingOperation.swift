/// The operations of io_uring that do what a system call does, as the events that those calls make.
public enum RingOperation {
    /// The calls by the operations' numbers (`IORING_OP_…`, linux/io_uring.h).
    public static let calls: [Int: String] = [
        1: "readv", 2: "writev", 3: "fsync", 4: "pread64", 5: "pwrite64", 8: "sync_file_range", 9: "sendmsg",
        10: "recvmsg",
        13: "accept4", 16: "connect", 17: "fallocate", 18: "openat", 19: "close", 21: "statx", 22: "pread64",
        23: "pwrite64",
        25: "madvise", 26: "send", 27: "recv", 28: "openat2", 29: "epoll_ctl", 30: "splice", 33: "tee", 34: "shutdown",
        35: "renameat2", 36: "unlinkat", 37: "mkdirat", 38: "symlinkat", 39: "linkat", 41: "fsetxattr", 42: "setxattr",
        43: "fgetxattr", 44: "getxattr", 45: "socket", 47: "sendto", 48: "sendmsg", 50: "waitid", 51: "futex",
        52: "futex",
        53: "futex", 55: "ftruncate", 56: "bind", 57: "listen",
    ]

    /// The event type of an operation; nil for one without an event.
    public static func type(_ operation: Int32) -> EventType? {
        guard operation >= 0, Int(operation) < types.count else { return nil }
        return types[Int(operation)]
    }

    private static let types: [EventType?] = (0..<64).map { calls[$0].flatMap(EventType.init(name:)) }
}
