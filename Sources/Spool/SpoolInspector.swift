import CSQLite
import EventModel
import Glibc
import KernelInterface

/// An alert that a receiver refused for good.
public struct RejectedAlert: Sendable, Equatable {
    /// Its number among the refused ones.
    public var id: Int64
    /// The output whose receiver refused it.
    public var output: String
    /// The HTTP status.
    public var status: Int
    /// What the receiver said.
    public var reason: String
    /// The alert; its id is the one that it had in the spool.
    public var alert: SpooledAlert
}

/// The operator's end of the spool: looks at it and gives refused alerts back, whether Shrike runs or not.
public final class SpoolInspector {
    private let database: Database

    /// Opens a spool that is there.
    public init(path: String) throws(SpoolError) {
        guard access(path, F_OK) == 0 else { throw .system(KernelError(call: "open", object: path, errno: errno)) }
        guard access(path, R_OK | W_OK) == 0 else {
            throw .system(
                KernelError(
                    call: "open", object: path, errno: errno,
                    hint: "run this as root, or as the user that Shrike runs as"))
        }
        database = try Database(path: path, busyMilliseconds: 5000)
        let version = try database.prepare("PRAGMA user_version").number()
        guard version == SpoolFile.version else {
            throw .failed("it is of version \(version), and this program knows \(SpoolFile.version)")
        }
    }

    /// What is in it. Counts the alerts, so it takes its time on a full spool.
    public func status() throws(SpoolError) -> SpoolStatus {
        var status = SpoolStatus()
        let sums = try database.prepare(
            "SELECT total(length(payload) + length(rule) + length(key) + \(SpooledAlert.rowOverhead)) FROM alerts")
        status.bytes = try sums.number()
        let cursors = try database.prepare(
            "SELECT output, position, delivered, rejected, (SELECT count(*) FROM alerts WHERE id > position AND "
                + "alerts.output IN ('', cursors.output)) FROM cursors ORDER BY output")
        while try cursors.step() {
            status.outputs.append(
                OutputProgress(
                    output: cursors.text(0), position: cursors.integer(1), delivered: cursors.integer(2),
                    rejected: cursors.integer(3), queued: cursors.integer(4)))
        }
        let waiting = "FROM alerts WHERE id > (SELECT min(position) FROM cursors)"
        status.alerts = try database.prepare("SELECT count(*) \(waiting)").number()
        if status.alerts > 0 {
            status.oldestNanoseconds = UInt64(
                clamping: try database.prepare("SELECT time \(waiting) ORDER BY id LIMIT 1").number())
        }
        return status
    }

    /// The refused alerts that are kept, in the order in which they were refused.
    ///
    /// - Parameter output: only this output's; nil: all.
    public func rejected(output: String? = nil) throws(SpoolError) -> [RejectedAlert] {
        let rows = try database.prepare(
            "SELECT id, output, alert, status, reason, payload, time, priority, rule, tags, source, key FROM rejected "
                + "WHERE ?1 = '' OR output = ?1 ORDER BY id")
        rows.bind(1, output ?? "")
        var found: [RejectedAlert] = []
        while try rows.step() {
            let alert = SpooledAlert(
                id: rows.integer(2), timeNanoseconds: UInt64(clamping: rows.integer(6)),
                priority: Priority(rawValue: UInt8(clamping: rows.integer(7))) ?? .debug, rule: rows.text(8),
                tags: rows.text(9).split(separator: "\n").map(String.init), source: rows.text(10), key: rows.text(11),
                payload: rows.bytes(5))
            found.append(
                RejectedAlert(
                    id: rows.integer(0), output: rows.text(1), status: Int(rows.integer(3)), reason: rows.text(4),
                    alert: alert))
        }
        return found
    }

    /// Puts refused alerts behind all others again, each for the output that had refused it, with the same key. Those of
    /// outputs that are configured no more stay where they are.
    ///
    /// - Parameter output: only this output's; nil: all.
    /// - Returns: how many are on their way.
    public func retry(output: String? = nil) throws(SpoolError) -> Int {
        let choice = "(?1 = '' OR output = ?1) AND output IN (SELECT output FROM cursors)"
        let insertion = try database.prepare(
            "INSERT INTO alerts(time, priority, rule, tags, source, key, payload, output) SELECT time, priority, rule, "
                + "tags, source, key, payload, output FROM rejected WHERE \(choice) ORDER BY id")
        let deletion = try database.prepare("DELETE FROM rejected WHERE \(choice)")
        var count: Int64 = 0
        try database.transaction { () throws(SpoolError) in
            insertion.bind(1, output ?? "")
            try insertion.run()
            count = database.changes
            deletion.bind(1, output ?? "")
            try deletion.run()
        }
        return Int(count)
    }
}
