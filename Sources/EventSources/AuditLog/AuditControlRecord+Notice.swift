import AuditRecords
import EventModel

extension AuditControlRecord {
    /// What the user should know of a record in a log that somebody else's rules fill; nil when it takes nothing away.
    func notice(_ source: SourceKind) -> SourceNotice? {
        let who = pid > 0 ? "process \(pid)" : "a process"
        let what = String(decoding: text, as: UTF8.self)
        switch (type.name, operation) {
        case ("CONFIG_CHANGE", "remove_rule"):
            return SourceNotice(kind: .tampered, source: source, message: "\(who) removed an audit rule: \(what)")
        case ("CONFIG_CHANGE", "set") where what.contains("audit_enabled=0"):
            return SourceNotice(kind: .blind, source: source, message: "\(who) disabled audit: \(what)")
        case ("CONFIG_CHANGE", "set") where what.contains("audit_enabled="):
            return SourceNotice(kind: .recovered, source: source, message: "\(who) enabled audit: \(what)")
        case ("CONFIG_CHANGE", "set") where what.contains("audit_pid=") || what.contains("audit_rate_limit="):
            return SourceNotice(kind: .tampered, source: source, message: "\(who) changed audit: \(what)")
        case ("DAEMON_END", _), ("DAEMON_ABORT", _):
            return SourceNotice(
                kind: .blind, source: source, message: "auditd ended, nothing is logged any more: \(what)"
            )
        case ("DAEMON_START", _), ("DAEMON_RESUME", _):
            return SourceNotice(kind: .recovered, source: source, message: "auditd started: \(what)")
        case ("DAEMON_ERR", _):
            return SourceNotice(kind: .lost, source: source, message: "auditd reports an error: \(what)")
        default:
            return nil
        }
    }
}
