import EventModel

/// How late events reach the rules, by source: a histogram of the time from the kernel's stamp to the evaluation. Counting
/// allocates nothing.
struct EventLag: Sendable {
    /// The upper bounds of the buckets, inclusive, in nanoseconds; behind them is one for all that is later.
    static let bounds: [UInt64] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 60_000].map {
        $0 * 1_000_000
    }

    private var counts: [UInt64]
    private var sums: [UInt64]
    private let bounds = Self.bounds

    /// Nothing counted.
    init() {
        counts = Array(repeating: 0, count: SourceKind.allCases.count * (Self.bounds.count + 1))
        sums = Array(repeating: 0, count: SourceKind.allCases.count)
    }

    /// Counts an event of a source, both times in nanoseconds since the epoch. One from the future, after the clock was set
    /// back, counts as not late.
    @inline(__always)
    mutating func count(_ source: SourceKind, stamped: UInt64, now: UInt64) {
        let lag = now > stamped ? now &- stamped : 0
        var bucket = 0
        while bucket < bounds.count, lag > bounds[bucket] { bucket &+= 1 }
        let index = Int(source.rawValue)
        counts[index &* (bounds.count &+ 1) &+ bucket] &+= 1
        sums[index] &+= lag
    }

    /// What was counted of a source: events by bucket, and the sum of their times in nanoseconds.
    func counted(_ source: SourceKind) -> (buckets: ArraySlice<UInt64>, sum: UInt64) {
        let size = bounds.count + 1
        let start = Int(source.rawValue) * size
        return (counts[start..<start + size], sums[Int(source.rawValue)])
    }
}
