import CommandOutput

/// How names are written in conditions and lists of Falco's rules, so that Falco and Shrike read the same (falcosecurity/libs,
/// libsinsp/filter/parser.cpp).
enum FalcoText {
    /// What Falco takes of a constant, bytes.
    private static let longest = 255

    /// A text as a constant: in quotes where it is not a plain word. Nil for what both can't read alike: a backslash (Falco ends a
    /// string at the first quote without one before it, even if that one is itself escaped), control characters, what is too long.
    static func constant(_ text: String) -> String? {
        guard text.isPrintable, !text.utf8.contains(UInt8(ascii: "\\")), text.utf8.count <= longest, !text.isEmpty
        else {
            return nil
        }
        let isPlain = text.utf8.allSatisfy { byte in
            byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a || byte >= 0x30 && byte <= 0x39 || "/._-".utf8.contains(byte)
        }
        // An operator's name is no constant without quotes.
        if isPlain,
            text.utf8.first == UInt8(ascii: "/") || !text.utf8.allSatisfy({ $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7a })
        {
            return text
        }
        return quoted(text)
    }

    /// A path; nil for a pattern, and for what no constant can hold.
    static func path(_ glob: PathGlob) -> String? { glob.literalText.flatMap(constant) }

    /// What Falco's `glob` compares to: fnmatch(3), whose own signs are escaped. Nil as for `constant`.
    static func glob(_ glob: PathGlob) -> String? {
        guard glob.isPlainText else { return nil }
        var text = ""
        for part in glob.parts {
            switch part {
            case .some, .below: text += "*"
            case .bytes(let bytes):
                for character in String(decoding: bytes, as: UTF8.self) {
                    if character == "\\" { return nil }
                    if "*?[]".contains(character) { text += "\\\\" }
                    text.append(character)
                }
            }
        }
        // Two bytes of it are one when it is read.
        return text.utf8.count <= longest ? quoted(text) : nil
    }

    private static func quoted(_ text: String) -> String {
        text.contains("'") && !text.contains("\"") ? "\"\(text)\"" : "'\(text.replacing("'", with: "\\'"))'"
    }
}
