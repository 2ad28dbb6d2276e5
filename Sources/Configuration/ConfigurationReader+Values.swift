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

    /// A time in seconds: a whole number, or numbers with units, largest first or not, as `1h30m` (Prometheus has the same).
    mutating func duration(_ value: Setting, _ path: String, _ range: ClosedRange<Int>) -> Int? {
        if case .null = value.content { return nil }
        if let seconds = Self.seconds(of: scalar(value) ?? ""), range.contains(seconds) { return seconds }
        diagnostics.error(
            "'\(path)' must be a time from \(range.lowerBound)s to \(range.upperBound / 86_400)d, e.g. 12h or 7d"
                + found(value), at: value.location)
        return nil
    }

    /// Whole seconds; nil for a text that is no time, or no whole number of seconds, or too long a time to count.
    private static func seconds(of text: String) -> Int? {
        if let number = Int(text) { return number }
        let units = ["ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
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
        return text.isEmpty || milliseconds % 1000 != 0 ? nil : milliseconds / 1000
    }

    /// Sets a target where there is a value.
    func set<Value>(_ target: inout Value, _ value: Value?) {
        if let value { target = value }
    }
}
