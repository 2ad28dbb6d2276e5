import RuleLanguage
import YAMLTree

/// A value of the configuration, with the place that it was written: a YAML node that knows its file, since included files
/// and the command line change the tree.
struct Setting: Sendable, Equatable {
    /// What the value is.
    indirect enum Content: Sendable, Equatable {
        case null
        case scalar(String)
        case sequence([Setting])
        case mapping([Entry])
    }

    /// A key and its value.
    struct Entry: Sendable, Equatable {
        var key: String
        var keyLocation: SourceLocation
        var value: Setting
    }

    var content: Content
    var location: SourceLocation

    /// The tree of a YAML document. Of a key that stands twice in a mapping the last counts.
    init(_ node: YAMLNode, file: String) {
        location = SourceLocation(file: file, line: node.line, column: node.column)
        switch node.content {
        case .null: content = .null
        case .scalar(let text, _): content = .scalar(text)
        case .sequence(let nodes): content = .sequence(nodes.map { Setting($0, file: file) })
        case .mapping(let pairs):
            var entries: [Entry] = []
            for pair in pairs {
                let entry = Entry(
                    key: pair.key.scalarText ?? "",
                    keyLocation: SourceLocation(file: file, line: pair.key.line, column: pair.key.column),
                    value: Setting(pair.value, file: file))
                entries.removeAll { $0.key == entry.key }
                entries.append(entry)
            }
            content = .mapping(entries)
        }
    }

    /// A value from its parts.
    init(content: Content, location: SourceLocation) {
        self.content = content
        self.location = location
    }

    /// The value under a key of a mapping.
    subscript(key: String) -> Setting? {
        guard case .mapping(let entries) = content else { return nil }
        return entries.first { $0.key == key }?.value
    }

    /// The entries of a mapping; nothing for other values.
    var entries: [Entry] {
        if case .mapping(let entries) = content { entries } else { [] }
    }

    /// Puts a value under a key, in place of the one that is there.
    mutating func set(_ entry: Entry) {
        var entries = entries
        if let index = entries.firstIndex(where: { $0.key == entry.key }) {
            entries[index] = entry
        } else {
            entries.append(entry)
        }
        content = .mapping(entries)
    }
}

extension YAMLNode {
    fileprivate var scalarText: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }
}
