public import EventModel

/// The lines that wait for a channel's reader: bounded, the least severe go first. A value without a clock or I/O.
public struct OutputBuffer: Sendable {
    /// A line that waits.
    public typealias Entry = SeverityQueue<[UInt8]>.Entry

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
    private var queue = SeverityQueue<[UInt8]>()

    /// An empty buffer.
    public init(limits: Limits = Limits()) { self.limits = limits }

    /// Bytes that wait.
    public var bytes: Int { queue.size }
    /// Lines that wait.
    public var count: Int { queue.count }
    /// Whether nothing waits.
    public var isEmpty: Bool { queue.isEmpty }
    /// Whether more waits than half of what may: time for who can wait to do so.
    public var isHalfFull: Bool { bytes > limits.bytes / 2 || count > max(1, limits.alerts / 2) }
    /// The sequence of the line that comes next; of the one that will be appended when nothing waits.
    public var firstSequence: UInt64 { queue.first?.sequence ?? queue.endSequence }
    /// The sequence of the line that will be appended next.
    public var endSequence: UInt64 { queue.endSequence }

    /// Adds a line. While more waits than may, the oldest of the least severe lines is dropped: this one too, if it is that.
    public mutating func append(_ bytes: [UInt8], _ priority: Priority) {
        queue.append(bytes, priority, size: bytes.count)
        while self.bytes > limits.bytes || count > limits.alerts {
            guard queue.removeLeastSevere() != nil else { break }
            dropped &+= 1
        }
    }

    /// Takes the lines that come next, in the order in which they were appended: at least one, further ones while all
    /// together have at most `limit` bytes, none from `end` on.
    public mutating func takeFirst(bytes limit: Int, before end: UInt64 = .max) -> [Entry] {
        var taken: [Entry] = []
        var size = 0
        while let entry = queue.first, entry.sequence < end {
            guard taken.isEmpty || size + entry.size <= limit, let entry = queue.removeFirst() else { break }
            size += entry.size
            taken.append(entry)
        }
        return taken
    }

    /// Drops all that waits; gives how many lines that was.
    public mutating func removeAll() -> UInt64 {
        defer { queue.removeAll() }
        return UInt64(count)
    }
}

extension SeverityQueue<[UInt8]>.Entry {
    /// What is to be written.
    public var bytes: [UInt8] { element }
}
