/// Shell patterns over whole values, as fnmatch(3) without flags in the C locale: `*` and `?` match any byte, `[…]` one
/// of a set, a backslash quotes. Time is at most pattern length times value length.
enum Glob {
    /// Whether the value in `range` matches the pattern in `other`.
    static func matches(
        _ value: [UInt8], _ range: Range<Int>, pattern: [UInt8], _ other: Range<Int>, ignoresCase: Bool = false
    ) -> Bool {
        guard range.lowerBound >= 0, range.upperBound <= value.count, other.lowerBound >= 0,
            other.upperBound <= pattern.count
        else { return false }
        var at = range.lowerBound
        var token = other.lowerBound
        // Where to resume after the last star: only the last one ever needs to take more.
        var starToken = -1
        var starAt = 0
        while true {
            if token < other.upperBound, pattern[token] == UInt8(ascii: "*") {
                token += 1
                starToken = token
                starAt = at
                continue
            }
            if at == range.upperBound, token == other.upperBound { return true }
            if at < range.upperBound, token < other.upperBound,
                let next = step(value[at], pattern, token, other.upperBound, ignoresCase)
            {
                token = next
                at += 1
                continue
            }
            guard starToken >= 0, starAt < range.upperBound else { return false }
            starAt += 1
            at = starAt
            token = starToken
        }
    }

    /// Matches one byte against the token at `token`; the place of the next token, or nil when it doesn't match.
    private static func step(
        _ byte: UInt8, _ pattern: [UInt8], _ token: Int, _ end: Int, _ ignoresCase: Bool
    ) -> Int? {
        switch pattern[token] {
        case UInt8(ascii: "?"): return token + 1
        case UInt8(ascii: "\\"):
            guard token + 1 < end, same(byte, pattern[token + 1], ignoresCase) else { return nil }
            return token + 2
        case UInt8(ascii: "["):
            guard let set = bracket(byte, pattern, token + 1, end, ignoresCase) else {
                // A bracket that is never closed is an ordinary character.
                return byte == UInt8(ascii: "[") ? token + 1 : nil
            }
            return set.matches ? set.next : nil
        default: return same(byte, pattern[token], ignoresCase) ? token + 1 : nil
        }
    }

    private static func same(_ left: UInt8, _ right: UInt8, _ ignoresCase: Bool) -> Bool {
        left == right || (ignoresCase && ByteText.lowercase(left) == ByteText.lowercase(right))
    }

    /// Matches a byte against a bracket expression that begins behind `[`; nil when it is never closed.
    private static func bracket(
        _ byte: UInt8, _ pattern: [UInt8], _ start: Int, _ end: Int, _ ignoresCase: Bool
    ) -> (matches: Bool, next: Int)? {
        var at = start
        var isNegated = false
        if at < end, pattern[at] == UInt8(ascii: "!") || pattern[at] == UInt8(ascii: "^") {
            isNegated = true
            at += 1
        }
        var isFound = false
        var isFirst = true
        while at < end {
            if pattern[at] == UInt8(ascii: "]"), !isFirst { return (isFound != isNegated, at + 1) }
            isFirst = false
            if pattern[at] == UInt8(ascii: "["), at + 1 < end, pattern[at + 1] == UInt8(ascii: ":"),
                let close = classEnd(pattern, at + 2, end)
            {
                if CharacterClass(name: pattern[(at + 2)..<close])?.contains(byte, ignoresCase: ignoresCase) == true {
                    isFound = true
                }
                at = close + 2
                continue
            }
            guard let low = element(pattern, &at, end) else { return nil }
            var high = low
            if at + 1 < end, pattern[at] == UInt8(ascii: "-"), pattern[at + 1] != UInt8(ascii: "]") {
                at += 1
                guard let upper = element(pattern, &at, end) else { return nil }
                high = upper
            }
            if isWithin(byte, low, high, ignoresCase) { isFound = true }
        }
        return nil
    }

    private static func element(_ pattern: [UInt8], _ at: inout Int, _ end: Int) -> UInt8? {
        if pattern[at] == UInt8(ascii: "\\") { at += 1 }
        guard at < end else { return nil }
        defer { at += 1 }
        return pattern[at]
    }

    private static func isWithin(_ byte: UInt8, _ low: UInt8, _ high: UInt8, _ ignoresCase: Bool) -> Bool {
        if low <= byte, byte <= high { return true }
        guard ignoresCase else { return false }
        let lower = ByteText.lowercase(byte)
        let upper = ByteText.uppercase(byte)
        return (low <= lower && lower <= high) || (low <= upper && upper <= high)
    }

    /// The place of the `:]` that closes a class name.
    private static func classEnd(_ pattern: [UInt8], _ start: Int, _ end: Int) -> Int? {
        var at = start
        while at + 1 < end, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(pattern[at]) { at += 1 }
        return at + 1 < end && pattern[at] == UInt8(ascii: ":") && pattern[at + 1] == UInt8(ascii: "]") ? at : nil
    }

    /// Whether a text has any of the characters that make it a pattern.
    static func isPattern(_ text: some Collection<UInt8>) -> Bool {
        text.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "[") }
    }
}
