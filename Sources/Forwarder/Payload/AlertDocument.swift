import EventModel
import JSONTree
import Outputs
import Spool

/// A spooled alert with its payload parsed: what the payload shapes are made from.
struct AlertDocument {
    let alert: SpooledAlert
    /// Falco's object; nil for a payload that is damaged, which is then sent with what the spool's columns say.
    let root: JSONValue?

    init(_ alert: SpooledAlert) {
        self.alert = alert
        root = (try? JSONDocument(alert.payload))?.root
    }

    /// The text line with time and priority, as it stands inside a JSON string.
    var outputText: ArraySlice<UInt8> { root?["output"]?.rawText ?? Array(alert.rule.utf8)[...] }
    /// The text without time and priority, as it stands inside a JSON string.
    var messageText: ArraySlice<UInt8> { root?["message"]?.rawText ?? outputText }
    /// The node's name, as it stands inside a JSON string.
    var hostText: ArraySlice<UInt8> { root?["hostname"]?.rawText ?? [] }
    /// The event's time in UTC, RFC 3339 with nanoseconds.
    var timeText: ArraySlice<UInt8> { root?["time"]?.rawText ?? [] }
    /// The output's fields, without the event's time, which has a place of its own everywhere.
    var fields: [(name: [UInt8], value: JSONValue)] {
        (root?["output_fields"]?.members ?? []).filter { field in
            !field.name.elementsEqual("evt.time".utf8) && !field.name.elementsEqual("evt.time.iso8601".utf8)
        }
    }
}

extension AlertDocument {
    /// Writes Falco's object with the members that the configuration asks for; the spool has all of them.
    func writeFalco(_ format: AlertFormat, to json: inout JSONWriter) {
        guard let root else {
            json.encoded(alert.payload)
            return
        }
        json.beginObject()
        for member in root.members {
            let name = String(decoding: member.name, as: UTF8.self)
            switch name {
            case "output" where !format.includesOutput: continue
            case "message" where !format.includesMessage: continue
            case "output_fields" where !format.includesOutputFields: continue
            case "tags" where !format.includesTags: continue
            default: break
            }
            json.key(name)
            json.value(member.value)
        }
        json.endObject()
    }

    /// The same by itself.
    func falcoObject(_ format: AlertFormat) -> [UInt8] {
        var json = JSONWriter()
        writeFalco(format, to: &json)
        return json.bytes
    }
}

extension JSONWriter {
    /// Writes a parsed value as it stood in its text.
    mutating func value(_ value: JSONValue) {
        if value.kind == .string { escapedString(value.rawText) } else { encoded(value.rawText) }
    }

    /// Writes a string whose content is escaped already.
    mutating func escapedString(_ text: some Sequence<UInt8>) {
        encoded([UInt8(ascii: "\"")] + Array(text) + [UInt8(ascii: "\"")])
    }

    /// Writes a member whose text is escaped already.
    mutating func member(_ name: String, escaped text: some Sequence<UInt8>) {
        key(name)
        escapedString(text)
    }
}
