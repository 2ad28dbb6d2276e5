/// Points in time as documents have them: `2026-11-29T09:15:00Z`.
public enum ProfileTime {
    /// The day of seconds since the epoch, in UTC: `2026-11-29`.
    public static func day(_ seconds: UInt32) -> String { String(text(seconds).prefix(10)) }

    /// The text of seconds since the epoch.
    static func text(_ seconds: UInt32) -> String {
        let (year, month, day) = date(ofDay: Int(seconds / 86_400))
        let second = Int(seconds % 86_400)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(year)-\(two(month))-\(two(day))T\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))Z"
    }

    /// Seconds since the epoch; nil for what is no such text or lies before the epoch or behind 2106.
    static func seconds(_ text: String) -> UInt32? {
        let bytes = Array(text.utf8)
        let form = Array("0000-00-00T00:00:00Z".utf8)
        guard bytes.count == form.count else { return nil }
        var parts: [Int] = [0]
        for (byte, wanted) in zip(bytes, form) {
            if wanted == UInt8(ascii: "0") {
                guard byte.isDigit else { return nil }
                parts[parts.count - 1] = parts[parts.count - 1] * 10 + Int(byte - UInt8(ascii: "0"))
            } else {
                guard byte == wanted else { return nil }
                parts.append(0)
            }
        }
        let (year, month, day, hour, minute, second) = (parts[0], parts[1], parts[2], parts[3], parts[4], parts[5])
        guard hour < 24, minute < 60, second < 60 else { return nil }
        let number = self.day(year: year, month: month, day: day)
        guard number >= 0, date(ofDay: number) == (year, month, day) else { return nil }
        return UInt32(exactly: number * 86_400 + hour * 3600 + minute * 60 + second)
    }

    /// Days since the epoch to a date of the Gregorian calendar (H. Hinnant, chrono-compatible low-level date algorithms).
    private static func date(ofDay day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func day(year: Int, month: Int, day: Int) -> Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        guard shiftedYear >= 0, (1...12).contains(month) else { return -1 }
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension Profile {
    /// When the last event was, `2026-11-29T09:15:00Z`; `never` when there was none.
    public var lastSeenText: String { lastSeen == 0 ? "never" : ProfileTime.text(lastSeen) }
    /// Since when the workload runs the image, likewise.
    public var imageSinceText: String { imageSince == 0 ? "never" : ProfileTime.text(imageSince) }
}
