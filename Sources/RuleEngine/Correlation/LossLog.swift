/// When sources lost events, as far as they know: for alerts that rest on several events.
struct LossLog {
    /// Events that were lost at some time from `from` to `to`, nanoseconds since the epoch.
    private struct Entry {
        var from: UInt64
        var to: UInt64
        var count: UInt64
    }

    private var entries: [Entry] = []
    private static let most = 64
    /// What was lost within this time of each other is one entry.
    private static let grain: UInt64 = 1_000_000_000

    /// Notes that events were lost; when is known only as the time of the note.
    mutating func add(_ count: UInt64, at time: UInt64) {
        if let last = entries.last, time >= last.from, time - last.from < Self.grain {
            entries[entries.count - 1].count &+= count
            entries[entries.count - 1].to = max(last.to, time)
            return
        }
        if entries.count == Self.most {
            // The oldest are told of as one: rather too much than too little.
            entries[1].from = entries[0].from
            entries[1].count &+= entries[0].count
            entries[1].to = max(entries[0].to, entries[1].to)
            entries.removeFirst()
        }
        entries.append(Entry(from: time, to: time, count: count))
    }

    /// How many were lost since a time.
    func count(since time: UInt64) -> UInt64 {
        entries.reduce(0) { $1.to >= time ? $0 &+ $1.count : $0 }
    }
}
