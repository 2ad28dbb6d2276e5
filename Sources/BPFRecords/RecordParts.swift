import CBPFRecords

/// The parts of a record, one after another, each within the record's bytes.
struct RecordParts {
    /// A part's header and where its bytes are.
    struct Part {
        var kind: Int32
        var flags: Int32
        /// Where in a path the part begins that the process' root directory leaves; 0 where that is not told.
        var rootOffset: Int
        var range: Range<Int>

        func has(_ flag: shrike_part_flag) -> Bool { flags & Int32(bitPattern: flag.rawValue) != 0 }
    }

    private var offset: Int
    private var left: Int
    private let end: Int
    /// Whether a part reaches beyond the record, or one that was announced is not there.
    private(set) var isBroken = false

    init(_ record: shrike_record, end: Int) {
        offset = MemoryLayout<shrike_record>.size
        left = Int(record.parts)
        self.end = end
    }

    /// The next part; nil behind the last, and where one is broken.
    mutating func next(_ bytes: Span<UInt8>) -> Part? {
        guard left > 0, !isBroken else { return nil }
        let header = MemoryLayout<shrike_part>.size
        guard end - offset >= header, let part = bytes.structure(at: offset, as: shrike_part.self) else {
            isBroken = true
            return nil
        }
        let start = offset + header
        guard let length = Int(exactly: part.length), length <= end - start else {
            isBroken = true
            return nil
        }
        left -= 1
        // The last one may lack its padding.
        offset = min(end, start + (length + 7) / 8 * 8)
        let isBelowRoot = UInt32(part.flags) & SHRIKE_PART_BELOW_ROOT.rawValue != 0
        return Part(
            kind: Int32(part.kind), flags: Int32(part.flags),
            rootOffset: isBelowRoot ? min(Int(part.root_offset), length) : 0, range: start..<start + length)
    }
}

extension Span<UInt8> {
    /// A structure of the kernel's programs, at any alignment; nil where the bytes end before it.
    func structure<T: BitwiseCopyable>(at offset: Int, as type: T.Type) -> T? {
        guard offset >= 0, offset <= count - MemoryLayout<T>.size else { return nil }
        // The range is within the span; the structures are of integers, of which every bit pattern is one.
        return unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: type)
    }
}
