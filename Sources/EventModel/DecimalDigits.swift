extension [UInt8] {
    /// Adds a number in decimal; nothing but the digits' room is allocated.
    public mutating func append(decimal value: UInt64) {
        // UInt64.max has 20 digits. They come last first, and turning them round in the array would copy a slice of it.
        var digits: InlineArray<20, UInt8> = .init(repeating: 0)
        var start = 20
        var rest = value
        repeat {
            start -= 1
            digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        for index in start..<20 { append(digits[index]) }
    }

    /// Adds a number in decimal, padded with zeros to a width.
    public mutating func append(decimal value: UInt64, width: Int) {
        var limit: UInt64 = 1
        for _ in 1..<Swift.min(Swift.max(width, 1), 20) { limit *= 10 }
        while limit > 1, value < limit {
            append(UInt8(ascii: "0"))
            limit /= 10
        }
        append(decimal: value)
    }
}
