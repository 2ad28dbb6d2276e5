import EventModel
import ForwarderProtocol
import JSONTree
import Outputs
import Spool

extension PayloadTemplate {
    /// The body for an alert. With `escapes`, values are escaped to stand inside a JSON string; `{{alert}}` is always
    /// Falco's JSON object.
    func render(_ document: AlertDocument, escapes: Bool) -> [UInt8] {
        var body: [UInt8] = []
        for part in parts {
            switch part {
            case .text(let text): body.append(contentsOf: text)
            case .placeholder("alert"): body.append(contentsOf: document.alert.payload)
            case .placeholder(let name): append(value(name, document), escapes, to: &body)
            case .field(let name):
                guard let value = document.root?["output_fields"]?.members.first(where: { $0.name == name })?.value
                else { continue }
                append(value.string ?? Array(value.rawText), escapes, to: &body)
            }
        }
        return body
    }

    private func append(_ text: [UInt8], _ escapes: Bool, to body: inout [UInt8]) {
        if escapes { body.appendEscaped(text) } else { body.append(contentsOf: text) }
    }

    private func value(_ name: String, _ document: AlertDocument) -> [UInt8] {
        let alert = document.alert
        return switch name {
        case "rule": Array(alert.rule.utf8)
        case "priority": Array(alert.priority.displayName.utf8)
        case "source": Array(alert.source.utf8)
        case "tags": Array(alert.tags.joined(separator: ",").utf8)
        case "key": Array(alert.key.utf8)
        case "output": document.root?["output"]?.string ?? []
        case "message": document.root?["message"]?.string ?? document.root?["output"]?.string ?? []
        case "time": Array(document.timeText)
        default: document.root?["hostname"]?.string ?? []
        }
    }
}
