import CBPFRecords

/// A record of the ring, copied and taken apart.
struct TestRecord {
    var head: shrike_record
    var parts: [Part] = []

    struct Part {
        var kind: Int
        var flags: UInt32
        var rootOffset: Int
        var bytes: [UInt8]
        var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    /// Nil when the record's own sizes contradict each other.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= MemoryLayout<shrike_record>.size else { return nil }
        head = bytes.loadUnaligned(as: shrike_record.self)
        guard Int(head.size) == bytes.count, head.version == SHRIKE_RECORD_VERSION else { return nil }
        var position = MemoryLayout<shrike_record>.size
        for _ in 0..<head.parts {
            guard position + 8 <= bytes.count else { return nil }
            let part = bytes.loadUnaligned(fromByteOffset: position, as: shrike_part.self)
            let end = position + 8 + Int(part.length)
            guard end <= bytes.count else { return nil }
            parts.append(
                Part(
                    kind: Int(part.kind), flags: UInt32(part.flags), rootOffset: Int(part.root_offset),
                    bytes: Array(bytes[position + 8..<end])))
            position = (end + 7) / 8 * 8
        }
        guard position == bytes.count else { return nil }
    }

    subscript(kind: shrike_part_kind) -> Part? { parts.first { $0.kind == Int(kind.rawValue) } }

    /// A part that is a structure.
    func structure<T: BitwiseCopyable>(_ kind: shrike_part_kind, _ type: T.Type) -> T? {
        guard let bytes = self[kind]?.bytes, bytes.count == MemoryLayout<T>.size else { return nil }
        return bytes.withUnsafeBytes { $0.loadUnaligned(as: type) }
    }

    var file: shrike_file? { structure(SHRIKE_PART_FILE, shrike_file.self) }
    var socket: shrike_socket? { structure(SHRIKE_PART_SOCKET, shrike_socket.self) }
    var asked: String? { self[SHRIKE_PART_ASKED]?.text }
    var real: String? { self[SHRIKE_PART_REAL]?.text }
    var kind: UInt32 { UInt32(head.kind) }
    var comm: String {
        withUnsafeBytes(of: head.comm) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    func has(_ flag: shrike_record_flag) -> Bool { head.flags & flag.rawValue != 0 }
}

extension TestRecord.Part {
    func has(_ flag: shrike_part_flag) -> Bool { flags & flag.rawValue != 0 }
    /// What the process sees of a path.
    var belowRoot: String { String(decoding: bytes.dropFirst(rootOffset), as: UTF8.self) }
}
