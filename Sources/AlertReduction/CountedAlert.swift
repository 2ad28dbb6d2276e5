import EventModel
import Outputs

/// An alert on its way out, and how many alerts of its rule it stands for.
public struct CountedAlert {
    /// The alert.
    public var alert: Alert
    /// 1 for an alert that stands for itself.
    public var count: UInt64 = 1
    /// The time of the first of them, nanoseconds since the epoch; the alert's own time is that of the last.
    public var firstTimeNanoseconds: UInt64

    /// An alert that stands for itself.
    init(_ alert: Alert) {
        self.alert = alert
        firstTimeNanoseconds = alert.timeNanoseconds
    }

    /// `YYYY-MM-DDTHH:MM:SS.nnnnnnnnnZ`.
    static func timeText(_ nanoseconds: UInt64) -> [UInt8] {
        var writer = TimestampWriter()
        var text: [UInt8] = []
        writer.appendUTC(nanoseconds, to: &text)
        return text + [UInt8(ascii: "Z")]
    }
}
