public import EventModel
import JSONTree
public import RuleEngine
import RuleLanguage
import YAMLTree

/// An event that a person or an alert wrote: fields and their values as YAML or JSON; of an alert's JSON its `output_fields`.
public struct EventDocument: Sendable {
    /// The event.
    public private(set) var event: WrittenEvent
    /// Fields that could not be taken, and why.
    public private(set) var remarks: [String] = []
    /// Whether these are the fields of an alert: those that the rule's output names, and no others.
    public private(set) var isAlert = false
    /// The rule that raised the alert.
    public private(set) var alertRule: String?

    /// What makes a document unusable.
    public struct Problem: Error, Hashable {
        /// What is wrong and what was expected.
        public var message: String
    }

    /// Reads a document.
    public init(bytes: [UInt8], name: String, catalogue: FieldCatalogue) throws(Problem) {
        event = WrittenEvent(catalogue: catalogue)
        var jsonProblem: String?
        do throws(JSONError) {
            let document = try JSONDocument(bytes)
            if document.root.kind == .object {
                read(document.root)
                return
            }
        } catch {
            jsonProblem = Self.problem(error, SourceText(name: name, bytes: bytes))
        }
        let node: YAMLNode?
        do throws(YAMLSyntaxError) { node = try YAMLDocument.parse(bytes: bytes).first { !$0.isNull } } catch {
            // What begins like JSON was meant to be it.
            if let jsonProblem, Self.looksLikeJSON(bytes) { throw Problem(message: jsonProblem) }
            throw Problem(
                message: "\(name):\(error.line):\(error.column): \(error.message); "
                    + "a key with brackets must be quoted within braces: {\"proc.aname[2]\": cron}")
        }
        guard let pairs = node?.pairs else {
            throw Problem(
                message: "\(name):1:1: expected a mapping of fields to values, as YAML or JSON, or an alert's JSON")
        }
        for pair in pairs {
            guard let field = pair.key.text else { continue }
            guard let value = RuleTestFile.value(of: pair.value) else {
                throw Problem(
                    message:
                        "\(name):\(pair.value.line):\(pair.value.column): the value of '\(field)' must be a scalar or a list"
                )
            }
            do throws(WrittenEvent.Problem) { try event.set(field, to: value) } catch {
                let place = error.isOfValue ? pair.value : pair.key
                let question = error.suggestion.map { "; \($0)" } ?? ""
                throw Problem(message: "\(name):\(place.line):\(place.column): \(error.message)\(question)")
            }
        }
    }

    private mutating func read(_ root: JSONValue) {
        var fields = root
        if let inner = root["output_fields"] {
            fields = inner
            isAlert = true
            alertRule = root["rule"]?.string.map { String(decoding: $0, as: UTF8.self) }
        }
        for (name, value) in fields.members {
            let field = String(decoding: name, as: UTF8.self)
            do throws(WrittenEvent.Problem) { try event.set(field, to: Self.value(of: value)) } catch {
                // An alert has fields of its own, and times as text.
                if !isAlert || error.isOfValue {
                    remarks.append(error.message + (error.suggestion.map { "; \($0)" } ?? ""))
                }
            }
        }
    }

    /// Whether a brace and a quotation mark are the first that is there.
    private static func looksLikeJSON(_ bytes: [UInt8]) -> Bool {
        let marks = bytes.lazy.filter { $0 > UInt8(ascii: " ") }.prefix(2)
        return Array(marks) == Array("{\"".utf8)
    }

    private static func problem(_ error: JSONError, _ source: SourceText) -> String {
        let (place, what) =
            switch error {
            case .unexpectedByte(let offset): (offset, "this can't stand here")
            case .unexpectedEnd: (source.bytes.count, "the text ends inside a value; is the line whole?")
            case .tooDeep(let offset): (offset, "too many braces and brackets are open")
            case .tooLarge(let offset): (offset, "it holds too many values")
            }
        return "\(source.location(ofByte: place).described): not valid as JSON: \(what)"
    }

    private static func value(of value: JSONValue) -> WrittenEvent.Value {
        switch value.kind {
        case .null: .none
        case .string: .scalar(String(decoding: value.string ?? [], as: UTF8.self))
        case .array: .list(value.elements.map(Self.value(of:)))
        case .bool, .number, .object: .scalar(String(decoding: value.rawText, as: UTF8.self))
        }
    }
}
