import EventModel

extension EventFields {
    /// Fields of the json plugin: events whose payload is JSON, which no source here gives.
    static let json = FieldClass("json", "events with a JSON payload; no source here gives them", eventSource: nil) {
        names("json")
        names("jevt")
    }

    private static func names(_ prefix: String) -> [FieldRow] {
        [
            FieldRow(
                unavailable: "\(prefix).value", .string, .key, "the value at a JSON pointer", eventSource: nil
            ),
            FieldRow(unavailable: "\(prefix).obj", "the whole payload", eventSource: nil),
            FieldRow(
                unavailable: "\(prefix).rawtime", "the event's time, nanoseconds since the epoch", eventSource: nil),
        ]
    }
}
