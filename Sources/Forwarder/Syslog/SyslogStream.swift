import CCurl
import CCurlShim
import ForwarderProtocol
import Glibc

/// Octet counting over TCP or TLS. libcurl connects (names, addresses, certificates) and then only carries bytes.
final class SyslogStream: SyslogTransport {
    private let handle: CurlHandle
    private let usesTLS: Bool
    private var state = SyslogConnectionState.connecting
    private var isInGroup = false
    private(set) var descriptor: Int32 = -1
    /// Frames on their way to the kernel. Their memory stays in place until all are gone: TLS wants to be given the same bytes
    /// again when it had no room for them (SSL_write(3)).
    private let buffer: UnsafeMutableRawBufferPointer
    private var pending = 0..<0
    private(set) var queuedBytes = 0
    private var hasEndedSending = false
    private var received = [UInt8](repeating: 0, count: 4096)

    /// Frames are joined up to so many bytes.
    private static let joinedBytes = 32 << 10
    private static let longestCount = 16

    /// A connection that is not made yet; nil without memory.
    init?(_ settings: SyslogSettings, _ connection: ConnectionSettings, _ credentials: Credentials, tag: Int) {
        guard let handle = CurlHandle(connection, credentials, tag: tag) else { return nil }
        self.handle = handle
        usesTLS = settings.transport == .tls
        buffer = .allocate(
            byteCount: Self.joinedBytes + settings.maximumBytes + Self.longestCount,
            alignment: MemoryLayout<UInt>.alignment)
        _ = shrike_curl_set_connection_only(handle.rawValue)
        // The limit is for the connecting; what takes too long later is seen by what the peer confirms.
        _ = shrike_curl_set_timeouts(handle.rawValue, connection.connectTimeoutMilliseconds, 0)
        let name = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
        handle.set(CURLOPT_URL, "\(usesTLS ? "https" : "http")://\(name):\(settings.port)/")
    }

    deinit { buffer.deallocate() }

    func connect(_ group: TransferGroup, now: UInt64) -> Bool {
        handle.clearError()
        state = .connecting
        (pending, queuedBytes, hasEndedSending) = (0..<0, 0, false)
        isInGroup = group.start(handle)
        return isInGroup
    }

    func connection(now: UInt64) -> SyslogConnectionState { state }

    func finish(_ result: shrike_curl_result) {
        guard result.code == 0 else {
            state = .failed(handle.errorText(result.code))
            return
        }
        descriptor = shrike_curl_socket(handle.rawValue)
        state = descriptor >= 0 ? .open : .failed("no connection")
    }

    func disconnect(_ group: TransferGroup) {
        // libcurl closes the connection when its handle leaves the group.
        if isInGroup { group.end(handle) }
        isInGroup = false
        descriptor = -1
    }

    // MARK: Sending

    func hasRoom(now: UInt64) -> Bool { pending.lowerBound == 0 && pending.upperBound < Self.joinedBytes }
    var roomTime: UInt64? { nil }

    func queue(_ message: [UInt8], now: UInt64) {
        let frame = Array("\(message.count) ".utf8) + message
        // The buffer has room for the longest message behind `joinedBytes`.
        let place = UnsafeMutableRawBufferPointer(rebasing: buffer[pending.upperBound...])
        place.copyBytes(from: frame)
        pending = pending.lowerBound..<pending.upperBound + frame.count
        queuedBytes += frame.count
    }

    func flush() -> String? {
        while !pending.isEmpty {
            let rest = UnsafeRawBufferPointer(rebasing: buffer[pending])
            let sent = shrike_curl_send(handle.rawValue, rest.baseAddress, rest.count)
            if sent < 0 { return reason }
            if sent == 0 { return nil }
            pending = min(pending.lowerBound + sent, pending.upperBound)..<pending.upperBound
        }
        pending = 0..<0
        return nil
    }

    /// Why the connection is lost, such as what the server's TLS does not like.
    private var reason: String { "the connection is lost" + (handle.lastError.map { ": \($0)" } ?? "") }

    var isFlushed: Bool { pending.isEmpty }

    func confirmedBytes(now: UInt64) -> Int {
        var waiting: Int32 = 0
        // Bytes that the peer has not confirmed (SIOCOUTQ, tcp(7)). Under TLS they are more than what was queued, so the
        // difference says too little, never too much.
        guard descriptor >= 0, ioctl(descriptor, UInt(TIOCOUTQ), &waiting) == 0 else { return 0 }
        return queuedBytes - pending.count - Int(waiting)
    }

    func look() -> SyslogConnectionEnd? {
        // A server has nothing to say. At most so often, should one talk all the same.
        for _ in 0..<16 {
            switch shrike_curl_receive(handle.rawValue, &received, received.count) {
            case 0: return nil
            case -1: return .closed
            case ..<0: return .lost(reason)
            default: continue
            }
        }
        return nil
    }

    func endSending() -> Bool {
        // TLS can't close one direction by itself.
        guard !usesTLS, descriptor >= 0 else { return false }
        if !hasEndedSending { hasEndedSending = shutdown(descriptor, Int32(SHUT_WR)) == 0 }
        return hasEndedSending
    }
}
