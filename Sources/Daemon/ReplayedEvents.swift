import AuditRecords
import Detection
import EventModel
import EventSources
import NodeState
import Outputs

/// Takes what a log tells: of another time, and perhaps of another machine. So no process in it is this one, and repeats are
/// held back by the events' times: a log is read in less time than it tells of.
final class ReplayedEvents: EventSink {
    /// Where alerts go.
    let delivery: AlertDelivery

    private var detection: Detection
    private var seccompWatch = SeccompWatch()
    /// The latest time of an event; those of events may go back, this one does not.
    private var time: UInt64 = 0

    /// Takes events for a detection.
    init(_ detection: consuming Detection, _ delivery: AlertDelivery) {
        self.detection = detection
        self.delivery = delivery
    }

    func receive(_ event: inout RawEvent) {
        time = max(time, event.timeNanoseconds)
        let now = time
        detection.take(&event, now: { now }, send: { delivery.deliver($0) })
    }

    func receive(_ record: SeccompRecord) {
        if let alert = seccompWatch.alert(of: record, by: detection.state.process(pid: record.pid)) {
            delivery.deliver(alert)
        }
    }

    func report(_ notice: SourceNotice) {
        if notice.kind == .lost { detection.noteLoss(max(notice.count, 1), timeNanoseconds: time) }
        delivery.report(notice)
    }

    /// Delivers what is held back, closes the outputs and gives the counts.
    func finish(_ counters: SourceCounters) -> RunSummary {
        detection.flush(now: time, send: { delivery.deliver($0) })
        return RunSummary(detection, delivery, [(.auditLog, counters)])
    }
}
