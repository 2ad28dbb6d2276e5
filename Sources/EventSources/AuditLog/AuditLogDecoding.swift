import AuditRecords
import EventModel

/// From bytes of a log to events: lines, records, reassembly. One value, so that the event thread has one access to it
/// per batch.
struct AuditLogDecoding: ~Copyable {
    private(set) var decoder: AuditDecoder
    private(set) var lines = LineBuffer()
    private var event = RawEvent()
    private var unreadable = UnreadableLines()

    init(syscalls: SyscallTable) { decoder = AuditDecoder(syscalls: syscalls, source: .auditLog) }

    /// What log sources count.
    var counters: SourceCounters {
        var counters = SourceCounters()
        counters.records = decoder.counters.records
        counters.events = decoder.counters.events
        counters.malformed = decoder.counters.malformed
        counters.incomplete = decoder.counters.incomplete
        return counters
    }

    /// Lets `read` fill the line buffer and delivers the events that this completes; returns what `read` returns.
    mutating func read<Failure: Error>(
        into sink: any EventSink, receivedAt: UInt64 = 0,
        _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) -> Int {
        let count = try lines.fill(read)
        while let line = lines.nextLine() {
            Self.push(line, of: lines, to: &decoder, &unreadable, receivedAt)
            deliver(into: sink)
        }
        for _ in 0..<lines.takeSkippedLines() { decoder.countMalformed() }
        return count
    }

    /// Takes a last line that has no end: the file is over.
    mutating func endFile(into sink: any EventSink, receivedAt: UInt64 = 0) {
        if let line = lines.lastLine() { Self.push(line, of: lines, to: &decoder, &unreadable, receivedAt) }
        deliver(into: sink)
    }

    /// Gives up events that are under way for too long.
    mutating func expire(nowNanoseconds: UInt64, into sink: any EventSink) {
        decoder.expire(nowNanoseconds: nowNanoseconds)
        deliver(into: sink)
    }

    /// Delivers everything that is under way: nothing more comes.
    mutating func finish(into sink: any EventSink) {
        decoder.finish()
        deliver(into: sink)
    }

    /// The next record about audit itself.
    mutating func nextControlRecord() -> AuditControlRecord? { decoder.nextControlRecord() }

    /// What to tell of the lines of a file that held no record, once it is read; nil when there were none.
    mutating func takeUnreadableMessage(_ path: String) -> String? { unreadable.takeMessage(path) }

    /// What to tell of events that can't be named; nil when there were none.
    var foreignMessage: String? {
        guard let architecture = decoder.foreignArchitecture else { return nil }
        return
            "\(decoder.counters.foreign) events are of a machine whose system calls have numbers that are not known here "
            + "(arch=\(String(architecture.rawValue, radix: 16))): they are events of type `syscall`, and rules on calls "
            + "don't see them; a log that auditd enriched (log_format = ENRICHED) names the calls"
    }

    /// Apart from `self`, whose members may not be changed while the line's bytes are looked at.
    private static func push(
        _ line: Range<Int>, of lines: borrowing LineBuffer, to decoder: inout AuditDecoder,
        _ unreadable: inout UnreadableLines, _ receivedAt: UInt64
    ) {
        let bytes = lines.bytes.span.extracting(line)
        unreadable.take(decoder.pushLine(bytes, receivedAt: receivedAt), bytes)
    }

    private mutating func deliver(into sink: any EventSink) {
        while decoder.next(into: &event) { sink.receive(&event) }
        while let record = decoder.nextSeccompRecord() { sink.receive(record) }
    }
}

extension EventTypeSet {
    /// What an audit log can hold: every system call, and what no table names.
    static let auditLog = EventTypeSet(EventType.all.filter(\.isSyscall) + [SyscallTable.unknownType])
}
