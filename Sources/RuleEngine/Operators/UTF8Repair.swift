import EventModel

/// Makes text valid UTF-8 as the `regex` operator sees it: each byte that belongs to no scalar becomes U+FFFD.
enum UTF8Repair {
    /// Where the first byte is that belongs to no scalar; nil when all do.
    static func firstBadByte(_ bytes: [UInt8], _ range: Range<Int>) -> Int? {
        guard range.lowerBound >= 0, range.upperBound <= bytes.count else { return nil }
        var at = range.lowerBound
        while at < range.upperBound {
            let count = scalarLength(bytes, at, range.upperBound)
            if count == 0 { return at }
            at += count
        }
        return nil
    }

    /// Adds the repaired text behind the others in the arena; its range there.
    static func repair(_ range: Range<Int>, in arena: inout ValueArena) -> Range<Int> {
        let start = arena.mark
        var at = range.lowerBound
        while at < range.upperBound {
            let count = scalarLength(arena.bytes, at, range.upperBound)
            if count == 0 {
                arena.append("\u{fffd}")
                at += 1
            } else {
                arena.append(own: at..<(at + count))
                at += count
            }
        }
        return start..<arena.mark
    }

    /// How many bytes the scalar at `at` takes (Unicode, table 3-7); 0 when there is none.
    private static func scalarLength(_ bytes: [UInt8], _ at: Int, _ end: Int) -> Int {
        let first = bytes[at]
        if first < 0x80 { return 1 }
        let count: Int
        var second: ClosedRange<UInt8> = 0x80...0xbf
        switch first {
        case 0xc2...0xdf: count = 2
        case 0xe0: (count, second) = (3, 0xa0...0xbf)
        case 0xed: (count, second) = (3, 0x80...0x9f)
        case 0xe1...0xef: count = 3
        case 0xf0: (count, second) = (4, 0x90...0xbf)
        case 0xf4: (count, second) = (4, 0x80...0x8f)
        case 0xf1...0xf3: count = 4
        default: return 0
        }
        guard end - at >= count, second.contains(bytes[at + 1]) else { return 0 }
        for offset in 2..<max(count, 2) where !(0x80...0xbf).contains(bytes[at + offset]) { return 0 }
        return count
    }
}
