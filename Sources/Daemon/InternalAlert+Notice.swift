import EventModel
import EventSources
import InternalAlerts

extension InternalAlert {
    /// The alert of a source's notice; nil for a plain remark.
    static func of(_ notice: SourceNotice, timeNanoseconds: UInt64) -> Alert? {
        let what: String
        let priority: Priority
        switch notice.kind {
        case .lost: (what, priority) = ("events lost", .error)
        case .tampered: (what, priority) = ("tampered", .critical)
        case .blind: (what, priority) = ("blind", .critical)
        case .recovered: (what, priority) = ("recovered", .notice)
        case .remark: return nil
        }
        return make(
            "Shrike internal: \(notice.source.name) \(what)", priority, notice.message,
            [("source", .string(Array(notice.source.name.utf8)))]
                + (notice.count > 0 ? [("count", .unsigned(notice.count))] : []),
            timeNanoseconds
        )
    }
}
