import Spool

/// One output's way through the spool: which alerts come next, and which it needs no more.
final class AlertQueue {
    /// The output's name.
    let output: String
    /// The last alert that the output needs no more, as the spool knows it.
    private(set) var done: Int64
    /// The last alert that was given out, or passed over because of the filter.
    private(set) var taken: Int64
    /// Up to this alert only one is given at a time: a receiver refused several, and only one of them may be at fault.
    var singlyUntil: Int64 = 0

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
        taken = done
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

    /// Notes that the output needs nothing up to `id` any more, and how many alerts that delivered.
    func complete(to id: Int64, delivered: Int) throws(SpoolError) {
        do throws(SpoolError) { try spool.advance(output, to: id, delivered: delivered) } catch {
            rewind()
            throw error
        }
        done = max(done, id)
    }

    /// Notes that all were passed over; call it when nothing that was given out is open.
    func completePassed() throws(SpoolError) {
        if taken > done { try complete(to: taken, delivered: 0) }
    }

    /// Notes that the receiver refused an alert for good.
    func reject(_ alert: SpooledAlert, status: Int, reason: String) throws(SpoolError) {
        do throws(SpoolError) { try spool.reject(output, alert, status: status, reason: reason) } catch {
            rewind()
            throw error
        }
        done = max(done, alert.id)
    }

    /// Begins again behind what is done.
    func rewind() {
        taken = done
        rows = []
    }
}
