import RuleEngine
import RuleLanguage

/// The keys that are more than one value: rule selection, appended outputs, static fields.
extension ConfigurationReader {
    /// `rules`: a list of `enable: {rule: NAME, tag: TAG}` and `disable: …`. Both given: a rule that either selects is meant.
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
            var selection = RuleSelection(isEnabling: entry.key == "enable")
            for criterion in entry.value.entries {
                switch criterion.key {
                case "rule": selection.rule = nonEmptyText(criterion.value, "rules: rule")
                case "tag": selection.tag = nonEmptyText(criterion.value, "rules: tag")
                default: diagnostics.unknownKey(criterion.key, entry: criterion, known: ["rule", "tag"])
                }
            }
            if selection.rule == nil, selection.tag == nil {
                diagnostics.error("'\(entry.key)' needs a 'rule', a 'tag' or both", at: entry.keyLocation)
            } else {
                selections.append(selection)
            }
        }
        return selections
    }

    /// `append_output`.
    mutating func outputAdditions(_ value: Setting) -> [OutputAddition] {
        elements(of: value, "append_output").map { element in
            var output = OutputAddition()
            output.location = element.location
            for entry in element.entries {
                switch entry.key {
                case "match": readMatch(entry.value, into: &output)
                case "extra_output":
                    output.output = text(entry.value, "extra_output")
                    output.location = entry.value.location
                case "extra_fields": output.fields = extraFields(entry.value)
                case "suggested_output":
                    output.addsSuggestedFields = bool(entry.value, "suggested_output") ?? false
                default:
                    diagnostics.unknownKey(
                        "append_output: \(entry.key)", entry: entry,
                        known: ["match", "extra_output", "extra_fields", "suggested_output"])
                }
            }
            return output
        }
    }

    private mutating func readMatch(_ value: Setting, into output: inout OutputAddition) {
        for entry in value.entries {
            switch entry.key {
            case "source": output.source = nonEmptyText(entry.value, "match.source")
            case "rule": output.rule = nonEmptyText(entry.value, "match.rule")
            case "tags": output.tags = texts(entry.value, "match.tags")
            default:
                diagnostics.unknownKey(
                    "append_output: match.\(entry.key)", entry: entry, known: ["source", "rule", "tags"])
            }
        }
    }

    private mutating func extraFields(_ value: Setting) -> [ResolvedRule.ExtraField] {
        var fields: [ResolvedRule.ExtraField] = []
        func add(_ field: ResolvedRule.ExtraField, _ location: SourceLocation) {
            if fields.contains(where: { $0.key == field.key }) {
                diagnostics.error("the extra field '\(field.key)' is given twice", at: location)
            } else {
                fields.append(field)
            }
        }
        for element in elements(of: value, "extra_fields") {
            if let name = scalar(element) {
                add(ResolvedRule.ExtraField(key: name, template: "%\(name)", isRaw: true), element.location)
                continue
            }
            for entry in element.entries {
                guard let template = text(entry.value, "extra_fields: \(entry.key)") else { continue }
                add(ResolvedRule.ExtraField(key: entry.key, template: template, isRaw: false), entry.keyLocation)
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

    mutating func nonEmptyText(_ value: Setting, _ path: String) -> String? {
        text(value, path).flatMap { $0.isEmpty ? nil : $0 }
    }

    mutating func elements(of value: Setting, _ path: String) -> [Setting] {
        switch value.content {
        case .null: return []
        case .sequence(let elements): return elements
        case .scalar, .mapping:
            diagnostics.error("'\(path)' must be a sequence", at: value.location)
            return []
        }
    }
}
