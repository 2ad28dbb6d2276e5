import EventModel

/// What a correlation kept of its earlier events, for its alert.
public struct KeptValues: Sendable {
    private var steps: [[FieldValue]] = []

    /// Nothing.
    public init() {}

    mutating func append(_ values: [FieldValue]) { steps.append(values) }

    func value(_ step: Int, _ index: Int) -> FieldValue {
        steps.indices.contains(step) && steps[step].indices.contains(index) ? steps[step][index] : .null
    }
}

/// Writes values into a fixed stretch of memory: a kind, then a number, or a length and bytes. What doesn't fit is cut.
struct KeptWriter {
    /// Bytes of a value without text.
    static let smallest = 9
    private static let header = 5

    /// Writes the values of slots from `start` on; nothing is allocated.
    static func write<Reader: FieldReader>(
        _ layout: KeptLayout, into bytes: inout [UInt8], from start: Int, _ evaluator: inout Evaluator, _ reader: Reader
    ) {
        var at = start
        for (index, slot) in layout.slots.enumerated() {
            let value = evaluator.value(ofSlot: Int(slot), reader)
            at = write(value, evaluator.arena, into: &bytes, at: at, end: at + layout.rooms[index])
        }
    }

    private static func write(
        _ value: FieldValue, _ arena: ValueArena, into bytes: inout [UInt8], at start: Int, end: Int
    ) -> Int {
        guard end - start >= smallest else { return start }
        var at = start
        bytes[at] = value.kind.rawValue
        switch value.kind {
        case .null: return at + 1
        case .signed, .unsigned, .bool, .double:
            for byte in 0..<8 { bytes[at + 1 + byte] = UInt8(truncatingIfNeeded: value.bits >> UInt64(8 * byte)) }
            return at + smallest
        case .string, .bytes, .address:
            let count = min(value.range.count, end - at - header)
            put(count, into: &bytes, at: at + 1)
            at += header
            for position in value.range.prefix(count) {
                bytes[at] = arena.bytes[position]
                at += 1
            }
            return at
        case .list:
            at += header
            var count = 0
            for element in arena.elements[value.range] {
                let next = write(element, arena, into: &bytes, at: at, end: end)
                if next == at { break }
                at = next
                count += 1
            }
            put(count, into: &bytes, at: start + 1)
            return at
        }
    }

    private static func put(_ count: Int, into bytes: inout [UInt8], at: Int) {
        for byte in 0..<4 { bytes[at + byte] = UInt8(truncatingIfNeeded: count >> (8 * byte)) }
    }
}

/// Reads back what `KeptWriter` wrote.
struct KeptReader {
    private let bytes: ArraySlice<UInt8>
    private var at: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        at = bytes.startIndex
    }

    /// The next value, made in an arena; null at the end.
    mutating func next(into arena: inout ValueArena) -> FieldValue {
        guard at < bytes.endIndex, let kind = FieldValue.Kind(rawValue: bytes[at]) else { return .null }
        at += 1
        switch kind {
        case .null: return .null
        case .signed, .unsigned, .bool, .double: return FieldValue(kind: kind, bits: number(8))
        case .string, .bytes, .address:
            let count = min(Int(number(4)), bytes.endIndex - at)
            let start = arena.mark
            arena.append(bytes[at..<(at + count)])
            at += count
            switch kind {
            case .bytes: return arena.buffer(from: start)
            case .address: return arena.address(from: start)
            default: return arena.string(from: start)
            }
        case .list:
            var elements: [FieldValue] = []
            for _ in 0..<min(Int(number(4)), bytes.count) { elements.append(next(into: &arena)) }
            return arena.list(elements)
        }
    }

    private mutating func number(_ count: Int) -> UInt64 {
        var number: UInt64 = 0
        for byte in 0..<count where at + byte < bytes.endIndex {
            number |= UInt64(bytes[at + byte]) << UInt64(8 * byte)
        }
        at = min(at + count, bytes.endIndex)
        return number
    }
}
