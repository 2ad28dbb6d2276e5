/// What the state takes from /proc/PID/status (proc_pid_status(5)). Lines that are absent leave their defaults; a kernel
/// without pid namespaces has no `NS` lines.
struct ProcStatus: Equatable {
    var threadGroupID: Int32 = 0
    var credentials = ProcessCredentials()
    var capabilities = ProcessCapabilities()
    var virtualThreadID: Int32 = -1
    var virtualPID: Int32 = -1
    var virtualGroupID: Int32 = 0
    var virtualSessionID: Int32 = 0
    /// How many pid namespaces the process is in; 1 is the initial one alone.
    var namespaceDepth = 1
    var swapKilobytes: UInt64 = 0
    var hasCredentials = false

    init() {}

    /// Parses the file's text; nil when it has none of the lines that every kernel writes.
    init?(_ text: [UInt8]) {
        var lines = LineCursor(text)
        var found = 0
        while let line = lines.next() {
            guard let colon = text[line].firstIndex(of: UInt8(ascii: ":")) else { continue }
            let key = text[line.lowerBound..<colon]
            var words = WordCursor(text, colon + 1..<line.upperBound)
            if take(key, &words) { found += 1 }
        }
        guard found > 0 else { return nil }
    }

    private mutating func take(_ key: ArraySlice<UInt8>, _ words: inout WordCursor) -> Bool {
        if key.matches("Tgid") {
            threadGroupID = Int32(truncatingIfNeeded: Self.last(&words).value)
        } else if key.matches("Uid") {
            guard let real = Self.id(words.next()), let effective = Self.id(words.next()) else { return false }
            (credentials.uid, credentials.effectiveUID, hasCredentials) = (real, effective, true)
        } else if key.matches("Gid") {
            guard let real = Self.id(words.next()), let effective = Self.id(words.next()) else { return false }
            (credentials.gid, credentials.effectiveGID) = (real, effective)
        } else if key.matches("CapInh") {
            capabilities.inheritable = Self.mask(words.next())
        } else if key.matches("CapPrm") {
            capabilities.permitted = Self.mask(words.next())
        } else if key.matches("CapEff") {
            capabilities.effective = Self.mask(words.next())
        } else if key.matches("NStgid") {
            let (value, count) = Self.last(&words)
            virtualPID = Int32(truncatingIfNeeded: value)
            namespaceDepth = max(count, 1)
        } else if key.matches("NSpid") {
            virtualThreadID = Int32(truncatingIfNeeded: Self.last(&words).value)
        } else if key.matches("NSpgid") {
            virtualGroupID = Int32(truncatingIfNeeded: Self.last(&words).value)
        } else if key.matches("NSsid") {
            virtualSessionID = Int32(truncatingIfNeeded: Self.last(&words).value)
        } else if key.matches("VmSwap") {
            swapKilobytes = words.next().flatMap { DecimalText.unsigned($0) } ?? 0
        } else {
            return false
        }
        return true
    }

    /// The last number of a line, and how many there are: ids are listed from the reader's namespace inwards.
    private static func last(_ words: inout WordCursor) -> (value: UInt64, count: Int) {
        var value: UInt64 = 0
        var count = 0
        while let word = words.next() {
            guard let number = DecimalText.unsigned(word) else { break }
            value = number
            count += 1
        }
        return (value, count)
    }

    private static func id(_ word: ArraySlice<UInt8>?) -> UInt32? {
        word.flatMap { DecimalText.unsigned($0) }.flatMap { UInt32(exactly: $0) }
    }

    private static func mask(_ word: ArraySlice<UInt8>?) -> UInt64 {
        word.flatMap { DecimalText.hexadecimal($0) } ?? 0
    }
}

extension Collection<UInt8> {
    /// Whether the bytes are those of a literal.
    func matches(_ text: StaticString) -> Bool { text.withUTF8Buffer { elementsEqual($0) } }
    /// Whether the bytes begin with those of a literal.
    func begins(with text: StaticString) -> Bool { text.withUTF8Buffer { starts(with: $0) } }
}

extension BidirectionalCollection<UInt8> {
    /// Whether the bytes end with those of a literal.
    func ends(with text: StaticString) -> Bool { text.withUTF8Buffer { reversed().starts(with: $0.reversed()) } }
}
