import EventModel

/// What an output has done.
public struct OutputProgress: Sendable, Equatable {
    /// The output's name.
    public var output: String
    /// The last alert that needs no delivery to it any more.
    public var position: Int64
    /// Alerts delivered.
    public var delivered: Int64
    /// Alerts that the receiver refused for good.
    public var rejected: Int64
}

/// The statements of the sensor's end of the spool, and the number of bytes in it.
final class SpoolStore {
    /// Bytes of the alerts in the file.
    private(set) var bytes: Int64

    private let database: Database
    private let insertion: Statement
    private let frontier: Statement
    private let sizeUpTo: Statement
    private let deletionUpTo: Statement
    private let oldest: Statement
    private let leastImportant: Statement
    private let deletion: Statement
    private let cursors: Statement
    /// Rows that one call deletes at most: a long outage's end must not stall the event thread.
    private static let deletionLimit: Int64 = 1000

    init(_ file: SpoolFile, outputs: [String]) throws(SpoolError) {
        database = try file.open()
        let size = "length(payload) + length(rule) + length(key) + \(SpooledAlert.rowOverhead)"
        bytes = try database.prepare("SELECT total(\(size)) FROM alerts").number()
        insertion = try database.prepare(
            "INSERT INTO alerts(time, priority, rule, tags, source, key, payload) VALUES(?, ?, ?, ?, ?, ?, ?)")
        frontier = try database.prepare(
            "SELECT max(id) FROM (SELECT id FROM alerts WHERE id <= (SELECT min(position) FROM cursors) ORDER BY id "
                + "LIMIT \(Self.deletionLimit))")
        sizeUpTo = try database.prepare("SELECT total(\(size)) FROM alerts WHERE id <= ?")
        deletionUpTo = try database.prepare("DELETE FROM alerts WHERE id <= ?")
        oldest = try database.prepare("SELECT id, time, \(size) FROM alerts ORDER BY id LIMIT 1")
        leastImportant = try database.prepare(
            "SELECT id, \(size) FROM alerts ORDER BY priority DESC, id ASC LIMIT 1")
        deletion = try database.prepare("DELETE FROM alerts WHERE id = ?")
        cursors = try database.prepare("SELECT output, position, delivered, rejected FROM cursors ORDER BY output")
        try setOutputs(outputs)
    }

    /// An output that is configured no more must not keep alerts for ever; a new one gets what there is.
    private func setOutputs(_ outputs: [String]) throws(SpoolError) {
        let known = progress().map(\.output)
        let removal = try database.prepare("DELETE FROM cursors WHERE output = ?")
        let addition = try database.prepare("INSERT OR IGNORE INTO cursors VALUES(?, 0, 0, 0)")
        try database.transaction { () throws(SpoolError) in
            for output in known where !outputs.contains(output) {
                removal.bind(1, output)
                try removal.run()
            }
            for output in outputs {
                addition.bind(1, output)
                try addition.run()
            }
        }
    }

    /// Adds alerts in order, all or none.
    func insert(_ alerts: [SpooledAlert]) throws(SpoolError) {
        try database.transaction { () throws(SpoolError) in
            for alert in alerts {
                insertion.bind(1, Int64(clamping: alert.timeNanoseconds))
                insertion.bind(2, Int64(alert.priority.rawValue))
                insertion.bind(3, alert.rule)
                insertion.bind(4, alert.tags.joined(separator: "\n"))
                insertion.bind(5, alert.source)
                insertion.bind(6, alert.key)
                insertion.bind(7, alert.payload)
                try insertion.run()
            }
        }
        for alert in alerts { bytes += alert.size }
    }

    /// Deletes what no output needs any more.
    func deleteDelivered() throws(SpoolError) {
        let last = try frontier.number()
        guard last > 0 else { return }
        sizeUpTo.bind(1, last)
        let freed = try sizeUpTo.number()
        deletionUpTo.bind(1, last)
        try deletionUpTo.run()
        bytes -= freed
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
        var count: UInt64 = 0
        let before = bytes
        do throws(SpoolError) {
            try database.transaction { () throws(SpoolError) in
                while count < Self.deletionLimit, let victim = try next() {
                    deletion.bind(1, victim.id)
                    try deletion.run()
                    bytes -= victim.size
                    count += 1
                }
            }
        } catch {
            bytes = before
            throw error
        }
        return count
    }

    /// What each output has done; empty when it can't be read now.
    func progress() -> [OutputProgress] {
        var found: [OutputProgress] = []
        while (try? cursors.step()) == true {
            found.append(
                OutputProgress(
                    output: cursors.text(0), position: cursors.integer(1), delivered: cursors.integer(2),
                    rejected: cursors.integer(3)))
        }
        return found
    }
}
