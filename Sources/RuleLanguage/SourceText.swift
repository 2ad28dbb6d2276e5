/// A file's bytes and where its lines begin.
public struct SourceText: Sendable {
    /// The file as the user named it; `-` for standard input.
    public let name: String
    /// What it holds.
    public let bytes: [UInt8]
    private let lineStarts: [Int]

    /// A file from its bytes. Lines end at LF, CR LF or a lone CR.
    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
        var starts = [0]
        for (index, byte) in bytes.enumerated() {
            let isReturn = byte == 0x0D && !(index + 1 < bytes.count && bytes[index + 1] == 0x0A)
            if byte == 0x0A || isReturn { starts.append(index + 1) }
        }
        lineStarts = starts
    }

    /// A file from its text.
    public init(name: String, text: String) { self.init(name: name, bytes: Array(text.utf8)) }

    /// The line, column and name for a byte of the file; an offset past the end is the end.
    public func location(ofByte offset: Int) -> SourceLocation {
        let offset = max(0, min(offset, bytes.count))
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        let column = bytes[lineStarts[low]..<offset].count { $0 & 0xC0 != 0x80 } + 1
        // A byte order mark at the beginning is no character of the first line.
        let mark = low == 0 && offset >= 3 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 1 : 0
        return SourceLocation(file: name, line: low + 1, column: column - mark, offset: offset)
    }

    /// The text of a line, from 1, without its end; nil when there is no such line.
    public func line(_ number: Int) -> String? {
        guard number >= 1, number <= lineStarts.count else { return nil }
        let start = lineStarts[number - 1]
        var end = number < lineStarts.count ? lineStarts[number] : bytes.count
        while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
        var line = bytes[start..<end]
        if number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
        return String(decoding: line, as: UTF8.self)
    }

    /// How many characters stand from a byte to another, at least 1, and none beyond the first one's line.
    public func length(from start: Int, to end: Int) -> Int {
        let start = max(0, min(start, bytes.count))
        let end = max(start, min(end, bytes.count))
        let stretch = bytes[start..<end].prefix { $0 != 0x0A && $0 != 0x0D }
        return max(1, stretch.count { $0 & 0xC0 != 0x80 })
    }
}
