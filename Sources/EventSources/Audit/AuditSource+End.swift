import AuditRecords
import Glibc
import KernelInterface

extension AuditSource {
    /// The kernel needs some 15 ms to take a rule back.
    private static let stopMilliseconds: Int32 = 2500
    /// How long the record that ends all is waited for. The kernel's thread that sends it may have to wait for a processor.
    private static let markNanoseconds: UInt64 = 1_500_000_000
    /// How long after the end an event is that says that all before it have come.
    private static let laterNanoseconds: UInt64 = 500_000_000

    /// Lets the control thread take the rules back, without waiting for it. What the kernel has queued still comes, since this
    /// process stays the one that it is sent to.
    public func finish() {
        guard !isStopped, finished == nil else { return }
        finished = (KernelClock.monotonic(), KernelClock.wall())
        if !lane.send(.withdraw) { _ = lane.stop(withinMilliseconds: 0) }
        if mode == .multicast { connection.leaveMulticast() }
    }

    /// Whether nothing waits in the kernel or in the socket, or what comes now is of events after `finish`: with rules of others
    /// there is no end of them.
    public var isDrained: Bool {
        if isHandedOver { return !intake.isInEvent }
        if let finished, intake.lastEventTime > finished.wall &+ Self.laterNanoseconds { return true }
        guard !DescriptorFacts.isReadable(connection.descriptor) else { return false }
        guard mode == .owner else { return true }
        guard (queuedNow() ?? 0) == 0 else { return false }
        if marked == nil, finished != nil {
            marked = (KernelClock.monotonic(), intake.configChanges)
            markEnd?()
        }
        return isMarkSeen
    }

    /// Whether such a record came, behind all others. What the kernel could not send while the socket was full is in none of its counts; it
    /// sends that again when there is another record (kauditd_thread, kernel/audit.c), and a change of settings makes one.
    private var isMarkSeen: Bool {
        guard markEnd != nil, finished != nil else { return true }
        guard let marked else { return false }
        // Not any record: one of those that are sent again says nothing of the rest.
        return intake.configChanges > marked.configChanges
            || KernelClock.monotonic() &- marked.monotonic > Self.markNanoseconds
    }

    /// Delivers the events that lack their last record, and what is still to be said.
    public func conclude(into sink: any EventSink) {
        intake.expire(nowNanoseconds: .max)
        deliver(into: sink)
        reportMissed()
        for reply in lane.takeReplies() { take(reply) }
        reportLost(nowNanoseconds: KernelClock.monotonic(), isEnd: true)
        for notice in notices { sink.report(notice) }
        notices.removeAll()
    }

    /// Lets go of the socket, and counts what was not read. The rules and settings are being put back by the control thread.
    public func endReading() {
        guard !isStopped else { return }
        if finished == nil { finished = (KernelClock.monotonic(), KernelClock.wall()) }
        isStopped = true
        _ = lane.stop(withinMilliseconds: 0)
        guard !isHandedOver else { return }
        if mode == .owner {
            // Each change of the settings that are being put back makes a record: read, it is told from an event.
            // With rules of others there is no end of them.
            let deadline = KernelClock.monotonic() &+ Self.lastLooksNanoseconds
            while let queued = queuedNow(), queued > 0 {
                guard KernelClock.monotonic() < deadline else {
                    unread &+= UInt64(queued)
                    break
                }
                discardWaiting()
                usleep(Self.lastLookMicroseconds)
            }
            connection.release()
        } else {
            connection.leaveMulticast()
        }
        // The kernel may be in the middle of sending: read until nothing comes, so that it does not wait for us.
        discardWaiting()
    }

    private static let lastLooksNanoseconds: UInt64 = 50_000_000
    private static let lastLookMicroseconds: UInt32 = 2000

    /// Reads what is in the socket, and counts its events as unread.
    private func discardWaiting() {
        for _ in 0..<1024 {
            guard let isMore = try? connection.receive(into: &intake.batch), isMore else { break }
            intake.takeBatch(receivedAt: KernelClock.monotonic())
            unread &+= intake.discardEvents(until: finished?.wall ?? .max)
        }
    }

    /// Takes its rules back, puts the kernel's audit settings back as they were, and lets go of the socket. Waits for that for two
    /// and a half seconds from `finish` on at most; what is not done by then is left to whoever outlives this process.
    public func stop() {
        endReading()
        guard !isRestored, !isHandedOver else { return }
        let passed = finished.map { (KernelClock.monotonic() &- $0.monotonic) / 1_000_000 } ?? 0
        isRestored = lane.stop(withinMilliseconds: max(0, Self.stopMilliseconds - Int32(clamping: passed)))
    }
}
