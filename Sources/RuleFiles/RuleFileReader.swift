import RuleLanguage
import YAMLTree

/// Reads a rules file's YAML into items. Every structural problem is reported; an item with an error is left out, but its
/// name is kept so that what refers to it does not fail for that alone.
public struct RuleFileReader {
    private let source: SourceText
    private let file: Int
    private var result = RuleFile()

    private init(_ source: SourceText, file: Int) {
        self.source = source
        self.file = file
    }

    /// Reads a file. `file` is its index in the loader's list of files; places in the items refer to it.
    public static func read(_ source: SourceText, file: Int) -> RuleFile {
        var reader = RuleFileReader(source, file: file)
        do throws(YAMLSyntaxError) {
            for document in try YAMLDocument.parse(bytes: Self.withBlankTabs(source.bytes)) {
                reader.readDocument(document)
            }
        } catch {
            reader.reportSyntaxError(error)
        }
        reader.result.diagnostics.sort { $0.location.offset < $1.location.offset }
        return reader.result
    }

    /// The bytes with spaces for the tabs in lines that hold nothing but blanks: libyaml takes such a tab for indentation,
    /// which Falco's parser does not. Places stay the same.
    private static func withBlankTabs(_ bytes: [UInt8]) -> [UInt8] {
        let tab = UInt8(ascii: "\t")
        guard bytes.contains(tab) else { return bytes }
        var result = bytes
        for line in bytes.split(separator: UInt8(ascii: "\n"))
        where line.contains(tab) && line.allSatisfy({ $0 == tab || $0 == 0x20 || $0 == 0x0D }) {
            for index in line.indices where bytes[index] == tab { result[index] = 0x20 }
        }
        return result
    }

    /// Everything that a file's bytes can do to the reader; for fuzzing.
    public static func read(bytes: [UInt8]) -> RuleFile { read(SourceText(name: "-", bytes: bytes), file: 0) }

    private mutating func reportSyntaxError(_ error: YAMLSyntaxError) {
        let location = source.location(ofByte: error.offset)
        result.diagnostics.append(
            Diagnostic(
                severity: .error, code: .errYAMLParse, message: error.message, location: location,
                sourceLine: source.line(location.line), suggestion: error.hint, context: [contentContext]
            )
        )
    }

    private var contentContext: Diagnostic.Context {
        Diagnostic.Context(itemType: "rules content", itemName: "", location: source.location(ofByte: 0))
    }

    private mutating func readDocument(_ document: YAMLNode) {
        var reader = ItemReader(source: source, file: file, context: [contentContext])
        switch document.content {
        case .null: return
        case .scalar:
            reader.error("the document is plain text, expected a sequence of items", at: document)
        case .mapping:
            reader.error(
                "the document is a mapping, expected a sequence of items", at: document,
                suggestion: "begin each item with '- '"
            )
        case .sequence(let elements):
            for element in elements where !element.isNull { readItem(element) }
        }
        result.diagnostics += reader.diagnostics
    }

    private mutating func readItem(_ node: YAMLNode) {
        var reader = ItemReader(source: source, file: file, context: [contentContext])
        guard let pairs = node.pairs else {
            reader.error(
                "this item is \(node.kindInWords), expected a mapping with 'rule', 'macro' or 'list'", at: node)
            result.diagnostics += reader.diagnostics
            return
        }
        reader.begin(pairs, of: node)
        if reader.has("required_engine_version") {
            if let item = reader.engineVersion() { result.items.append(item) }
        } else if reader.has("required_plugin_versions") {
            result.items += reader.pluginVersions()
        } else if let kind = ItemKind.allCases.first(where: { reader.has($0.rawValue) }) {
            readNamedItem(kind, with: &reader)
        } else {
            reader.unknownItem()
        }
        result.diagnostics += reader.diagnostics
    }

    private mutating func readNamedItem(_ kind: ItemKind, with reader: inout ItemReader) {
        guard let name = reader.name(of: kind) else { return }
        let item: RuleFileItem?
        switch kind {
        case .list: item = reader.list(named: name).map { .list($0) }
        case .macro: item = reader.macro(named: name).map { .macro($0) }
        case .rule, .correlation: item = reader.rule(kind, named: name).map { .rule($0) }
        }
        if let item, !reader.hasErrors {
            result.items.append(item)
        } else {
            result.items.append(.unusable(UnusableItem(kind: kind, name: name.value)))
        }
    }
}
