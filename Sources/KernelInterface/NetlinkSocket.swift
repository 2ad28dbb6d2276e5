import CKernel
import Glibc

/// A netlink socket (netlink(7)) with a port of its own.
public struct NetlinkSocket: ~Copyable {
    private let descriptor: FileDescriptor
    private let name: String
    /// The socket's netlink port: the address at which the kernel finds it.
    public let port: UInt32

    /// Opens a socket of a protocol (`NETLINK_…`, linux/netlink.h); `name` is what error messages call it.
    public init(protocol number: Int32, name: String) throws(KernelError) {
        var port: UInt32 = 0
        let opened = shrike_netlink_open(number, &port)
        guard opened >= 0 else { throw KernelError(call: "socket", object: name, errno: -opened) }
        descriptor = FileDescriptor(owning: opened)
        self.name = name
        self.port = port
    }

    /// The socket that another process has open under a number, shared with it: what one reads the other doesn't get. Throws where
    /// it is none of this protocol, or may not be had (PTRACE_MODE_ATTACH_REALCREDS, pidfd_getfd(2)).
    public init(of process: Int32, descriptor number: Int32, protocol: Int32, name: String) throws(KernelError) {
        var port: UInt32 = 0
        let opened = shrike_netlink_adopt(process, number, `protocol`, &port)
        guard opened >= 0 else { throw KernelError(call: "pidfd_getfd", object: name, errno: -opened) }
        descriptor = FileDescriptor(owning: opened)
        self.name = name
        self.port = port
    }

    /// The descriptor to wait on.
    public var rawValue: Int32 { descriptor.rawValue }

    /// Asks for a receive buffer, past the system's limit where CAP_NET_ADMIN allows it; gives what the kernel made of
    /// it (it doubles the number for its own bookkeeping, socket(7)).
    @discardableResult
    public func setReceiveBuffer(bytes: Int32) throws(KernelError) -> Int32 {
        let result = shrike_netlink_receive_buffer(descriptor.rawValue, bytes)
        guard result >= 0 else { throw KernelError(call: "setsockopt SO_RCVBUF", object: name, errno: -result) }
        return result
    }

    /// Joins a multicast group by its number.
    public func join(group: UInt32) throws(KernelError) {
        let result = shrike_netlink_membership(descriptor.rawValue, group, 1)
        guard result == 0 else { throw KernelError(call: "NETLINK_ADD_MEMBERSHIP", object: name, errno: -result) }
    }

    /// Leaves a multicast group.
    public func leave(group: UInt32) throws(KernelError) {
        let result = shrike_netlink_membership(descriptor.rawValue, group, 0)
        guard result == 0 else { throw KernelError(call: "NETLINK_DROP_MEMBERSHIP", object: name, errno: -result) }
    }

    /// Sends one message, header included, to the kernel.
    public func send(_ message: [UInt8]) throws(KernelError) {
        let result = shrike_netlink_send(descriptor.rawValue, message, message.count)
        guard result == 0 else { throw KernelError(call: "sendto", object: name, errno: -result) }
    }

    /// Reads the next batch without waiting; false when there is nothing.
    ///
    /// Throws ENOBUFS once when the socket's buffer overflowed; reading may go on.
    public func receive(into batch: inout NetlinkBatch) throws(KernelError) -> Bool {
        while true {
            let result = batch.fill(from: descriptor.rawValue)
            if result >= 0 { return result > 0 }
            if -result == EAGAIN { return false }
            if -result != EINTR { throw KernelError(call: "recvmmsg", object: name, errno: -result) }
        }
    }

    /// Waits until there is something to read; false when the time is over first.
    public func wait(milliseconds: Int32) throws(KernelError) -> Bool {
        let result = shrike_netlink_wait(descriptor.rawValue, milliseconds)
        if result >= 0 || -result == EINTR { return result > 0 }
        throw KernelError(call: "poll", object: name, errno: -result)
    }
}
