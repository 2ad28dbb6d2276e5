import EventModel

/// Puts the arguments of a program together from the EXECVE records of one event.
///
/// The kernel starts a new record every 7500 characters and cuts a long argument into fragments `a1[0]=… a1[1]=…`
/// (kernel/auditsc.c, `audit_log_execve_info`). The length it announces, `a1_len`, is of the encoded text and bounds
/// nothing here. What exceeds the limit is taken from the middle, record by record: an attacker who pads the arguments
/// must not be able to push what matters out of sight, at either end.
struct ArgumentAssembly {
    /// The arguments of one record, with a NUL between two arguments.
    private struct Chunk {
        var firstArgument: UInt32
        var firstFragment: UInt32
        var lastArgument: UInt32
        var start: Int
        var count: Int
    }

    static let maximumBytes = 32768
    /// What is never taken out.
    private static let headBytes = 16384
    private static let maximumChunks = 256

    private(set) var bytes: [UInt8] = []
    private var chunks: [Chunk] = []
    private var isOrdered = true
    private(set) var isTruncated = false
    /// `argc`, 0 when no record told.
    private var declaredCount: UInt64 = 0
    private var begunCount: UInt64 = 0
    /// How many arguments there are up to the end of the last record, once that has come; 0 before.
    private var endCount: UInt64 = 0

    /// Whether a record came.
    var isPresent: Bool { !chunks.isEmpty || declaredCount > 0 }
    /// Whether each argument that the first record announced has begun.
    var isComplete: Bool { begunCount >= declaredCount && (declaredCount > 0 || chunks.isEmpty) }
    /// Whether nothing more comes: also with fewer arguments than announced, once the last record is here.
    var isOver: Bool { isComplete || endCount > 0 && begunCount >= endCount }

    /// The kernel begins another record only when fewer than 104 of 7500 characters are left (kernel/auditsc.c,
    /// `audit_log_execve_info`); a shorter record is the last.
    private static let fullRecord = 7000

    mutating func reset() {
        if bytes.capacity > 2 * Self.maximumBytes { bytes = [] }
        bytes.removeAll(keepingCapacity: true)
        chunks.removeAll(keepingCapacity: true)
        isOrdered = true
        isTruncated = false
        declaredCount = 0
        begunCount = 0
        endCount = 0
    }

    /// Takes a record; false when it came before.
    mutating func take(_ text: Span<UInt8>, from offset: Int) -> Bool {
        var cursor = FieldCursor(at: offset)
        var chunk = Chunk(firstArgument: 0, firstFragment: 0, lastArgument: 0, start: bytes.count, count: 0)
        var isEmpty = true
        var begun: UInt64 = 0
        while let name = Self.nextName(text, &cursor) {
            switch name {
            case .count: declaredCount = cursor.decimal(text) ?? 0
            case .other: cursor.skipValue(text)
            case .argument(let argument, let fragment):
                if isEmpty {
                    chunk.firstArgument = argument
                    chunk.firstFragment = fragment
                    if isKnown(chunk) { return false }
                    isEmpty = false
                } else if argument != chunk.lastArgument {
                    bytes.append(0)
                }
                if fragment == 0 { begun &+= 1 }
                chunk.lastArgument = argument
                _ = cursor.text(text, into: &bytes)
            }
        }
        begunCount &+= begun
        if text.count &- offset < Self.fullRecord { endCount = isEmpty ? 1 : UInt64(chunk.lastArgument) &+ 1 }
        chunk.count = bytes.count &- chunk.start
        if !isEmpty { add(chunk) }
        return true
    }

    /// Appends the arguments to `target`, each followed by a NUL.
    mutating func finish(into target: inout [UInt8]) -> ByteRange {
        let start = target.count
        if !isOrdered {
            chunks.sort { ($0.firstArgument, $0.firstFragment) < ($1.firstArgument, $1.firstFragment) }
        }
        var last: UInt32?
        for chunk in chunks {
            if let last, chunk.firstArgument != last {
                target.append(0)
                if chunk.firstArgument != last &+ 1 || chunk.firstFragment != 0 { isTruncated = true }
            } else if last == nil, chunk.firstArgument != 0 || chunk.firstFragment != 0 {
                isTruncated = true
            }
            target.append(contentsOf: bytes.span, chunk.start..<chunk.start &+ chunk.count)
            last = chunk.lastArgument
        }
        if last != nil { target.append(0) }
        if !isComplete { isTruncated = true }
        return ByteRange(start..<target.count)
    }

    private func isKnown(_ chunk: Chunk) -> Bool {
        for known in chunks
        where known.firstArgument == chunk.firstArgument && known.firstFragment == chunk.firstFragment { return true }
        return false
    }

    private mutating func add(_ chunk: Chunk) {
        if let last = chunks.last, (last.firstArgument, last.firstFragment) > (chunk.firstArgument, chunk.firstFragment)
        {
            isOrdered = false
        }
        chunks.append(chunk)
        while bytes.count > Self.maximumBytes || chunks.count > Self.maximumChunks, dropMiddle() {}
    }

    /// Takes out the first chunk behind the head; false when only the head and the newest are left.
    private mutating func dropMiddle() -> Bool {
        let headEnd = chunks.firstIndex { $0.start &+ $0.count > Self.headBytes } ?? chunks.count
        let victim = min(headEnd, Self.maximumChunks / 2)
        guard victim < chunks.count &- 1 else { return false }
        let chunk = chunks.remove(at: victim)
        bytes.removeSubrange(chunk.start..<chunk.start &+ chunk.count)
        for index in victim..<chunks.count { chunks[index].start &-= chunk.count }
        isTruncated = true
        return true
    }

    // MARK: Names

    private enum Name {
        case count
        case argument(UInt32, fragment: UInt32)
        case other
    }

    /// Reads the next name: `argc`, `a12`, `a12[3]`; `a12_len` is among the others.
    @inline(__always)
    private static func nextName(_ text: Span<UInt8>, _ cursor: inout FieldCursor) -> Name? {
        var index = cursor.offset
        while index < text.count, text[index] == 0x20 { index &+= 1 }
        let start = index
        if index < text.count, text[index] == 0x61 {
            index &+= 1
            if let argument = number(text, &index), index < text.count {
                var fragment: UInt32 = 0
                if text[index] == 0x5b {
                    index &+= 1
                    guard let value = number(text, &index), index < text.count, text[index] == 0x5d else {
                        return other(text, &cursor, from: start)
                    }
                    fragment = value
                    index &+= 1
                }
                if index < text.count, text[index] == 0x3d {
                    cursor = FieldCursor(at: index &+ 1)
                    return .argument(argument, fragment: fragment)
                }
            }
        }
        return other(text, &cursor, from: start)
    }

    private static func other(_ text: Span<UInt8>, _ cursor: inout FieldCursor, from start: Int) -> Name? {
        cursor = FieldCursor(at: start)
        guard cursor.nextName(text) else { return nil }
        return cursor.name == FieldName.argc ? .count : .other
    }

    private static func number(_ text: Span<UInt8>, _ index: inout Int) -> UInt32? {
        let start = index
        var value: UInt32 = 0
        while index < text.count, text[index] &- 0x30 < 10, index &- start < 9 {
            value = value &* 10 &+ UInt32(text[index] &- 0x30)
            index &+= 1
        }
        return index > start ? value : nil
    }
}
