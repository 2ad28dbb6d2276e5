import EventModel

/// Ways of writing that several fields share.
extension ValueArena {
    /// A text value of an optional literal; `<NA>` when there is none.
    mutating func string(orNA text: StaticString?) -> FieldValue {
        string(text ?? "<NA>")
    }

    /// A text value of bytes; `<NA>` when there are none.
    mutating func string(orNA text: [UInt8]?) -> FieldValue {
        let start = mark
        append(orNA: text)
        return string(from: start)
    }

    /// A text value of bytes; null when there are none.
    mutating func string(orNull text: [UInt8]) -> FieldValue {
        text.isEmpty ? .null : string(text)
    }

    /// Adds bytes; `<NA>` when there are none.
    mutating func append(orNA text: [UInt8]?) {
        if let text, !text.isEmpty { append(text) } else { append("<NA>") }
    }

    /// Adds words that each end with a NUL, parted by blanks.
    mutating func append(words: [UInt8]) {
        let count = words.last == 0 ? words.count - 1 : words.count
        append { bytes in
            let start = bytes.count
            bytes.append(contentsOf: words[0..<count])
            for index in start..<bytes.count where bytes[index] == 0 { bytes[index] = UInt8(ascii: " ") }
        }
    }

    /// Adds bytes as a byte buffer shows them: what is not printable ASCII becomes a dot.
    mutating func append(printable buffer: [UInt8]) {
        append { bytes in
            let start = bytes.count
            bytes.append(contentsOf: buffer)
            for index in start..<bytes.count where bytes[index] < 0x20 || bytes[index] > 0x7e {
                bytes[index] = UInt8(ascii: ".")
            }
        }
    }

    /// Adds a number in upper-case hexadecimal without prefix.
    mutating func append(hexadecimal value: UInt64) { append(value, radixBits: 4, digitsAboveNine: UInt8(ascii: "A")) }
    /// Adds a number in lower-case hexadecimal without prefix.
    mutating func append(lowerHexadecimal value: UInt64) {
        append(value, radixBits: 4, digitsAboveNine: UInt8(ascii: "a"))
    }
    /// Adds a number in octal, with a leading zero.
    mutating func append(octal value: UInt64) {
        if value != 0 { append(UInt8(ascii: "0")) }
        append(value, radixBits: 3, digitsAboveNine: 0)
    }

    private mutating func append(_ value: UInt64, radixBits: UInt64, digitsAboveNine: UInt8) {
        var shift: UInt64 = 0
        while shift + radixBits < 64, value >> (shift + radixBits) != 0 { shift += radixBits }
        while true {
            let digit = UInt8(truncatingIfNeeded: value >> shift & ((1 << radixBits) - 1))
            append(digit < 10 ? UInt8(ascii: "0") + digit : digitsAboveNine + digit - 10)
            if shift == 0 { break }
            shift -= radixBits
        }
    }

    /// Adds a number in decimal, padded with zeros to a width.
    mutating func append(decimal value: UInt64, width: Int) { append { $0.append(decimal: value, width: width) } }
}
