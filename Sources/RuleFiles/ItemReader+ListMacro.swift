import RuleLanguage
import YAMLTree

extension ItemReader {
    /// The item as a list; nil after an error.
    mutating func list(named name: Sourced<String>) -> ListItem? {
        checkKeys(["list", "items", "append", "override"])
        let change = change(overriding: "items")
        guard let node = node("items") else {
            error("the key 'items' is missing", at: name.span)
            return nil
        }
        guard let elements = elements(of: node, what: "'items'") else { return nil }
        var items: [SourcedText] = []
        for element in elements {
            guard let (text, node) = text(of: element, what: "this list element") else { continue }
            items.append(sourcedText(text, of: node))
        }
        return ListItem(name: name, items: items, change: change, span: span)
    }

    /// The item as a macro; nil after an error.
    mutating func macro(named name: Sourced<String>) -> MacroItem? {
        checkKeys(["macro", "condition", "append", "override"])
        let change = change(overriding: "condition")
        guard let condition = requiredSourcedText("condition") else { return nil }
        return MacroItem(name: name, condition: condition, change: change, span: span)
    }

    /// What `append` and `override` say; `override` may name the one key only.
    private mutating func change(overriding key: String) -> ItemChange {
        let isAppend = bool("append") ?? false
        guard let entries = overrideEntries() else { return isAppend ? .legacyAppend : .define }
        checkNoAppendBeside(isAppend)
        var change = ItemChange.define
        for entry in entries {
            guard entry.key == key else {
                error(
                    "'\(entry.key)' can't be overridden, only '\(key)' can", at: entry.keyNode,
                    suggestion: Suggestion.question(for: entry.key, in: [key])
                )
                continue
            }
            guard let operation = operation(of: entry) else { continue }
            change = operation == .append ? .append : .replace
        }
        return change
    }
}
