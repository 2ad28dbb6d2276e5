import RuleLanguage
import YAMLTree

extension ItemReader {
    typealias OverrideEntry = (key: String, keyNode: YAMLNode, value: YAMLNode)

    /// The entries of `override`; nil when it is absent or has none, which is the same.
    mutating func overrideEntries() -> [OverrideEntry]? {
        guard let node = node("override"), !node.isNull else { return nil }
        guard let pairs = node.pairs else {
            error("'override' is \(node.kindInWords), expected a mapping such as {condition: append}", at: node)
            return nil
        }
        let entries = distinct(pairs)
        return entries.isEmpty ? nil : entries
    }

    /// `append: true` and `override` exclude each other.
    mutating func checkNoAppendBeside(_ isAppend: Bool) {
        guard isAppend, let node = keyNode("append") else { return }
        error(
            "'append: true' and 'override' can't stand in one item", at: node,
            suggestion: "drop 'append' and write the keys under 'override'"
        )
    }

    /// The operation of an entry; nil after an error.
    mutating func operation(of entry: OverrideEntry) -> OverrideOperation? {
        if let text = entry.value.text, let operation = OverrideOperation(rawValue: text) { return operation }
        let shown = entry.value.text.map { "'\($0)'" } ?? entry.value.kindInWords
        error(
            "the override of '\(entry.key)' must be 'append' or 'replace', found \(shown)", at: entry.value,
            suggestion: entry.value.text.flatMap { Suggestion.question(for: $0, in: ["append", "replace"]) }
        )
        return nil
    }

    /// What the `override` of a rule or correlation says; nil when there is none.
    mutating func ruleOverride(_ kind: ItemKind, isAppend: Bool) -> [RuleKey: OverrideOperation]? {
        guard let entries = overrideEntries() else { return nil }
        checkNoAppendBeside(isAppend)
        let keys = RuleKey.keys(of: kind)
        var operations: [RuleKey: OverrideOperation] = [:]
        for entry in entries {
            guard let key = RuleKey(rawValue: entry.key), keys.contains(key) else {
                error(
                    "'\(entry.key)' can't be overridden", at: entry.keyNode,
                    suggestion: Suggestion.question(for: entry.key, in: keys.map(\.rawValue))
                        ?? "keys that can are \(keys.map(\.rawValue).joined(separator: ", "))"
                )
                continue
            }
            guard let operation = operation(of: entry) else { continue }
            if operation == .append, !key.isAppendable(in: kind) {
                error("'\(entry.key)' can only be replaced, not appended to", at: entry.value)
                continue
            }
            if node(entry.key)?.isNull ?? true {
                error(
                    "'\(entry.key)' is named under 'override', but the item has no value for it", at: entry.keyNode
                )
            }
            operations[key] = operation
        }
        for pair in pairs {
            guard let key = RuleKey(rawValue: pair.key), keys.contains(key),
                !entries.contains(where: { $0.key == key.rawValue })
            else {
                continue
            }
            error(
                "'\(pair.key)' has no corresponding entry under 'override'", at: pair.keyNode,
                suggestion: key.isAppendable(in: kind)
                    ? "add '\(pair.key): append' or '\(pair.key): replace' under 'override'"
                    : "add '\(pair.key): replace' under 'override'"
            )
        }
        return operations
    }
}
