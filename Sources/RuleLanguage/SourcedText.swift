/// A stretch of a file: an index into the loader's list of files, and bytes.
public struct SourceSpan: Sendable, Hashable {
    /// Which file.
    public var file: Int
    /// First byte.
    public var start: Int
    /// One past the last byte.
    public var end: Int

    /// A stretch of a file.
    public init(file: Int, start: Int, end: Int) {
        self.file = file
        self.start = start
        self.end = max(start, end)
    }
}

/// A value and where it was written.
public struct Sourced<Value: Sendable & Hashable>: Sendable, Hashable {
    /// The value.
    public var value: Value
    /// Where it stands.
    public var span: SourceSpan

    /// A value at a place.
    public init(_ value: Value, at span: SourceSpan) {
        self.value = value
        self.span = span
    }
}

/// A text put together from pieces of files, such as a condition with its lists and exceptions pasted in. It knows for
/// each byte where the user wrote it.
public struct SourcedText: Sendable, Hashable {
    /// A run of bytes of one origin.
    private struct Run: Sendable, Hashable {
        var start: Int
        var file: Int
        var offset: Int
        /// Whether the bytes stand in the file as they are. Else all of them stand for the one place.
        var isVerbatim: Bool

        func continues(_ other: Run) -> Bool {
            isVerbatim && other.isVerbatim && file == other.file && offset - other.offset == start - other.start
        }
    }

    /// The text's bytes.
    public private(set) var bytes: [UInt8] = []
    private var runs: [Run] = []

    /// An empty text.
    public init() {}

    /// A text whose byte `value` of each pair, and those after it up to the next pair's, stands at `file` in a file.
    public init(bytes: [UInt8], file: Int, runs: [(value: Int, file: Int)]) {
        self.bytes = bytes
        self.runs = runs.map { Run(start: $0.value, file: file, offset: $0.file, isVerbatim: true) }
    }

    /// A text that as a whole stands for one place.
    public init(_ text: String, standingFor span: SourceSpan) { append(text, standingFor: span) }

    /// The text as a string.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether it has no bytes.
    public var isEmpty: Bool { bytes.isEmpty }

    /// Adds another text.
    public mutating func append(_ other: SourcedText) { append(other, other.bytes.indices) }

    /// Adds a part of another text.
    public mutating func append(_ other: SourcedText, _ range: Range<Int>) {
        let range = range.clamped(to: other.bytes.indices)
        guard !range.isEmpty else { return }
        var index = other.runIndex(at: range.lowerBound)
        let base = bytes.count
        while index < other.runs.count, other.runs[index].start < range.upperBound {
            var run = other.runs[index]
            let skipped = max(0, range.lowerBound - run.start)
            if run.isVerbatim { run.offset += skipped }
            run.start = base + run.start + skipped - range.lowerBound
            append(run)
            index += 1
        }
        bytes += other.bytes[range]
    }

    /// Adds text that nobody wrote, standing for a place.
    public mutating func append(_ text: String, standingFor span: SourceSpan) {
        guard !text.isEmpty else { return }
        append(Run(start: bytes.count, file: span.file, offset: span.start, isVerbatim: false))
        bytes += Array(text.utf8)
    }

    private mutating func append(_ run: Run) {
        if let last = runs.last, run.continues(last) { return }
        runs.append(run)
    }

    /// The text without blanks (space, tab, CR, LF and their kin) at its ends.
    public func trimmed() -> SourcedText {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        guard let first = bytes.firstIndex(where: { !isSpace($0) }), let last = bytes.lastIndex(where: { !isSpace($0) })
        else { return SourcedText() }
        var result = SourcedText()
        result.append(self, first..<(last + 1))
        return result
    }

    private func runIndex(at offset: Int) -> Int {
        var low = 0
        var high = runs.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if runs[middle].start <= offset { low = middle } else { high = middle }
        }
        return low
    }

    /// The stretch of a file that a range of the text stands for: from its first byte to its last one, if that one stands
    /// in the same file behind it. Nil for an empty text.
    public func span(of range: Range<Int>) -> SourceSpan? {
        guard !runs.isEmpty else { return nil }
        let start = place(of: range.lowerBound)
        let last = place(of: max(range.lowerBound, range.upperBound - 1))
        let isBehind = last.file == start.file && last.offset >= start.offset
        return SourceSpan(file: start.file, start: start.offset, end: isBehind ? last.offset + 1 : start.offset + 1)
    }

    private func place(of offset: Int) -> (file: Int, offset: Int) {
        let run = runs[runIndex(at: offset)]
        return (run.file, run.isVerbatim ? run.offset + max(0, offset - run.start) : run.offset)
    }
}
