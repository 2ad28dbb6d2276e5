/// Where the server listens: an IP address with a port, or a unix socket.
public enum ListenAddress: Sendable, Equatable, CustomStringConvertible {
    /// IPv4, four bytes, and a port.
    case ipv4([UInt8], port: UInt16)
    /// IPv6, sixteen bytes, and a port.
    case ipv6([UInt8], port: UInt16)
    /// The path of a unix socket, absolute.
    case unix(String)

    /// What begins the path of a unix socket.
    public static let unixPrefix = "unix:"

    /// Reads `unix:/path` or an IP address in numbers: names would have to be asked for. Nil for anything else.
    public init?(_ text: String, port: UInt16) {
        if text.hasPrefix(Self.unixPrefix) {
            let path = text.dropFirst(Self.unixPrefix.utf8.count)
            // sockaddr_un holds 108 bytes with the NUL behind (unix(7)).
            guard path.hasPrefix("/"), path.utf8.count < 108, !path.utf8.contains(0) else { return nil }
            self = .unix(String(path))
        } else if let bytes = SocketAddress.parse(text, family: .ipv4) {
            self = .ipv4(bytes, port: port)
        } else if let bytes = SocketAddress.parse(text, family: .ipv6) {
            self = .ipv6(bytes, port: port)
        } else {
            return nil
        }
    }

    /// Whether only programs of this machine reach it.
    public var isLocal: Bool {
        switch self {
        case .unix: true
        case .ipv4(let bytes, _): bytes.first == 127
        case .ipv6(let bytes, _): bytes == Array(repeating: 0, count: 15) + [1]
        }
    }

    /// All addresses of IPv4, for all of IPv6.
    var ofIPv4: ListenAddress? {
        guard case .ipv6(let bytes, let port) = self, bytes.allSatisfy({ $0 == 0 }) else { return nil }
        return .ipv4([0, 0, 0, 0], port: port)
    }

    /// As `unix:/path`, `127.0.0.1:8765` or `[::1]:8765`.
    public var description: String {
        switch self {
        case .unix(let path): Self.unixPrefix + path
        case .ipv4(let bytes, let port): bytes.map { "\($0)" }.joined(separator: ".") + ":\(port)"
        case .ipv6(let bytes, let port): "[\(SocketAddress.text(bytes))]:\(port)"
        }
    }
}
