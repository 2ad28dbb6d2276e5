import ArgumentParser
import Glibc

/// A time in UTC as an option's value: `2026-11-29T10:00:00Z`, or a day, which is its beginning.
struct PointInTime: ExpressibleByArgument {
    /// Nanoseconds since the epoch.
    let nanoseconds: UInt64

    /// Nil for what is no such text or lies before the epoch.
    init?(argument: String) {
        let form = Array("0000-00-00T00:00:00Z".utf8)
        let text = Array((argument.utf8.count == 10 ? argument + "T00:00:00Z" : argument).utf8)
        guard text.count == form.count else { return nil }
        var numbers: [Int32] = [0]
        for (byte, wanted) in zip(text, form) {
            if wanted == UInt8(ascii: "0"), byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
                numbers[numbers.count - 1] = numbers[numbers.count - 1] * 10 + Int32(byte - UInt8(ascii: "0"))
            } else if byte == wanted, wanted != UInt8(ascii: "0") {
                numbers.append(0)
            } else {
                return nil
            }
        }
        var time = tm()
        (time.tm_year, time.tm_mon, time.tm_mday) = (numbers[0] - 1900, numbers[1] - 1, numbers[2])
        (time.tm_hour, time.tm_min, time.tm_sec) = (numbers[3], numbers[4], numbers[5])
        let seconds = timegm(&time)
        // What is no day, as the 31st of a month with 30, becomes another one.
        let found = [time.tm_mon + 1, time.tm_mday, time.tm_hour, time.tm_min, time.tm_sec]
        guard seconds >= 0, found == Array(numbers[1..<6]) else { return nil }
        nanoseconds = UInt64(seconds) * 1_000_000_000
    }
}
