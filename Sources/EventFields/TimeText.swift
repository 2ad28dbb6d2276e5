import EventModel

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
        let time = CalendarTime(nanoseconds, isLocal: form != .iso8601)
        append { text in
            if form != .timeOfDay {
                time.appendDate(to: &text)
                text.append(form == .iso8601 ? UInt8(ascii: "T") : UInt8(ascii: " "))
            }
            time.appendClock(to: &text)
            if fraction { CalendarTime.appendFraction(of: nanoseconds, to: &text) }
        }
        switch form {
        case .iso8601: append("+0000")
        case .withOffset: append(offset: time.offsetSeconds)
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
