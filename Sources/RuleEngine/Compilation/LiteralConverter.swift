import EventModel
import RuleLanguage

/// Converts the constants of conditions to the types of the fields that they are compared with.
struct LiteralConverter: Sendable {
    /// The longest constant that Falco accepts.
    static let maximumLength = 255

    /// Port numbers by service name.
    let services: @Sendable (String) -> UInt16?

    /// Checks what holds for constants of every type.
    static func check(_ literal: Literal, for shape: ValueShape) throws(ConditionError) {
        guard literal.bytes.count <= maximumLength else {
            throw ConditionError(
                "filter parameter too long: \(literal.bytes.count) bytes, at most \(maximumLength) are allowed",
                at: literal.range
            )
        }
        guard shape.category == .bytes || !literal.bytes.contains(0) else {
            throw ConditionError(
                "a constant can't hold a NUL byte unless the field is a byte buffer", at: literal.range)
        }
    }

    /// A number's or bool's 64 bits.
    func number(_ literal: Literal, _ shape: ValueShape) throws(ConditionError) -> UInt64 {
        try Self.check(literal, for: shape)
        let text = literal.text
        if shape.type == .bool {
            guard text == "true" || text == "false" else {
                throw ConditionError("'\(text)' is not a bool; write 'true' or 'false'", at: literal.range)
            }
            return text == "true" ? 1 : 0
        }
        if let number = Self.integer(literal.bytes, shape.type) { return number }
        if shape.type == .port {
            if let port = services(text) { return UInt64(port) }
            throw ConditionError("'\(text)' is neither a port number nor a known service", at: literal.range)
        }
        throw ConditionError(
            "'\(text)' is not a valid number", at: literal.range,
            suggestion: Self.decimal(ofHexadecimal: text).map { "numbers are decimal; write \($0)" }
        )
    }

    /// A floating-point field's constant: Falco takes integer text only.
    func double(_ literal: Literal) throws(ConditionError) -> Double {
        guard let bits = Self.integer(literal.bytes, .s64) else {
            throw ConditionError("'\(literal.text)' is not a valid number; write an integer", at: literal.range)
        }
        return Double(Int64(bitPattern: bits))
    }

    /// The bytes that a hexadecimal constant stands for (`bcontains`, `bstartswith`).
    func hexadecimal(_ literal: Literal) throws(ConditionError) -> [UInt8] {
        try Self.check(literal, for: ValueShape(type: .bytes))
        let digits = literal.bytes.map(ByteText.lowercase)
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count - 1, by: 2) {
            guard let high = Self.digit(digits[index]), let low = Self.digit(digits[index + 1]) else { break }
            bytes.append(high << 4 | low)
        }
        guard digits.count % 2 == 0, bytes.count == digits.count / 2 else {
            throw ConditionError(
                "'\(literal.text)' is not an even number of hexadecimal digits", at: literal.range
            )
        }
        return bytes
    }

    /// An IP address.
    func address(_ literal: Literal) throws(ConditionError) -> IPAddress {
        try Self.check(literal, for: ValueShape(type: .address))
        guard let address = IPAddress(text: literal.text) else {
            let suggestion = IPNetwork(text: literal.text).map { _ in "for networks use fd.snet, fd.cnet or fd.net" }
            throw ConditionError("'\(literal.text)' is not an IP address", at: literal.range, suggestion: suggestion)
        }
        return address
    }

    /// An IP network.
    func network(_ literal: Literal) throws(ConditionError) -> IPNetwork {
        try Self.check(literal, for: ValueShape(type: .network))
        guard let network = IPNetwork(text: literal.text) else {
            let suggestion = IPAddress(text: literal.text).map { "write '\(literal.text)/\($0.isIPv6 ? 128 : 32)'" }
            throw ConditionError(
                "'\(literal.text)' is not an IP network such as 10.0.0.0/8", at: literal.range, suggestion: suggestion
            )
        }
        return network
    }

    /// Reads a decimal integer as C does: blanks, a sign, digits up to the end. Too large ones are cut to the type's
    /// width, and a negative one wraps around on an unsigned type.
    static func integer(_ bytes: [UInt8], _ type: FieldType) -> UInt64? {
        var rest = bytes.drop { $0 == 0x20 || (0x09...0x0d).contains($0) }
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        guard !rest.isEmpty else { return nil }
        var magnitude: UInt64 = 0
        var overflows = false
        for byte in rest {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            let (product, high) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
            overflows = overflows || high || carry
            magnitude = overflows ? .max : sum
        }
        switch type {
        case .s8, .s16, .s32, .s64:
            let limit = UInt64(Int64.max) + (isNegative ? 1 : 0)
            let value = Int64(bitPattern: isNegative ? 0 &- min(magnitude, limit) : min(magnitude, limit))
            switch type {
            case .s8: return UInt64(bitPattern: Int64(Int8(truncatingIfNeeded: value)))
            case .s16: return UInt64(bitPattern: Int64(Int16(truncatingIfNeeded: value)))
            case .s32: return UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: value)))
            default: return UInt64(bitPattern: value)
            }
        case .u8: return UInt64(UInt8(truncatingIfNeeded: isNegative ? 0 &- magnitude : magnitude))
        case .u16, .port: return UInt64(UInt16(truncatingIfNeeded: isNegative ? 0 &- magnitude : magnitude))
        case .u32: return UInt64(UInt32(truncatingIfNeeded: isNegative ? 0 &- magnitude : magnitude))
        default: return isNegative && !overflows ? 0 &- magnitude : magnitude
        }
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    private static func decimal(ofHexadecimal text: String) -> UInt64? {
        text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : nil
    }
}
