/// The bytes of a file with reads that can't leave it; little-endian.
struct ImageBytes: Sendable {
    let bytes: [UInt8]

    var count: Int { bytes.count }

    /// A number of up to eight bytes; nil where it is not all inside.
    func number(_ offset: Int, _ size: Int) -> UInt64? {
        guard offset >= 0, size <= 8, offset <= bytes.count &- size else { return nil }
        var value: UInt64 = 0
        var index = offset &+ size
        while index > offset {
            index &-= 1
            value = value << 8 | UInt64(bytes[index])
        }
        return value
    }

    func byte(_ offset: Int) -> UInt8? { offset >= 0 && offset < bytes.count ? bytes[offset] : nil }
    func half(_ offset: Int) -> UInt16? { number(offset, 2).map { UInt16(truncatingIfNeeded: $0) } }
    func word(_ offset: Int) -> UInt32? { number(offset, 4).map { UInt32(truncatingIfNeeded: $0) } }
    func signedWord(_ offset: Int) -> Int64? { word(offset).map { Int64(Int32(bitPattern: $0)) } }
    func long(_ offset: Int) -> UInt64? { number(offset, 8) }

    /// A text that ends with NUL, at most `limit` bytes; nil where it has no end.
    func text(_ offset: Int, limit: Int = 4096) -> String? {
        guard offset >= 0, offset < bytes.count else { return nil }
        let window = bytes[offset..<min(bytes.count, offset &+ limit)]
        guard let end = window.firstIndex(of: 0) else { return nil }
        return String(decoding: window[..<end], as: UTF8.self)
    }
}

extension UInt64 {
    /// Where a file can hold it.
    var offset: Int? { Int(exactly: self) }
}
