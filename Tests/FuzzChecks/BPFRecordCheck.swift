public import BPFRecords
import CBPFRecords
import EventModel

/// The decoder of eBPF's records as fuzzer and tests drive it: bytes in, nothing out but the counters. Pure and deterministic.
public enum BPFRecordCheck {
    /// Decodes the bytes as a record with the size that they have, and reads every range of the event.
    @discardableResult
    public static func decode(_ bytes: Span<UInt8>) -> BPFRecordCounters {
        var decoder = BPFRecordDecoder()
        var event = RawEvent()
        var record: [UInt8] = []
        for index in bytes.indices { record.append(bytes[index]) }
        // Once as it is, once with a head that gets past the first checks.
        if decoder.decode(record.span, into: &event) != .none { read(event) }
        patchHead(&record)
        if decoder.decode(record.span, into: &event) != .none { read(event) }
        return decoder.counters
    }

    private static func patchHead(_ record: inout [UInt8]) {
        guard record.count >= MemoryLayout<shrike_record>.size else { return }
        let size = UInt32(truncatingIfNeeded: min(record.count, Int(SHRIKE_RECORD_MAX)))
        for index in 0..<4 { record[index] = UInt8(truncatingIfNeeded: size >> (8 * UInt32(index))) }
        (record[4], record[5]) = (UInt8(SHRIKE_RECORD_VERSION), 0)
        record[6] = record[6] % 8
        // Types beyond the table are one case of many.
        let type = (UInt16(record[8]) | UInt16(record[9]) << 8) % UInt16(EventType.count + 8)
        (record[8], record[9]) = (UInt8(truncatingIfNeeded: type), UInt8(type >> 8))
    }

    /// Traps when a range lies outside the event's bytes.
    private static func read(_ event: RawEvent) {
        let process = event.process
        for range in [
            event.socketAddress, event.localAddress, event.peerAddress, event.moduleName, process.command,
            process.executable, process.currentDirectory, process.arguments, process.environment,
            event.usedFile.object.path,
        ] { _ = event.slice(range) }
        for path in event.paths + [event.usedFile] {
            for range in [path.name, path.directory, path.object.path] { _ = event.slice(range) }
            _ = event.slice(path.object.path).dropFirst(Int(path.object.rootLength))
        }
        for argument in event.arguments { _ = event.slice(argument.bytes) }
    }
}
