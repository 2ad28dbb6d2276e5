/// The keys that are more than one value: rule selection, appended outputs, static fields.
extension ConfigurationReader {
    /// `rules`: a list of `enable: {rule: NAME, tag: TAG}` and `disable: …`. Both given are two selections.
    mutating func ruleSelections(_ value: Setting) -> [RuleSelection] {
        var selections: [RuleSelection] = []
        for element in elements(of: value, "rules") {
            let entries = element.entries
            guard let entry = entries.first, entries.count == 1, ["enable", "disable"].contains(entry.key) else {
                diagnostics.error(
                    "an entry of 'rules' must be a mapping with the one key 'enable' or 'disable', e.g. "
                        + "disable: {rule: NAME}", at: element.location)
                continue
            }
            let count = selections.count
            for criterion in entry.value.entries {
                switch criterion.key {
                case "rule":
                    guard let name = text(criterion.value, "rules: rule"), !name.isEmpty else { continue }
                    selections.append(RuleSelection(enables: entry.key == "enable", .name(name)))
                case "tag":
                    guard let tag = text(criterion.value, "rules: tag"), !tag.isEmpty else { continue }
                    selections.append(RuleSelection(enables: entry.key == "enable", .tag(tag)))
                default: diagnostics.unknownKey(criterion.key, entry: criterion, known: ["rule", "tag"])
                }
            }
            if selections.count == count {
                diagnostics.error("'\(entry.key)' needs a 'rule', a 'tag' or both", at: entry.keyLocation)
            }
        }
        return selections
    }

    /// `append_output`.
    mutating func appendedOutputs(_ value: Setting) -> [AppendedOutput] {
        elements(of: value, "append_output").map { element in
            var output = AppendedOutput()
            for entry in element.entries {
                switch entry.key {
                case "match": readMatch(entry.value, into: &output)
                case "extra_output": output.text = text(entry.value, "extra_output")
                case "extra_fields": output.fields = extraFields(entry.value)
                case "suggested_output":
                    output.addsSuggested = bool(entry.value, "suggested_output") ?? false
                default:
                    diagnostics.unknownKey(
                        "append_output: \(entry.key)", entry: entry,
                        known: ["match", "extra_output", "extra_fields", "suggested_output"])
                }
            }
            return output
        }
    }

    private mutating func readMatch(_ value: Setting, into output: inout AppendedOutput) {
        for entry in value.entries {
            switch entry.key {
            case "source": output.source = text(entry.value, "match.source").flatMap { $0.isEmpty ? nil : $0 }
            case "rule": output.rule = text(entry.value, "match.rule").flatMap { $0.isEmpty ? nil : $0 }
            case "tags": output.tags = texts(entry.value, "match.tags")
            default:
                diagnostics.unknownKey(
                    "append_output: match.\(entry.key)", entry: entry, known: ["source", "rule", "tags"])
            }
        }
    }

    private mutating func extraFields(_ value: Setting) -> [AppendedOutput.Field] {
        var fields: [AppendedOutput.Field] = []
        for element in elements(of: value, "extra_fields") {
            if let name = scalar(element) {
                fields.append(.raw(name))
                continue
            }
            for entry in element.entries {
                guard let template = text(entry.value, "extra_fields: \(entry.key)") else { continue }
                let isRepeated = fields.contains {
                    if case .formatted(let key, _) = $0 { key == entry.key } else { false }
                }
                if isRepeated {
                    diagnostics.error("the extra field '\(entry.key)' is given twice", at: entry.keyLocation)
                } else {
                    fields.append(.formatted(key: entry.key, template: template))
                }
            }
            if element.entries.isEmpty {
                diagnostics.error("an extra field must be a field's name or KEY: TEMPLATE", at: element.location)
            }
        }
        return fields
    }

    /// `static_fields`: names to constant texts.
    mutating func staticFields(_ value: Setting) -> [StaticField] {
        if case .null = value.content { return [] }
        guard case .mapping(let entries) = value.content else {
            diagnostics.error("'static_fields' must be a mapping of names to texts", at: value.location)
            return []
        }
        let fields = entries.compactMap { entry in
            text(entry.value, "static_fields.\(entry.key)").map { StaticField(name: entry.key, value: $0) }
        }
        return fields.sorted { $0.name < $1.name }
    }

    private mutating func elements(of value: Setting, _ path: String) -> [Setting] {
        switch value.content {
        case .null: return []
        case .sequence(let elements): return elements
        case .scalar, .mapping:
            diagnostics.error("'\(path)' must be a sequence", at: value.location)
            return []
        }
    }
}
