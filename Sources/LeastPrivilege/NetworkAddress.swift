import Glibc

/// An address of IPv4 or IPv6, or a net of them, in its usual form (RFC 5952). An IPv4 address that is written as IPv6 is an IPv4 one.
public struct NetworkAddress: Sendable, Hashable {
    /// The address without the net's length: `2001:db8::1`.
    public let address: String
    /// The length of the net; 32 or 128 for a single address.
    public let length: Int
    /// Whether it is IPv6.
    public let isIPv6: Bool
    /// Whether it is this machine's own.
    public let isLoopback: Bool

    /// From `192.0.2.7`, `10.0.1.0/24`, `2001:db8:0:0:0:0:0:1`, `2001:db8::/32`; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2 else { return nil }
        var short = in_addr()
        var long = in6_addr()
        var bytes: [UInt8]
        if inet_pton(AF_INET, String(parts[0]), &short) == 1 {
            bytes = withUnsafeBytes(of: &short) { Array($0) }
        } else if inet_pton(AF_INET6, String(parts[0]), &long) == 1 {
            bytes = withUnsafeBytes(of: &long) { Array($0) }
        } else {
            return nil
        }
        var size = bytes.count * 8
        if parts.count == 2 {
            guard let number = Int(parts[1]), (0...size).contains(number), "\(number)" == parts[1] else { return nil }
            size = number
        }
        // RFC 4291, 2.5.5.2.
        if bytes.count == 16, size >= 96, bytes.starts(with: Self.mapped) {
            bytes.removeFirst(12)
            size -= 96
        }
        isIPv6 = bytes.count == 16
        length = size
        isLoopback = isIPv6 ? size == 128 && bytes == Self.loopback : bytes[0] == 127 && size >= 8
        var name = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(isIPv6 ? AF_INET6 : AF_INET, bytes, &name, socklen_t(name.count)) != nil else { return nil }
        address = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static let mapped: [UInt8] = Array(repeating: 0, count: 10) + [0xff, 0xff]
    private static let loopback: [UInt8] = Array(repeating: 0, count: 15) + [1]

    /// Whether it stands for one address.
    public var isSingle: Bool { length == (isIPv6 ? 128 : 32) }

    /// `192.0.2.7/32`.
    public var cidr: String { "\(address)/\(length)" }

    /// A single address alone, a net with its length.
    public var text: String { isSingle ? address : cidr }
}
