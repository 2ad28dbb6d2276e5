/// The form of a program's arguments: its options as they are, what they are given as kinds of values.
///
/// `curl -s --retry 3 https://example.org/x` has the form `-s --retry {n} {url}`.
enum ArgumentShape {
    /// Arguments that are looked at; a form is the same for all that follow.
    private static let limit = 8
    /// Bytes of an option that are looked at.
    private static let optionLength = 40

    /// Adds the form of arguments, each followed by a NUL.
    static func append(_ arguments: [UInt8], to text: inout [UInt8]) {
        var count = 0
        var start = 0
        var last = 0..<0
        while start < arguments.count {
            var end = start
            while end < arguments.count, arguments[end] != 0 { end += 1 }
            let argument = arguments[start..<end]
            start = end + 1
            guard count < limit else { return text.append(contentsOf: Self.more) }
            let mark = text.count
            text.append(UInt8(ascii: " "))
            append(one: argument, to: &text)
            // However many values of a kind follow each other, it is one form.
            if text[mark...].elementsEqual(text[last]) {
                text.removeSubrange(mark...)
            } else {
                last = mark..<text.count
                count += 1
            }
        }
    }

    /// An option's name stays as it is, whatever it looks like: it is the program's word, not a value. Options beyond the bound are no
    /// names.
    private static func append(one argument: ArraySlice<UInt8>, to text: inout [UInt8]) {
        guard argument.first == UInt8(ascii: "-"), argument.count > 1 else { return append(value: argument, to: &text) }
        let option = argument.prefix { $0 != UInt8(ascii: "=") }
        guard option.count <= optionLength else { return append(value: argument, to: &text) }
        if option.dropFirst().allSatisfy(\.isDigit) { return text.append(contentsOf: Self.number) }
        // `-I/usr/include`: a letter, and its value behind it.
        if option.count > 2, option[option.startIndex + 2] == UInt8(ascii: "/") {
            text.append(canonical: option.prefix(2))
            return text.append(contentsOf: Self.path)
        }
        text.append(canonical: option)
        guard option.endIndex < argument.endIndex else { return }
        text.append(UInt8(ascii: "="))
        append(value: argument[(option.endIndex + 1)...], to: &text)
    }

    private static func append(value: ArraySlice<UInt8>, to text: inout [UInt8]) {
        let kind: [UInt8]
        if value.isEmpty {
            kind = Self.empty
        } else if value.allSatisfy(\.isDigit) {
            kind = Self.number
        } else if value.first == UInt8(ascii: "/") {
            kind = Self.path
        } else if value.prefix(16).contains(UInt8(ascii: ":")), value.hasURLScheme {
            kind = Self.url
        } else {
            kind = Self.word
        }
        text.append(contentsOf: kind)
    }

    private static let more = Array(" ...".utf8)
    private static let empty = Array("{empty}".utf8)
    private static let number = Array("{n}".utf8)
    private static let path = Array("{path}".utf8)
    private static let url = Array("{url}".utf8)
    private static let word = Array("{text}".utf8)
}

extension ArraySlice<UInt8> {
    /// Whether it begins with a scheme and `://` (RFC 3986).
    fileprivate var hasURLScheme: Bool {
        guard let colon = firstIndex(of: UInt8(ascii: ":")), colon > startIndex else { return false }
        guard colon + 2 < endIndex, self[colon + 1] == UInt8(ascii: "/"), self[colon + 2] == UInt8(ascii: "/") else {
            return false
        }
        return self[..<colon].allSatisfy(\.isAlphanumeric)
    }
}
