import Glibc

/// A point in time by the calendar: the one place that writes date and clock as digits.
public struct CalendarTime {
    private var parts = tm()

    /// Of nanoseconds since the epoch, in the machine's time zone or in UTC; parts of a second are none of it.
    public init(_ nanoseconds: UInt64, isLocal: Bool) {
        var seconds = time_t(truncatingIfNeeded: nanoseconds / 1_000_000_000)
        if isLocal { localtime_r(&seconds, &parts) } else { gmtime_r(&seconds, &parts) }
    }

    /// How far the time zone is ahead of UTC, seconds.
    public var offsetSeconds: Int { parts.tm_gmtoff }

    /// Adds `YYYY-MM-DD`.
    public func appendDate(to text: inout [UInt8]) {
        text.append(decimal: Self.part(parts.tm_year) + 1900, width: 4)
        text.append(UInt8(ascii: "-"))
        text.append(decimal: Self.part(parts.tm_mon) + 1, width: 2)
        text.append(UInt8(ascii: "-"))
        text.append(decimal: Self.part(parts.tm_mday), width: 2)
    }

    /// Adds `HH:MM:SS`.
    public func appendClock(to text: inout [UInt8]) {
        text.append(decimal: Self.part(parts.tm_hour), width: 2)
        text.append(UInt8(ascii: ":"))
        text.append(decimal: Self.part(parts.tm_min), width: 2)
        text.append(UInt8(ascii: ":"))
        text.append(decimal: Self.part(parts.tm_sec), width: 2)
    }

    /// Adds `.nnnnnnnnn`, the part of a second.
    public static func appendFraction(of nanoseconds: UInt64, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "."))
        text.append(decimal: nanoseconds % 1_000_000_000, width: 9)
    }

    private static func part(_ value: Int32) -> UInt64 { UInt64(max(value, 0)) }
}
