import CSQLite
import EventModel
import Glibc

/// The forwarder's end of the spool: reads alerts in order and keeps what each output has done.
public final class SpoolReader {
    private let database: Database
    private let selection: Statement
    private let position: Statement
    private let advance: Statement
    private let rejection: Statement
    private let rejectionTrim: Statement
    private let waiting: Statement
    /// Refused alerts that are kept for whoever looks into it, all outputs together.
    private static let rejectedLimit = 1000

    /// Opens a spool that a writer has open. All files are open when this returns, so that the process may give up the
    /// right to open them.
    public init(path: String) throws(SpoolError) {
        database = try Database(path: path, busyMilliseconds: 2000)
        try database.execute(
            "PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=0; PRAGMA cell_size_check=ON"
        )
        selection = try database.prepare(
            "SELECT \(SpooledAlert.columns) FROM alerts WHERE id > ? ORDER BY id LIMIT ?")
        position = try database.prepare("SELECT position FROM cursors WHERE output = ?")
        advance = try database.prepare(
            "UPDATE cursors SET position = max(position, ?2), delivered = delivered + ?3, rejected = rejected + ?4 "
                + "WHERE output = ?1")
        rejection = try database.prepare(
            "INSERT INTO rejected(output, alert, status, reason, payload, time, priority, rule, tags, source, key) "
                + "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        rejectionTrim = try database.prepare(
            "DELETE FROM rejected WHERE id <= (SELECT max(id) FROM rejected) - \(Self.rejectedLimit)")
        waiting = try database.prepare("SELECT count(*) FROM alerts WHERE id > ?")
        _ = try waiting.number()
    }

    /// The last alert that `output` needs no more.
    public func position(of output: String) throws(SpoolError) -> Int64 {
        position.bind(1, output)
        return try position.number()
    }

    /// The next alerts behind an id, in order.
    ///
    /// - Parameters:
    ///   - limit: at most so many, 1 or more.
    ///   - byteLimit: no more alerts once their payloads have so many bytes; the first always comes.
    public func alerts(after id: Int64, limit: Int, byteLimit: Int) throws(SpoolError) -> [SpooledAlert] {
        selection.bind(1, id)
        selection.bind(2, Int64(limit))
        defer { selection.reset() }
        var found: [SpooledAlert] = []
        var bytes = 0
        while bytes < byteLimit, try selection.step() {
            let alert = SpooledAlert(row: selection)
            bytes += alert.payload.count
            found.append(alert)
        }
        return found
    }

    /// Notes that `output` needs nothing up to `id` any more, and how many alerts that delivered.
    public func advance(_ output: String, to id: Int64, delivered: Int) throws(SpoolError) {
        try note(output, id, delivered: delivered, rejected: 0)
    }

    /// Notes that the receiver refused an alert for good, and keeps it for whoever looks into it.
    public func reject(_ output: String, _ alert: SpooledAlert, status: Int, reason: String) throws(SpoolError) {
        try database.transaction { () throws(SpoolError) in
            rejection.bind(1, output)
            rejection.bind(2, alert.id)
            rejection.bind(3, Int64(status))
            rejection.bind(4, reason)
            rejection.bind(5, alert.payload)
            rejection.bind(6, Int64(clamping: alert.timeNanoseconds))
            rejection.bind(7, Int64(alert.priority.rawValue))
            rejection.bind(8, alert.rule)
            rejection.bind(9, alert.tags.joined(separator: "\n"))
            rejection.bind(10, alert.source)
            rejection.bind(11, alert.key)
            try rejection.run()
            try rejectionTrim.run()
            try note(output, alert.id, delivered: 0, rejected: 1)
        }
    }

    private func note(_ output: String, _ id: Int64, delivered: Int, rejected: Int) throws(SpoolError) {
        advance.bind(1, output)
        advance.bind(2, id)
        advance.bind(3, Int64(delivered))
        advance.bind(4, Int64(rejected))
        try advance.run()
    }

    /// Moves the log into the file, which waits for the disk: better here than in the process that watches.
    public func checkpoint() throws(SpoolError) { try database.execute("PRAGMA wal_checkpoint(PASSIVE)") }
}
