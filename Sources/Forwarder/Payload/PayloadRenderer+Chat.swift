import EventModel
import JSONTree
import Outputs
import Spool

extension PayloadRenderer {
    /// An incoming webhook's message: the alert as text, its fields in a coloured attachment.
    func writeSlack(_ document: AlertDocument, to json: inout JSONWriter) {
        let alert = document.alert
        json.beginObject()
        json.member("text", escaped: Self.slackText(document.outputText))
        json.key("attachments")
        json.beginArray()
        json.beginObject()
        json.member("color", Self.color(of: alert.priority))
        json.member("fallback", escaped: Self.slackText(document.outputText))
        json.key("fields")
        json.beginArray()
        var escapedRule: [UInt8] = []
        escapedRule.appendEscaped(Array(alert.rule.utf8))
        writeSlackField("rule", Self.slackText(escapedRule), to: &json)
        writeSlackField("priority", Array(alert.priority.displayName.utf8), to: &json)
        writeSlackField("hostname", Self.slackText(document.hostText), to: &json)
        for field in document.fields {
            let name = String(decoding: field.name, as: UTF8.self)
            // A list or an object stands as its JSON, which must be escaped to be inside a string.
            var text = Array(field.value.rawText)
            if field.value.kind == .array || field.value.kind == .object {
                text = []
                text.appendEscaped(Array(field.value.rawText))
            }
            writeSlackField(name, Self.slackText(text), to: &json)
        }
        json.endArray()
        json.member("ts", alert.timeNanoseconds / 1_000_000_000)
        json.endObject()
        json.endArray()
        json.endObject()
    }

    private func writeSlackField(_ title: String, _ escapedValue: [UInt8], to json: inout JSONWriter) {
        json.beginObject()
        json.member("title", title)
        json.member("value", escaped: escapedValue)
        json.member("short", escapedValue.count < 40)
        json.endObject()
    }

    /// Slack's three control characters (api.slack.com, "Formatting text"); an attacker's file name must not mention
    /// `<!channel>` or make a link.
    static func slackText(_ text: some Sequence<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        for byte in text {
            switch byte {
            case UInt8(ascii: "&"): result.append(contentsOf: "&amp;".utf8)
            case UInt8(ascii: "<"): result.append(contentsOf: "&lt;".utf8)
            case UInt8(ascii: ">"): result.append(contentsOf: "&gt;".utf8)
            default: result.append(byte)
            }
        }
        return result
    }

    private static func color(of priority: Priority) -> String {
        switch priority {
        case .emergency, .alert, .critical: "#e20b0b"
        case .error: "#ff5400"
        case .warning: "#ffc700"
        case .notice, .informational: "#5bffb5"
        case .debug: "#ccfff2"
        }
    }
}
