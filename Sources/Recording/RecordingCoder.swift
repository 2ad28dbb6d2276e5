/// Numbers and texts as a recording has them: numbers in 7 bits a byte, least first, the highest bit set where more follow (LEB128); texts
/// behind their length.
struct RecordingEncoder {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ number: UInt64) {
        var rest = number
        while rest > 0x7f {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Small numbers of either sign are short.
    mutating func append(_ number: Int64) {
        append(UInt64(bitPattern: number << 1 ^ number >> 63))
    }

    mutating func append(_ number: Int32) { append(Int64(number)) }
    mutating func append(_ number: UInt32) { append(UInt64(number)) }
    mutating func append(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

    mutating func append(text: some Collection<UInt8>) {
        append(UInt64(text.count))
        bytes.append(contentsOf: text)
    }

    /// Bytes without their length, which the reader knows otherwise.
    mutating func append(raw: some Collection<UInt8>) { bytes.append(contentsOf: raw) }

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }
}

/// Reads what an encoder wrote. Whatever the bytes are, it traps on none of them.
struct RecordingDecoder {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    var isAtEnd: Bool { position == bytes.endIndex }
    /// How many bytes were read.
    var consumed: Int { position - bytes.startIndex }

    mutating func byte() throws(RecordingError) -> UInt8 {
        guard position < bytes.endIndex else { throw .cut }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func number() throws(RecordingError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let next = try byte()
            // The tenth byte has one bit left.
            guard shift < 63 || next < 2 else { throw .damaged }
            value |= UInt64(next & 0x7f) << shift
            if next < 0x80 { return value }
        }
        throw .damaged
    }

    /// A number that the type has room for.
    mutating func number<Number: FixedWidthInteger>(as type: Number.Type) throws(RecordingError) -> Number {
        let told = try number()
        let value =
            Number.isSigned ? Number(exactly: Int64(bitPattern: told >> 1) ^ -Int64(told & 1)) : Number(exactly: told)
        guard let value else { throw .damaged }
        return value
    }

    mutating func flag() throws(RecordingError) -> Bool {
        switch try byte() {
        case 0: false
        case 1: true
        default: throw .damaged
        }
    }

    mutating func text() throws(RecordingError) -> ArraySlice<UInt8> {
        let count = try number()
        // More than a recording ever has in one piece.
        guard count <= Self.longestText else { throw .damaged }
        return try raw(Int(count))
    }

    mutating func raw(_ count: Int) throws(RecordingError) -> ArraySlice<UInt8> {
        guard count <= bytes.endIndex - position else { throw .cut }
        defer { position += count }
        return bytes[position..<position + count]
    }

    /// What is left.
    mutating func rest() throws(RecordingError) -> ArraySlice<UInt8> { try raw(bytes.endIndex - position) }

    /// How many of something follow, each of a byte at least.
    mutating func count() throws(RecordingError) -> Int {
        let count = try number()
        guard count <= Self.longestText else { throw .damaged }
        guard count <= UInt64(bytes.endIndex - position) else { throw .cut }
        return Int(count)
    }

    private static let longestText: UInt64 = 64 << 20
}
