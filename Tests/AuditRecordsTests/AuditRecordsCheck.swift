import AuditRecords
import EventModel

/// The decoder as any bytes drive it: bytes in, nothing out but the counters. Pure and deterministic.
enum AuditRecordsCheck {
    /// Decodes bytes as a log file's lines, then the same lines as netlink payloads whose first two bytes are their
    /// type, reads every range of every event, and gives what the first decoder counted.
    @discardableResult
    static func decode(_ bytes: Span<UInt8>, syscalls: SyscallTable) -> AuditCounters {
        var limits = AuditDecoder.Limits()
        limits.events = 8
        limits.bytes = 1 << 16
        var lines = AuditDecoder(syscalls: syscalls, source: .auditLog, limits: limits)
        var payloads = AuditDecoder(syscalls: syscalls, limits: limits)
        var event = RawEvent()
        var start = 0
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != 0x0a { end += 1 }
            let line = bytes.extracting(start..<end)
            lines.pushLine(line)
            if line.count >= 2 {
                // Types of records with a format come from a small range; let the first byte hit it often.
                let type = 1290 + UInt16(line[0]) % 64
                payloads.push(type: type, text: line.extracting(1..<line.count), receivedAt: UInt64(start))
            }
            while lines.next(into: &event) { read(event) }
            while payloads.next(into: &event) { read(event) }
            payloads.expire(nowNanoseconds: UInt64(start) &* 1_000_000)
            start = end + 1
        }
        lines.finish()
        payloads.finish()
        while lines.next(into: &event) { read(event) }
        while payloads.next(into: &event) { read(event) }
        while lines.nextControlRecord() != nil {}
        while payloads.nextControlRecord() != nil {}
        return lines.counters
    }

    /// Traps when a range lies outside the event's bytes.
    private static func read(_ event: RawEvent) {
        let process = event.process
        for range in [
            event.node, event.socketAddress, event.moduleName, process.command, process.executable,
            process.currentDirectory, process.arguments, process.title,
        ] { _ = event.slice(range) }
        for path in event.paths { _ = event.slice(path.name) }
    }
}
