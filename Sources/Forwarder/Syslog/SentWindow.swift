/// The alerts that were sent and may still be lost.
///
/// Syslog has no acknowledgement. What the peer's kernel has confirmed may wait unread in its buffers when the server dies;
/// so the latest messages are kept for a while, and sent again when the connection is lost.
struct SentWindow {
    private struct Entry {
        /// The alert.
        var id: Int64
        /// The place of the message's end among all bytes of the connection.
        var end: Int
        /// When it was sent, monotonic nanoseconds.
        var time: UInt64
    }

    /// How long a message stays here after it was sent.
    static let holdNanoseconds: UInt64 = 5_000_000_000
    /// With so many newer ones behind it a message stays no longer: what is sent again must have a bound.
    static let holdCount = 10_000

    private var entries: ArraySlice<Entry> = []

    /// How many there are.
    var count: Int { entries.count }
    var isEmpty: Bool { entries.isEmpty }

    /// Adds a message behind the others.
    mutating func append(_ id: Int64, end: Int, time: UInt64) { entries.append(Entry(id: id, end: end, time: time)) }

    mutating func removeAll() { entries.removeAll() }

    /// Takes out those that were held long enough: how many, and the last one's id; nil when there are none.
    ///
    /// - Parameter confirmed: how many bytes of the connection the peer's kernel has.
    mutating func settle(confirmed: Int, now: UInt64) -> (count: Int, id: Int64)? {
        var settled: (count: Int, id: Int64)?
        while let first = entries.first, first.end <= confirmed,
            now &- first.time >= Self.holdNanoseconds || entries.count > Self.holdCount
        {
            settled = ((settled?.count ?? 0) + 1, first.id)
            entries.removeFirst()
        }
        return settled
    }

    /// Takes out all: it is known that the receiver has read them.
    mutating func settleAll() -> (count: Int, id: Int64)? {
        guard let last = entries.last else { return nil }
        defer { entries.removeAll() }
        return (entries.count, last.id)
    }

    /// Since when the first one that is not confirmed waits for that; nil when all are.
    func unconfirmedSince(confirmed: Int) -> UInt64? {
        // Ends grow with the place, and the first of them is mostly confirmed.
        guard let last = entries.last, last.end > confirmed else { return nil }
        return entries.first { $0.end > confirmed }?.time
    }

    /// Whether something is confirmed.
    func hasConfirmed(_ confirmed: Int) -> Bool { entries.first.map { $0.end <= confirmed } ?? false }
}
