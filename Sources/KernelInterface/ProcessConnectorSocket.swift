import CKernel
import Glibc

/// A socket on the kernel's process connector (linux/cn_proc.h), with the batch of datagrams read last.
public struct ProcessConnectorSocket: ~Copyable {
    /// What the connector is asked for (`enum proc_cn_mcast_op`).
    public enum Request: UInt32, Sendable {
        /// Send process events to this socket.
        case listen = 1
        /// Stop sending them.
        case ignore = 2
    }

    /// One datagram of the last batch.
    public struct Datagram: Sendable {
        /// Where it lies in `buffer`.
        public let range: Range<Int>
        /// Whether the kernel sent it (`nl_pid` 0), not a process that imitates it.
        public let isFromKernel: Bool
    }

    /// The largest message of the connector is 76 bytes; the rest is room for one that grew.
    static let slot = 256
    static let batch = 64

    private let descriptor: FileDescriptor
    private var lengths = [UInt32](repeating: 0, count: batch)
    private var senders = [UInt32](repeating: 0, count: batch)
    /// The memory of the last batch.
    public private(set) var buffer = [UInt8](repeating: 0, count: slot * batch)

    /// Opens a socket and joins the group of process events; nothing arrives before `send(.listen)`.
    ///
    /// `receiveBufferBytes` goes past the system's limit where CAP_NET_ADMIN allows it.
    public init(receiveBufferBytes: Int32) throws(KernelError) {
        let opened = shrike_connector_open()
        guard opened >= 0 else {
            throw KernelError(
                call: "socket", object: "NETLINK_CONNECTOR", errno: -opened,
                hint: -opened == EPROTONOSUPPORT
                    ? "the kernel has no process connector (CONFIG_CONNECTOR, CONFIG_PROC_EVENTS)" : nil
            )
        }
        let socket = FileDescriptor(owning: opened)
        let bound = shrike_connector_bind(opened)
        guard bound == 0 else {
            throw KernelError(
                call: "bind", object: "NETLINK_CONNECTOR", errno: -bound,
                hint: -bound == EPERM ? "needs CAP_NET_ADMIN" : nil
            )
        }
        var size = receiveBufferBytes
        let length = socklen_t(MemoryLayout<Int32>.size)
        if setsockopt(opened, SOL_SOCKET, SO_RCVBUFFORCE, &size, length) != 0 {
            // Without CAP_NET_ADMIN the system's limit (net.core.rmem_max) holds: a smaller buffer, not a failure.
            _ = setsockopt(opened, SOL_SOCKET, SO_RCVBUF, &size, length)
        }
        descriptor = socket
    }

    /// The descriptor to wait on.
    public var rawValue: Int32 { descriptor.rawValue }

    /// Sends a request. With an event mask (`PROC_EVENT_…` bits) it is the form that Linux 6.6 and later understand and
    /// older kernels silently ignore. The kernel answers before this returns, except where it ignores the request.
    public func send(_ request: Request, eventMask: UInt32? = nil, sequence: UInt32 = 0) throws(KernelError) {
        let result = shrike_connector_request(
            descriptor.rawValue, request.rawValue, eventMask == nil ? 0 : 1, eventMask ?? 0, sequence
        )
        guard result == 0 else {
            let hint: String? =
                switch -result {
                // The kernel's end of the connector exists in the initial network namespace alone.
                case ECONNREFUSED: "not in the host's network namespace (run with the host's network)"
                case EPERM: "needs CAP_NET_ADMIN"
                default: nil
                }
            throw KernelError(call: "sendto", object: "NETLINK_CONNECTOR", errno: -result, hint: hint)
        }
    }

    /// Reads the next batch without waiting; gives how many datagrams it has, 0 when there are none.
    ///
    /// Throws ENOBUFS once when the socket's buffer overflowed; reading may go on.
    public mutating func receive() throws(KernelError) -> Int {
        let fd = descriptor.rawValue
        while true {
            let result = shrike_netlink_receive(
                fd, &buffer, Self.slot, UInt32(Self.batch), &lengths, &senders
            )
            if result >= 0 { return Int(result) }
            if -result == EAGAIN { return 0 }
            if -result != EINTR { throw KernelError(call: "recvmmsg", object: "NETLINK_CONNECTOR", errno: -result) }
        }
    }

    /// A datagram of the last batch; `index` is below what `receive` gave.
    public func datagram(_ index: Int) -> Datagram {
        let start = index * Self.slot
        return Datagram(
            range: start..<start + min(Int(lengths[index]), Self.slot), isFromKernel: senders[index] == 0
        )
    }
}
