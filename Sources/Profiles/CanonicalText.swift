import EventModel

/// Behaviours' texts are printable ASCII: what isn't, and what generalisation gives a meaning, is written as `%XX`.
extension [UInt8] {
    /// Adds a byte as `%XX`.
    mutating func append(escaped byte: UInt8) {
        append(UInt8(ascii: "%"))
        append(Self.hexadecimalDigit(byte >> 4))
        append(Self.hexadecimalDigit(byte & 15))
    }

    /// Adds a byte of a name.
    mutating func append(canonical byte: UInt8) {
        switch byte {
        case 0...0x20, 0x7f..., UInt8(ascii: "%"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "*"):
            append(escaped: byte)
        default: append(byte)
        }
    }

    /// Adds the bytes of a name.
    public mutating func append(canonical bytes: some Sequence<UInt8>) {
        for byte in bytes { append(canonical: byte) }
    }

    /// Adds an IP address whose first 4 or 16 bytes are in network order; one of IPv6 with all its groups, in brackets. Any other
    /// count adds nothing.
    public mutating func append(address: InlineArray<16, UInt8>, count: Int) {
        if count == 4 {
            for index in 0..<4 {
                if index > 0 { append(UInt8(ascii: ".")) }
                append(decimal: UInt64(address[index]))
            }
        } else if count == 16 {
            append(UInt8(ascii: "["))
            for group in 0..<8 {
                if group > 0 { append(UInt8(ascii: ":")) }
                append(hexadecimal: UInt16(address[2 * group]) << 8 | UInt16(address[2 * group + 1]))
            }
            append(UInt8(ascii: "]"))
        }
    }

    private mutating func append(hexadecimal value: UInt16) {
        var isBegun = false
        var shift: UInt16 = 16
        while shift > 0 {
            shift -= 4
            let digit = UInt8(truncatingIfNeeded: value >> shift) & 15
            isBegun = isBegun || digit != 0 || shift == 0
            if isBegun { append(Self.hexadecimalDigit(digit, lower: true)) }
        }
    }

    private static func hexadecimalDigit(_ value: UInt8, lower: Bool = false) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: lower ? "a" : "A") + value - 10
    }
}
