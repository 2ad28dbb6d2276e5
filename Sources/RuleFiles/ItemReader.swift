import RuleLanguage
import YAMLTree

/// Reads the keys of one item and reports what is wrong with them.
struct ItemReader {
    let source: SourceText
    let file: Int
    private(set) var diagnostics: [Diagnostic] = []
    /// The enclosing items of what is being read, outermost first.
    var context: [Diagnostic.Context]
    /// The whole item.
    private(set) var span = SourceSpan(file: 0, start: 0, end: 0)
    /// The item's keys and values in file order; of a repeated key the first.
    private(set) var pairs: [(key: String, keyNode: YAMLNode, value: YAMLNode)] = []

    init(source: SourceText, file: Int, context: [Diagnostic.Context]) {
        self.source = source
        self.file = file
        self.context = context
    }

    var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    /// Takes the pairs of an item.
    mutating func begin(_ pairs: [YAMLNode.Pair], of node: YAMLNode) {
        span = span(of: node)
        self.pairs = distinct(pairs)
    }

    /// The pairs with text keys; of a repeated key the first, as in Falco.
    mutating func distinct(
        _ pairs: [YAMLNode.Pair]
    ) -> [(key: String, keyNode: YAMLNode, value: YAMLNode)] {
        var result: [(key: String, keyNode: YAMLNode, value: YAMLNode)] = []
        for pair in pairs {
            guard let key = pair.key.text else {
                error("a key must be text, this one is \(pair.key.kindInWords)", at: pair.key)
                continue
            }
            if result.contains(where: { $0.key == key }) {
                warn(.unknownKey, "the key '\(key)' is given twice; the first counts", at: pair.key)
            } else {
                result.append((key, pair.key, pair.value))
            }
        }
        return result
    }

    // MARK: - Places

    func span(of node: YAMLNode) -> SourceSpan {
        SourceSpan(file: file, start: node.bytes.lowerBound, end: node.bytes.upperBound)
    }

    /// A scalar's value with the place of each byte.
    func sourcedText(_ text: String, of node: YAMLNode) -> SourcedText {
        let positions = ScalarPositions(of: node, in: source.bytes)
        return SourcedText(
            bytes: Array(text.utf8), file: file, runs: positions.runs.map { ($0.valueOffset, $0.fileOffset) }
        )
    }

    mutating func enter(_ itemType: String, _ itemName: String, at span: SourceSpan) {
        context.append(
            Diagnostic.Context(
                itemType: itemType, itemName: itemName, location: source.location(ofByte: span.start)
            )
        )
    }

    mutating func leave() { context.removeLast() }

    // MARK: - Reports

    mutating func error(
        _ message: String, at node: YAMLNode, suggestion: String? = nil, code: LoadCode = .errYAMLValidate
    ) {
        report(.error, code, message, span(of: node), suggestion)
    }

    mutating func error(
        _ message: String, at span: SourceSpan, suggestion: String? = nil, code: LoadCode = .errYAMLValidate
    ) {
        report(.error, code, message, span, suggestion)
    }

    mutating func warn(_ code: LoadCode, _ message: String, at node: YAMLNode, suggestion: String? = nil) {
        report(.warning, code, message, span(of: node), suggestion)
    }

    private mutating func report(
        _ severity: Diagnostic.Severity, _ code: LoadCode, _ message: String, _ span: SourceSpan, _ suggestion: String?
    ) {
        let location = source.location(ofByte: span.start)
        diagnostics.append(
            Diagnostic(
                severity: severity, code: code, message: message, location: location,
                sourceLine: source.line(location.line), length: source.length(from: span.start, to: span.end),
                suggestion: suggestion, context: context
            )
        )
    }

    // MARK: - Keys

    func has(_ key: String) -> Bool { pairs.contains { $0.key == key } }

    func node(_ key: String) -> YAMLNode? { pairs.first { $0.key == key }?.value }

    func keyNode(_ key: String) -> YAMLNode? { pairs.first { $0.key == key }?.keyNode }

    /// Warns of keys that the item's kind does not know.
    mutating func checkKeys(_ known: [String]) {
        for pair in pairs where !known.contains(pair.key) {
            warn(
                .unknownKey, "unknown key '\(pair.key)', it is ignored", at: pair.keyNode,
                suggestion: Suggestion.question(for: pair.key, in: known)
            )
        }
    }

    /// The text of a key that must be there; nil after an error.
    mutating func requiredText(_ key: String, what: String? = nil) -> (text: String, node: YAMLNode)? {
        guard let node = node(key) else {
            error("the key '\(key)' is missing", at: span)
            return nil
        }
        return text(of: node, what: what ?? "'\(key)'")
    }

    /// A scalar's text; nil after an error.
    mutating func text(of node: YAMLNode, what: String) -> (text: String, node: YAMLNode)? {
        if let text = node.text { return (text, node) }
        error(
            node.isNull ? "\(what) is empty, expected text" : "\(what) is \(node.kindInWords), expected text", at: node,
            suggestion: node.isNull ? "write '' for an empty text" : nil
        )
        return nil
    }

    /// A scalar's text with the place of each byte; nil after an error.
    mutating func requiredSourcedText(_ key: String) -> SourcedText? {
        requiredText(key).map { sourcedText($0.text, of: $0.node) }
    }

    /// A key's boolean; nil when absent or after an error.
    mutating func bool(_ key: String) -> Bool? {
        guard let node = node(key) else { return nil }
        if let bool = node.bool { return bool }
        let shown = node.text.map { "'\($0)'" } ?? node.kindInWords
        error("'\(key)' must be true or false, found \(shown)", at: node)
        return nil
    }

    /// A key's sequence; nil after an error.
    mutating func elements(of node: YAMLNode, what: String) -> [YAMLNode]? {
        if let elements = node.elements { return elements }
        error(
            "\(what) is \(node.kindInWords), expected a sequence", at: node,
            suggestion: node.text == nil ? nil : "put it in brackets: [\(node.text ?? "")]"
        )
        return nil
    }

    // MARK: - Kinds of items

    mutating func unknownItem() {
        guard let first = pairs.first else {
            warn(.unknownItem, "this item is empty, it is ignored", at: YAMLNode(placeholderAt: span))
            return
        }
        let kinds = ItemKind.allCases.map(\.rawValue) + ["required_engine_version", "required_plugin_versions"]
        let misspelt = pairs.first { Suggestion.nearest(to: $0.key, in: kinds) != nil }
        warn(
            .unknownItem,
            "unknown item, it is ignored: it has none of the keys 'rule', 'macro', 'list' and 'correlation'",
            at: misspelt?.keyNode ?? first.keyNode,
            suggestion: misspelt.flatMap { Suggestion.question(for: $0.key, in: kinds) }
        )
    }

    /// The item's name; nil after an error.
    mutating func name(of kind: ItemKind) -> Sourced<String>? {
        guard let (text, node) = requiredText(kind.rawValue, what: "the name of this \(kind.rawValue)") else {
            return nil
        }
        guard !text.isEmpty else {
            error("the name of this \(kind.rawValue) is empty", at: node)
            return nil
        }
        enter(kind.rawValue, text, at: span)
        return Sourced(text, at: span(of: node))
    }
}

extension YAMLNode {
    /// A node that only has a place.
    fileprivate init(placeholderAt span: SourceSpan) {
        self.init(content: .null, line: 1, column: 1, bytes: span.start..<span.end)
    }
}
