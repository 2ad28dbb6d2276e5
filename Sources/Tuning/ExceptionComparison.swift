/// A field of an exception and what it must be.
public struct ExceptionComparison: Sendable, Equatable {
    /// What a value must be.
    public enum Test: Sendable, Equatable {
        /// This.
        case equals(String)
        /// One of these.
        case isOneOf([String])
        /// A path below this one, which ends in a slash.
        case isBelow(String)
    }

    /// The field, as written.
    public var field: String
    /// What its value must be.
    public var test: Test

    /// Whether an alert's value is that.
    public func holds(of alert: RaisedAlert) -> Bool {
        guard let value = alert.fields[field] else { return false }
        return switch test {
        case .equals(let expected): value == expected
        case .isOneOf(let expected): expected.contains(value)
        case .isBelow(let directory): value.hasPrefix(directory)
        }
    }

    /// All the values that it names.
    var values: [String] {
        switch test {
        case .equals(let value), .isBelow(let value): [value]
        case .isOneOf(let values): values
        }
    }

    /// The operator in the rule language.
    var comparator: String {
        switch test {
        case .equals: "="
        case .isOneOf: "in"
        case .isBelow: "startswith"
        }
    }

    /// The narrowest comparison that holds of all values, of a path also the directory that all are below; nil where there is none
    /// that says anything.
    static func covering(_ values: [String], of field: TunableField) -> ExceptionComparison? {
        var distinct: [String] = []
        for value in values where !distinct.contains(value) { distinct.append(value) }
        guard let first = distinct.first, distinct.allSatisfy(canBeWritten) else { return nil }
        if distinct.count == 1 {
            // Of one alert alone nobody knows which of its numbers will be others the next time.
            if field.kind == .words, values.count == 1, isVolatile(first) { return nil }
            return ExceptionComparison(field: field.name, test: .equals(first))
        }
        if distinct.count <= 5, !(field.kind == .words && distinct.contains(where: isVolatile)) {
            return ExceptionComparison(field: field.name, test: .isOneOf(distinct.sorted()))
        }
        guard field.kind == .object, let directory = commonDirectory(distinct) else { return nil }
        return ExceptionComparison(field: field.name, test: .isBelow(directory))
    }

    /// The directory that all paths are below, of two names at least, and none that anybody can write to.
    private static func commonDirectory(_ paths: [String]) -> String? {
        guard let first = paths.first, first.hasPrefix("/") else { return nil }
        var common = first.split(separator: "/").dropLast()
        for path in paths.dropFirst() {
            guard path.hasPrefix("/") else { return nil }
            let names = path.split(separator: "/").dropLast()
            common = common.prefix(zip(common, names).prefix { $0 == $1 }.count)
        }
        let directory = "/" + common.joined(separator: "/") + "/"
        return common.count >= 2 && !ProgramPath.isWritableByAnybody(directory) ? directory : nil
    }

    /// Whether it holds what is often another each time: three digits in a row.
    private static func isVolatile(_ text: String) -> Bool {
        var run = 0
        for byte in text.utf8 {
            run = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? run + 1 : 0
            if run == 3 { return true }
        }
        return false
    }

    /// Whether a value can stand in quotation marks in a condition, and is not one that an output has cut or replaced in parts.
    private static func canBeWritten(_ value: String) -> Bool {
        !value.isEmpty && value != "<NA>" && value.utf8.count <= 1024
            && !value.unicodeScalars.contains {
                $0.value < 0x20 || $0.value == 0x7F || $0 == "\"" || $0 == "\\" || $0 == "\u{FFFD}"
            }
    }
}
