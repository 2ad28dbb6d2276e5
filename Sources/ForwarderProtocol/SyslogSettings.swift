public import Outputs

/// What a syslog server needs besides what all outputs have.
public struct SyslogSettings: Sendable, Equatable {
    /// How messages travel.
    public enum Transport: String, Sendable, CaseIterable {
        /// One message a datagram (RFC 5426).
        case udp
        /// Octet counting over TCP (RFC 6587, section 3.4.1).
        case tcp
        /// The same over TLS (RFC 5425).
        case tls

        /// The port without which a URL is written: those of RFC 5426 and RFC 5425; for TCP, which has none of its own,
        /// the one that servers listen on.
        public var defaultPort: Int { self == .tls ? 6514 : 514 }
        /// What `maximumBytes` is unless set: a datagram that rsyslog takes without a change of its settings, and what no
        /// alert comes near.
        public var defaultMaximumBytes: Int { self == .udp ? 8192 : 65_536 }
    }

    /// How messages travel.
    public var transport: Transport
    /// The server's name or address, IPv6 without brackets.
    public var host: String
    /// The port, from 1.
    public var port: Int
    /// The facility of all messages.
    public var facility = SyslogFacility.user
    /// Whether the message is Falco's JSON object rather than the text line; nil: as `json_output` says.
    public var isJSON: Bool?
    /// Longer messages are cut, header included: 480 to 65507 bytes for datagrams, to 1 MiB otherwise.
    public var maximumBytes: Int
    /// The number behind the `@` in the structured data's name (RFC 5424, section 7.2.2).
    public var enterpriseNumber = SyslogMessage.documentationEnterprise

    /// A server with the defaults.
    public init(transport: Transport, host: String, port: Int? = nil) {
        self.transport = transport
        self.host = host
        self.port = port ?? transport.defaultPort
        maximumBytes = transport.defaultMaximumBytes
    }

    /// The server as a URL.
    public var url: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return "syslog+\(transport.rawValue)://\(name):\(port)"
    }
}
