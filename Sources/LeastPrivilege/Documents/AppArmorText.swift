/// How paths are written in AppArmor's profiles (apparmor.d(5), "Globbing"; parser/parser_lex.l and parser_regex.c).
enum AppArmorText {
    /// A path or pattern, in quotes where it must be. `*` is any part of a name and `**` all below, as ours; every sign with a meaning of
    /// its own is escaped, so that `@{` begins no variable. Nil for what would end the line or can't be seen for what it is.
    static func path(_ glob: PathGlob) -> String? {
        guard glob.isPlainText else { return nil }
        var text: [UInt8] = []
        var isQuoted = false
        for part in glob.parts {
            switch part {
            case .some: text.append(UInt8(ascii: "*"))
            case .below: text += Array("**".utf8)
            case .bytes(let bytes):
                for byte in bytes {
                    if !plain.contains(byte) { isQuoted = true }
                    // A text ends at a quote that has no backslash before it, even if that one is escaped: so none is at an end.
                    if byte == UInt8(ascii: "\\") {
                        text += Array(#"[\\]"#.utf8)
                        continue
                    }
                    if special.contains(byte) { text.append(UInt8(ascii: "\\")) }
                    text.append(byte)
                }
            }
        }
        let written = String(decoding: text, as: UTF8.self)
        return isQuoted ? "\"\(written)\"" : written
    }

    private static let special = Set("?*[]{}^\"".utf8)
    private static let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-".utf8)
}
