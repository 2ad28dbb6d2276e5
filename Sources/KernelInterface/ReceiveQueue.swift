import CKernel
import Glibc

/// What waits in a descriptor to be read.
public struct ReceiveQueue: Sendable, Equatable {
    /// Bytes: of a socket the memory that the kernel charges for it, which is more than the data.
    public var bytes: UInt64
    /// The bytes at which the kernel begins to drop; nil where it counts otherwise.
    public var limitBytes: UInt64?

    /// A queue from its parts.
    public init(bytes: UInt64, limitBytes: UInt64? = nil) { (self.bytes, self.limitBytes) = (bytes, limitBytes) }

    /// The queue of a socket (SO_MEMINFO, linux/sock_diag.h; netlink knows no SIOCINQ); nil when it is none.
    public init?(socket descriptor: Int32) {
        var bytes: UInt32 = 0
        var limit: UInt32 = 0
        guard shrike_netlink_queue(descriptor, &bytes, &limit) == 0 else { return nil }
        self.init(bytes: UInt64(bytes), limitBytes: UInt64(limit))
    }

    /// The queue of a fanotify group (FIONREAD, fanotify(7)); nil when it is none.
    public init?(fanotify descriptor: Int32) {
        var bytes: Int32 = 0
        guard ioctl(descriptor, UInt(FIONREAD), &bytes) == 0, bytes >= 0 else { return nil }
        self.init(bytes: UInt64(bytes))
    }
}
