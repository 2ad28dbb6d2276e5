import EventModel

/// Stands for a key or value: 128 bits by two hashes (SipHash) whose seeds nobody outside the process knows, so that equal ones
/// can't be made on purpose.
struct Fingerprint: Sendable, Hashable {
    var high: UInt64 = 0
    var low: UInt64 = 0
}

/// Makes a fingerprint of what is added, in order.
struct FingerprintBuilder {
    private var first = Hasher()
    private var second = Hasher()

    init() { second.combine(UInt8(1)) }

    mutating func add(_ number: UInt64) {
        first.combine(number)
        second.combine(number)
    }

    mutating func add(_ bytes: [UInt8], _ range: Range<Int>) {
        add(UInt64(range.count))
        bytes.withUnsafeBytes { memory in
            let part = UnsafeRawBufferPointer(rebasing: memory[range])
            first.combine(bytes: part)
            second.combine(bytes: part)
        }
    }

    /// Adds a value; false when it is not known.
    mutating func add(_ value: FieldValue, _ arena: ValueArena) -> Bool {
        add(UInt64(value.kind.rawValue))
        switch value.kind {
        case .null: return false
        case .signed, .unsigned, .bool, .double: add(value.bits)
        case .bytes, .address: add(arena.bytes, value.range)
        case .string:
            if arena.slice(value).elementsEqual(Self.missing) { return false }
            add(arena.bytes, value.range)
        case .list:
            if value.range.isEmpty { return false }
            add(UInt64(value.range.count))
            for element in arena.elements[value.range] where !add(element, arena) { return false }
        }
        return true
    }

    /// The fingerprint of what was added.
    func finish() -> Fingerprint {
        let (first, second) = (first, second)
        return Fingerprint(
            high: UInt64(bitPattern: Int64(first.finalize())), low: UInt64(bitPattern: Int64(second.finalize())))
    }

    private static let missing = Array("<NA>".utf8)
}
