/// What says that records belong to one event: when it began, its serial, and the node in a log of several.
///
/// The serial alone is not enough: it starts again at each boot and wraps at 32 bits.
struct EventID: Sendable, Equatable {
    /// Nanoseconds since the epoch; the kernel gives milliseconds.
    var time: UInt64
    var serial: UInt32
    /// Hash of the node's name, 0 without one.
    var node: UInt64 = 0

    /// Never 0, which marks a free place in tables.
    var hash: UInt64 {
        // Odd multipliers of MurmurHash3's and SplitMix64's finalizers: they spread serials, which are consecutive.
        var value = (time ^ node) &+ UInt64(serial) &* 0xff51_afd7_ed55_8ccd
        value = (value ^ value >> 32) &* 0xbf58_476d_1ce4_e5b9
        return (value ^ value >> 29) | 1
    }

    init(time: UInt64, serial: UInt32) {
        self.time = time
        self.serial = serial
    }

    /// Reads `audit(SEC.MSEC:SERIAL):`; nil when the text is not of that form. `offset` is behind it afterwards.
    init?(_ text: Span<UInt8>, _ offset: inout Int) {
        var index = offset
        guard EventID.skip("audit(", text, &index),
            let seconds = EventID.digits(text, &index, atMost: 10),
            EventID.skip(".", text, &index)
        else { return nil }
        let fractionStart = index
        guard var nanoseconds = EventID.digits(text, &index, atMost: 9) else { return nil }
        for _ in index &- fractionStart..<9 { nanoseconds &*= 10 }
        guard EventID.skip(":", text, &index),
            let serial = EventID.digits(text, &index, atMost: 10), let serial = UInt32(exactly: serial),
            EventID.skip("):", text, &index)
        else { return nil }
        // At most 9 999 999 999 s, so the product stays below 2⁶⁴.
        time = seconds &* 1_000_000_000 &+ nanoseconds
        self.serial = serial
        offset = index
    }

    /// A few digits; nil when there are none or too many.
    private static func digits(_ text: Span<UInt8>, _ index: inout Int, atMost limit: Int) -> UInt64? {
        let start = index
        var value: UInt64 = 0
        while index < text.count, text[index] &- 0x30 < 10 {
            value = value &* 10 &+ UInt64(text[index] &- 0x30)
            index &+= 1
            if index &- start > limit { return nil }
        }
        return index > start ? value : nil
    }

    @inline(__always)
    static func skip(_ word: StaticString, _ text: Span<UInt8>, _ index: inout Int) -> Bool {
        let count = word.utf8CodeUnitCount
        guard text.count &- index >= count else { return false }
        for position in 0..<count where text[index &+ position] != word.utf8Start[position] { return false }
        index &+= count
        return true
    }
}
