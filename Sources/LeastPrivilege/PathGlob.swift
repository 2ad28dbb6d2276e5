import CommandOutput

/// A path or, where names were generalised, a pattern of paths.
///
/// What is a character of a name and what stands for others is kept apart: a file may be called `*`.
public struct PathGlob: Sendable, Hashable {
    /// A piece of it.
    public enum Part: Sendable, Hashable {
        /// Bytes of names, and slashes.
        case bytes([UInt8])
        /// Any part of one name.
        case some
        /// All that is below, and of its last name the beginning.
        case below
    }

    /// The pieces in order; no two of bytes follow each other.
    public private(set) var parts: [Part] = []

    /// That very path.
    public init(literal bytes: some Sequence<UInt8>) { append(contentsOf: bytes) }

    /// A path as profiles have it (`CanonicalText`, `Generalisation`): `%XX` is a byte, `{any}` all below, any other `{…}` and `*` a part
    /// of a name, `**` alone in a name's place all below.
    public init(profiled text: some StringProtocol) {
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "{"), let end = rest.firstIndex(of: UInt8(ascii: "}")) {
                append(rest[..<end].elementsEqual("any".utf8) ? .below : .some)
                rest = rest[(end + 1)...]
            } else if byte == UInt8(ascii: "*") {
                let isDouble = rest.first == byte
                if isDouble { rest = rest.dropFirst() }
                let isWhole = endsWithSlash && (rest.isEmpty || rest.first == UInt8(ascii: "/"))
                append(isDouble && isWhole ? .below : .some)
            } else if byte == UInt8(ascii: "%"), rest.count >= 2,
                let escaped = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                append(contentsOf: [escaped])
                rest = rest.dropFirst(2)
            } else {
                append(contentsOf: [byte])
            }
        }
    }

    /// Whether it stands for more than one path.
    public var isPattern: Bool { literal == nil }

    /// The path's bytes; nil for a pattern.
    public var literal: [UInt8]? {
        guard parts.count <= 1 else { return nil }
        guard let first = parts.first else { return [] }
        if case .bytes(let bytes) = first { return bytes }
        return nil
    }

    /// The path as text; nil for a pattern, and for bytes that are no UTF-8.
    public var literalText: String? { literal.flatMap { String(validating: $0, as: UTF8.self) } }

    /// Whether all its bytes are text that every format can hold in a line: UTF-8 without control characters.
    var isPlainText: Bool {
        parts.allSatisfy { part in
            guard case .bytes(let bytes) = part else { return true }
            return String(validating: bytes, as: UTF8.self)?.isPrintable ?? false
        }
    }

    /// For people: `*` and `**` where it stands for others.
    public var text: String {
        parts.map { part in
            switch part {
            case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
            case .some: "*"
            case .below: "**"
            }
        }.joined().printable
    }

    /// Whether the path begins with a text.
    func hasPrefix(_ text: StaticString) -> Bool {
        guard case .bytes(let bytes) = parts.first else { return false }
        return text.withUTF8Buffer { bytes.starts(with: $0) }
    }

    private var endsWithSlash: Bool {
        guard case .bytes(let bytes) = parts.last else { return false }
        return bytes.last == UInt8(ascii: "/")
    }

    private mutating func append(_ part: Part) { parts.append(part) }

    private mutating func append(contentsOf bytes: some Sequence<UInt8>) {
        if case .bytes(let before) = parts.last {
            parts[parts.count - 1] = .bytes(before + bytes)
        } else {
            parts.append(.bytes(Array(bytes)))
        }
    }
}

/// As profiles have it.
extension PathGlob: ExpressibleByStringLiteral {
    /// `/var/cache/*/**`.
    public init(stringLiteral value: String) { self.init(profiled: value) }
}
