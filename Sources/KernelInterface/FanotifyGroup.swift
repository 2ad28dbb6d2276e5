import CKernel
import Glibc
import Synchronization

/// A fanotify notification group (fanotify(7)), with the records read last.
///
/// Only the notification class: a permission event whose listener stalls stops every process that opens a file.
public struct FanotifyGroup: ~Copyable {
    /// What happened to a file (linux/fanotify.h).
    public struct Events: OptionSet, Sendable, Hashable {
        /// The bits.
        public let rawValue: UInt64
        /// Any bits, unknown ones too.
        public init(rawValue: UInt64) { self.rawValue = rawValue }
        /// Something open for writing was closed.
        public static let closeWrite = Events(rawValue: 0x8)
        /// Something open for reading only was closed.
        public static let closeNoWrite = Events(rawValue: 0x10)
        /// It was opened.
        public static let open = Events(rawValue: 0x20)
        /// It was opened to be executed (Linux 5.0).
        public static let openExec = Events(rawValue: 0x1000)
        /// The queue overflowed: events were lost.
        public static let queueOverflow = Events(rawValue: 0x4000)
        /// For a mark on a directory: also what happens to its direct children.
        public static let onChild = Events(rawValue: 0x0800_0000)
    }

    /// What a mark covers.
    public enum Coverage: UInt32, Sendable {
        /// One file or directory.
        case inode = 0
        /// Every file of the file system, through any mount of it.
        case filesystem = 0x100
    }

    fileprivate static let add: UInt32 = 0x1
    fileprivate static let remove: UInt32 = 0x2
    private static let closeOnExec: UInt32 = 0x1
    private static let nonBlocking: UInt32 = 0x2
    private static let unlimitedMarks: UInt32 = 0x20
    private let descriptor: FileDescriptor
    /// The memory of the last read.
    public private(set) var buffer = [UInt8](repeating: 0, count: 24 * 256)

    /// Makes a group. The queue keeps the system's bound (fs.fanotify.max_queued_events, 16384).
    public init() throws(KernelError) {
        // The descriptors of the events: O_LARGEFILE or big files fail with EOVERFLOW; O_NONBLOCK so that a FIFO does
        // not block the reader; O_NOATIME so that being watched leaves no trace on the file.
        let largeFile: Int32 = 0o100000
        let noAccessTime: Int32 = 0o1000000
        let eventFlags = UInt32(bitPattern: O_RDONLY | O_CLOEXEC | O_NONBLOCK | largeFile | noAccessTime)
        var opened = shrike_fanotify_init(Self.closeOnExec | Self.nonBlocking | Self.unlimitedMarks, eventFlags)
        if opened == -EPERM {
            opened = shrike_fanotify_init(Self.closeOnExec | Self.nonBlocking, eventFlags)
        }
        guard opened >= 0 else {
            let hint: String? =
                switch -opened {
                case EPERM: "needs CAP_SYS_ADMIN in the first user namespace"
                case ENOSYS: "the kernel has no fanotify (CONFIG_FANOTIFY)"
                case EMFILE: "too many fanotify groups (fs.fanotify.max_user_groups)"
                default: nil
                }
            throw KernelError(call: "fanotify_init", object: "FAN_CLASS_NOTIF", errno: -opened, hint: hint)
        }
        descriptor = FileDescriptor(owning: opened)
    }

    /// The descriptor to wait on.
    public var rawValue: Int32 { descriptor.rawValue }

    /// Adds events to the mark on what `target` is open on.
    public func mark(_ target: Int32, _ coverage: Coverage, _ events: Events) throws(KernelError) {
        let result = shrike_fanotify_mark(
            descriptor.rawValue, Self.add | coverage.rawValue, events.rawValue, target
        )
        guard result == 0 else {
            throw KernelError(call: "fanotify_mark", object: "\(coverage) mark", errno: -result)
        }
    }

    /// What changes its marks from another thread.
    public func marker() throws(KernelError) -> FanotifyMarker { try FanotifyMarker(of: descriptor.rawValue) }

    /// Removes all marks: no more events come.
    public func removeAllMarks() {
        for coverage in [Coverage.inode, .filesystem] {
            // Nothing to do about a failure: the marks go when the descriptor is closed.
            _ = shrike_fanotify_flush(descriptor.rawValue, coverage.rawValue)
        }
    }

    /// Reads the next records into `buffer` without waiting; gives the number of bytes, 0 when there are none.
    ///
    /// Throws what opening a record's file gave (then that record is gone); reading may go on.
    public mutating func read() throws(KernelError) -> Int {
        let fd = descriptor.rawValue
        while true {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(fd, $0.baseAddress, $0.count) }
            if count >= 0 { return count }
            if errno == EAGAIN { return 0 }
            if errno != EINTR { throw KernelError(call: "read", object: "fanotify", errno: errno) }
        }
    }
}

/// The marks of a group, for a thread that does not read it. As long as it lives, the group does.
public final class FanotifyMarker: Sendable {
    private let descriptor: Int32
    private let hasEnded = Atomic<Bool>(false)

    fileprivate init(of group: Int32) throws(KernelError) {
        descriptor = fcntl(group, F_DUPFD_CLOEXEC, 0)
        guard descriptor >= 0 else { throw KernelError(call: "fcntl", object: "fanotify", errno: errno) }
    }

    deinit { _ = close(descriptor) }

    /// Adds events to the mark on what `target` is open on; gives 0 or an errno, ECANCELED after `end`.
    public func mark(_ target: Int32, _ coverage: FanotifyGroup.Coverage, _ events: FanotifyGroup.Events) -> Int32 {
        guard !hasEnded.load(ordering: .sequentiallyConsistent) else { return ECANCELED }
        let result = shrike_fanotify_mark(descriptor, FanotifyGroup.add | coverage.rawValue, events.rawValue, target)
        // The end may have come meanwhile, and all marks been removed before this one was there.
        guard !hasEnded.load(ordering: .sequentiallyConsistent) else {
            unmark(target, coverage, events)
            return ECANCELED
        }
        return -result
    }

    /// Makes no more marks: to be called before all are removed.
    public func end() { hasEnded.store(true, ordering: .sequentiallyConsistent) }

    /// Takes the mark with these events from what `target` is open on. There may be none: then nothing is done.
    public func unmark(_ target: Int32, _ coverage: FanotifyGroup.Coverage, _ events: FanotifyGroup.Events) {
        _ = shrike_fanotify_mark(descriptor, FanotifyGroup.remove | coverage.rawValue, events.rawValue, target)
    }
}
