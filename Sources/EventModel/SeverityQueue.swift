/// What waits in the order in which it came, and gives way by severity: the least severe goes first, the oldest of them before others.
/// Adding, taking and dropping cost the same however much waits.
public struct SeverityQueue<Element: Sendable>: Sendable {
    /// Something that waits.
    public struct Entry: Sendable {
        /// Goes up by one with each element that was appended.
        public let sequence: UInt64
        /// How severe it is.
        public let priority: Priority
        /// What it takes of the queue's size.
        public let size: Int
        /// What waits.
        public let element: Element
    }

    /// How many wait.
    public private(set) var count = 0
    /// The sizes of all that wait.
    public private(set) var size = 0
    /// The sequence of what will be appended next.
    public private(set) var endSequence: UInt64 = 0

    private var lines = [Line](repeating: Line(), count: Priority.allCases.count)

    /// An empty queue.
    public init() {}

    /// Whether nothing waits.
    public var isEmpty: Bool { count == 0 }

    /// What has waited for longest.
    public var first: Entry? { next?.entry }

    /// Adds something behind all others.
    public mutating func append(_ element: Element, _ priority: Priority, size: Int) {
        lines[Int(priority.rawValue)].append(
            Entry(sequence: endSequence, priority: priority, size: size, element: element))
        endSequence &+= 1
        self.size += size
        count += 1
    }

    /// Takes what has waited for longest.
    public mutating func removeFirst() -> Entry? {
        guard let line = next?.line else { return nil }
        return remove(from: line)
    }

    /// Takes the oldest of the least severe.
    public mutating func removeLeastSevere() -> Entry? {
        guard let line = lines.lastIndex(where: { $0.first != nil }) else { return nil }
        return remove(from: line)
    }

    /// The first elements, in order, which stay: so many at most.
    public func prefix(_ limit: Int) -> [Element] {
        var passed = [Int](repeating: 0, count: lines.count)
        var found: [Element] = []
        found.reserveCapacity(min(limit, count))
        while found.count < limit {
            var next: (line: Int, entry: Entry)?
            for index in lines.indices {
                guard let entry = lines[index].entry(after: passed[index]) else { continue }
                if let known = next, known.entry.sequence < entry.sequence { continue }
                next = (index, entry)
            }
            guard let next else { break }
            passed[next.line] += 1
            found.append(next.entry.element)
        }
        return found
    }

    /// Takes all.
    public mutating func removeAll() {
        for index in lines.indices { lines[index] = Line() }
        (size, count) = (0, 0)
    }

    private var next: (line: Int, entry: Entry)? {
        var found: (line: Int, entry: Entry)?
        for index in lines.indices {
            guard let entry = lines[index].first else { continue }
            if let known = found, known.entry.sequence < entry.sequence { continue }
            found = (index, entry)
        }
        return found
    }

    private mutating func remove(from line: Int) -> Entry? {
        guard let entry = lines[line].removeFirst() else { return nil }
        size -= entry.size
        count -= 1
        return entry
    }

    /// First in, first out. The entries that were taken stay in front until they are the larger half, so that each is
    /// moved about once.
    private struct Line: Sendable {
        private var entries: [Entry?] = []
        private var start = 0

        var first: Entry? { entry(after: 0) }

        func entry(after passed: Int) -> Entry? {
            start + passed < entries.count ? entries[start + passed] : nil
        }

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
