public import EventModel

/// Shrike's own alerts: what the user must know about the watching itself. Their source is `internal`, as Falco's are.
public enum InternalAlert {
    /// An internal alert. Its text is written with the fields behind the message, `(k=v k=v)`. `priority` where the rule has
    /// several; else the rule's.
    public static func make(
        _ rule: InternalRule, priority: Priority? = nil, _ message: String,
        _ fields: [(key: String, value: AlertValue)],
        _ timeNanoseconds: UInt64
    ) -> Alert {
        Alert(
            timeNanoseconds: timeNanoseconds, rule: rule.name, priority: priority ?? rule.priorities.first ?? .critical,
            source: "internal", tags: [], message: Array(message.utf8), fields: fields
        )
    }
}
