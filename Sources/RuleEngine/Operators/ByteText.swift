import Glibc

/// Comparisons and searches in byte ranges of arrays. The one place of the engine that touches memory by pointer: each
/// function checks its ranges against the arrays first, and no pointer leaves it.
enum ByteText {
    /// Whether a range lies within an array.
    @inline(__always)
    private static func fits(_ range: Range<Int>, _ bytes: [UInt8]) -> Bool {
        range.lowerBound >= 0 && range.upperBound <= bytes.count
    }

    /// memcmp over two ranges of equal length.
    @inline(__always)
    private static func areSame(_ left: [UInt8], _ start: Int, _ right: [UInt8], _ other: Int, _ count: Int) -> Bool {
        guard count > 0 else { return true }
        return left.withUnsafeBufferPointer { leftBytes in
            right.withUnsafeBufferPointer { rightBytes in
                guard let first = leftBytes.baseAddress, let second = rightBytes.baseAddress else { return false }
                return memcmp(first + start, second + other, count) == 0
            }
        }
    }

    /// Whether two ranges hold the same bytes.
    static func equal(_ left: [UInt8], _ range: Range<Int>, _ right: [UInt8], _ other: Range<Int>) -> Bool {
        guard range.count == other.count, fits(range, left), fits(other, right) else { return false }
        return areSame(left, range.lowerBound, right, other.lowerBound, other.count)
    }

    /// Orders two ranges by unsigned bytes: negative, zero or positive.
    static func compare(_ left: [UInt8], _ range: Range<Int>, _ right: [UInt8], _ other: Range<Int>) -> Int {
        guard fits(range, left), fits(other, right) else { return 0 }
        let count = min(range.count, other.count)
        for offset in 0..<count {
            let first = left[range.lowerBound + offset]
            let second = right[other.lowerBound + offset]
            if first != second { return first < second ? -1 : 1 }
        }
        return range.count - other.count
    }

    /// Whether the text in `range` begins with the one in `other`.
    static func hasPrefix(_ left: [UInt8], _ range: Range<Int>, _ right: [UInt8], _ other: Range<Int>) -> Bool {
        guard range.count >= other.count, fits(range, left), fits(other, right) else { return false }
        return areSame(left, range.lowerBound, right, other.lowerBound, other.count)
    }

    /// Whether the text in `range` ends with the one in `other`.
    static func hasSuffix(_ left: [UInt8], _ range: Range<Int>, _ right: [UInt8], _ other: Range<Int>) -> Bool {
        guard range.count >= other.count, fits(range, left), fits(other, right) else { return false }
        return areSame(left, range.upperBound - other.count, right, other.lowerBound, other.count)
    }

    /// Whether the text in `range` holds the one in `other`.
    static func contains(_ left: [UInt8], _ range: Range<Int>, _ right: [UInt8], _ other: Range<Int>) -> Bool {
        guard fits(range, left), fits(other, right) else { return false }
        guard !other.isEmpty else { return true }
        guard range.count >= other.count else { return false }
        return left.withUnsafeBufferPointer { leftBytes in
            right.withUnsafeBufferPointer { rightBytes in
                guard let base = leftBytes.baseAddress, let needle = rightBytes.baseAddress else { return false }
                let wanted = needle + other.lowerBound
                var at = base + range.lowerBound
                // One past the last place where the whole needle fits.
                let end = base + (range.upperBound - other.count + 1)
                while at < end {
                    guard let found = memchr(at, Int32(wanted[0]), end - at) else { return false }
                    let place = UnsafePointer(found.assumingMemoryBound(to: UInt8.self))
                    if memcmp(place, wanted, other.count) == 0 { return true }
                    at = place + 1
                }
                return false
            }
        }
    }

    /// Whether the text in `range` holds the one in `other` when ASCII letters count as lower case in both.
    static func containsIgnoringCase(
        _ left: [UInt8], _ range: Range<Int>, _ right: [UInt8], _ other: Range<Int>
    ) -> Bool {
        guard fits(range, left), fits(other, right) else { return false }
        guard !other.isEmpty else { return true }
        guard range.count >= other.count else { return false }
        let first = lowercase(right[other.lowerBound])
        for start in range.lowerBound...(range.upperBound - other.count) where lowercase(left[start]) == first {
            var offset = 1
            while offset < other.count, lowercase(left[start + offset]) == lowercase(right[other.lowerBound + offset]) {
                offset += 1
            }
            if offset == other.count { return true }
        }
        return false
    }

    /// The part of a range before its first NUL: text ends there as in C.
    static func beforeNUL(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int> {
        guard fits(range, bytes), !range.isEmpty else { return range }
        return bytes.withUnsafeBufferPointer { pointer in
            guard let base = pointer.baseAddress, let found = memchr(base + range.lowerBound, 0, range.count) else {
                return range
            }
            return range.lowerBound..<(UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - base)
        }
    }

    /// A hash of a range; the same on every run.
    static func hash(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
        guard fits(range, bytes) else { return 0 }
        return bytes.withUnsafeBytes { pointer in
            var hash = UInt64(truncatingIfNeeded: range.count) &* 0x9e37_79b9_7f4a_7c15
            var at = range.lowerBound
            while range.upperBound - at >= 8 {
                hash = mix(hash ^ pointer.loadUnaligned(fromByteOffset: at, as: UInt64.self))
                at += 8
            }
            var tail: UInt64 = 0
            while at < range.upperBound {
                tail = tail << 8 | UInt64(pointer[at])
                at += 1
            }
            return mix(hash ^ tail)
        }
    }

    /// A hash of a number.
    static func hash(_ number: UInt64) -> UInt64 { mix(number ^ 0x9e37_79b9_7f4a_7c15) }

    @inline(__always)
    private static func mix(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0xd6e8_feb8_6659_fd93)
        return product.high ^ product.low
    }

    /// The lower case of an ASCII letter, any other byte itself.
    @inline(__always)
    static func lowercase(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    /// The upper case of an ASCII letter, any other byte itself.
    @inline(__always)
    static func uppercase(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte & ~0x20 : byte
    }
}
