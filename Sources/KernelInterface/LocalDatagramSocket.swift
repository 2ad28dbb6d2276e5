import CKernel
import Glibc

/// A socket that sends datagrams to a unix socket (unix(7)), never waiting. It does not connect: so the peer may be started
/// anew, and a process that may not connect to anything (`SyscallFilter`) can still send.
public final class LocalDatagramSocket {
    private let socket: FileDescriptor
    private var address = sockaddr_un()
    private let length: socklen_t

    /// A sender to a path, or to `@` and a name in the abstract namespace. Nothing is looked up.
    public init(to name: String) throws(KernelError) {
        var bytes = Array(name.utf8)
        let isAbstract = bytes.first == UInt8(ascii: "@")
        if isAbstract { bytes[0] = 0 }
        // A path ends with a NUL; an abstract name is all of the address that its length covers.
        guard !bytes.isEmpty, bytes.count + (isAbstract ? 0 : 1) <= MemoryLayout.size(ofValue: address.sun_path) else {
            throw KernelError(call: "sendto", object: name, errno: ENAMETOOLONG)
        }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let prefix = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? MemoryLayout<sa_family_t>.size
        length = socklen_t(isAbstract ? prefix + bytes.count : MemoryLayout<sockaddr_un>.size)
        let opened = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard opened >= 0 else { throw KernelError(call: "socket", object: "AF_UNIX", errno: errno) }
        socket = FileDescriptor(owning: opened)
    }

    /// Sends the first `count` bytes as one datagram; gives the errno, 0 for success.
    public func send(_ bytes: [UInt8], count: Int) -> Int32 {
        while true {
            let sent = bytes.withUnsafeBytes { bytes in
                withUnsafePointer(to: &address) { pointer in
                    // sockaddr_un begins with the members of sockaddr (unix(7)).
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        sendto(
                            socket.rawValue, bytes.baseAddress, min(max(0, count), bytes.count),
                            Int32(MSG_DONTWAIT | MSG_NOSIGNAL), $0, length)
                    }
                }
            }
            if sent >= 0 { return 0 }
            if errno != EINTR { return errno }
        }
    }

    /// Sends a datagram with descriptors, SHRIKE_DESCRIPTOR_LIMIT at most; gives the errno, 0 for success.
    func send(_ bytes: [UInt8], descriptors: [Int32]) -> Int32 {
        -withUnsafePointer(to: &address) {
            shrike_channel_send_to(
                socket.rawValue, $0, length, bytes, bytes.count, descriptors, Int32(clamping: descriptors.count))
        }
    }
}
