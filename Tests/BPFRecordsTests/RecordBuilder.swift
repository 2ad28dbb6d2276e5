import CBPFRecords
import EventModel

@testable import BPFRecords

/// A record as the kernel's programs would write it.
struct RecordBuilder {
    var record = shrike_record()
    private var parts: [UInt8] = []

    init(_ kind: shrike_record_kind, type: String? = nil) {
        record.version = UInt16(SHRIKE_RECORD_VERSION)
        record.kind = UInt8(kind.rawValue)
        record.type = type.flatMap(EventType.init(name:))?.index ?? 0
        record.time = 5_000
        (record.tgid, record.tid, record.ppid) = (70, 71, 1)
        record.start_time = 900_000_000_000
        (record.ns_tgid, record.ns_tid, record.pid_ns) = (5, 6, 0xf000_0001)
        record.login_uid = .max
        record.call = -1
        withUnsafeMutableBytes(of: &record.comm) { $0.copyBytes(from: Array("worker".utf8)) }
    }

    mutating func add(_ kind: shrike_part_kind, _ bytes: [UInt8], flags: [shrike_part_flag] = [], root: UInt16 = 0) {
        let header = shrike_part(
            kind: UInt8(kind.rawValue), flags: UInt8(flags.reduce(0) { $0 | $1.rawValue }), root_offset: root,
            length: UInt32(bytes.count))
        parts += Self.bytes(of: header) + bytes
        while parts.count % 8 != 0 { parts.append(0) }
        record.parts += 1
    }

    mutating func add(_ kind: shrike_part_kind, _ text: String, flags: [shrike_part_flag] = [], root: UInt16 = 0) {
        add(kind, Array(text.utf8), flags: flags, root: root)
    }

    mutating func add(_ kind: shrike_part_kind, _ file: shrike_file) { add(kind, Self.bytes(of: file)) }
    mutating func add(_ kind: shrike_part_kind, _ socket: shrike_socket) { add(kind, Self.bytes(of: socket)) }

    var bytes: [UInt8] {
        var record = record
        record.size = UInt32(MemoryLayout<shrike_record>.size + parts.count)
        return Self.bytes(of: record) + parts
    }

    private static func bytes<T: BitwiseCopyable>(of value: T) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }
}

extension RawEvent {
    func text(_ range: ByteRange) -> String? { range.isPresent ? String(decoding: slice(range), as: UTF8.self) : nil }
}

/// An event of a record; nil when the decoder gives none.
func decode(_ builder: RecordBuilder, change: (inout [UInt8]) -> Void = { _ in }) -> RawEvent? {
    var decoder = BPFRecordDecoder(native: .x86_64, narrow: .i386)
    decoder.epochOffset = 1_000_000
    var event = RawEvent()
    var bytes = builder.bytes
    change(&bytes)
    return decoder.decode(bytes.span, into: &event) == .none ? nil : event
}
