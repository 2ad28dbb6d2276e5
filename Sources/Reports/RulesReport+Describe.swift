import CommandOutput
import Configuration
import ConfiguredRules
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
            if described.isEmpty { return unknown(rule: name, among: rules) }
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
            json.key("required_engine_version")
            json.string(rules.loaded.requiredEngineVersion?.description ?? "")
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
        json.field("condition_compiled", rule.condition.canonicalText)
        json.field("condition_fields", summary.fields)
        json.field("condition_operators", summary.operators)
        json.field("events", rules.eventNames(of: rule))
        json.field("exception_fields", rule.exceptionFields)
        json.field("exception_names", rule.exceptionNames)
        json.field("exception_operators", rule.exceptionOperators)
        let formatted = rule.extraFields.filter { !$0.isRaw }
        if !formatted.isEmpty {
            json.key("extra_output_formatted_fields")
            json.beginObject()
            for field in formatted { json.field(field.key, field.template) }
            json.endObject()
        }
        json.field("lists", rule.lists)
        json.field("macros", rule.macros)
        json.field("output_compiled", rule.outputText)
        json.field("output_fields", rules.outputFields(of: rule))
        json.field("plugins", [])
        json.endObject()
        json.key("info")
        json.beginObject()
        json.key("capture")
        json.bool(rule.isCapturing)
        json.key("capture_duration")
        json.number(rule.captureDurationMilliseconds)
        json.field("condition", rule.writtenCondition)
        json.field("description", rule.description)
        json.key("enabled")
        json.bool(rule.isEnabled)
        json.field("name", rule.name)
        json.field("output", rule.outputText)
        json.field("priority", displayName(of: rule))
        json.field("source", rule.source)
        json.field("tags", rule.tags)
        json.endObject()
        json.endObject()
    }

    private static func write(_ macro: ResolvedMacro, of rules: ConfiguredRules, into json: inout JSONWriter) {
        let summary = macro.condition.map(ConditionSummary.init(of:))
        json.beginObject()
        json.key("details")
        json.beginObject()
        json.field("condition_compiled", macro.condition?.canonicalText ?? "")
        json.field("condition_fields", summary?.fields ?? [])
        json.field("condition_operators", summary?.operators ?? [])
        json.field("events", macro.condition.map(rules.eventNames(of:)) ?? [])
        json.field("lists", macro.lists)
        json.field("macros", macro.macros)
        json.field("plugins", [])
        json.key("used")
        json.bool(macro.isUsed)
        json.endObject()
        json.key("info")
        json.beginObject()
        json.field("condition", macro.writtenCondition)
        json.field("name", macro.name)
        json.endObject()
        json.endObject()
    }

    private static func write(_ list: ResolvedList, into json: inout JSONWriter) {
        json.beginObject()
        json.key("details")
        json.beginObject()
        json.field("items_compiled", list.compiledItems)
        json.field("lists", list.lists)
        json.field("plugins", [])
        json.key("used")
        json.bool(list.isUsed)
        json.endObject()
        json.key("info")
        json.beginObject()
        json.field("items", list.items)
        json.field("name", list.name)
        json.endObject()
        json.endObject()
    }

    private static func write(_ requirement: PluginRequirement, into json: inout JSONWriter) {
        func write(_ plugin: PluginRequirement.Alternative) {
            json.field("name", plugin.name)
            json.field("version", plugin.version.description)
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

extension JSONWriter {
    fileprivate mutating func field(_ key: String, _ text: String) {
        self.key(key)
        string(text)
    }

    fileprivate mutating func field(_ key: String, _ texts: [String]) {
        self.key(key)
        strings(texts)
    }
}
