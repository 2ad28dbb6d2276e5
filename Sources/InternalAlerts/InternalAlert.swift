public import EventModel

/// Shrike's own alerts: what the user must know about the watching itself. Their source is `internal`, as Falco's are.
public enum InternalAlert {
    /// An internal alert. Its text is written with the fields behind the message, `(k=v k=v)`.
    public static func make(
        _ rule: String, _ priority: Priority, _ message: String, _ fields: [(key: String, value: AlertValue)],
        _ timeNanoseconds: UInt64
    ) -> Alert {
        Alert(
            timeNanoseconds: timeNanoseconds, rule: rule, priority: priority, source: "internal", tags: [],
            message: Array(message.utf8), fields: fields
        )
    }
}
