import Glibc

/// What stands before a record's text in a log file: `node=NAME type=SYSCALL msg=`, the way auditd writes lines, or
/// `type=1300 `, the way the kernel's own log does.
struct LinePrefix {
    var type: RecordType
    /// The node's name in the line; empty without one.
    var node: Range<Int> = 0..<0
    /// Where the record begins, with its node.
    var start = 0
    /// Where `audit(` is expected.
    var end: Int

    /// A longer name is no node's.
    private static let maximumNode = 256
    private static let maximumType = 40

    /// Reads what a line starts with; else finds the first record in it, behind a relay's time and host, blanks or a byte
    /// order mark. Nil when the line holds no record.
    static func first(in line: Span<UInt8>, _ names: RecordTypeNames) -> LinePrefix? {
        var index = 0
        var node = 0..<0
        if EventID.skip("node=", line, &index) {
            node = word(line, &index)
            index &+= 1
        }
        if EventID.skip("type=", line, &index) {
            let name = word(line, &index)
            index &+= 1
            _ = EventID.skip("msg=", line, &index)
            if let type = names.type(line, name) { return LinePrefix(type: type, node: node, end: index) }
        }
        return find(in: line, names, from: 0)
    }

    /// Finds the next record in the same line: some tools write a whole event on one.
    func next(in line: Span<UInt8>, _ names: RecordTypeNames) -> LinePrefix? {
        canBeFollowed ? LinePrefix.find(in: line, names, from: end &+ 6) : nil
    }

    private static func find(in line: Span<UInt8>, _ names: RecordTypeNames, from start: Int) -> LinePrefix? {
        var index = start
        while let open = find(0x28, line, from: index) {
            index = open &+ 1
            if let found = prefix(of: line, names, from: start, open: open) { return found }
        }
        return nil
    }

    /// Reads backwards from `audit(`, whose parenthesis is at `open`, not beyond `start`.
    private static func prefix(
        of line: Span<UInt8>, _ names: RecordTypeNames, from start: Int, open: Int
    ) -> LinePrefix? {
        let end = open &- 5
        guard end > start, ends(line, at: open, with: "audit") else { return nil }
        var index = end
        if ends(line, at: index, with: "msg=") { index &-= 4 }
        index &-= 1
        guard index > start, line[index] == 0x20 else { return nil }
        let wordEnd = index
        while index > start, line[index &- 1] > 0x20, line[index &- 1] < 0x7f, wordEnd &- index < maximumType {
            index &-= 1
        }
        var wordStart = index
        guard EventID.skip("type=", line, &wordStart), wordStart <= wordEnd,
            let type = names.type(line, wordStart..<wordEnd)
        else { return nil }
        var prefix = LinePrefix(type: type, start: index, end: end)
        guard index > start, line[index &- 1] == 0x20 else { return prefix }
        // The name may have blanks in it.
        var nodeStart = index &- 1
        while nodeStart > start, index &- nodeStart < maximumNode {
            nodeStart &-= 1
            var nameStart = nodeStart
            if nodeStart == start || line[nodeStart &- 1] <= 0x20, EventID.skip("node=", line, &nameStart) {
                prefix.node = min(nameStart, index &- 1)..<index &- 1
                prefix.start = nodeStart
                break
            }
        }
        return prefix
    }

    /// Whether another record may stand behind this one in its line. Not behind what user space wrote: its texts can hold
    /// anything, a forged record too, while the kernel leaves no blank in a text (kernel/audit.c,
    /// `audit_log_n_untrustedstring`).
    private var canBeFollowed: Bool { (1300..<2000).contains(type.rawValue) }

    private static func word(_ line: Span<UInt8>, _ index: inout Int) -> Range<Int> {
        let start = index
        while index < line.count, line[index] > 0x20 { index &+= 1 }
        return start..<index
    }

    private static func ends(_ line: Span<UInt8>, at end: Int, with word: StaticString) -> Bool {
        var index = end &- word.utf8CodeUnitCount
        return index >= 0 && EventID.skip(word, line, &index)
    }

    private static func find(_ byte: UInt8, _ line: Span<UInt8>, from start: Int) -> Int? {
        guard start < line.count else { return nil }
        // The pointer is used within the closure, inside the span.
        return line.withUnsafeBytes { buffer -> Int? in
            guard let base = buffer.baseAddress, let found = memchr(base + start, Int32(byte), buffer.count - start)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }
}
