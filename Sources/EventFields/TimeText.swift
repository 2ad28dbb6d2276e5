import EventModel
import Glibc

/// How a point in time is written.
enum TimeForm {
    /// `HH:MM:SS`, local.
    case timeOfDay
    /// `YYYY-MM-DD HH:MM:SS`, local.
    case dateAndTime
    /// `YYYY-MM-DDTHH:MM:SS`, UTC, with `+0000` behind.
    case iso8601
    /// As `dateAndTime`, always with nanoseconds, and the zone's offset behind: how times among the arguments are shown.
    case withOffset
}

extension ValueArena {
    /// A text value of a time.
    mutating func time(_ nanoseconds: UInt64, _ form: TimeForm, fraction: Bool) -> FieldValue {
        let start = mark
        append(time: nanoseconds, form, fraction: fraction)
        return string(from: start)
    }

    /// Adds a time as text.
    mutating func append(time nanoseconds: UInt64, _ form: TimeForm, fraction: Bool) {
        var seconds = time_t(truncatingIfNeeded: nanoseconds / nanosecondsPerSecond)
        var parts = tm()
        if case .iso8601 = form {
            gmtime_r(&seconds, &parts)
        } else {
            localtime_r(&seconds, &parts)
        }
        func part(_ value: Int32) -> UInt64 { UInt64(max(value, 0)) }
        if form != .timeOfDay {
            append(decimal: part(parts.tm_year) + 1900, width: 4)
            append(UInt8(ascii: "-"))
            append(decimal: part(parts.tm_mon) + 1, width: 2)
            append(UInt8(ascii: "-"))
            append(decimal: part(parts.tm_mday), width: 2)
            append(form == .iso8601 ? UInt8(ascii: "T") : UInt8(ascii: " "))
        }
        append(decimal: part(parts.tm_hour), width: 2)
        append(UInt8(ascii: ":"))
        append(decimal: part(parts.tm_min), width: 2)
        append(UInt8(ascii: ":"))
        append(decimal: part(parts.tm_sec), width: 2)
        if fraction {
            append(UInt8(ascii: "."))
            append(decimal: nanoseconds % nanosecondsPerSecond, width: 9)
        }
        switch form {
        case .iso8601: append("+0000")
        case .withOffset: append(offset: parts.tm_gmtoff)
        case .timeOfDay, .dateAndTime: break
        }
    }

    /// Adds the offset of a time zone, `+hhmm`.
    private mutating func append(offset seconds: Int) {
        append(seconds < 0 ? " -" : " +")
        let minutes = UInt64(seconds.magnitude / 60)
        append(decimal: minutes / 60, width: 2)
        append(decimal: minutes % 60, width: 2)
    }
}
