extension String {
    /// The text as it may be shown on a terminal and in a line of a file: what would steer a terminal, end the line or show text in
    /// another order (control characters, U+2028 and U+2029, Unicode's Bidi_Control) is written as `\u001b`. Names of files, programs
    /// and containers are what attackers choose.
    public var printable: String {
        guard !isPrintable else { return self }
        var text = ""
        for scalar in unicodeScalars {
            guard scalar.actsOnDisplay else {
                text.unicodeScalars.append(scalar)
                continue
            }
            let digits = String(scalar.value, radix: 16)
            text += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        }
        return text
    }

    /// Whether the text has nothing that `printable` would write otherwise.
    public var isPrintable: Bool { !unicodeScalars.contains { $0.actsOnDisplay } }
}

extension Unicode.Scalar {
    fileprivate var actsOnDisplay: Bool {
        switch value {
        case 0..<0x20, 0x7f...0x9f, 0x61c, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: true
        default: false
        }
    }
}
