/// The value of a field for the event at hand. Plain: text, addresses and list elements live in the `ValueArena` that it
/// was made in and are valid until that arena is reset.
public struct FieldValue: Sendable {
    /// What the value is.
    public enum Kind: UInt8, Sendable {
        /// The field can't be extracted from this event. Different from empty text and from `<NA>`.
        case null
        case signed, unsigned, bool, double
        /// Text; bytes, not necessarily UTF-8.
        case string
        /// A byte buffer.
        case bytes
        /// An IP address, 4 or 16 bytes in network order.
        case address
        /// Elements in the arena.
        case list
    }

    /// What the value is.
    public let kind: Kind
    /// The number, the bool (0 or 1), the double's bit pattern, or the range (see `range`).
    public let bits: UInt64

    /// A value from its parts; prefer the factories.
    public init(kind: Kind, bits: UInt64) {
        self.kind = kind
        self.bits = bits
    }

    /// A missing value.
    public static let null = FieldValue(kind: .null, bits: 0)
    /// A signed number.
    public static func signed(_ value: Int64) -> FieldValue {
        FieldValue(kind: .signed, bits: UInt64(bitPattern: value))
    }
    /// An unsigned number.
    public static func unsigned(_ value: UInt64) -> FieldValue { FieldValue(kind: .unsigned, bits: value) }
    /// A truth value.
    public static func bool(_ value: Bool) -> FieldValue { FieldValue(kind: .bool, bits: value ? 1 : 0) }
    /// A floating-point number.
    public static func double(_ value: Double) -> FieldValue { FieldValue(kind: .double, bits: value.bitPattern) }

    /// Whether the field is missing.
    public var isNull: Bool { kind == .null }
    /// The number as a signed one.
    public var signed: Int64 { Int64(bitPattern: bits) }
    /// The number as an unsigned one.
    public var unsigned: UInt64 { bits }
    /// The truth value.
    public var bool: Bool { bits != 0 }
    /// The floating-point number.
    public var double: Double { Double(bitPattern: bits) }

    /// For text, bytes and addresses the byte range in the arena; for lists the range of elements.
    public var range: Range<Int> {
        let lower = Int(truncatingIfNeeded: bits >> 32)
        return lower..<(lower + Int(truncatingIfNeeded: bits & 0xffff_ffff))
    }

    static func ranged(_ kind: Kind, _ range: Range<Int>) -> FieldValue {
        FieldValue(kind: kind, bits: UInt64(range.lowerBound) << 32 | UInt64(range.count))
    }
}

/// Memory for the values of one event, kept and overwritten from event to event.
///
/// A field's reader appends bytes and closes them into a value:
///
///     let start = arena.mark
///     arena.append(name)
///     arena.append(UInt8(ascii: " "))
///     return arena.string(from: start)
public struct ValueArena: Sendable {
    /// The bytes of all values made since the last reset.
    public private(set) var bytes: [UInt8] = []
    /// The elements of all lists made since the last reset.
    public private(set) var elements: [FieldValue] = []

    /// An arena with room for typical events.
    public init() {
        bytes.reserveCapacity(16384)
        elements.reserveCapacity(256)
    }

    /// Forgets all values; the memory stays.
    public mutating func reset() {
        bytes.removeAll(keepingCapacity: true)
        elements.removeAll(keepingCapacity: true)
    }

    /// Where the next byte goes.
    public var mark: Int { bytes.count }

    /// Adds one byte.
    public mutating func append(_ byte: UInt8) { bytes.append(byte) }
    /// Adds bytes.
    public mutating func append(_ array: [UInt8]) { bytes.append(contentsOf: array) }
    /// Adds a range of an array.
    public mutating func append(_ array: [UInt8], _ range: Range<Int>) { bytes.append(contentsOf: array[range]) }
    /// Adds a slice.
    public mutating func append(_ slice: ArraySlice<UInt8>) { bytes.append(contentsOf: slice) }
    /// Adds the UTF-8 of a literal.
    public mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }
    /// Adds the UTF-8 of a string. For values that are not on every event's way.
    public mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
    /// Lets `body` add bytes behind the others; it must not remove any.
    public mutating func append(with body: (inout [UInt8]) -> Void) { body(&bytes) }
    /// Adds a range of the arena's own bytes.
    public mutating func append(own range: Range<Int>) {
        for index in range { bytes.append(bytes[index]) }
    }
    /// Adds a number in decimal.
    public mutating func append(decimal value: Int64) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        append(decimal: value.magnitude)
    }
    /// Adds a number in decimal.
    public mutating func append(decimal value: UInt64) { bytes.append(decimal: value) }

    /// Takes back what was appended since a mark, unless a value was made of it.
    public mutating func truncate(to mark: Int) {
        if mark < bytes.count { bytes.removeSubrange(max(mark, 0)...) }
    }

    /// Closes what was appended since `start` into a text value.
    public func string(from start: Int) -> FieldValue { .ranged(.string, start..<bytes.count) }
    /// Closes what was appended since `start` into a byte buffer.
    public func buffer(from start: Int) -> FieldValue { .ranged(.bytes, start..<bytes.count) }
    /// Closes the 4 or 16 bytes appended since `start` into an address.
    public func address(from start: Int) -> FieldValue { .ranged(.address, start..<bytes.count) }

    /// A text value of these bytes.
    public mutating func string(_ array: [UInt8]) -> FieldValue {
        let start = mark
        append(array)
        return string(from: start)
    }
    /// A text value of a literal.
    public mutating func string(_ text: StaticString) -> FieldValue {
        let start = mark
        append(text)
        return string(from: start)
    }
    /// A list of values that were made in this arena.
    public mutating func list(_ values: some Sequence<FieldValue>) -> FieldValue {
        let start = elements.count
        elements.append(contentsOf: values)
        return .ranged(.list, start..<elements.count)
    }

    /// Starts a list; add with `appendElement`, close with `list(from:)`.
    public var elementMark: Int { elements.count }
    /// Adds an element to the list under construction.
    public mutating func appendElement(_ value: FieldValue) { elements.append(value) }
    /// Closes the elements added since `start` into a list.
    public func list(from start: Int) -> FieldValue { .ranged(.list, start..<elements.count) }

    /// The bytes of a text, buffer or address value of this arena.
    public func slice(_ value: FieldValue) -> ArraySlice<UInt8> { bytes[value.range] }
    /// The text of a value, for alerts and tests; bad UTF-8 is replaced.
    public func text(_ value: FieldValue) -> String { String(decoding: slice(value), as: UTF8.self) }
}
