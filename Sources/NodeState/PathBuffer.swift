import EventModel

/// A path for a system call: bytes with a NUL behind them, in memory that is kept from path to path.
public struct PathBuffer: Sendable {
    /// The path and its NUL.
    public private(set) var bytes: [UInt8] = [0]

    /// An empty path.
    public init() { bytes.reserveCapacity(128) }

    /// A path from text.
    public init(_ text: String) {
        bytes = Array(text.utf8)
        bytes.append(0)
    }

    /// The path without the NUL.
    public var path: ArraySlice<UInt8> { bytes.dropLast() }
    /// The path as text, for tests and messages.
    public var text: String { String(decoding: path, as: UTF8.self) }
    /// Whether the path has a NUL inside: then it would name another file than it seems to.
    public var isTorn: Bool { path.contains(0) }

    /// Makes the path empty.
    public mutating func reset() {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(0)
    }
    /// Adds a literal.
    public mutating func append(_ text: StaticString) {
        bytes.removeLast()
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(0)
    }
    /// Adds bytes.
    public mutating func append(_ slice: some Collection<UInt8>) {
        bytes.removeLast()
        bytes.append(contentsOf: slice)
        bytes.append(0)
    }
    /// Adds a number in decimal.
    public mutating func append(decimal value: Int32) {
        bytes.removeLast()
        bytes.append(decimal: UInt64(value.magnitude))
        bytes.append(0)
    }
}

extension [UInt8] {
    /// Adds a literal.
    mutating func append(_ text: StaticString) { text.withUTF8Buffer { append(contentsOf: $0) } }

    /// Empties it for another use. The memory stays unless it is much: else every record of a pool would in time have as much as the
    /// longest text needed that ever was in one.
    mutating func recycle() { removeAll(keepingCapacity: capacity <= 1024) }

    /// Replaces the content; the memory stays.
    mutating func replace(with other: some Collection<UInt8>) {
        removeAll(keepingCapacity: true)
        append(contentsOf: other)
    }
}
