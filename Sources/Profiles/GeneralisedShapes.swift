/// What letters and digits a part of a name is made of.
struct TokenContent {
    var digits = 0
    var lower = 0
    var upper = 0
    var isHexadecimal = true
    var letters: Int { lower + upper }

    init(_ token: ArraySlice<UInt8>) {
        for byte in token {
            if byte.isDigit {
                digits += 1
            } else if byte >= UInt8(ascii: "a") {
                lower += 1
            } else {
                upper += 1
            }
            if !byte.isHexadecimalDigit { isHexadecimal = false }
        }
    }

    /// Whether nobody would choose it as a word: where names are made up, two of capitals, small letters and digits, but for a
    /// capital at the start of a word and for a number at its end; elsewhere all three.
    func isRandom(_ isTemporary: Bool) -> Bool {
        if digits > 0, lower > 0, upper > 0 { return true }
        guard isTemporary else { return false }
        return digits > 0 && letters > 0 && digits + letters >= 6 && digits < digits + letters - 3
            || lower > 0 && upper > 1
    }
}

extension UInt8 {
    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
    var isAlphanumeric: Bool {
        isDigit || self >= UInt8(ascii: "a") && self <= UInt8(ascii: "z")
            || self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z")
    }
    var isHexadecimalDigit: Bool {
        isDigit || self >= UInt8(ascii: "a") && self <= UInt8(ascii: "f")
            || self >= UInt8(ascii: "A") && self <= UInt8(ascii: "F")
    }
}

extension ArraySlice<UInt8> {
    /// Whether a path is a directory or lies in it.
    func isBelow(_ directory: [UInt8]) -> Bool {
        guard starts(with: directory) else { return false }
        return count == directory.count || directory.last == UInt8(ascii: "/")
            || self[startIndex + directory.count] == UInt8(ascii: "/")
    }

    /// One past a UUID at the start; nil when there is none.
    var endOfUUID: Index? {
        guard count >= 36 else { return nil }
        for offset in 0..<36 {
            let byte = self[startIndex + offset]
            let isHyphen = offset == 8 || offset == 13 || offset == 18 || offset == 23
            guard isHyphen ? byte == UInt8(ascii: "-") : byte.isHexadecimalDigit else { return nil }
        }
        let end = startIndex + 36
        return end < endIndex && self[end].isAlphanumeric ? nil : end
    }

    /// One past a date at the start, `2026-11-29` or `20261129`; nil when there is none.
    var endOfDate: Index? {
        let hasHyphens = count > 4 && self[startIndex + 4] == UInt8(ascii: "-")
        let length = hasHyphens ? 10 : 8
        guard count >= length else { return nil }
        var digits = 0
        for offset in 0..<length {
            let byte = self[startIndex + offset]
            if hasHyphens, offset == 4 || offset == 7 {
                guard byte == UInt8(ascii: "-") else { return nil }
            } else {
                guard byte.isDigit else { return nil }
                digits = digits * 10 + Int(byte - UInt8(ascii: "0"))
            }
        }
        let (year, month, day) = (digits / 10_000, digits / 100 % 100, digits % 100)
        guard (1970...2199).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        let end = startIndex + length
        return end < endIndex && self[end].isAlphanumeric ? nil : end
    }
}
