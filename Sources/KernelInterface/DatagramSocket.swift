import CKernel
import Glibc

/// A UDP socket with one peer, which never waits: neither for the peer's name nor for room.
public final class DatagramSocket {
    /// How far it is.
    public enum State: Equatable, Sendable {
        /// The name is being looked up.
        case resolving
        /// Datagrams can be sent.
        case open
        /// It can't be used; why.
        case failed(String)
    }

    /// What became of a datagram.
    public enum SendResult: Equatable, Sendable {
        /// The kernel has taken it. Whether it arrives nobody knows.
        case sent
        /// There is no room now.
        case full
        /// It is longer than the way to the peer allows.
        case tooLong
        /// The peer's host has refused an earlier one, or there is no way to it; why.
        case failed(String)
    }

    private let lookup: OpaquePointer?
    private let skipped: UInt32
    private var socket: FileDescriptor?
    private var failure: String?

    /// Begins with the look-up of a name or an address.
    ///
    /// - Parameter skipped: so many of a name's addresses come last: who answers at none of the first tries the others.
    public init(host: String, port: Int, skipped: UInt32 = 0) {
        self.skipped = skipped
        lookup = shrike_name_lookup_start(host, Int32(clamping: port))
    }

    deinit { if let lookup { shrike_name_lookup_free(lookup) } }

    /// The socket's number; below 0 while there is none.
    public var descriptor: Int32 { socket?.rawValue ?? -1 }

    /// How far it is; connects when the name is known.
    public func advance() -> State {
        if let failure { return .failed(failure) }
        if socket != nil { return .open }
        guard let lookup else { return fail("no memory to look the name up") }
        let state = shrike_name_lookup_state(lookup)
        if state == 1 { return .resolving }
        if state != 0 { return fail(String(cString: gai_strerror(state))) }
        let connected = shrike_name_lookup_connect(lookup, skipped)
        guard connected >= 0 else { return fail("connect: \(String(cString: strerror(-connected)))") }
        socket = FileDescriptor(owning: connected)
        return .open
    }

    /// Sends one datagram.
    public func send(_ bytes: [UInt8]) -> SendResult {
        guard let descriptor = socket?.rawValue else { return .failed(failure ?? "not connected") }
        while true {
            let sent = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
            }
            if sent >= 0 { return .sent }
            switch errno {
            case EINTR: continue
            // The queue of the interface is full (send(2)); it empties by itself.
            case EAGAIN, ENOBUFS: return .full
            case EMSGSIZE: return .tooLong
            case let error: return .failed(String(cString: strerror(error)))
            }
        }
    }

    /// What an ICMP message said about earlier datagrams, once: nobody listens, no way there; nil when nothing came.
    public func takeRefusal() -> String? {
        guard let descriptor = socket?.rawValue else { return nil }
        var error: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) == 0, error != 0 else { return nil }
        return String(cString: strerror(error))
    }

    private func fail(_ reason: String) -> State {
        failure = reason
        return .failed(reason)
    }
}
