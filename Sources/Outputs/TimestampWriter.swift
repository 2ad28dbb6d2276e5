import Glibc

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
            var (time, parts) = (time_t(second), tm())
            localtime_r(&time, &parts)
            localText.removeAll(keepingCapacity: true)
            Self.appendClock(parts, to: &localText)
            localSecond = second
        }
        bytes.append(contentsOf: localText)
        Self.appendFraction(of: nanoseconds, to: &bytes)
    }

    /// Appends `YYYY-MM-DDTHH:MM:SS.nnnnnnnnn` in UTC; the caller adds the zone as its format writes it.
    public mutating func appendUTC(_ nanoseconds: UInt64, to bytes: inout [UInt8]) {
        let second = Self.second(of: nanoseconds)
        if second != utcSecond {
            var (time, parts) = (time_t(second), tm())
            gmtime_r(&time, &parts)
            utcText.removeAll(keepingCapacity: true)
            Self.append(parts.tm_year + 1900, digits: 4, to: &utcText)
            utcText.append(UInt8(ascii: "-"))
            Self.append(parts.tm_mon + 1, digits: 2, to: &utcText)
            utcText.append(UInt8(ascii: "-"))
            Self.append(parts.tm_mday, digits: 2, to: &utcText)
            utcText.append(UInt8(ascii: "T"))
            Self.appendClock(parts, to: &utcText)
            utcSecond = second
        }
        bytes.append(contentsOf: utcText)
        Self.appendFraction(of: nanoseconds, to: &bytes)
    }

    private static func second(of nanoseconds: UInt64) -> Int { Int(nanoseconds / 1_000_000_000) }

    private static func appendClock(_ parts: tm, to bytes: inout [UInt8]) {
        append(parts.tm_hour, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        append(parts.tm_min, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        append(parts.tm_sec, digits: 2, to: &bytes)
    }

    private static func appendFraction(of nanoseconds: UInt64, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "."))
        append(Int32(nanoseconds % 1_000_000_000), digits: 9, to: &bytes)
    }

    /// Appends a number, not negative, with leading zeros.
    private static func append(_ number: Int32, digits: Int, to bytes: inout [UInt8]) {
        var divisor: Int32 = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }
}
