/// Values that more than one section has.
extension ConfigurationReader {
    /// A text without control characters: a line break would begin a header of its own.
    mutating func headerText(_ value: Setting, _ path: String) -> String? {
        guard let text = text(value, path) else { return nil }
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            diagnostics.error("'\(path)' may not hold line breaks or other control characters", at: value.location)
            return nil
        }
        return text
    }

    /// A time in whole seconds.
    mutating func duration(_ value: Setting, _ path: String, _ range: ClosedRange<Int>) -> Int? {
        if case .null = value.content { return nil }
        if let time = Self.milliseconds(of: scalar(value) ?? ""), time % 1000 == 0, range.contains(time / 1000) {
            return time / 1000
        }
        diagnostics.error(
            "'\(path)' must be a time from \(range.lowerBound)s to \(range.upperBound / 86_400)d, e.g. 12h or 7d"
                + found(value), at: value.location)
        return nil
    }

    /// A time in milliseconds.
    mutating func milliseconds(_ value: Setting, _ path: String, _ range: ClosedRange<Int>) -> Int? {
        if case .null = value.content { return nil }
        if let time = Self.milliseconds(of: scalar(value) ?? ""), range.contains(time) { return time }
        diagnostics.error(
            "'\(path)' must be a time from \(range.lowerBound)ms to \(range.upperBound / 86_400_000)d, e.g. 500ms or 1h30m"
                + found(value), at: value.location)
        return nil
    }

    /// A whole number of seconds, or numbers with units, in any order, as `1h30m` (Prometheus has the same, and the same
    /// lengths of a week and a year); nil for a text that is no time, or too long a time to count.
    private static func milliseconds(of text: String) -> Int? {
        if let number = Int(text) {
            let (time, overflows) = number.multipliedReportingOverflow(by: 1000)
            return overflows ? nil : time
        }
        let units = [
            "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000, "y": 31_536_000_000,
        ]
        var milliseconds = 0
        var rest = text[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(name.count)
            guard let number = Int(digits), let unit = units[String(name)] else { return nil }
            let (part, partOverflows) = number.multipliedReportingOverflow(by: unit)
            let (sum, sumOverflows) = milliseconds.addingReportingOverflow(part)
            guard !partOverflows, !sumOverflows else { return nil }
            milliseconds = sum
        }
        return text.isEmpty ? nil : milliseconds
    }

    /// Sets a target where there is a value.
    func set<Value>(_ target: inout Value, _ value: Value?) {
        if let value { target = value }
    }
}
