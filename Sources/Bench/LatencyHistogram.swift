/// Times of any number of events in bounded memory: 32 classes for each power of two, so a quantile is at most a 32nd too
/// large.
struct LatencyHistogram: Equatable {
    private(set) var count: UInt64 = 0
    /// The longest, nanoseconds.
    private(set) var longest: UInt64 = 0
    private var classes = [UInt64](repeating: 0, count: 60 * Self.classesPerPower)
    private static let bits = 5
    private static let classesPerPower = 1 << bits

    /// Adds a time in nanoseconds.
    mutating func add(_ nanoseconds: UInt64) {
        count += 1
        longest = max(longest, nanoseconds)
        classes[Self.index(of: nanoseconds)] += 1
    }

    /// A time that this part of all, 0 to 1, do not exceed, nanoseconds; nil without any.
    func quantile(_ part: Double) -> UInt64? {
        guard count > 0 else { return nil }
        let wanted = UInt64((Double(count) * min(max(part, 0), 1)).rounded(.up))
        var seen: UInt64 = 0
        for (index, number) in classes.enumerated() {
            seen += number
            if seen >= max(wanted, 1) { return min(Self.end(of: index), longest) }
        }
        return longest
    }

    private static func index(of value: UInt64) -> Int {
        if value < UInt64(classesPerPower) { return Int(value) }
        let shift = value.bitWidth - 1 - value.leadingZeroBitCount - bits
        // The leading bit is always set, so it adds one power's classes: the next power's begin where these end.
        return shift * classesPerPower + Int(value >> UInt64(shift))
    }

    /// The largest value of a class.
    private static func end(of index: Int) -> UInt64 {
        if index < 2 * classesPerPower { return UInt64(index) }
        let shift = index / classesPerPower - 1
        let start = UInt64(index - shift * classesPerPower)
        return ((start + 1) << UInt64(shift)) &- 1
    }
}
