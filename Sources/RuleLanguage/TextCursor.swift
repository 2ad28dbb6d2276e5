/// Reads a condition's or template's bytes from left to right; knows the shapes of single tokens.
struct TextCursor {
    let bytes: [UInt8]
    let textID: UInt32
    var at = 0

    init(_ bytes: [UInt8], textID: UInt32, at: Int = 0) {
        self.bytes = bytes
        self.textID = textID
        self.at = at
    }

    var isAtEnd: Bool { at >= bytes.count }

    /// The byte `ahead` of the next one, if there is one.
    func peek(_ ahead: Int = 0) -> UInt8? {
        at + ahead < bytes.count ? bytes[at + ahead] : nil
    }

    func range(from start: Int) -> TextRange { TextRange(start, at, text: textID) }

    func text(from start: Int, to end: Int) -> String { String(decoding: bytes[start..<end], as: UTF8.self) }

    func text(from start: Int) -> String { text(from: start, to: at) }

    // MARK: - Classes of bytes

    /// What may stand between tokens: space, tab, backspace, CR, LF.
    static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x08 || byte == 0x0D || byte == 0x0A
    }

    static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) }

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// What an identifier may hold after its first letter.
    static func isWord(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_") }

    /// What a bare string may hold: anything but `( ) " ' = ,` and white space (C's isspace).
    static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "="),
            UInt8(ascii: ","), 0x20, 0x09...0x0D:
            false
        default: true
        }
    }

    // MARK: - Tokens

    /// Skips blanks and says whether there were any.
    @discardableResult
    mutating func skipBlanks() -> Bool {
        let start = at
        while at < bytes.count, Self.isBlank(bytes[at]) { at += 1 }
        return at > start
    }

    /// Takes the next byte if it is this one.
    mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard at < bytes.count, bytes[at] == UInt8(ascii: byte) else { return false }
        at += 1
        return true
    }

    /// Whether these letters come next.
    func isNext(_ word: String) -> Bool { bytes[min(at, bytes.count)...].starts(with: word.utf8) }

    /// Whether this word comes next and ends there.
    func isNext(keyword: String) -> Bool {
        guard isNext(keyword) else { return false }
        guard let next = peek(keyword.utf8.count) else { return true }
        return !Self.isWord(next) && next != UInt8(ascii: ".")
    }

    /// Takes a keyword if it comes next.
    mutating func take(keyword: String) -> Bool {
        guard isNext(keyword: keyword) else { return false }
        at += keyword.utf8.count
        return true
    }

    /// The length of the identifier that comes next, 0 when there is none.
    func identifierLength() -> Int {
        guard let first = peek(), Self.isLetter(first) else { return 0 }
        var end = at + 1
        while end < bytes.count, Self.isWord(bytes[end]) { end += 1 }
        return end - at
    }

    /// The length of the field name that comes next (an identifier with at least one dot), 0 when there is none.
    func fieldNameLength() -> Int {
        let first = identifierLength()
        guard first > 0, peek(first) == UInt8(ascii: "."), let next = peek(first + 1) else { return 0 }
        guard Self.isWord(next) || next == UInt8(ascii: ".") else { return 0 }
        var end = at + first + 1
        while end < bytes.count, Self.isWord(bytes[end]) || bytes[end] == UInt8(ascii: ".") { end += 1 }
        return end - at
    }

    /// Takes a bare string, possibly empty.
    mutating func takeBareString() -> ArraySlice<UInt8> {
        let start = at
        while at < bytes.count, Self.isBare(bytes[at]) { at += 1 }
        return bytes[start..<at]
    }

    /// The text that comes next, short enough for a message: a word, or a single character.
    func nextInWords() -> String {
        guard let first = peek() else { return "the end" }
        var end = at
        while end < bytes.count, Self.isBare(bytes[end]), end - at < 40 { end += 1 }
        if end == at {
            // Symbols such as `==` are shown whole.
            end += 1
            while end < bytes.count, bytes[end] == first, end - at < 3 { end += 1 }
        }
        return "'\(String(decoding: bytes[at..<end], as: UTF8.self))'"
    }

    /// The range of what `nextInWords` shows; at the end an empty one.
    func nextRange() -> TextRange {
        var end = at
        while end < bytes.count, Self.isBare(bytes[end]), end - at < 40 { end += 1 }
        return TextRange(at, max(end, min(at + 1, bytes.count)), text: textID)
    }
}
