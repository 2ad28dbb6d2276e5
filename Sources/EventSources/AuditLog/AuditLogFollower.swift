public import AuditRecords
public import EventModel
import Glibc
public import KernelInterface

/// Follows the log that auditd writes, across rotation: by rename and new file, and by truncation in place.
///
/// For hosts where auditd owns the audit subsystem and multicast is not to be had. Waits for a log that is not there
/// yet. inotify on the log's directory says when to look; what to do is decided by what is found then, so lost or
/// merged inotify events do no harm.
public final class AuditLogFollower: EventSource {
    private let path: String
    private let directory: String
    private var watch: DirectoryWatch?
    private var file: LogFile?
    /// How far the file is read.
    private var position: Int64 = 0
    private var decoding: AuditLogDecoding
    private var isWaiting = false
    /// Whether it is still to be told that there was no log at the start.
    private var mustTellAbsence = false
    private var lastAttempt: UInt64 = 0
    /// Since when the log has been missing, 0 when it is there.
    private var absentSince: UInt64 = 0

    /// Bound on what one call reads.
    private static let batchBytes = 1 << 20
    private static let maximumTurns = 8
    private static let retryNanoseconds: UInt64 = 1_000_000_000
    /// Longer than a rotation takes.
    private static let absenceNanoseconds: UInt64 = 5_000_000_000
    /// auditd keeps at most this many rotated logs (auditd.conf, `num_logs`).
    private static let maximumRotated = 999

    /// Follows a log from its end, or from its start. A log that is missing is waited for; one that may not be read is
    /// an error.
    public init(
        path: String = "/var/log/audit/audit.log", syscalls: SyscallTable, fromStart: Bool = false
    ) throws(KernelError) {
        self.path = path
        let slash = path.lastIndex(of: "/")
        directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        decoding = AuditLogDecoding(syscalls: syscalls)
        do throws(KernelError) {
            watch = try DirectoryWatch(path: directory)
        } catch {
            guard error.errno == ENOENT else { throw error }
        }
        do throws(KernelError) {
            try openFile(atEnd: !fromStart)
        } catch {
            guard error.errno == ENOENT else { throw error }
            isWaiting = true
            mustTellAbsence = true
        }
    }

    /// Which source it is.
    public var kind: SourceKind { .auditLog }
    /// Readable when something changed in the log's directory.
    public var descriptor: Int32? { watch?.rawValue }
    /// Whatever the log holds.
    public var provides: EventTypeSet { .auditLog }
    /// What was read and delivered so far.
    public var counters: SourceCounters { decoding.counters }
    /// The decoder's own counters, which tell more.
    public var auditCounters: AuditCounters { decoding.decoder.counters }
    /// That there is no log to follow.
    public var outage: String? { isWaiting ? "there is no log at \(path)" : nil }

    /// Reads what was added, at most 1 MiB; `tick` reads on. Never ends.
    public func drain(into sink: any EventSink) -> Bool {
        // First the events, then the file: what is written in between is read now and its event comes as a surplus.
        if let isAlive = watch?.clear(), !isAlive { watch = nil }
        follow(into: sink)
        return true
    }

    /// Reads on, ends events that are under way for too long, and looks for a log that is missing.
    public func tick(nowNanoseconds: UInt64, into sink: any EventSink) {
        if watch == nil, nowNanoseconds &- lastAttempt >= Self.retryNanoseconds {
            lastAttempt = nowNanoseconds
            watch = try? DirectoryWatch(path: directory)
        }
        follow(into: sink)
        if mustTellAbsence {
            mustTellAbsence = false
            if isWaiting {
                notify(
                    .blind, "there is no log at \(path); waiting for it: is auditd running, and is audit_log right?",
                    sink)
            }
        }
        decoding.expire(nowNanoseconds: nowNanoseconds, into: sink)
        report(into: sink)
        noticeAbsence(nowNanoseconds, sink)
    }

    /// Closes the log.
    public func stop() {
        file = nil
        watch = nil
    }

    // MARK: -

    private func follow(into sink: any EventSink) {
        // Each turn but the last goes on to a newer file.
        for _ in 0..<Self.maximumTurns {
            if file == nil { reopen(into: sink) }
            guard file != nil else { return }
            // The identity before the read: what was written to the old file before it was replaced must not be missed.
            // Between the rename and the new file there is none, and the old one may still grow.
            let current = LogFile.identity(ofPath: path)
            let isReplaced = current != nil && current != file?.identity
            if let size = file?.size, size < position {
                // Truncated in place (logrotate's copytruncate): the rest of a line that was cut off is gone.
                file?.seek(to: 0)
                position = 0
                decoding.endFile(into: sink, receivedAt: KernelClock.monotonic())
            }
            let isAtEnd = readBatch(into: sink)
            report(into: sink)
            guard isReplaced, isAtEnd else { return }
            rotate(into: sink)
        }
    }

    /// Reads up to the bound; whether the end of the file is reached.
    private func readBatch(into sink: any EventSink) -> Bool {
        var total = 0
        while total < Self.batchBytes {
            var count = 0
            do throws(KernelError) {
                count = try decoding.read(into: sink, receivedAt: KernelClock.monotonic()) {
                    buffer throws(KernelError) in
                    try self.file?.read(into: buffer) ?? 0
                }
            } catch {
                notify(.blind, "\(error)", sink)
                file = nil
                return false
            }
            if count == 0 { return true }
            position += Int64(count)
            total += count
        }
        return false
    }

    /// Goes on with the next newer file: the one that took the rotated file's place, or the log itself.
    private func rotate(into sink: any EventSink) {
        decoding.endFile(into: sink, receivedAt: KernelClock.monotonic())
        if let message = decoding.takeUnreadableMessage(path) { notify(.remark, message, sink) }
        let identity = file?.identity
        file = nil
        for number in 1...Self.maximumRotated {
            guard let rotated = LogFile.identity(ofPath: "\(path).\(number)") else { break }
            guard rotated == identity else { continue }
            // Rotated more than once since: the files in between come first.
            if number > 1, let next = try? LogFile(path: "\(path).\(number - 1)") {
                file = consume next
                position = 0
                return
            }
            reopen(into: sink)
            return
        }
        if LogFile.identity(ofPath: path) != nil {
            notify(
                .lost,
                "\(path): the log was replaced and the former one is not among \(path).1 and on; if it was rotated more "
                    + "than once, records are lost",
                sink
            )
        }
        reopen(into: sink)
    }

    /// A log that was renamed or removed and does not come back has no more to tell.
    private func noticeAbsence(_ now: UInt64, _ sink: any EventSink) {
        guard !isWaiting, LogFile.identity(ofPath: path) == nil else {
            absentSince = 0
            return
        }
        if absentSince == 0 { absentSince = now }
        guard now &- absentSince > Self.absenceNanoseconds else { return }
        file = nil
        isWaiting = true
        notify(.blind, "\(path) is gone; waiting for it", sink)
    }

    private func reopen(into sink: any EventSink) {
        do throws(KernelError) {
            try openFile(atEnd: false)
            if isWaiting { notify(.recovered, "\(path) is there; following it", sink) }
            isWaiting = false
        } catch {
            if !isWaiting { notify(.blind, "\(error); waiting for it", sink) }
            isWaiting = true
        }
    }

    private func openFile(atEnd: Bool) throws(KernelError) {
        let opened = try LogFile(path: path)
        position = atEnd ? opened.size : 0
        opened.seek(to: position)
        file = consume opened
    }

    private func report(into sink: any EventSink) {
        while let control = decoding.nextControlRecord() {
            if let notice = control.notice(kind) { sink.report(notice) }
        }
    }

    private func notify(_ kind: SourceNotice.Kind, _ message: String, _ sink: any EventSink) {
        sink.report(SourceNotice(kind: kind, source: .auditLog, message: message))
    }
}
