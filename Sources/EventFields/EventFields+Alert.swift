import EventModel

extension EventFields {
    /// Fields that no event has: what an alert knows beside it. The alert's builder fills them.
    static let alert = FieldClass("alert", "what an alert knows beside its event", eventSource: nil) {
        row("correlation.count", .u64, "the events, different values or steps that a correlation joined")
        row("correlation.first", .u64, "when the first of them was; in JSON nanoseconds since the epoch")
        row("correlation.lost", .u64, "how many events sources lost since then, as far as they know")
        row("incident.id", .string, "tells the incident from others: alerts of one process tree are one")
        row("incident.first", .u64, "when the incident's first alert was; in JSON nanoseconds since the epoch")
        row("incident.count", .u64, "which of the incident's alerts this is, from 1")
    }

    private static func row(_ name: String, _ type: FieldType, _ meaning: String) -> FieldRow {
        FieldRow(name, type, .outputOnly, meaning, eventSource: nil, .event { _, _ in .null })
    }
}
