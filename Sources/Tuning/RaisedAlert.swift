import JSONTree

/// An alert as a JSON output wrote it (`json_output: true`): Falco's keys `rule` and `output_fields`.
public struct RaisedAlert: Sendable, Equatable {
    /// The rule that raised it.
    public var rule: String
    /// The values of its output's fields in written form; those without a value are left out.
    public var fields: [String: String]

    /// An alert of its parts.
    public init(rule: String, fields: [String: String]) {
        self.rule = rule
        self.fields = fields
    }

    /// The alerts of a file, a line each or one over several lines, and how many lines are none.
    public static func all(in bytes: [UInt8]) -> (alerts: [RaisedAlert], otherLines: Int) {
        var alerts: [RaisedAlert] = []
        var others = 0
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            if let alert = RaisedAlert(Array(line)) {
                alerts.append(alert)
            } else if line.contains(where: { $0 > UInt8(ascii: " ") }) {
                others += 1
            }
        }
        if alerts.isEmpty, let only = RaisedAlert(bytes) { return ([only], 0) }
        return (alerts, others)
    }

    /// Reads one alert; nil for anything else.
    init?(_ json: [UInt8]) {
        guard let root = try? JSONDocument(json).root, let rule = root["rule"]?.string,
            let fields = root["output_fields"], fields.kind == .object
        else { return nil }
        self.rule = String(decoding: rule, as: UTF8.self)
        self.fields = [:]
        for (name, value) in fields.members {
            let written: [UInt8]? =
                switch value.kind {
                case .string: value.string
                case .number, .bool: Array(value.rawText)
                case .null, .array, .object: nil
                }
            guard let written else { continue }
            self.fields[String(decoding: name, as: UTF8.self)] = String(decoding: written, as: UTF8.self)
        }
    }
}
