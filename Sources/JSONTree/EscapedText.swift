extension [UInt8] {
    /// Appends text as it stands inside a JSON string (RFC 8259, section 7): quotes, backslashes and control characters
    /// escaped, bytes that are not UTF-8 replaced by U+FFFD.
    ///
    /// Alerts are made of what attackers choose (file names, arguments), and they are read on terminals: so the control
    /// characters that JSON would allow as they are (DEL and the C1 block, which terminals obey like ESC) are escaped too, and
    /// so is what makes a terminal or a viewer show text in another order or on another line (Unicode's property
    /// Bidi_Control, U+2028 and U+2029). A JSON parser gives back what was there.
    public mutating func appendEscaped(_ text: [UInt8]) {
        var index = 0
        while index < text.count {
            let byte = text[index]
            guard byte >= 0x80 else {
                appendEscaped(ascii: byte)
                index += 1
                continue
            }
            let sequence = UTF8Sequence(at: index, of: text)
            if !sequence.isWellFormed {
                append(contentsOf: [0xef, 0xbf, 0xbd])
            } else if let scalar = sequence.deceptiveScalar(at: index, of: text) {
                appendUnicodeEscape(scalar)
            } else {
                append(contentsOf: text[index..<index + sequence.length])
            }
            index += sequence.length
        }
    }

    private mutating func appendEscaped(ascii byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(contentsOf: [UInt8(ascii: "\\"), byte])
        case 0x08: append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "b")])
        case 0x09: append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "t")])
        case 0x0a: append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "n")])
        case 0x0c: append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "f")])
        case 0x0d: append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "r")])
        case 0..<0x20, 0x7f: appendUnicodeEscape(UInt16(byte))
        default: append(byte)
        }
    }

    private mutating func appendUnicodeEscape(_ codeUnit: UInt16) {
        append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "u")])
        for shift in stride(from: 12, through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: codeUnit >> UInt16(shift) & 0xf)
            append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}

/// A multi-byte UTF-8 sequence, or the longest beginning of one where it is broken off (the Unicode Standard, table 3-7
/// and "substitution of maximal subparts").
struct UTF8Sequence {
    /// How many bytes belong together, at least 1.
    let length: Int
    /// Whether they are a character.
    let isWellFormed: Bool

    /// Reads the sequence whose first byte, 0x80 or more, is at `start`.
    init(at start: Int, of text: [UInt8]) {
        let expected: Int
        var second: ClosedRange<UInt8> = 0x80...0xbf
        switch text[start] {
        case 0xc2...0xdf: expected = 2
        case 0xe0: (expected, second) = (3, 0xa0...0xbf)
        case 0xed: (expected, second) = (3, 0x80...0x9f)
        case 0xe1...0xef: expected = 3
        case 0xf0: (expected, second) = (4, 0x90...0xbf)
        case 0xf1...0xf3: expected = 4
        case 0xf4: (expected, second) = (4, 0x80...0x8f)
        default:
            (length, isWellFormed) = (1, false)
            return
        }
        var count = 1
        while count < expected, start + count < text.count {
            let allowed = count == 1 ? second : 0x80...0xbf
            guard allowed.contains(text[start + count]) else { break }
            count += 1
        }
        (length, isWellFormed) = (count, count == expected)
    }

    /// The character, where it is one that acts on the display instead of being shown: a C1 control, a bidirectional control, a
    /// line or paragraph separator. All of them have two or three bytes. Nil for any other.
    func deceptiveScalar(at start: Int, of text: [UInt8]) -> UInt16? {
        guard isWellFormed, length <= 3 else { return nil }
        let last = UInt16(text[start + length - 1] & 0x3f)
        let scalar =
            length == 2
            ? UInt16(text[start] & 0x1f) << 6 | last
            : UInt16(text[start] & 0xf) << 12 | UInt16(text[start + 1] & 0x3f) << 6 | last
        return switch scalar {
        case 0x80...0x9f, 0x61c, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069: scalar
        default: nil
        }
    }
}
