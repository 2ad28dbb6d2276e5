import EventModel

/// The operations of io_uring that audit records (URINGOP), as the events that the equal system calls make.
///
/// Reads, writes, sends and receives never reach audit: the kernel skips them (io_uring/opdef.c, `audit_skip`).
enum RingOperation {
    /// The event type of an `IORING_OP_…` (linux/io_uring.h); nil for one without an event.
    static func type(_ operation: Int32) -> EventType? {
        guard operation >= 0, Int(operation) < types.count else { return nil }
        return types[Int(operation)]
    }

    private static let names: [Int: String] = [
        3: "fsync", 8: "sync_file_range", 13: "accept4", 16: "connect", 17: "fallocate", 18: "openat", 19: "close",
        21: "statx", 25: "madvise", 28: "openat2", 29: "epoll_ctl", 30: "splice", 33: "tee", 34: "shutdown",
        35: "renameat2", 36: "unlinkat", 37: "mkdirat", 38: "symlinkat", 39: "linkat", 41: "fsetxattr", 42: "setxattr",
        43: "fgetxattr", 44: "getxattr", 45: "socket", 50: "waitid", 51: "futex", 52: "futex", 53: "futex",
        55: "ftruncate", 56: "bind", 57: "listen",
    ]
    private static let types: [EventType?] = (0..<64).map { names[$0].flatMap(EventType.init(name:)) }
}
