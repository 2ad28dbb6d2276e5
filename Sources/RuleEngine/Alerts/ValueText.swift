import EventModel
import Glibc

/// Turns values into text and alert values.
struct ValueText {
    let arena: ValueArena
    let options: AlertOptions

    /// Lists are cut at this length, as Falco's are.
    private static let maximumListLength = 1023
    private static let missing = Array("<NA>".utf8)

    /// Appends a value's text.
    func append(_ value: FieldValue, _ form: CompiledValue, to line: inout [UInt8]) {
        if form.isUnprintable || value.isNull {
            line += Self.missing
        } else if value.kind == .list {
            appendList(value, form, to: &line)
        } else {
            appendScalar(value, form, to: &line)
        }
    }

    /// Lists show as `(a,b)`; the values of all ancestors, read by a field that is no list itself, as words.
    private func appendList(_ value: FieldValue, _ form: CompiledValue, to line: inout [UInt8]) {
        let start = line.count
        if form.shape.isList { line.append(UInt8(ascii: "(")) }
        for position in value.range {
            if position > value.range.lowerBound { line.append(UInt8(ascii: form.shape.isList ? "," : " ")) }
            appendScalar(arena.elements[position], form, to: &line)
        }
        guard form.shape.isList else { return }
        line.append(UInt8(ascii: ")"))
        let length = line.count - start
        if length > Self.maximumListLength { line.removeLast(length - Self.maximumListLength) }
    }

    private func appendScalar(_ value: FieldValue, _ form: CompiledValue, to line: inout [UInt8]) {
        if form.shape.type == .network {
            line += Array("<IPNET>".utf8)
            return
        }
        switch value.kind {
        case .null, .list: line += Self.missing
        case .signed: appendNumber(String(value.signed), value, form, to: &line)
        case .unsigned: appendNumber(String(value.unsigned), value, form, to: &line)
        case .bool: line += Array((value.bool ? "true" : "false").utf8)
        case .double: line += Array(Self.oneDecimal(value.double).utf8)
        case .string: line += arena.slice(value)
        case .bytes: appendBuffer(arena.slice(value), to: &line)
        case .address: line += Self.addressText(arena.slice(value))
        }
    }

    private func appendNumber(_ decimal: String, _ value: FieldValue, _ form: CompiledValue, to line: inout [UInt8]) {
        switch form.rendering {
        case .plain: line += Array(decimal.utf8)
        case .nineDigits:
            line += Array(repeating: UInt8(ascii: "0"), count: max(0, 9 - decimal.utf8.count)) + Array(decimal.utf8)
        case .upperHexadecimal: line += Array(String(value.bits, radix: 16, uppercase: true).utf8)
        }
    }

    private func appendBuffer(_ bytes: ArraySlice<UInt8>, to line: inout [UInt8]) {
        if options.usesBase64 {
            line += Self.base64(bytes)
        } else {
            for byte in bytes { line.append((0x20...0x7e).contains(byte) ? byte : UInt8(ascii: ".")) }
        }
    }

    /// A value with its type, for JSON.
    func alertValue(_ value: FieldValue, _ form: CompiledValue) -> AlertValue {
        switch value.kind {
        case .null: return .null
        case .signed: return .signed(value.signed)
        case .unsigned: return .unsigned(value.unsigned)
        case .bool: return .bool(value.bool)
        case .double: return .double(value.double)
        case .list:
            if form.shape.isList { return .list(arena.elements[value.range].map { alertValue($0, form) }) }
        case .string, .bytes, .address: break
        }
        var text: [UInt8] = []
        append(value, form, to: &text)
        return .string(text)
    }

    // MARK: - Forms

    /// A number with one decimal place.
    static func oneDecimal(_ value: Double) -> String {
        guard value.isFinite, value.magnitude < 1e15 else { return String(value) }
        let tenths = Int64((value * 10).rounded(.toNearestOrEven))
        return "\(tenths < 0 ? "-" : "")\(tenths.magnitude / 10).\(tenths.magnitude % 10)"
    }

    /// An address's text (inet_ntop(3)).
    static func addressText(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        guard bytes.count == 4 || bytes.count == 16 else { return missing }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        let isWritten = Array(bytes).withUnsafeBytes { address in
            inet_ntop(family, address.baseAddress, &text, socklen_t(text.count)) != nil
        }
        return isWritten ? text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) } : missing
    }

    /// Base64 with padding (RFC 4648).
    static func base64(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        var rest = bytes
        while !rest.isEmpty {
            let group = Array(rest.prefix(3))
            rest = rest.dropFirst(3)
            var bits: UInt32 = 0
            for index in 0..<3 { bits = bits << 8 | UInt32(index < group.count ? group[index] : 0) }
            for index in 0..<4 {
                let digit = Int(bits >> UInt32(18 - 6 * index) & 63)
                text.append(index <= group.count ? alphabet[digit] : UInt8(ascii: "="))
            }
        }
        return text
    }
}
