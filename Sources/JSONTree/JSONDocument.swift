/// A parsed JSON text (RFC 8259): strict, bounded in depth and size, without recursion, for files that an attacker may
/// have had a hand in. Values are found by walking; texts are decoded when asked for.
public struct JSONDocument: Sendable {
    /// What a value is.
    public enum Kind: UInt8, Sendable { case null, bool, number, string, array, object }

    struct Node: Sendable {
        var kind: Kind
        /// The text: of strings what is between the quotes, escapes not decoded.
        var start: Int
        var end: Int
        /// The node behind this one and all that it holds.
        var next: Int
    }

    /// The text.
    public let bytes: [UInt8]
    fileprivate(set) var nodes: [Node] = []

    /// Parses a text; the position of the first byte that can't be right is in the error.
    public init(_ bytes: [UInt8], depthLimit: Int = 64, nodeLimit: Int = 262_144) throws(JSONError) {
        self.bytes = bytes
        var parser = JSONParser(bytes: bytes, depthLimit: depthLimit, nodeLimit: nodeLimit)
        try parser.parse()
        nodes = parser.nodes
    }

    /// The outermost value.
    public var root: JSONValue { JSONValue(document: self, index: 0) }
}

/// What is wrong with a JSON text.
public enum JSONError: Error, Equatable, Sendable {
    /// A byte that can't stand there.
    case unexpectedByte(at: Int)
    /// The text ends inside a value.
    case unexpectedEnd
    /// More open arrays and objects than allowed.
    case tooDeep(at: Int)
    /// More values than allowed.
    case tooLarge(at: Int)
}

/// A value in a JSON document.
public struct JSONValue: Sendable {
    let document: JSONDocument
    let index: Int

    private var node: JSONDocument.Node { document.nodes[index] }
    /// What the value is.
    public var kind: JSONDocument.Kind { node.kind }

    /// An object's member; of a repeated name the first. Nil in anything but an object.
    public subscript(_ name: StaticString) -> JSONValue? {
        guard kind == .object else { return nil }
        var child = index + 1
        while child < node.next {
            if JSONValue(document: document, index: child).isNamed(name) {
                return JSONValue(document: document, index: child + 1)
            }
            child = document.nodes[child + 1].next
        }
        return nil
    }

    /// An array's elements; empty in anything but an array.
    public var elements: [JSONValue] {
        guard kind == .array else { return [] }
        var found: [JSONValue] = []
        var child = index + 1
        while child < node.next {
            found.append(JSONValue(document: document, index: child))
            child = document.nodes[child].next
        }
        return found
    }

    /// An object's members in order; empty in anything but an object.
    public var members: [(name: [UInt8], value: JSONValue)] {
        guard kind == .object else { return [] }
        var found: [(name: [UInt8], value: JSONValue)] = []
        var child = index + 1
        while child < node.next {
            let name = JSONValue(document: document, index: child)
            found.append((name.string ?? [], JSONValue(document: document, index: child + 1)))
            child = document.nodes[child + 1].next
        }
        return found
    }

    /// A string's decoded text; nil in anything but a string. Lone surrogates become U+FFFD.
    public var string: [UInt8]? {
        guard kind == .string else { return nil }
        return JSONText.decoded(rawText)
    }

    /// A number's value where it is a whole one that fits.
    public var integer: Int64? { kind == .number ? Int64(String(decoding: rawText, as: UTF8.self)) : nil }

    /// A truth value; nil in anything but one.
    public var bool: Bool? { kind == .bool ? rawText.first == UInt8(ascii: "t") : nil }

    private func isNamed(_ name: StaticString) -> Bool { name.withUTF8Buffer { rawText.elementsEqual($0) } }

    /// The value as it stands in the text, strings without their quotes.
    public var rawText: ArraySlice<UInt8> { document.bytes[node.start..<node.end] }
}

/// Decoding of string escapes (RFC 8259, section 7).
enum JSONText {
    static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
        guard text.contains(UInt8(ascii: "\\")) else { return Array(text) }
        var result: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            guard text[index] == UInt8(ascii: "\\"), index + 1 < text.endIndex else {
                result.append(text[index])
                index += 1
                continue
            }
            let escape = text[index + 1]
            index += 2
            switch escape {
            case UInt8(ascii: "n"): result.append(0x0a)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "r"): result.append(0x0d)
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0c)
            case UInt8(ascii: "u"):
                let scalar = scalar(text, &index)
                result.append(contentsOf: String(Character(scalar)).utf8)
            default: result.append(escape)
            }
        }
        return result
    }

    /// The scalar of the four digits at the index, with the low surrogate behind it where there is one.
    private static func scalar(_ text: ArraySlice<UInt8>, _ index: inout Int) -> Unicode.Scalar {
        let replacement: Unicode.Scalar = "\u{FFFD}"
        guard let high = unit(text, index) else { return replacement }
        index += 4
        guard (0xd800..<0xdc00).contains(high) else { return Unicode.Scalar(high) ?? replacement }
        guard index + 1 < text.endIndex, text[index] == UInt8(ascii: "\\"), text[index + 1] == UInt8(ascii: "u"),
            let low = unit(text, index + 2), (0xdc00..<0xe000).contains(low)
        else { return replacement }
        index += 6
        return Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00)) ?? replacement
    }

    static func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    private static func unit(_ text: ArraySlice<UInt8>, _ index: Int) -> UInt32? {
        guard text.endIndex - index >= 4 else { return nil }
        return text[index..<index + 4].reduce(0) { value, byte in
            guard let value, let digit = hexadecimalDigit(byte) else { return nil }
            return value << 4 | UInt32(digit)
        }
    }
}
