/// A rule in a word of text without blanks, for a file of ours.
extension AuditRule {
    /// The wire form in hexadecimal digits, with `zN.` for N bytes of zero: most of a rule is zero.
    var compactText: String {
        var text = ""
        var zeros = 0
        for byte in encoded() + [1] {
            if byte == 0 {
                zeros += 1
                continue
            }
            if zeros > 0 { text += "z\(zeros)." }
            zeros = 0
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        // The last byte stands for the end, so that zeros before it are written.
        return String(text.dropLast(2))
    }

    /// Reads a word; nil when it is none of ours.
    init?(compactText text: some StringProtocol) {
        var bytes: [UInt8] = []
        var rest = Substring(text)
        while !rest.isEmpty, bytes.count <= Self.longestBytes {
            if rest.first == "z" {
                let digits = rest.dropFirst().prefix { $0 != "." }
                guard let count = Int(digits), (1...Self.longestBytes).contains(count) else { return nil }
                bytes += [UInt8](repeating: 0, count: count)
                rest = rest.dropFirst(digits.count + 2)
            } else {
                guard rest.count >= 2, let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
                bytes.append(byte)
                rest = rest.dropFirst(2)
            }
        }
        guard bytes.count <= Self.longestBytes, let rule = AuditRule(bytes.span) else { return nil }
        self = rule
    }

    /// The fixed part, and 64 texts of a path's length.
    private static let longestBytes = 1040 + 64 * 4096
}
