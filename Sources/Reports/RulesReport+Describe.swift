import CommandOutput
import Configuration
import ConfiguredRules
import JSONTree
import Outputs
import RuleEngine
import RuleLanguage

/// Falco's `-L` and `-l`.
extension RulesReport {
    /// Describes all rules, or one: name and description in two columns, or as JSON with everything that is known.
    public static func describe(rule name: String?, configuration: Configuration, isJSON: Bool) -> Report {
        let rules = ConfiguredRules.load(configuration)
        guard rules.isSuccessful else { return problems(of: rules, isJSON: isJSON) }
        var described = rules.loaded.rules
        if let name {
            described.removeAll { $0.name != name }
            if described.isEmpty { return unknown(rule: name, among: rules, isJSON: isJSON) }
        }
        if isJSON { return json(described, of: rules, isWhole: name == nil) }
        var lines = ["Rule".padded(to: nameWidth) + " Description", "----".padded(to: nameWidth) + " -----------"]
        for rule in described {
            let text = wrapped(rule.description, to: lineWidth - nameWidth - 1)
            lines.append("\(rule.name.padded(to: nameWidth)) \(text.first ?? "")")
            for line in text.dropFirst() { lines.append(String(repeating: " ", count: nameWidth + 1) + line) }
            lines.append("")
        }
        return Report(lines: lines)
    }

    private static let nameWidth = 50
    private static let lineWidth = 110

    /// A text's words in lines of at most this many characters; longer words stay whole.
    static func wrapped(_ text: String, to width: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(whereSeparator: \.isWhitespace) {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }

    /// Falco's document; macros and lists only where all rules are described.
    private static func json(_ described: [ResolvedRule], of rules: ConfiguredRules, isWhole: Bool) -> Report {
        var json = JSONWriter()
        json.beginObject()
        if isWhole {
            json.key("lists")
            json.beginArray()
            for list in rules.loaded.lists { write(list, into: &json) }
            json.endArray()
            json.key("macros")
            json.beginArray()
            for macro in rules.loaded.macros { write(macro, of: rules, into: &json) }
            json.endArray()
            json.member("required_engine_version", rules.loaded.requiredEngineVersion?.description ?? "")
            json.key("required_plugin_versions")
            json.beginArray()
            for requirement in rules.loaded.requiredPlugins { write(requirement, into: &json) }
            json.endArray()
        }
        json.key("rules")
        json.beginArray()
        for rule in described { write(rule, of: rules, into: &json) }
        json.endArray()
        json.endObject()
        return Report(bytes: json.bytes + [UInt8(ascii: "\n")])
    }

    private static func write(_ rule: ResolvedRule, of rules: ConfiguredRules, into json: inout JSONWriter) {
        let summary = ConditionSummary(of: rule.condition)
        json.beginObject()
        json.key("details")
        json.beginObject()
        json.member("condition_compiled", rule.condition.canonicalText)
        json.member("condition_fields", summary.fields)
        json.member("condition_operators", summary.operators)
        json.member("events", rules.eventNames(of: rule))
        json.member("exception_fields", rule.exceptionFields)
        json.member("exception_names", rule.exceptionNames)
        json.member("exception_operators", rule.exceptionOperators)
        let formatted = rule.extraFields.filter { !$0.isRaw }
        if !formatted.isEmpty {
            json.key("extra_output_formatted_fields")
            json.beginObject()
            for field in formatted { json.member(field.key, field.template) }
            json.endObject()
        }
        json.member("lists", rule.lists)
        json.member("macros", rule.macros)
        json.member("output_compiled", rule.outputText)
        json.member("output_fields", rules.outputFields(of: rule))
        json.member("plugins", [String]())
        json.endObject()
        json.key("info")
        json.beginObject()
        json.member("capture", rule.isCapturing)
        json.member("capture_duration", rule.captureDurationMilliseconds)
        json.member("condition", rule.writtenCondition)
        json.member("description", rule.description)
        json.member("enabled", rule.isEnabled)
        json.member("name", rule.name)
        json.member("output", rule.outputText)
        json.member("priority", displayName(of: rule))
        json.member("source", rule.source)
        json.member("tags", rule.tags)
        json.endObject()
        json.endObject()
    }

    private static func write(_ macro: ResolvedMacro, of rules: ConfiguredRules, into json: inout JSONWriter) {
        let summary = macro.condition.map(ConditionSummary.init(of:))
        json.beginObject()
        json.key("details")
        json.beginObject()
        json.member("condition_compiled", macro.condition?.canonicalText ?? "")
        json.member("condition_fields", summary?.fields ?? [])
        json.member("condition_operators", summary?.operators ?? [])
        json.member("events", macro.condition.map(rules.eventNames(of:)) ?? [])
        json.member("lists", macro.lists)
        json.member("macros", macro.macros)
        json.member("plugins", [String]())
        json.member("used", macro.isUsed)
        json.endObject()
        json.key("info")
        json.beginObject()
        json.member("condition", macro.writtenCondition)
        json.member("name", macro.name)
        json.endObject()
        json.endObject()
    }

    private static func write(_ list: ResolvedList, into json: inout JSONWriter) {
        json.beginObject()
        json.key("details")
        json.beginObject()
        json.member("items_compiled", list.compiledItems)
        json.member("lists", list.lists)
        json.member("plugins", [String]())
        json.member("used", list.isUsed)
        json.endObject()
        json.key("info")
        json.beginObject()
        json.member("items", list.items)
        json.member("name", list.name)
        json.endObject()
        json.endObject()
    }

    private static func write(_ requirement: PluginRequirement, into json: inout JSONWriter) {
        func write(_ plugin: PluginRequirement.Alternative) {
            json.member("name", plugin.name)
            json.member("version", plugin.version.description)
        }
        guard let main = requirement.alternatives.first else { return }
        json.beginObject()
        json.key("alternatives")
        json.beginArray()
        for plugin in requirement.alternatives.dropFirst() {
            json.beginObject()
            write(plugin)
            json.endObject()
        }
        json.endArray()
        write(main)
        json.endObject()
    }
}
