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

extension SocketEndpoint {
    /// Reads a `struct sockaddr` of IP (ip(7), ipv6(7)); nil for other families and short ones.
    init?(socketAddress bytes: ArraySlice<UInt8>) {
        guard let family = Self.family(of: bytes) else { return nil }
        let base = bytes.startIndex
        self.init()
        switch family {
        case 2 where bytes.count >= 8:
            addressLength = 4
            for index in 0..<4 { address[index] = bytes[base + 4 + index] }
        case 10 where bytes.count >= 24:
            addressLength = 16
            for index in 0..<16 { address[index] = bytes[base + 8 + index] }
        default: return nil
        }
        port = UInt16(bytes[base + 2]) << 8 | UInt16(bytes[base + 3])
        unmap()
    }

    /// The family of a `struct sockaddr`: two bytes in the machine's order.
    static func family(of bytes: ArraySlice<UInt8>) -> UInt16? {
        guard bytes.count >= 2 else { return nil }
        let (first, second) = (UInt16(bytes[bytes.startIndex]), UInt16(bytes[bytes.startIndex + 1]))
        return UInt16(littleEndian: 1) == 1 ? second << 8 | first : first << 8 | second
    }

    /// Shows an IPv4-mapped IPv6 address (`::ffff:a.b.c.d`) as IPv4.
    private mutating func unmap() {
        guard addressLength == 16, address[10] == 0xff, address[11] == 0xff else { return }
        for index in 0..<10 where address[index] != 0 { return }
        for index in 0..<4 { address[index] = address[12 + index] }
        for index in 4..<16 { address[index] = 0 }
        addressLength = 4
    }
}
