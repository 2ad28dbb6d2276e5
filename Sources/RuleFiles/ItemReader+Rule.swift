import RuleLanguage
import YAMLTree

extension ItemReader {
    /// What a whole rule must have.
    private static let requiredKeys = ["condition", "output", "desc", "priority"]

    /// The item as a rule or correlation; nil after an error.
    mutating func rule(_ kind: ItemKind, named name: Sourced<String>) -> RuleItem? {
        let keys = RuleKey.keys(of: kind)
        checkKeys([kind.rawValue, "source", "append", "override"] + keys.map(\.rawValue))
        guard let form = ruleForm(kind, name) else { return nil }
        var rule = RuleItem(kind: kind, name: name, form: form, span: span)
        switch form {
        case .define:
            for key in keys where has(key.rawValue) { read(key, into: &rule) }
            readSource(into: &rule)
        case .legacyAppend:
            for key in [RuleKey.condition, .exceptions] where has(key.rawValue) { read(key, into: &rule) }
            readSource(into: &rule)
        case .override(let operations):
            // A key without a value was reported with the override.
            for key in keys where operations[key] != nil && node(key.rawValue)?.isNull == false {
                read(key, into: &rule)
            }
            readSource(into: &rule)
        case .enable: break
        }
        return rule
    }

    /// Which of the four things a rule item is; nil after an error.
    private mutating func ruleForm(_ kind: ItemKind, _ name: Sourced<String>) -> RuleItem.Form? {
        let isAppend = bool("append") ?? false
        if let operations = ruleOverride(kind, isAppend: isAppend) { return .override(operations) }
        if isAppend, kind == .correlation {
            error(
                "'append: true' can't stand in a correlation", at: name.span,
                suggestion: "write the keys and 'override: {KEY: append}'", code: .errValidate)
            return nil
        }
        if isAppend {
            guard has("condition") || has("exceptions") else {
                error("appending to a rule needs 'condition' or 'exceptions'", at: name.span, code: .errValidate)
                return nil
            }
            return .legacyAppend
        }
        let required = kind == .correlation ? ["events"] + Self.requiredKeys : Self.requiredKeys
        let missing = required.filter { !has($0) }
        if missing.count == required.count, has("enabled") { return bool("enabled").map { .enable($0) } }
        guard missing.isEmpty else {
            let list = missing.map { "'\($0)'" }.joined(separator: ", ")
            error(
                kind == .correlation
                    ? "the correlation has no \(list); it must have 'events', 'condition', 'output', 'desc' and 'priority'"
                    : "the rule has no \(list); a rule must have properties 'condition', 'output', 'desc', and 'priority'",
                at: name.span
            )
            return nil
        }
        return .define
    }

    private mutating func read(_ key: RuleKey, into rule: inout RuleItem) {
        switch key {
        case .events: rule.events = correlationEvents()
        case .condition: rule.condition = requiredSourcedText(key.rawValue)
        case .output: rule.output = requiredSourcedText(key.rawValue)?.trimmed()
        case .desc: rule.description = requiredText(key.rawValue).map { Sourced($0.text, at: span(of: $0.node)) }
        case .priority: rule.priority = requiredText(key.rawValue).map { Sourced($0.text, at: span(of: $0.node)) }
        case .tags: rule.tags = texts(of: key.rawValue)
        case .exceptions: rule.exceptions = exceptions()
        case .enabled: rule.isEnabled = bool(key.rawValue)
        case .warnEventTypes: rule.warnsEventTypes = bool(key.rawValue)
        case .skipIfUnknownFilter: rule.skipsIfUnknownFilter = bool(key.rawValue)
        case .capture: rule.isCapturing = bool(key.rawValue)
        case .captureDuration: rule.captureDurationMilliseconds = unsigned(key.rawValue)
        }
    }

    private mutating func readSource(into rule: inout RuleItem) {
        guard let node = node("source"), !node.isNull else { return }
        guard let (text, _) = text(of: node, what: "'source'"), !text.isEmpty else { return }
        rule.source = Sourced(text, at: span(of: node))
    }

    private mutating func texts(of key: String) -> [String]? {
        guard let node = node(key) else { return nil }
        guard let elements = elements(of: node, what: "'\(key)'") else { return nil }
        var texts: [String] = []
        for element in elements {
            if let (text, _) = text(of: element, what: "this element of '\(key)'") { texts.append(text) }
        }
        return texts
    }

    private mutating func unsigned(_ key: String) -> UInt32? {
        guard let (text, node) = requiredText(key) else { return nil }
        if let number = UInt32(text) { return number }
        error("'\(key)' must be a number of milliseconds from 0 to \(UInt32.max), found '\(text)'", at: node)
        return nil
    }
}
