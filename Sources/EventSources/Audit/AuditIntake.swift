import AuditRecords
import EventModel
import Glibc
import KernelInterface

/// The way from datagrams to events: checks the sender, reads headers, hands texts to the decoder.
struct AuditIntake: ~Copyable {
    /// What was read last; the connection fills it.
    var batch = NetlinkBatch(slot: NetlinkAuditConnection.slotBytes)
    private var decoder = AuditDecoder(syscalls: .known)
    private var event = RawEvent()
    private var gap = SerialGap()
    /// Datagrams that the kernel did not send.
    private(set) var forged: UInt64 = 0
    /// Events that are missing by their serials, where there was an overrun.
    private(set) var missed: UInt64 = 0
    /// When the last event that was delivered was, nanoseconds since the epoch.
    private(set) var lastEventTime: UInt64 = 0
    /// Processes that asked to own audit while we do.
    private var requesters: [Int32] = []
    /// Who makes the events.
    var loud = LoudProcesses()

    var counters: AuditCounters { decoder.counters }

    /// The socket's buffer overflowed.
    mutating func overrun() { gap.overrun() }

    /// Takes the batch's datagrams. `receivedAt` is CLOCK_MONOTONIC.
    mutating func takeBatch(receivedAt: UInt64) {
        // One reference for the batch; gone before the batch is filled again, so nothing is copied.
        let buffer = batch.buffer
        for index in 0..<batch.count { take(index, buffer, receivedAt) }
    }

    private mutating func take(_ index: Int, _ buffer: [UInt8], _ receivedAt: UInt64) {
        guard batch.isFromKernel(index) else {
            forged &+= 1
            return
        }
        var range = batch.range(index)
        guard let message = AuditMessage(buffer.span.extracting(range)) else {
            decoder.countMalformed()
            return
        }
        range = range.lowerBound + AuditMessage.headerBytes..<range.upperBound
        guard message.kind.isRecord else {
            // The payload is the pid of who wants to be the owner (kernel/audit.c, audit_replace).
            if message.kind == .replace, requesters.count < 16,
                let pid = buffer.span.extracting(range).hostInteger(at: 0, as: Int32.self)
            {
                requesters.append(pid)
            }
            return
        }
        while let last = range.last, buffer[last] == 0 { range = range.dropLast() }
        missed &+= UInt64(gap.take(buffer.span.extracting(range)))
        decoder.push(
            type: message.kind.rawValue, text: buffer.span.extracting(range), receivedAt: receivedAt
        )
    }

    /// Gives up events that have waited too long for their last record.
    mutating func expire(nowNanoseconds: UInt64) { decoder.expire(nowNanoseconds: nowNanoseconds) }

    /// Hands out the events that are complete, but for those of the canary: its call, and the open of its file.
    mutating func deliver(
        into sink: any EventSink, canary: inout SourceCanary, file: inout SourceCanary
    ) {
        while decoder.next(into: &event) {
            guard event.process.pid != canary.pid || canary.pid == 0 else {
                let now = EpochOffset.now(CLOCK_MONOTONIC)
                // Without its file's record the kernel would not have matched a rule about files.
                if event.type.name == CanaryProcess.syscall {
                    canary.seen(now: now)
                } else if !event.paths.isEmpty {
                    file.seen(now: now)
                }
                continue
            }
            loud.count(event.process.pid)
            lastEventTime = event.timeNanoseconds
            sink.receive(&event)
        }
    }

    /// Drops the events that are complete; gives how many.
    mutating func discardEvents() -> UInt64 {
        var count: UInt64 = 0
        while decoder.next(into: &event) { count &+= 1 }
        return count
    }

    /// The next record about audit itself.
    mutating func nextControlRecord() -> AuditControlRecord? { decoder.nextControlRecord() }

    /// Who asked to own audit since the last call.
    mutating func takeRequesters() -> [Int32] {
        defer { requesters.removeAll() }
        return requesters
    }
}
