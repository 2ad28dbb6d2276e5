import ForwarderProtocol
import Spool

/// One output's way through the spool: which alerts come next, and which it needs no more.
final class AlertQueue {
    /// The output's name.
    let output: String
    /// The last alert that the output needs no more.
    private(set) var done: Int64
    /// The last alert that was given out, or passed over because of the filter.
    private(set) var taken: Int64
    /// Up to this alert only one is given at a time: a receiver refused several, and only one of them may be at fault.
    var singlyUntil: Int64 = 0

    /// The same as the spool knows it, and how many deliveries it does not know of.
    private var noted: Int64
    private var unnoted = 0
    private let filter: AlertFilter
    private let spool: SpoolReader
    /// Rows read ahead; few, since the sensor may give up rows when the spool is full.
    private var rows: ArraySlice<SpooledAlert> = []

    private static let readAhead = 64
    private static let bytesAtOnce = 1 << 20

    init(_ output: NetworkOutput, _ spool: SpoolReader) throws(SpoolError) {
        self.output = output.name
        filter = output.filter
        self.spool = spool
        done = try spool.position(of: output.name)
        (taken, noted) = (done, done)
    }

    /// The next alerts behind `taken`, at most `limit` and about a mebibyte.
    func take(_ limit: Int) throws(SpoolError) -> [SpooledAlert] {
        var found: [SpooledAlert] = []
        var bytes = 0
        while true {
            if rows.isEmpty {
                rows = try spool.alerts(after: taken, limit: Self.readAhead, byteLimit: Self.bytesAtOnce)[...]
            }
            guard let alert = rows.first else { break }
            let limit = alert.id <= singlyUntil ? 1 : limit
            if wants(alert) {
                bytes += alert.payload.count
                if found.count >= limit || (!found.isEmpty && bytes > Self.bytesAtOnce) { break }
                found.append(alert)
            } else if found.count >= limit {
                break
            }
            taken = alert.id
            rows.removeFirst()
        }
        return found
    }

    private func wants(_ alert: SpooledAlert) -> Bool {
        // One that is sent again is for the output that had refused it, whatever the filter says now.
        if !alert.output.isEmpty { return alert.output == output }
        return filter.wants(priority: alert.priority, rule: alert.rule, tags: alert.tags, source: alert.source)
    }

    /// Notes that the output needs nothing up to `id` any more, and how many alerts that delivered. What can't be noted now
    /// is noted with the next, or delivered again by the next process.
    func complete(to id: Int64, delivered: Int) throws(SpoolError) {
        done = max(done, id)
        unnoted += delivered
        try note()
    }

    /// Notes that all were passed over, and what could not be noted before; call it when nothing that was given out is open.
    func completePassed() throws(SpoolError) {
        done = max(done, taken)
        if done > noted { try note() }
    }

    private func note() throws(SpoolError) {
        try spool.advance(output, to: done, delivered: unnoted)
        (noted, unnoted) = (done, 0)
    }

    /// Notes that the receiver refused an alert for good. What can't be noted is not done: it is sent and refused again.
    func reject(_ alert: SpooledAlert, status: Int, reason: String) throws(SpoolError) {
        try spool.reject(output, alert, status: status, reason: reason)
        done = max(done, alert.id)
    }

    /// Begins again behind what is done.
    func rewind() {
        taken = done
        rows = []
    }
}
