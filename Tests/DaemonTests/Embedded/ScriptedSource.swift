import AuditRecords
import EventModel
import EventSources
import KernelInterface
import TestSupport

/// A source whose events a test makes, and which keeps what it was asked for.
final class ScriptedSource: EventSource {
    let kind: SourceKind
    let descriptor: Int32? = nil
    let provides: EventTypeSet = .all
    private(set) var counters = SourceCounters()
    /// What it was asked for, oldest first.
    private(set) var requests: [SourceRequest] = []
    /// Events that `drain` takes in a call.
    var batch = 512
    /// What time events are of, nanoseconds since the epoch.
    var wall: () -> UInt64 = KernelClock.wall
    /// Called with each call of `drain`.
    var onDrain: () -> Void = {}
    /// Why it can't follow other needs; nil: it can.
    var refusal: SourceFailure?
    /// What groups used, to be handed over at the next question.
    var uses: [(group: UInt64, member: Int32, use: GroupUse)] = []
    /// What the kernel is said to count of groups.
    var countedKinds: GroupUse.Kinds = []
    private(set) var isFinished = false
    private(set) var isStopped = false

    private var waiting: [RawEvent] = []
    private var notices: [SourceNotice] = []
    private var log = AuditLogBuilder()

    init(_ kind: SourceKind) { self.kind = kind }

    /// What its driver opens: this one.
    func driver(_ coverage: SourceTraits.Coverage, provides: EventTypeSet = .all) -> SourceDriver {
        nonisolated(unsafe) let source = self  // One thread runs all of an embedded run.
        return SourceDriver(
            SourceTraits(kind, coverage: coverage, provides: provides),
            probe: { [kind] in SourceAvailability(kind: kind, isAvailable: true) },
            open: { (_, _) throws(SourceFailure) in source })
    }

    /// Queues the events of a log, perhaps of another node's.
    func put(node: String? = nil, _ build: (inout AuditLogBuilder) -> Void) {
        var log = AuditLogBuilder()
        build(&log)
        var decoder = AuditDecoder(syscalls: .known, source: kind)
        for line in log.text.split(separator: "\n") {
            let prefix = node.map { "node=\($0) " } ?? ""
            decoder.pushLine(Array((prefix + line).utf8).span)
        }
        decoder.finish()
        var event = RawEvent()
        while decoder.next(into: &event) { waiting.append(event) }
    }

    /// Loses events; the next `drain` tells.
    func lose(_ count: UInt64) {
        counters.lostInKernel += count
        notices.append(SourceNotice(kind: .lost, source: kind, message: "\(count) events lost", count: count))
    }

    var hasWaiting: Bool { !waiting.isEmpty || !notices.isEmpty }
    var isDrained: Bool { waiting.isEmpty }

    func drain(into sink: any EventSink) -> Bool {
        onDrain()
        for notice in notices { sink.report(notice) }
        notices = []
        for event in waiting.prefix(batch) {
            var event = event
            event.timeNanoseconds = wall()
            counters.events += 1
            sink.receive(&event)
        }
        waiting.removeFirst(min(batch, waiting.count))
        return true
    }

    func tick(nowNanoseconds: UInt64, into sink: any EventSink) {}

    func drainCallSets(_ body: (_ group: UInt64, _ member: Int32, _ use: GroupUse) -> Void) {
        let new = uses
        uses = []
        for use in new { body(use.group, use.member, use.use) }
    }

    func apply(_ request: SourceRequest, into sink: any EventSink) throws(SourceFailure) {
        if case .needs = request, let refusal { throw refusal }
        requests.append(request)
    }

    func finish() { isFinished = true }
    func endReading() { counters.unread = UInt64(waiting.count) }
    func stop() { isStopped = true }
}
