import EventModel

/// Writes event times. Keeps the calendar text of the last second, since alerts come in bursts.
public struct TimestampWriter: Sendable {
    private var localSecond: Int?
    private var localText: [UInt8] = []
    private var utcSecond: Int?
    private var utcText: [UInt8] = []

    /// A writer that has written nothing yet.
    public init() {}

    /// Appends `HH:MM:SS.nnnnnnnnn` in local time.
    public mutating func appendLocal(_ nanoseconds: UInt64, to bytes: inout [UInt8]) {
        let second = Self.second(of: nanoseconds)
        if second != localSecond {
            localText.removeAll(keepingCapacity: true)
            CalendarTime(nanoseconds, isLocal: true).appendClock(to: &localText)
            localSecond = second
        }
        bytes.append(contentsOf: localText)
        CalendarTime.appendFraction(of: nanoseconds, to: &bytes)
    }

    /// Appends `YYYY-MM-DDTHH:MM:SS.nnnnnnnnn` in UTC; the caller adds the zone as its format writes it.
    public mutating func appendUTC(_ nanoseconds: UInt64, to bytes: inout [UInt8]) {
        let second = Self.second(of: nanoseconds)
        if second != utcSecond {
            let time = CalendarTime(nanoseconds, isLocal: false)
            utcText.removeAll(keepingCapacity: true)
            time.appendDate(to: &utcText)
            utcText.append(UInt8(ascii: "T"))
            time.appendClock(to: &utcText)
            utcSecond = second
        }
        bytes.append(contentsOf: utcText)
        CalendarTime.appendFraction(of: nanoseconds, to: &bytes)
    }

    private static func second(of nanoseconds: UInt64) -> Int { Int(nanoseconds / 1_000_000_000) }
}
