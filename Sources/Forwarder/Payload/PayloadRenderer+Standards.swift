import EventModel
import JSONTree
import Outputs
import Spool

extension PayloadRenderer {
    /// An event of CloudEvents 1.0 in structured mode, with the type and the extensions that Falcosidekick uses.
    func writeCloudEvent(_ document: AlertDocument, to json: inout JSONWriter) {
        let alert = document.alert
        json.beginObject()
        json.member("specversion", "1.0")
        json.member("id", alert.key)
        json.member("source", escaped: Array("/shrike/".utf8) + document.hostText)
        json.member("type", "falco.rule.output.v1")
        json.member("subject", alert.rule)
        if !document.timeText.isEmpty { json.member("time", escaped: document.timeText) }
        json.member("priority", alert.priority.displayName)
        json.member("rule", alert.rule)
        json.member("datacontenttype", "application/json")
        json.key("data")
        writeFalco(document, to: &json)
        json.endObject()
    }

    /// An `ExportLogsServiceRequest` (OTLP 1.x, JSON encoding): 64-bit numbers are texts.
    func writeLogs(_ documents: [AlertDocument], to json: inout JSONWriter) {
        json.beginObject()
        json.key("resourceLogs")
        json.beginArray()
        json.beginObject()
        json.key("resource")
        json.beginObject()
        json.key("attributes")
        json.beginArray()
        writeAttribute("service.name", Array("shrike".utf8), to: &json)
        writeAttribute("host.name", Array(documents.first?.hostText ?? []), to: &json)
        json.endArray()
        json.endObject()
        json.key("scopeLogs")
        json.beginArray()
        json.beginObject()
        json.key("scope")
        json.beginObject()
        json.member("name", "shrike")
        json.endObject()
        json.key("logRecords")
        json.beginArray()
        for document in documents { writeRecord(document, to: &json) }
        json.endArray()
        json.endObject()
        json.endArray()
        json.endObject()
        json.endArray()
        json.endObject()
    }

    private func writeRecord(_ document: AlertDocument, to json: inout JSONWriter) {
        let alert = document.alert
        json.beginObject()
        json.member("timeUnixNano", String(alert.timeNanoseconds))
        json.member("severityNumber", Self.severityNumber(of: alert.priority))
        json.member("severityText", alert.priority.displayName)
        json.key("body")
        json.beginObject()
        json.member("stringValue", escaped: document.messageText)
        json.endObject()
        json.key("attributes")
        json.beginArray()
        for (name, text) in [("falco.rule", alert.rule), ("falco.source", alert.source), ("event.id", alert.key)] {
            var escaped: [UInt8] = []
            escaped.appendEscaped(Array(text.utf8))
            writeAttribute(name, escaped, to: &json)
        }
        writeAttribute("falco.tags", to: &json) { json in
            json.key("arrayValue")
            json.beginObject()
            json.key("values")
            json.beginArray()
            for tag in alert.tags {
                json.beginObject()
                json.member("stringValue", tag)
                json.endObject()
            }
            json.endArray()
            json.endObject()
        }
        for field in document.fields { write(field.value, of: String(decoding: field.name, as: UTF8.self), to: &json) }
        json.endArray()
        json.endObject()
    }

    private func write(_ value: JSONValue, of name: String, to json: inout JSONWriter) {
        switch value.kind {
        case .null: return
        case .string: writeAttribute(name, Array(value.rawText), to: &json)
        case .bool:
            writeAttribute(name, to: &json) { json in
                json.key("boolValue")
                json.value(value)
            }
        case .number:
            writeAttribute(name, to: &json) { json in
                if let whole = value.integer {
                    json.member("intValue", String(whole))
                } else {
                    json.key("doubleValue")
                    json.value(value)
                }
            }
        case .array, .object:
            var text: [UInt8] = []
            text.appendEscaped(Array(value.rawText))
            writeAttribute(name, text, to: &json)
        }
    }

    private func writeAttribute(_ name: String, _ escapedText: [UInt8], to json: inout JSONWriter) {
        writeAttribute(name, to: &json) { json in json.member("stringValue", escaped: escapedText) }
    }

    private func writeAttribute(_ name: String, to json: inout JSONWriter, _ value: (inout JSONWriter) -> Void) {
        json.beginObject()
        json.member("key", name)
        json.key("value")
        json.beginObject()
        value(&json)
        json.endObject()
        json.endObject()
    }

    /// The number of a syslog severity (OpenTelemetry, "Logs data model", appendix B).
    static func severityNumber(of priority: Priority) -> Int {
        switch priority {
        case .emergency: 21
        case .alert: 19
        case .critical: 18
        case .error: 17
        case .warning: 13
        case .notice: 10
        case .informational: 9
        case .debug: 5
        }
    }
}
