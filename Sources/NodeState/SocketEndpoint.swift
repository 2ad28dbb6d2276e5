/// An IP address with a port: one side of a connection.
public struct SocketEndpoint: Sendable {
    /// The address in network order; only the first `addressLength` bytes count.
    public var address: InlineArray<16, UInt8> = .init(repeating: 0)
    /// 4 or 16; 0 when the side is unknown. IPv4-mapped IPv6 addresses are held as IPv4.
    public var addressLength: UInt8 = 0
    /// The port in host order.
    public var port: UInt16 = 0

    /// An unknown side.
    public init() {}

    /// Whether the side is known.
    public var isKnown: Bool { addressLength != 0 }

    /// Whether every byte of the address is zero (`0.0.0.0`, `::`).
    public var isUnspecified: Bool {
        for index in 0..<min(Int(addressLength), 16) where address[index] != 0 { return false }
        return true
    }

    /// Whether the address is a loopback one (127.0.0.0/8, `::1`).
    public var isLoopback: Bool {
        if addressLength == 4 { return address[0] == 127 }
        guard addressLength == 16, address[15] == 1 else { return false }
        for index in 0..<15 where address[index] != 0 { return false }
        return true
    }
}

extension SocketEndpoint: Equatable {
    /// Same address and port.
    public static func == (left: SocketEndpoint, right: SocketEndpoint) -> Bool {
        guard left.addressLength == right.addressLength, left.port == right.port else { return false }
        for index in 0..<min(Int(left.addressLength), 16) where left.address[index] != right.address[index] {
            return false
        }
        return true
    }
}
