import KernelInterface

/// One record of a fanotify group (`struct fanotify_event_metadata`, linux/fanotify.h), in host byte order:
/// event_len (4 bytes), vers (1), reserved (1), metadata_len (2), mask (8), fd (4), pid (4).
struct FanotifyRecord: Equatable, Sendable {
    var events: FanotifyGroup.Events
    /// The file, open for us: to be closed. Negative when there is none (FAN_NOFD: overflow).
    var descriptor: Int32
    /// The process in our pid namespace; 0 when it is outside.
    var pid: Int32

    private static let version: UInt8 = 3
    private static let size = 24

    /// Decodes the record at `offset` and moves on to the next; nil at the end, and at anything that is no record, where
    /// `offset` stays below the span's end: without lengths to trust there is no next one.
    static func next(_ bytes: Span<UInt8>, at offset: inout Int) -> FanotifyRecord? {
        guard let length = bytes.hostInteger(at: offset, as: UInt32.self).flatMap(Int.init(exactly:)),
            length >= size, length <= bytes.count - offset,
            bytes[offset + 4] == version,
            let mask = bytes.hostInteger(at: offset + 8, as: UInt64.self),
            let descriptor = bytes.hostInteger(at: offset + 16, as: Int32.self),
            let pid = bytes.hostInteger(at: offset + 20, as: Int32.self)
        else { return nil }
        // Longer records carry information that was not asked for.
        offset += length
        return FanotifyRecord(events: FanotifyGroup.Events(rawValue: mask), descriptor: descriptor, pid: pid)
    }
}
