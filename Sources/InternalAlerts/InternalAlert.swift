import EventModel
import EventSources

/// Shrike's own alerts: what the user must know about the watching itself. Their source is `internal`, as Falco's are.
enum InternalAlert {
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

    /// An internal alert. Its text is written with the fields behind the message, `(k=v k=v)`.
    static func make(
        _ rule: String, _ priority: Priority, _ message: String, _ fields: [(key: String, value: AlertValue)],
        _ timeNanoseconds: UInt64
    ) -> Alert {
        Alert(
            timeNanoseconds: timeNanoseconds, rule: rule, priority: priority, source: "internal", tags: [],
            message: Array(message.utf8), fields: fields
        )
    }
}
