import EventModel

/// The statements of the sensor's end of the spool, and how much is in it.
final class SpoolStore {
    /// Bytes of the alerts in the file.
    private(set) var bytes: Int64
    /// How many alerts are in the file.
    private var count: Int64
    /// The last id that was counted: `shrike spool retry` adds alerts, too.
    private var countedID: Int64

    private let database: Database
    private let insertion: Statement
    private let frontier: Statement
    private let sizeUpTo: Statement
    private let deletionUpTo: Statement
    private let oldest: Statement
    private let leastImportant: Statement
    private let deletion: Statement
    private let cursors: Statement
    private let lastID: Statement
    private let sums: Statement
    private let oldestWaiting: Statement
    /// Rows that one call deletes at most: a long outage's end must not stall the event thread.
    private static let deletionLimit: Int64 = 1000

    init(_ file: SpoolFile, outputs: [String]) throws(SpoolError) {
        database = try file.open()
        let size = "length(payload) + length(rule) + length(key) + \(SpooledAlert.rowOverhead)"
        (bytes, count, countedID) = (0, 0, -1)
        sums = try database.prepare("SELECT total(\(size)), count(*) FROM alerts")
        insertion = try database.prepare(
            "INSERT INTO alerts(time, priority, rule, tags, source, key, payload, output) VALUES(?, ?, ?, ?, ?, ?, ?, ?)"
        )
        frontier = try database.prepare(
            "SELECT max(id) FROM (SELECT id FROM alerts WHERE id <= (SELECT min(position) FROM cursors) ORDER BY id "
                + "LIMIT \(Self.deletionLimit))")
        sizeUpTo = try database.prepare("SELECT total(\(size)) FROM alerts WHERE id <= ?")
        deletionUpTo = try database.prepare("DELETE FROM alerts WHERE id <= ?")
        // What is sent again at an operator's word may be as old as it is.
        oldest = try database.prepare("SELECT id, time, \(size) FROM alerts WHERE output = '' ORDER BY id LIMIT 1")
        leastImportant = try database.prepare(
            "SELECT id, \(size) FROM alerts ORDER BY priority DESC, id ASC LIMIT 1")
        deletion = try database.prepare("DELETE FROM alerts WHERE id = ?")
        cursors = try database.prepare("SELECT output, position, delivered, rejected FROM cursors ORDER BY output")
        // Deleted alerts count, so that an id is used once (sqlite.org/autoinc.html).
        lastID = try database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'alerts'")
        oldestWaiting = try database.prepare(
            "SELECT time FROM alerts WHERE id > (SELECT min(position) FROM cursors) ORDER BY id LIMIT 1")
        _ = try setOutputs(outputs, newBeginNow: false)
        try recount()
    }

    /// Counts again when somebody else has added alerts.
    private func recount() throws(SpoolError) {
        let last = try lastID.number()
        guard last != countedID, try sums.step() else { return }
        defer { sums.reset() }
        (bytes, count, countedID) = (sums.integer(0), sums.integer(1), last)
    }

    /// An output that is configured no more must not keep alerts for ever. Gives those that are removed.
    ///
    /// - Parameter newBeginNow: a new output gets only what comes; else what there is, too.
    func setOutputs(_ outputs: [String], newBeginNow: Bool) throws(SpoolError) -> [OutputProgress] {
        let removed = progress().filter { !outputs.contains($0.output) }
        let removal = try database.prepare("DELETE FROM cursors WHERE output = ?")
        let addition = try database.prepare("INSERT OR IGNORE INTO cursors VALUES(?, ?, 0, 0)")
        try database.transaction { () throws(SpoolError) in
            for output in removed {
                removal.bind(1, output.output)
                try removal.run()
            }
            let start = newBeginNow ? try lastID.number() : 0
            for output in outputs {
                addition.bind(1, output)
                addition.bind(2, start)
                try addition.run()
            }
        }
        return removed
    }

    /// Adds alerts in order, all or none.
    func insert(_ alerts: [SpooledAlert]) throws(SpoolError) {
        try database.transaction { () throws(SpoolError) in
            try recount()
            for alert in alerts {
                insertion.bind(1, Int64(clamping: alert.timeNanoseconds))
                insertion.bind(2, Int64(alert.priority.rawValue))
                insertion.bind(3, alert.rule)
                insertion.bind(4, alert.tags.joined(separator: "\n"))
                insertion.bind(5, alert.source)
                insertion.bind(6, alert.key)
                insertion.bind(7, alert.payload)
                insertion.bind(8, alert.output)
                try insertion.run()
            }
        }
        for alert in alerts { bytes += alert.size }
        count += Int64(alerts.count)
        countedID &+= Int64(alerts.count)
    }

    /// What some output is not done with, in order, up to a number of bytes; and how many more there are.
    func undelivered(byteLimit: Int64) throws(SpoolError) -> (alerts: [SpooledAlert], more: UInt64) {
        let selection = try database.prepare(
            "SELECT \(SpooledAlert.columns) FROM alerts WHERE id > (SELECT min(position) FROM cursors) ORDER BY id")
        var found: [SpooledAlert] = []
        var (size, more): (Int64, UInt64) = (0, 0)
        while try selection.step() {
            let alert = SpooledAlert(row: selection)
            size += alert.size
            if size <= byteLimit { found.append(alert) } else { more += 1 }
        }
        return (found, more)
    }

    /// Deletes what no output needs any more.
    func deleteDelivered() throws(SpoolError) {
        try recount()
        let last = try frontier.number()
        guard last > 0 else { return }
        sizeUpTo.bind(1, last)
        let freed = try sizeUpTo.number()
        deletionUpTo.bind(1, last)
        try deletionUpTo.run()
        bytes -= freed
        count -= database.changes
    }

    /// Deletes alerts of events before `seconds` since the epoch; gives how many.
    func deleteOlder(than seconds: Int64) throws(SpoolError) -> UInt64 {
        let (limit, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflows else { return 0 }
        return try delete { () throws(SpoolError) in
            guard try oldest.step() else { return nil }
            defer { oldest.reset() }
            return oldest.integer(1) < limit ? (oldest.integer(0), oldest.integer(2)) : nil
        }
    }

    /// Deletes the least severe alerts, the oldest of them first, until at most `limit` bytes are left; gives how many.
    func deleteLeastImportant(downTo limit: Int64) throws(SpoolError) -> UInt64 {
        guard bytes > limit else { return 0 }
        return try delete { () throws(SpoolError) in
            guard bytes > limit, try leastImportant.step() else { return nil }
            defer { leastImportant.reset() }
            return (leastImportant.integer(0), leastImportant.integer(1))
        }
    }

    private func delete(next: () throws(SpoolError) -> (id: Int64, size: Int64)?) throws(SpoolError) -> UInt64 {
        guard try next() != nil else { return 0 }
        var deleted: Int64 = 0
        let before = bytes
        do throws(SpoolError) {
            try database.transaction { () throws(SpoolError) in
                while deleted < Self.deletionLimit, let victim = try next() {
                    deletion.bind(1, victim.id)
                    try deletion.run()
                    bytes -= victim.size
                    deleted += 1
                }
            }
        } catch {
            bytes = before
            throw error
        }
        count -= deleted
        return UInt64(deleted)
    }

    /// What each output has done; empty when it can't be read now. The forwarder writes these numbers, and isn't trusted: none is
    /// negative, whatever stands there.
    func progress() -> [OutputProgress] {
        let last = max(0, (try? lastID.number()) ?? 0)
        var found: [OutputProgress] = []
        while (try? cursors.step()) == true {
            let position = max(0, cursors.integer(1))
            found.append(
                OutputProgress(
                    output: cursors.text(0), position: position, delivered: max(0, cursors.integer(2)),
                    rejected: max(0, cursors.integer(3)), queued: max(0, min(last - position, count))))
        }
        return found
    }

    /// How many alerts some output is not done with; as many as there are where the file doesn't tell.
    var undeliveredCount: UInt64 { UInt64(clamping: progress().map(\.queued).max() ?? count) }

    /// What is in the spool. Cheap: nothing is counted anew.
    func status() -> SpoolStatus {
        var status = SpoolStatus()
        status.outputs = progress()
        status.alerts = status.outputs.map(\.queued).max() ?? 0
        status.bytes = max(0, bytes)
        if (try? oldestWaiting.step()) == true {
            status.oldestNanoseconds = UInt64(clamping: oldestWaiting.integer(0))
            oldestWaiting.reset()
        }
        return status
    }
}
