extension [UInt8] {
    /// Appends text as it stands inside a JSON string (RFC 8259, section 7): quotes, backslashes and control characters
    /// escaped, bytes that are not UTF-8 replaced by U+FFFD.
    ///
    /// Alerts are made of what attackers choose (file names, arguments), and they are read on terminals: so the control
    /// characters that JSON would allow as they are (DEL and the C1 block, which terminals obey like ESC) are escaped too.
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
            } else if byte == 0xc2, text[index + 1] < 0xa0 {
                appendUnicodeEscape(text[index + 1])
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
        case 0..<0x20, 0x7f: appendUnicodeEscape(byte)
        default: append(byte)
        }
    }

    private mutating func appendUnicodeEscape(_ codePoint: UInt8) {
        func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10 }
        append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0")])
        append(digit(codePoint >> 4))
        append(digit(codePoint & 0xf))
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
}
