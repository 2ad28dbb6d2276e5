import Glibc

/// An IP address, as two words in host order; IPv4 sits in the low 32 bits of `low`.
struct IPAddress: Sendable, Hashable {
    var isIPv6: Bool
    var high: UInt64
    var low: UInt64

    init(isIPv6: Bool, high: UInt64, low: UInt64) {
        self.isIPv6 = isIPv6
        self.high = high
        self.low = low
    }

    /// An address from its 4 or 16 bytes in network order; nil for any other length.
    init?(_ bytes: some Collection<UInt8>) {
        var high: UInt64 = 0
        var low: UInt64 = 0
        switch bytes.count {
        case 4:
            for byte in bytes { low = low << 8 | UInt64(byte) }
            self.init(isIPv6: false, high: 0, low: low)
        case 16:
            for (index, byte) in bytes.enumerated() {
                if index < 8 { high = high << 8 | UInt64(byte) } else { low = low << 8 | UInt64(byte) }
            }
            self.init(isIPv6: true, high: high, low: low)
        default: return nil
        }
    }

    /// Its 4 or 16 bytes in network order.
    var bytes: [UInt8] {
        func bytes(of word: UInt64, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * (count - 1 - $0))) }
        }
        return isIPv6 ? bytes(of: high, 8) + bytes(of: low, 8) : bytes(of: low, 4)
    }

    /// Reads dotted IPv4 or IPv6 text (inet_pton(3)).
    init?(text: String) {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(isIPv6: false, high: 0, low: UInt64(UInt32(bigEndian: four.s_addr)))
            return
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        let bytes = withUnsafeBytes(of: six) { Array($0) }
        self.init(bytes)
    }
}

/// An IP network: an address whose bits beyond the prefix don't count.
struct IPNetwork: Sendable, Hashable {
    let address: IPAddress
    private let maskHigh: UInt64
    private let maskLow: UInt64

    /// Reads `address/prefix`; IPv4 prefixes are 0 to 32, IPv6 ones 1 to 128, host bits may be set.
    init?(text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(text: String(parts[0])), let length = Int(parts[1]),
            parts[1].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            address.isIPv6 ? (1...128).contains(length) : (0...32).contains(length)
        else { return nil }
        // Swift's `<<` on a count of the width or more gives 0, which is what an empty prefix needs.
        if address.isIPv6 {
            maskHigh = length >= 64 ? .max : UInt64.max << UInt64(64 - length)
            maskLow = length <= 64 ? 0 : UInt64.max << UInt64(128 - length)
        } else {
            maskHigh = 0
            maskLow = (UInt64.max << UInt64(32 - length)) & 0xffff_ffff
        }
        self.address = IPAddress(
            isIPv6: address.isIPv6, high: address.high & maskHigh, low: address.low & maskLow
        )
    }

    /// The network of one address.
    init(host: IPAddress) {
        address = host
        maskHigh = host.isIPv6 ? .max : 0
        maskLow = host.isIPv6 ? .max : 0xffff_ffff
    }

    /// How many bits of the address count.
    var prefixLength: Int { maskHigh.nonzeroBitCount + maskLow.nonzeroBitCount }

    /// Whether every address of another network lies in this one.
    func covers(_ other: IPNetwork) -> Bool { prefixLength <= other.prefixLength && contains(other.address) }

    /// Whether an address lies in the network; one of the other family never does.
    func contains(_ other: IPAddress) -> Bool {
        other.isIPv6 == address.isIPv6 && other.high & maskHigh == address.high && other.low & maskLow == address.low
    }
}
