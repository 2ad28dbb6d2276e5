/// Finds which of many messages came most often, with a few counters: Space-Saving (Metwally, Agrawal, El Abbadi, 2005). A
/// message that is more than a `capacity`th of all is surely found.
struct FrequentMessages: Sendable {
    private struct Counter: Sendable {
        var message: [UInt8]
        var count: UInt64
        /// At most so much of the count belongs to messages that had the counter before.
        var error: UInt64
    }

    private var counters: [Counter] = []
    private static let capacity = 8
    /// Messages are told apart, and shown, as far as this.
    private static let longestMessage = 512

    /// Counts a message.
    mutating func count(_ message: [UInt8], _ count: UInt64) {
        let start = message.prefix(Self.longestMessage)
        if let index = counters.firstIndex(where: { $0.message.elementsEqual(start) }) {
            counters[index].count += count
        } else if counters.count < Self.capacity {
            counters.append(Counter(message: Array(start), count: count, error: 0))
        } else if let least = counters.indices.min(by: { counters[$0].count < counters[$1].count }) {
            let inherited = counters[least].count
            counters[least] = Counter(message: Array(start), count: inherited + count, error: inherited)
        }
    }

    /// The message that surely came most often, and how often at least.
    var mostFrequent: (message: [UInt8], count: UInt64)? {
        counters.max { $0.count - $0.error < $1.count - $1.error }.map { ($0.message, $0.count - $0.error) }
    }
}
