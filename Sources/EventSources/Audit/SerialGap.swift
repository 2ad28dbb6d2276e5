/// Counts what a multicast reader missed: the kernel counts such loss nowhere, but events have consecutive serials.
struct SerialGap: Sendable {
    private var last: UInt32?
    private var isOverrun = false

    /// Notes that the socket's buffer overflowed: the next serial tells how much was lost.
    mutating func overrun() { isOverrun = true }

    /// Takes a record's text; gives how many events are missing before it, where there was an overrun.
    mutating func take(_ text: Span<UInt8>) -> UInt32 {
        guard let serial = Self.serial(of: text) else { return 0 }
        defer {
            isOverrun = false
            last = serial
        }
        guard isOverrun, let last else { return 0 }
        let distance = serial &- last
        // A late record of an older event has a distance near 2^32.
        return distance > 1 && distance < 1 << 31 ? distance &- 1 : 0
    }

    /// The serial of `audit(SECONDS.MILLISECONDS:SERIAL): …`.
    static func serial(of text: Span<UInt8>) -> UInt32? {
        var index = 0
        while index < text.count, index < 40, text[index] != UInt8(ascii: ":") { index &+= 1 }
        index &+= 1
        var value: UInt32 = 0
        var digits = 0
        while index < text.count, digits < 10, (0x30...0x39).contains(text[index]) {
            value = value &* 10 &+ UInt32(text[index] &- 0x30)
            digits &+= 1
            index &+= 1
        }
        return digits > 0 ? value : nil
    }
}
