import EventModel
import JSONTree
import Outputs
import Spool

/// A user's body: text with `{{placeholders}}`.
public struct PayloadTemplate: Sendable, Equatable {
    /// What is wrong with a template.
    public enum Problem: Error, Sendable, Equatable {
        /// A `{{` without `}}`.
        case unclosed
        /// A placeholder that is none.
        case unknown(String)
    }

    /// The names of the placeholders; `field:NAME` stands for any field of the output.
    public static let placeholders = [
        "rule", "priority", "output", "message", "time", "hostname", "source", "tags", "key", "alert", "field:NAME",
    ]

    static let empty = PayloadTemplate(parts: [])

    private enum Part: Sendable, Equatable {
        case text([UInt8])
        case placeholder(String)
        case field([UInt8])
    }
    private let parts: [Part]

    private init(parts: [Part]) { self.parts = parts }

    /// Reads a template.
    public init(_ text: String) throws(Problem) {
        var parts: [Part] = []
        var rest = text[...]
        while let start = rest.firstRange(of: "{{") {
            if start.lowerBound > rest.startIndex { parts.append(.text(Array(rest[..<start.lowerBound].utf8))) }
            rest = rest[start.upperBound...]
            guard let end = rest.firstRange(of: "}}") else { throw .unclosed }
            let name = String(rest[..<end.lowerBound].filter { $0 != " " })
            rest = rest[end.upperBound...]
            if name.hasPrefix("field:"), name.utf8.count > 6 {
                parts.append(.field(Array(name.utf8.dropFirst(6))))
            } else if Self.placeholders.contains(name), name != "field:NAME" {
                parts.append(.placeholder(name))
            } else {
                throw .unknown(name)
            }
        }
        if !rest.isEmpty { parts.append(.text(Array(rest.utf8))) }
        self.parts = parts
    }

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
