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

    /// An internal alert; its message ends with the fields, `(k=v k=v)`.
    static func make(
        _ rule: String, _ priority: Priority, _ message: String, _ fields: [(key: String, value: AlertValue)],
        _ timeNanoseconds: UInt64
    ) -> Alert {
        let shown = fields.map { field in
            switch field.value {
            case .string(let bytes): "\(field.key)=\(String(decoding: bytes, as: UTF8.self))"
            case .unsigned(let number): "\(field.key)=\(number)"
            case .signed(let number): "\(field.key)=\(number)"
            default: "\(field.key)=<NA>"
            }
        }
        let text = fields.isEmpty ? message : "\(message) (\(shown.joined(separator: " ")))"
        return Alert(
            timeNanoseconds: timeNanoseconds, rule: rule, priority: priority, source: "internal", tags: [],
            message: Array(text.utf8), fields: fields
        )
    }
}
