public import AuditRecords
public import EventModel
public import KernelInterface

/// Reads audit logs from first to last and ends: plain or gzip'd files, standard input as `-`.
///
/// The files are one log in the order given; rotated sets go oldest first (`audit.log.2 audit.log.1 audit.log`), and an
/// event whose records lie on both sides of a rotation is one event. Events have their records' own time.
public final class AuditLogReplay: EventSource {
    private var inputs: [AuditLogInput]
    private var current = 0
    private var decoding: AuditLogDecoding
    private var controlRecords: UInt64 = 0
    private var isStopped = false
    /// Why the result is not of all that was given, as a sentence: an input that broke off or held no audit record; nil
    /// when all was read. Known at the end.
    public private(set) var failure: String?

    /// A replay of these files. Each is opened now, so that a wrong name shows before anything is read.
    public init(paths: [String], syscalls: SyscallTable) throws(KernelError) {
        var inputs: [AuditLogInput] = []
        for path in paths { inputs.append(AuditLogInput(try LogFile(path: path))) }
        self.inputs = inputs
        decoding = AuditLogDecoding(syscalls: syscalls)
    }

    /// Which source it is.
    public var kind: SourceKind { .auditLog }
    /// A pipe is waited for; a file is always readable, and epoll does not take it.
    public var descriptor: Int32? {
        current < inputs.count && !inputs[current].isRegular ? inputs[current].rawValue : nil
    }
    /// Whatever the log holds.
    public var provides: EventTypeSet { .auditLog }
    /// What was read and delivered so far.
    public var counters: SourceCounters { decoding.counters }
    /// The decoder's own counters, which tell more.
    public var auditCounters: AuditCounters { decoding.decoder.counters }

    /// Reads about 256 KiB and delivers their events; false at the end of the last file.
    public func drain(into sink: any EventSink) -> Bool {
        guard !isStopped, current < inputs.count else { return false }
        let input = inputs[current]
        var count = 0
        do {
            count = try decoding.read(into: sink) { buffer throws(AuditLogInput.Failure) in try input.read(buffer) }
        } catch {
            let message = "\(input.path): \(error); the rest of the file is not read"
            sink.report(SourceNotice(kind: .lost, source: .auditLog, message: message))
            if failure == nil { failure = message }
        }
        takeControlRecords()
        if count > 0 { return true }
        decoding.endFile(into: sink)
        if let message = decoding.takeUnreadableMessage(input.path) { remark(message, sink) }
        input.close()
        current += 1
        if current < inputs.count { return true }
        end(into: sink)
        return false
    }

    /// Nothing is due: what is under way ends with the log.
    public func tick(nowNanoseconds: UInt64, into sink: any EventSink) {}

    /// Closes the files.
    public func stop() {
        isStopped = true
        inputs.removeAll()
    }

    private func end(into sink: any EventSink) {
        decoding.finish(into: sink)
        takeControlRecords()
        let counters = decoding.decoder.counters
        if failure == nil, counters.malformed > 0, counters.malformed == counters.records {
            failure = "nothing was read: no line is an audit record"
        }
        if let message = decoding.foreignMessage { remark(message, sink) }
        if controlRecords > 0 {
            remark("the log has \(controlRecords) records of changed audit configuration or of auditd itself", sink)
        }
    }

    private func remark(_ message: String, _ sink: any EventSink) {
        sink.report(SourceNotice(kind: .remark, source: .auditLog, message: message))
    }

    private func takeControlRecords() {
        while decoding.nextControlRecord() != nil { controlRecords += 1 }
    }
}
