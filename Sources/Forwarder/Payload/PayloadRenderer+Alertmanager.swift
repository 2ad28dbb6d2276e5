import EventModel
import JSONTree
import Outputs
import Spool

extension PayloadRenderer {
    /// An alert of Alertmanager's API v2 (`postableAlert`). Labels are an alert's identity there: equal alerts are one, and
    /// it ends by Alertmanager's own `resolve_timeout`.
    func writeAlertmanager(_ document: AlertDocument, to json: inout JSONWriter) {
        let alert = document.alert
        json.beginObject()
        json.key("labels")
        json.beginObject()
        json.member("alertname", alert.rule)
        json.member("hostname", escaped: document.hostText)
        json.member("priority", alert.priority.displayName)
        json.member("severity", alert.priority.displayName.lowercased())
        json.member("source", alert.source)
        var used: Set<String> = ["alertname", "hostname", "priority", "severity", "source"]
        for field in document.fields {
            let name = Self.labelName(field.name)
            // Two fields may become one name; a repeated member would be an error to some parsers.
            guard used.insert(name).inserted else { continue }
            switch field.value.kind {
            case .string: json.member(name, escaped: field.value.rawText)
            case .number, .bool: json.member(name, escaped: field.value.rawText)
            case .null, .array, .object: continue
            }
        }
        json.endObject()
        json.key("annotations")
        json.beginObject()
        json.member("description", escaped: document.outputText)
        json.member("summary", escaped: document.messageText)
        json.member("tags", alert.tags.joined(separator: ","))
        json.member("idempotency_key", alert.key)
        json.endObject()
        json.member("startsAt", escaped: document.timeText)
        json.endObject()
    }

    /// A field's name as a label: `[a-zA-Z_][a-zA-Z0-9_]*` (Prometheus, "Data model").
    static func labelName(_ field: [UInt8]) -> String {
        var name: [UInt8] = []
        for byte in field {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): name.append(byte)
            case UInt8(ascii: "0")...UInt8(ascii: "9") where !name.isEmpty: name.append(byte)
            case UInt8(ascii: "]"): break
            default: name.append(UInt8(ascii: "_"))
            }
        }
        return name.isEmpty ? "_" : String(decoding: name, as: UTF8.self)
    }
}
