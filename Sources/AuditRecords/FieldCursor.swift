import EventModel

/// Walks the `name=value` fields of one record's text, byte by byte, each byte once.
///
/// The caller asks for the value in the form that the field's name implies: whether `6162` is a number or the text
/// "ab" is told by the name alone (auparse decides so too). Whatever the caller does not ask for is skipped by the
/// next `nextName`.
///
/// No byte below 0x21 occurs in a value that the kernel wrote (kernel/audit.c, `audit_string_contains_control`), so
/// each ends one: space, line end, NUL, and 0x1d, behind which auditd appends its own interpretation.
struct FieldCursor {
    private(set) var offset: Int
    /// The name last read, packed as in `FieldName`.
    private(set) var name: UInt64 = 0

    init(at offset: Int) { self.offset = offset }

    /// Moves behind the next `name=`; false at the end of the record.
    @inline(__always)
    mutating func nextName(_ text: Span<UInt8>) -> Bool {
        var name: UInt64 = 0
        while offset < text.count {
            let byte = text[offset]
            if byte == 0x3d {
                offset &+= 1
                self.name = name
                return true
            }
            if byte > 0x20 {
                name = FieldName.packing(name, byte)
            } else if byte == 0x1d {
                return false
            } else {
                name = 0
            }
            offset &+= 1
        }
        return false
    }

    /// Moves behind the next `name=`, on into what auditd appended behind 0x1d; false at the end of the record.
    mutating func nextField(_ text: Span<UInt8>) -> Bool {
        if nextName(text) { return true }
        guard offset < text.count, text[offset] == 0x1d else { return false }
        offset &+= 1
        return nextName(text)
    }

    /// Skips a value.
    @inline(__always)
    mutating func skipValue(_ text: Span<UInt8>) {
        if offset < text.count, text[offset] == 0x22 {
            offset &+= 1
            while offset < text.count, text[offset] != 0x22, text[offset] >= 0x20 { offset &+= 1 }
        }
        while offset < text.count, text[offset] > 0x20 { offset &+= 1 }
    }

    // MARK: Numbers

    /// A decimal number; nil when the value is something else.
    @inline(__always)
    mutating func decimal(_ text: Span<UInt8>) -> UInt64? {
        let start = offset
        var value: UInt64 = 0
        while offset < text.count, text[offset] &- 0x30 < 10 {
            value = value &* 10 &+ UInt64(text[offset] &- 0x30)
            offset &+= 1
        }
        let count = offset &- start
        if count > 0, count < 20, isAtEnd(text) { return value }
        return longDecimal(text, start)
    }

    /// Twenty digits may or may not fit 64 bits (inode numbers of some file systems have them).
    private mutating func longDecimal(_ text: Span<UInt8>, _ start: Int) -> UInt64? {
        let isNumber = offset > start && isAtEnd(text)
        let end = offset
        skipValue(text)
        guard isNumber else { return nil }
        var value: UInt64 = 0
        for index in start..<end {
            let (product, high) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(text[index] &- 0x30))
            if high || carry { return nil }
            value = sum
        }
        return value
    }

    /// A decimal number of 32 bits; nil when the value is something else.
    @inline(__always)
    mutating func decimal32(_ text: Span<UInt8>) -> UInt32? {
        guard let value = decimal(text) else { return nil }
        return UInt32(exactly: value)
    }

    /// A decimal number with or without a minus sign; nil when the value is something else.
    @inline(__always)
    mutating func signedDecimal(_ text: Span<UInt8>) -> Int64? {
        if offset < text.count, text[offset] == 0x2d {
            offset &+= 1
            guard let value = decimal(text), value <= UInt64(Int64.max) else { return nil }
            return -Int64(value)
        }
        guard let value = decimal(text) else { return nil }
        return Int64(exactly: value)
    }

    /// A signed decimal number of 32 bits: process ids, descriptors.
    @inline(__always)
    mutating func signed32(_ text: Span<UInt8>) -> Int32? {
        guard let value = signedDecimal(text) else { return nil }
        return Int32(exactly: value)
    }

    /// A hexadecimal number with or without `0x`; nil when the value is something else or has over 16 digits.
    @inline(__always)
    mutating func hexadecimal(_ text: Span<UInt8>) -> UInt64? {
        if text.count &- offset > 2, text[offset] == 0x30, text[offset &+ 1] == 0x78 { offset &+= 2 }
        let start = offset
        var value: UInt64 = 0
        while offset < text.count {
            let digit = FieldCursor.hexDigit(text[offset])
            if digit > 15 { break }
            value = value << 4 | UInt64(digit)
            offset &+= 1
        }
        if offset > start, offset &- start <= 16, isAtEnd(text) { return value }
        skipValue(text)
        return nil
    }

    /// An octal number, as modes and open flags are written; nil when the value is something else.
    mutating func octal(_ text: Span<UInt8>) -> UInt64? {
        let start = offset
        var value: UInt64 = 0
        while offset < text.count, text[offset] &- 0x30 < 8 {
            value = value << 3 | UInt64(text[offset] &- 0x30)
            offset &+= 1
        }
        if offset > start, offset &- start <= 21, isAtEnd(text) { return value }
        skipValue(text)
        return nil
    }

    /// A device as hexadecimal `major:minor`; nil when the value is something else.
    mutating func device(_ text: Span<UInt8>) -> (major: UInt32, minor: UInt32)? {
        var parts: (UInt32, UInt32) = (0, 0)
        var digits = 0
        while offset < text.count, text[offset] != 0x3a, digits < 8 {
            let digit = FieldCursor.hexDigit(text[offset])
            if digit > 15 { break }
            parts.0 = parts.0 << 4 | UInt32(digit)
            digits &+= 1
            offset &+= 1
        }
        guard digits > 0, offset < text.count, text[offset] == 0x3a else {
            skipValue(text)
            return nil
        }
        offset &+= 1
        guard let minor = hexadecimal(text), let minor = UInt32(exactly: minor) else { return nil }
        parts.1 = minor
        return parts
    }

    // MARK: Text

    /// A text in any of its forms, appended to `bytes`: quoted verbatim, bare hexadecimal, or bare `(null)`, which is
    /// absent. A bare value that is no hexadecimal is taken as it stands (user space writes such: `exe=?`).
    mutating func text(_ text: Span<UInt8>, into bytes: inout [UInt8]) -> ByteRange {
        let start = bytes.count
        if offset < text.count, text[offset] == 0x22 {
            let first = offset &+ 1
            offset = first
            while offset < text.count, text[offset] != 0x22, text[offset] >= 0x20 { offset &+= 1 }
            bytes.append(contentsOf: text, first..<offset)
            if offset < text.count, text[offset] == 0x22 { offset &+= 1 }
            return ByteRange(start..<bytes.count)
        }
        let first = offset
        while offset < text.count, text[offset] > 0x20 { offset &+= 1 }
        let count = offset &- first
        if count & 1 == 0, bytes.append(hexadecimal: text, first..<offset) {
            return ByteRange(start..<bytes.count)
        }
        if FieldCursor.isNull(text, first..<offset) { return .absent }
        bytes.append(contentsOf: text, first..<offset)
        return ByteRange(start..<bytes.count)
    }

    /// Whether the text at the cursor starts so; does not move.
    private func isAt(_ start: StaticString, _ text: Span<UInt8>) -> Bool {
        var index = offset
        return EventID.skip(start, text, &index)
    }

    /// The name of an account as auditd writes it, always quoted; absent where it found none (`unset`, `unknown(7)`).
    mutating func name(_ text: Span<UInt8>, into bytes: inout [UInt8]) -> ByteRange {
        guard offset < text.count, text[offset] == 0x22 else {
            skipValue(text)
            return .absent
        }
        if isAt("\"unset\"", text) || isAt("\"unknown(", text) {
            skipValue(text)
            return .absent
        }
        return self.text(text, into: &bytes)
    }

    /// The range of a bare value; moves behind it.
    mutating func word(_ text: Span<UInt8>) -> Range<Int> {
        let start = offset
        while offset < text.count, text[offset] > 0x20 { offset &+= 1 }
        return start..<offset
    }

    @inline(__always)
    private func isAtEnd(_ text: Span<UInt8>) -> Bool { offset == text.count || text[offset] <= 0x20 }

    private static func isNull(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        return range.count == 6 && EventID.skip("(null)", text, &index)
    }

    /// The value of a hexadecimal digit of either case, above 15 for any other byte.
    @inline(__always)
    static func hexDigit(_ byte: UInt8) -> UInt8 {
        let digit = byte &- 0x30
        if digit < 10 { return digit }
        let letter = (byte | 0x20) &- 0x61
        return letter < 6 ? letter &+ 10 : 0xff
    }
}

extension [UInt8] {
    /// Appends a part of a span, which is inside it.
    @inline(__always)
    mutating func append(contentsOf text: Span<UInt8>, _ range: Range<Int>) {
        // The buffer is only copied from, within the call.
        text.extracting(range).withUnsafeBufferPointer { append(contentsOf: $0) }
    }

    /// Appends what pairs of hexadecimal digits say; appends nothing and is false when one is no digit. The range is
    /// inside the text and even.
    @inline(__always)
    mutating func append(hexadecimal text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let start = count
        var invalid: UInt8 = 0
        var index = range.lowerBound
        while index &+ 1 < range.upperBound {
            let high = FieldCursor.hexDigit(text[index])
            let low = FieldCursor.hexDigit(text[index &+ 1])
            invalid |= high | low
            append(high << 4 | low & 15)
            index &+= 2
        }
        if invalid > 15 {
            removeLast(count &- start)
            return false
        }
        return true
    }
}
