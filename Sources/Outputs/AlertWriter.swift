public import EventModel
import JSONTree

/// Writes alerts in Falco's formats: a text line, or a JSON object on one line with its keys in alphabetical order.
public struct AlertWriter: Sendable {
    /// How alerts are written.
    public let format: AlertFormat
    private var timestamps = TimestampWriter()
    private var line: [UInt8] = []

    /// A writer of one format.
    public init(format: AlertFormat) { self.format = format }

    /// Writes an alert over what `bytes` holds, without a newline.
    /// Returns where the priority's word stands in a text line; nil for JSON.
    @discardableResult
    public mutating func write(_ alert: Alert, into bytes: inout [UInt8]) -> Range<Int>? {
        bytes.removeAll(keepingCapacity: true)
        line.removeAll(keepingCapacity: true)
        let priority = composeLine(of: alert)
        guard format.isJSON else {
            // Time and priority hold nothing to escape, so the range stays true.
            bytes.appendEscaped(line)
            return priority
        }
        var json = JSONWriter(continuing: bytes)
        bytes = []  // One owner, so that the writer appends in place.
        writeObject(of: alert, into: &json)
        bytes = json.bytes
        return nil
    }

    /// Makes `TIME: Priority message`, not yet escaped, in `line`; returns where the priority stands.
    private mutating func composeLine(of alert: Alert) -> Range<Int> {
        if format.usesISO8601Time {
            timestamps.appendUTC(alert.timeNanoseconds, to: &line)
            line.append(contentsOf: "+0000".utf8)
        } else {
            timestamps.appendLocal(alert.timeNanoseconds, to: &line)
        }
        line.append(contentsOf: ": ".utf8)
        let start = line.count
        line.append(contentsOf: alert.priority.displayName.utf8)
        let priority = start..<line.count
        line.append(UInt8(ascii: " "))
        line.append(contentsOf: alert.message)
        if alert.isInternal, !alert.fields.isEmpty {
            line.append(contentsOf: " (".utf8)
            for (index, field) in alert.fields.enumerated() {
                if index > 0 { line.append(UInt8(ascii: " ")) }
                line.append(contentsOf: field.key.utf8)
                line.append(UInt8(ascii: "="))
                field.value.appendText(to: &line)
            }
            line.append(UInt8(ascii: ")"))
        }
        return priority
    }

    private mutating func writeObject(of alert: Alert, into json: inout JSONWriter) {
        json.beginObject()
        json.key("hostname")
        if let node = alert.node { json.string(node) } else { json.string(format.hostName) }
        if format.includesMessage, !alert.isInternal {
            json.member("message", alert.message)
        }
        if format.includesOutput {
            json.member("output", line)
        }
        if format.includesOutputFields {
            json.key("output_fields")
            writeFields(of: alert, into: &json)
        }
        json.member("priority", alert.priority.displayName)
        json.member("rule", alert.rule)
        json.member("source", alert.source)
        if format.includesTags, !alert.isInternal {
            json.member("tags", alert.tags)
        }
        json.key("time")
        line.removeAll(keepingCapacity: true)
        timestamps.appendUTC(alert.timeNanoseconds, to: &line)
        line.append(UInt8(ascii: "Z"))
        json.string(line)
        json.endObject()
    }

    /// Writes each key once, in byte order; of a repeated key the last value. A rule's alert also has its time.
    private func writeFields(of alert: Alert, into json: inout JSONWriter) {
        var fields: [String: AlertValue] = [:]
        for field in alert.fields { fields[field.key] = field.value }
        if !alert.isInternal {
            fields[format.usesISO8601Time ? "evt.time.iso8601" : "evt.time"] = .unsigned(alert.timeNanoseconds)
        }
        json.beginObject()
        for (key, value) in fields.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            json.key(key)
            value.write(into: &json)
        }
        json.endObject()
    }
}

extension Alert {
    /// Whether it is Shrike's own alert about itself rather than a rule's.
    var isInternal: Bool { source == "internal" }
}

extension AlertValue {
    /// Writes the value with its type.
    func write(into json: inout JSONWriter) {
        switch self {
        case .null: json.null()
        case .signed(let value): json.number(value)
        case .unsigned(let value): json.number(value)
        case .bool(let value): json.bool(value)
        case .double(let value): json.number(value)
        case .string(let bytes): json.string(bytes)
        case .list(let values):
            json.beginArray()
            for value in values { value.write(into: &json) }
            json.endArray()
        }
    }

    /// Appends the value as text lines show it.
    func appendText(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(contentsOf: "<NA>".utf8)
        case .signed(let value): bytes.append(contentsOf: String(value).utf8)
        case .unsigned(let value): bytes.append(contentsOf: String(value).utf8)
        case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .double(let value): bytes.append(contentsOf: "\(value)".utf8)
        case .string(let text): bytes.append(contentsOf: text)
        case .list(let values):
            bytes.append(UInt8(ascii: "("))
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                value.appendText(to: &bytes)
            }
            bytes.append(UInt8(ascii: ")"))
        }
    }
}
