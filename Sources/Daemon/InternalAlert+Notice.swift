import EventModel
import EventSources
import InternalAlerts

extension InternalAlert {
    /// The alert of a source's notice; nil for a plain remark.
    static func of(_ notice: SourceNotice, timeNanoseconds: UInt64) -> Alert? {
        let rule: InternalRule
        switch notice.kind {
        case .lost: rule = .lost(notice.source)
        case .tampered: rule = .tampered(notice.source)
        case .blind: rule = .blind(notice.source)
        case .recovered: rule = .recovered(notice.source)
        case .remark: return nil
        }
        return make(
            rule, notice.message,
            [("source", .string(Array(notice.source.name.utf8)))]
                + (notice.count > 0 ? [("count", .unsigned(notice.count))] : []),
            timeNanoseconds
        )
    }
}
