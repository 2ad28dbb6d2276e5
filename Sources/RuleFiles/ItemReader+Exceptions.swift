import RuleLanguage
import YAMLTree

extension ItemReader {
    /// Deeper nesting of values has no meaning.
    private static let maximumValueDepth = 8

    /// The rule's exceptions.
    mutating func exceptions() -> [ExceptionItem]? {
        guard let node = node("exceptions") else { return nil }
        guard let elements = elements(of: node, what: "'exceptions'") else { return nil }
        var exceptions: [ExceptionItem] = []
        for element in elements {
            if let exception = exception(element) { exceptions.append(exception) }
        }
        return exceptions
    }

    private mutating func exception(_ node: YAMLNode) -> ExceptionItem? {
        guard let pairs = node.pairs else {
            error("an exception is \(node.kindInWords), expected a mapping with 'name', 'fields' …", at: node)
            return nil
        }
        let entries = distinct(pairs)
        guard let nameNode = entries.first(where: { $0.key == "name" })?.value else {
            error("this exception has no 'name'", at: node)
            return nil
        }
        guard let (name, _) = text(of: nameNode, what: "the name of this exception") else { return nil }
        guard !name.isEmpty else {
            error("the name of this exception is empty", at: nameNode)
            return nil
        }
        enter("exception", name, at: span(of: node))
        defer { leave() }
        var exception = ExceptionItem(name: Sourced(name, at: span(of: nameNode)), span: span(of: node))
        for entry in entries {
            switch entry.key {
            case "name": break
            case "fields": exception.fields = oneOrMore(entry.value, what: "'fields'")
            case "comps": exception.comparisons = oneOrMore(entry.value, what: "'comps'")
            case "values": exception.values = values(entry.value)
            default:
                warn(
                    .unknownKey, "unknown key '\(entry.key)' in an exception, it is ignored", at: entry.keyNode,
                    suggestion: Suggestion.question(for: entry.key, in: ["name", "fields", "comps", "values"])
                )
            }
        }
        return exception
    }

    private mutating func oneOrMore(_ node: YAMLNode, what: String) -> ExceptionItem.OneOrMore? {
        if node.isNull { return nil }
        if let elements = node.elements {
            var texts: [SourcedText] = []
            for element in elements {
                guard let (text, node) = text(of: element, what: "an element of \(what)") else { continue }
                texts.append(sourcedText(text, of: node).trimmed())
            }
            return .more(texts)
        }
        return text(of: node, what: what).map { .one(sourcedText($0.text, of: $0.node).trimmed()) }
    }

    private mutating func values(_ node: YAMLNode) -> [ExceptionItem.Value] {
        if node.isNull { return [] }
        guard let elements = elements(of: node, what: "'values'") else { return [] }
        return values(elements, depth: 0)
    }

    private mutating func values(_ nodes: [YAMLNode], depth: Int) -> [ExceptionItem.Value] {
        var values: [ExceptionItem.Value] = []
        for node in nodes {
            if let elements = node.elements, depth < Self.maximumValueDepth {
                values.append(.sequence(self.values(elements, depth: depth + 1), span: span(of: node)))
            } else if let (text, node) = text(of: node, what: "a value of an exception") {
                values.append(.scalar(sourcedText(text, of: node)))
            }
        }
        return values
    }
}
