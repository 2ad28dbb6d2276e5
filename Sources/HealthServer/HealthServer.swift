import Glibc
public import KernelInterface

/// Answers GET requests on a socket, one for each connection, without ever waiting.
///
/// All work is done in `serve`, which the event thread calls about ten times a second: so a flood of requests can neither
/// wake it nor hold it up. Connections, bytes and time are bounded.
public final class HealthServer {
    /// Most connections at a time; further ones wait in the kernel's queue, and are refused by it when that is full.
    public static let connectionLimit = 16
    /// How long a client may take for its request, and then for taking the answer, in nanoseconds.
    public static let timeLimitNanoseconds: UInt64 = 5_000_000_000

    /// What the server did.
    public struct Counters: Sendable, Equatable {
        /// Requests that were answered, whatever the status.
        public var answered: UInt64 = 0
        /// Of those, requests that were no proper GET or HEAD.
        public var refused: UInt64 = 0
        /// Clients that were too slow or went away.
        public var abandoned: UInt64 = 0
    }

    /// What the server did.
    public private(set) var counters = Counters()
    /// Where it listens.
    public let address: ListenAddress

    private let listener: FileDescriptor
    /// The unix socket that was made here, by device and inode: another's is not removed at the end, nor when `init` fails.
    private var ownSocket: (device: UInt64, inode: UInt64)?
    private var connections: [Connection] = []
    private var chunk = [UInt8](repeating: 0, count: HTTPRequest.sizeLimit)

    /// A client; a class, so that it can own its descriptor in an array.
    private final class Connection {
        let descriptor: FileDescriptor
        let deadline: UInt64
        var received: [UInt8] = []
        /// The answer, once there is one.
        var answer: [UInt8]?
        var sent = 0
        var isDone = false

        init(_ descriptor: consuming FileDescriptor, deadline: UInt64) {
            self.descriptor = descriptor
            self.deadline = deadline
        }
    }

    /// Listens. A unix socket is made with mode 0600; one that nobody serves any more is replaced.
    ///
    /// The address `::` takes clients of both families, and of IPv4 alone where the kernel has no IPv6.
    public init(_ wanted: ListenAddress) throws(KernelError) {
        let address = Self.hasIPv6 ? wanted : wanted.ofIPv4 ?? wanted
        self.address = address
        let family: Int32 =
            switch address {
            case .ipv4: AF_INET
            case .ipv6: AF_INET6
            case .unix: AF_UNIX
            }
        let opened = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard opened >= 0 else { throw KernelError(call: "socket", object: "\(address)", errno: errno) }
        listener = FileDescriptor(owning: opened)
        var oldMask: mode_t?
        if case .unix(let path) = address {
            var status = stat()
            if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK, !SocketAddress.isServed(path) {
                unlink(path)
            }
            oldMask = umask(0o177)
        } else {
            var on: Int32 = 1
            setsockopt(opened, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
            if address.ofIPv4 != nil {
                // Whatever net.ipv6.bindv6only says (ipv6(7)).
                var off: Int32 = 0
                setsockopt(opened, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &off, socklen_t(MemoryLayout<Int32>.size))
            }
        }
        let bound = SocketAddress.bind(opened, address)
        let bindError = errno
        if let oldMask { umask(oldMask) }
        guard bound == 0 else {
            throw KernelError(
                call: "bind", object: "\(address)", errno: bindError,
                hint: bindError == EADDRINUSE ? "another program listens there" : nil)
        }
        ownSocket = Self.identity(of: address)
        guard listen(opened, Int32(Self.connectionLimit)) == 0 else {
            throw KernelError(call: "listen", object: "\(address)", errno: errno)
        }
    }

    private static var hasIPv6: Bool {
        let opened = socket(AF_INET6, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard opened >= 0 else { return false }
        close(opened)
        return true
    }

    deinit {
        guard case .unix(let path) = address, let ownSocket, let found = Self.identity(of: address),
            found == ownSocket
        else { return }
        unlink(path)
    }

    private static func identity(of address: ListenAddress) -> (device: UInt64, inode: UInt64)? {
        var status = stat()
        guard case .unix(let path) = address, lstat(path, &status) == 0 else { return nil }
        return (UInt64(status.st_dev), UInt64(status.st_ino))
    }

    /// Takes connections, requests and answers as far as that goes without waiting. `answer` gives the response to a
    /// request; `now` is CLOCK_MONOTONIC in nanoseconds.
    public func serve(now: UInt64, answer: (HTTPRequest) -> HTTPResponse) {
        accept(now)
        for connection in connections {
            if connection.answer == nil { receive(connection, answer) }
            if connection.answer != nil { send(connection) }
            if !connection.isDone, now > connection.deadline {
                counters.abandoned &+= 1
                connection.isDone = true
            }
        }
        connections.removeAll { $0.isDone }
    }

    private func accept(_ now: UInt64) {
        while connections.count < Self.connectionLimit {
            let accepted = Glibc.accept(listener.rawValue, nil, nil)
            // Nobody there, or a client that has gone again: the next call sees to the others.
            guard accepted >= 0 else { return }
            let descriptor = FileDescriptor(owning: accepted)
            guard fcntl(accepted, F_SETFL, O_NONBLOCK) == 0, fcntl(accepted, F_SETFD, FD_CLOEXEC) == 0 else { return }
            connections.append(Connection(descriptor, deadline: now &+ Self.timeLimitNanoseconds))
        }
    }

    private func receive(_ connection: Connection, _ answer: (HTTPRequest) -> HTTPResponse) {
        let room = HTTPRequest.sizeLimit - connection.received.count
        let count = recv(connection.descriptor.rawValue, &chunk, room, 0)
        if count < 0, errno == EAGAIN || errno == EINTR { return }
        guard count > 0 else {
            counters.abandoned &+= 1
            connection.isDone = true
            return
        }
        connection.received += chunk[..<count]
        switch HTTPRequest.parse(connection.received.span) {
        case .incomplete: return
        case .complete(let request):
            connection.answer = answer(request).encoded(includesBody: request.method == .get)
        case .refused(let status):
            counters.refused &+= 1
            connection.answer = HTTPResponse(status).encoded()
        }
        counters.answered &+= 1
    }

    private func send(_ connection: Connection) {
        guard let answer = connection.answer else { return }
        let count = answer.withUnsafeBytes { bytes in
            let rest = UnsafeRawBufferPointer(rebasing: bytes[connection.sent...])
            return Glibc.send(
                connection.descriptor.rawValue, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
        }
        if count < 0, errno == EAGAIN || errno == EINTR { return }
        guard count >= 0 else {
            counters.abandoned &+= 1
            connection.isDone = true
            return
        }
        connection.sent += count
        guard connection.sent == answer.count else { return }
        shutdown(connection.descriptor.rawValue, Int32(SHUT_WR))
        // Closed with bytes unread, the kernel would reset the connection, and the client might lose the answer.
        _ = recv(connection.descriptor.rawValue, &chunk, chunk.count, 0)
        connection.isDone = true
    }
}
