public import EventModel

/// The lines that wait for a channel's reader: bounded, the least severe go first. A value without a clock or I/O.
public struct OutputBuffer: Sendable {
    /// A line that waits.
    public struct Entry: Sendable, Equatable {
        /// Goes up by one with each line that was appended.
        public let sequence: UInt64
        /// The alert's priority.
        public let priority: Priority
        /// What is to be written.
        public let bytes: [UInt8]
    }

    /// How much may wait.
    public struct Limits: Sendable, Equatable {
        /// Most bytes of lines.
        public var bytes = 8 << 20
        /// Most lines.
        public var alerts = Int.max

        /// 8 MiB, as many lines as fit.
        public init() {}

        /// At most so many bytes and lines.
        public init(bytes: Int, alerts: Int = .max) { (self.bytes, self.alerts) = (bytes, alerts) }
    }

    /// How much may wait. What waits is cut down to it with the next `append`.
    public var limits: Limits
    /// Lines that were dropped because more waited than may.
    public private(set) var dropped: UInt64 = 0
    /// Bytes that wait.
    public private(set) var bytes = 0
    /// Lines that wait.
    public private(set) var count = 0

    private var queues = [Queue](repeating: Queue(), count: Priority.allCases.count)
    private var nextSequence: UInt64 = 0

    /// An empty buffer.
    public init(limits: Limits = Limits()) { self.limits = limits }

    /// Whether nothing waits.
    public var isEmpty: Bool { count == 0 }
    /// Whether more waits than half of what may: time for who can wait to do so.
    public var isHalfFull: Bool { bytes > limits.bytes / 2 || count > max(1, limits.alerts / 2) }
    /// The sequence of the line that comes next; of the one that will be appended when nothing waits.
    public var firstSequence: UInt64 { queues.compactMap(\.first?.sequence).min() ?? nextSequence }
    /// The sequence of the line that will be appended next.
    public var endSequence: UInt64 { nextSequence }

    /// Adds a line. While more waits than may, the oldest of the least severe lines is dropped: this one too, if it is that.
    public mutating func append(_ bytes: [UInt8], _ priority: Priority) {
        queues[Int(priority.rawValue)].append(Entry(sequence: nextSequence, priority: priority, bytes: bytes))
        nextSequence &+= 1
        self.bytes += bytes.count
        count += 1
        while self.bytes > limits.bytes || count > limits.alerts {
            guard let least = queues.lastIndex(where: { $0.first != nil }) else { break }
            remove(from: least)
            dropped &+= 1
        }
    }

    /// Takes the lines that come next, in the order in which they were appended: at least one, further ones while all
    /// together have at most `limit` bytes, none from `end` on.
    public mutating func takeFirst(bytes limit: Int, before end: UInt64 = .max) -> [Entry] {
        var taken: [Entry] = []
        var size = 0
        while let (index, entry) = next, entry.sequence < end {
            guard taken.isEmpty || size + entry.bytes.count <= limit else { break }
            remove(from: index)
            size += entry.bytes.count
            taken.append(entry)
        }
        return taken
    }

    /// Drops all that waits; gives how many lines that was.
    public mutating func removeAll() -> UInt64 {
        let lost = UInt64(count)
        for index in queues.indices { queues[index] = Queue() }
        (bytes, count) = (0, 0)
        return lost
    }

    private var next: (index: Int, entry: Entry)? {
        var found: (index: Int, entry: Entry)?
        for index in queues.indices {
            guard let entry = queues[index].first else { continue }
            if let known = found, known.entry.sequence < entry.sequence { continue }
            found = (index, entry)
        }
        return found
    }

    private mutating func remove(from index: Int) {
        guard let entry = queues[index].removeFirst() else { return }
        bytes -= entry.bytes.count
        count -= 1
    }

    /// First in, first out. The entries that were taken stay in front until they are the larger half, so that each is
    /// moved about once.
    private struct Queue: Sendable {
        private var entries: [Entry?] = []
        private var start = 0

        var first: Entry? { start < entries.count ? entries[start] : nil }

        mutating func append(_ entry: Entry) { entries.append(entry) }

        mutating func removeFirst() -> Entry? {
            guard start < entries.count else { return nil }
            let entry = entries[start]
            entries[start] = nil
            start += 1
            if start > 32, start * 2 > entries.count {
                entries.removeFirst(start)
                start = 0
            }
            return entry
        }
    }
}
