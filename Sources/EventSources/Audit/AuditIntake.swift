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
    private var window = SerialWindow()
    private var nextSettling: UInt64 = 0
    /// How long a record may be late.
    private static let lateNanoseconds: UInt64 = 5_000_000_000
    /// Datagrams that the kernel did not send.
    private(set) var forged: UInt64 = 0
    /// Events that are missing by their serials, where there was an overrun.
    private(set) var missed: UInt64 = 0
    /// When the last event that was delivered was, nanoseconds since the epoch.
    private(set) var lastEventTime: UInt64 = 0
    /// Events of which an owner of audit got no record, however long it waited.
    var vanished: UInt64 { window.missed }
    /// Records of changed settings and rules.
    private(set) var configChanges: UInt64 = 0
    /// Processes that asked to own audit while we do.
    private var requesters: [Int32] = []
    /// Who makes the events.
    var loud = LoudProcesses()

    var counters: AuditCounters { decoder.counters }

    /// Whether an event has begun whose last record has not come.
    var isInEvent: Bool { decoder.eventsUnderWay > 0 }

    /// Takes a datagram at a time from now on: nothing more is to be read once no event is under way.
    mutating func readOneByOne() { batch = NetlinkBatch(slot: NetlinkAuditConnection.slotBytes, capacity: 1) }

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
        if message.kind == .configChange { configChanges &+= 1 }
        while let last = range.last, buffer[last] == 0 { range = range.dropLast() }
        let text = buffer.span.extracting(range)
        missed &+= UInt64(gap.take(text))
        if let serial = SerialGap.serial(of: text) { window.take(serial) }
        decoder.push(
            type: message.kind.rawValue, text: buffer.span.extracting(range), receivedAt: receivedAt
        )
    }

    /// Gives up events that have waited too long for their last record, or for any.
    mutating func expire(nowNanoseconds: UInt64) {
        decoder.expire(nowNanoseconds: nowNanoseconds)
        guard nowNanoseconds >= nextSettling else { return }
        nextSettling = nowNanoseconds &+ Self.lateNanoseconds
        if nowNanoseconds == .max { window.conclude() } else { window.settle() }
    }

    /// Hands out the events that are complete, but for those of the canary: its call, and the open of its file.
    mutating func deliver(
        into sink: any EventSink, canary: inout SourceCanary, file: inout SourceCanary
    ) {
        while decoder.next(into: &event) {
            guard event.process.pid != canary.pid || !canary.made(event.process) else {
                let now = KernelClock.monotonic()
                // Without its file's record the kernel would not have matched a rule about files.
                if event.type.name == CanaryProcess.syscall {
                    canary.seen(now: now)
                } else if !event.paths.isEmpty {
                    file.seen(now: now)
                }
                continue
            }
            loud.count(event)
            lastEventTime = event.timeNanoseconds
            sink.receive(&event)
        }
    }

    /// Drops the events that are complete; gives how many of them are of a time, nanoseconds since the epoch, or before.
    mutating func discardEvents(until end: UInt64) -> UInt64 {
        var count: UInt64 = 0
        while decoder.next(into: &event) { if event.timeNanoseconds <= end { count &+= 1 } }
        return count
    }

    /// The next record about audit itself.
    mutating func nextControlRecord() -> AuditControlRecord? { decoder.nextControlRecord() }

    /// The next call that a seccomp filter told of.
    mutating func nextSeccompRecord() -> SeccompRecord? { decoder.nextSeccompRecord() }

    /// Who asked to own audit since the last call.
    mutating func takeRequesters() -> [Int32] {
        defer { requesters.removeAll() }
        return requesters
    }
}
