import EventModel

extension ValueArena {
    /// Decodes base64 (RFC 4648, standard alphabet, padding optional); null when the text is none.
    mutating func decodeBase64(_ value: FieldValue) -> FieldValue {
        guard value.kind == .string || value.kind == .bytes else { return .null }
        var range = value.range
        if range.count % 4 == 0 {
            for _ in 0..<2 where !range.isEmpty && bytes[range.upperBound - 1] == UInt8(ascii: "=") {
                range = range.lowerBound..<(range.upperBound - 1)
            }
        }
        guard range.count % 4 != 1 else { return .null }
        let start = mark
        var bits: UInt32 = 0
        var count = 0
        for position in range {
            guard let digit = Self.base64Digit(bytes[position]) else { return .null }
            bits = bits << 6 | digit
            count += 6
            if count >= 8 {
                count -= 8
                append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return value.kind == .string ? string(from: start) : buffer(from: start)
    }

    private static func base64Digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }

    /// The elements of a list with a separator between them, numbers in decimal.
    mutating func join(_ list: FieldValue, separator: FieldValue) -> FieldValue {
        guard list.kind == .list, separator.kind == .string else { return .null }
        let start = mark
        for position in list.range {
            if position > list.range.lowerBound { append(own: separator.range) }
            let element = elements[position]
            switch element.kind {
            case .string: append(own: element.range)
            case .signed: append(decimal: element.signed)
            case .unsigned: append(decimal: element.unsigned)
            default: return .null
            }
        }
        return string(from: start)
    }

    /// Parses short options out of words. Without a selector a flat list: each option's letter, then its value if it
    /// takes one; `?` for an unknown letter, empty text for a missing value. With one, the value that the option had
    /// last, its letter if it takes none, or null when it is absent.
    mutating func parseOptions(_ words: FieldValue, options: FieldValue, selector: UInt8?) -> FieldValue {
        guard words.kind == .list, options.kind == .string else { return .null }
        let start = elementMark
        var selected = FieldValue.null
        var word = words.range.lowerBound
        while word < words.range.upperBound {
            let cluster = elements[word].range
            word += 1
            guard elements[word - 1].kind == .string, cluster.count >= 2, bytes[cluster.lowerBound] == Self.dash else {
                break
            }
            if bytes[cluster.lowerBound + 1] == Self.dash {
                if cluster.count == 2 { break }
                continue
            }
            var at = cluster.lowerBound + 1
            while at < cluster.upperBound {
                let letter = bytes[at]
                at += 1
                var result = Self.text(at - 1, 1)
                switch optionKind(letter, options.range) {
                case .unknown:
                    if selector == nil { appendElement(string("?")) }
                    continue
                case .flag:
                    if selector == nil { appendElement(result) }
                case .value:
                    let letterText = result
                    if at < cluster.upperBound {
                        result = Self.text(at, cluster.upperBound - at)
                    } else if word < words.range.upperBound, elements[word].kind == .string {
                        result = elements[word]
                        word += 1
                    } else {
                        result = string("")
                        if selector == nil { appendElement(result) }
                        if letter == selector { selected = result }
                        at = cluster.upperBound
                        continue
                    }
                    at = cluster.upperBound
                    if selector == nil {
                        appendElement(letterText)
                        appendElement(result)
                    }
                }
                if letter == selector { selected = result }
            }
        }
        return selector == nil ? list(from: start) : selected
    }

    private enum OptionKind { case unknown, flag, value }
    private static let dash = UInt8(ascii: "-")
    private static let colon = UInt8(ascii: ":")

    private func optionKind(_ letter: UInt8, _ options: Range<Int>) -> OptionKind {
        guard letter != Self.colon else { return .unknown }
        for position in options where bytes[position] == letter {
            let hasValue = position + 1 < options.upperBound && bytes[position + 1] == Self.colon
            return hasValue ? .value : .flag
        }
        return .unknown
    }

    private static func text(_ start: Int, _ count: Int) -> FieldValue {
        FieldValue(kind: .string, bits: UInt64(start) << 32 | UInt64(count))
    }
}
