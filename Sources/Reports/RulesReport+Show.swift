import CommandOutput
import Configuration
import ConfiguredRules
import EventModel
import Outputs
import RuleEngine
import RuleLanguage

/// `shrike rules show`.
extension RulesReport {
    /// Explains a rule: what it means once everything is put in, and what each source can see of it.
    public static func show(rule name: String, configuration: Configuration, isJSON: Bool) -> Report {
        let rules = ConfiguredRules.load(configuration)
        // Another rule's error is no reason not to show this one.
        guard let rule = rules.loaded.rules.first(where: { $0.name == name }) else {
            return rules.isSuccessful ? unknown(rule: name, among: rules) : problems(of: rules, isJSON: isJSON)
        }
        return isJSON ? json(rule, of: rules) : text(rule, of: rules)
    }

    private static func text(_ rule: ResolvedRule, of rules: ConfiguredRules) -> Report {
        var lines = ["Rule         \(rule.name)"]
        for (index, line) in wrapped(rule.description, to: 100).enumerated() {
            lines.append((index == 0 ? "Description  " : "             ") + line)
        }
        lines += [
            "Priority     \(displayName(of: rule))",
            "State        \(state(of: rule, in: rules))",
            "Tags         \(rule.tags.joined(separator: ", "))",
            "Event source \(rule.source)",
            "Defined at   \(rule.location.described)",
            "", "Condition, with macros, lists and exceptions put in:",
        ]
        lines += ConditionLayout.lines(of: rule.condition).map { "  " + $0 }
        lines += ["", "Output:"] + wrapped(rule.outputText, to: 108).map { "  " + $0 }
        let events = rules.eventNames(of: rule)
        lines += ["", "Event types:"]
        lines += (events.count == EventType.count ? ["every one"] : wrapped(events.joined(separator: ", "), to: 108))
            .map { "  " + $0 }
        lines += ["", "What each source can see of it:"]
        for view in rules.views(of: rule) {
            lines += sentences(of: view).enumerated().map { index, sentence in
                (index == 0 ? "  " + view.visibility.source.name : "").padded(to: 13) + sentence
            }
        }
        if let needs = rules.explanation(of: rule)?.needs {
            lines += ["", "What sources are asked for, at least:"]
            for line in EventNeedsText.lines(of: needs) {
                lines += wrapped(line, to: 106).enumerated().map { ($0 == 0 ? "  " : "    ") + $1 }
            }
        }
        return Report(lines: lines)
    }

    private static func state(of rule: ResolvedRule, in rules: ConfiguredRules) -> String {
        if !rule.isEnabled { return "disabled" }
        if rules.activeNames.contains(rule.name) { return "enabled" }
        return rules.compiledRule(named: rule.name) == nil
            ? "not usable: it has an error, or names a field or event type that is unknown here"
            : "enabled, but less severe than the configured priority, so not used"
    }

    /// What to say of a source, a sentence for each line.
    private static func sentences(of view: SourceView) -> [String] {
        if view.seen.isEmpty { return ["nothing: it tells of none of the rule's event types"] }
        let missing = view.visibility.missingConditionFields
        if view.visibility.verdict == .never {
            return ["nothing: the rule can't match without \(few(missing)), which it can't know"]
        }
        var sentences: [String] = []
        if view.unseen.isEmpty {
            sentences.append("all of the rule's event types")
        } else {
            sentences.append("\(few(view.seen)); not \(few(view.unseen))")
        }
        if !missing.isEmpty {
            sentences.append("can't know for the condition: \(few(missing)); tests of these fail")
        }
        if !view.visibility.missingOutputFields.isEmpty {
            sentences.append("can't know for the output: \(few(view.visibility.missingOutputFields)); shown as <NA>")
        }
        return sentences
    }

    private static func few(_ names: [String]) -> String {
        let shown = names.prefix(8).joined(separator: ", ")
        return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
    }

    private static func json(_ rule: ResolvedRule, of rules: ConfiguredRules) -> Report {
        var json = JSONWriter()
        json.beginObject()
        for (key, text) in [
            ("name", rule.name), ("description", rule.description), ("priority", displayName(of: rule)),
            ("source", rule.source), ("file", rule.location.file),
        ] {
            json.key(key)
            json.string(text)
        }
        json.key("line")
        json.number(rule.location.line)
        json.key("enabled")
        json.bool(rule.isEnabled)
        json.key("used")
        json.bool(rules.activeNames.contains(rule.name))
        json.key("tags")
        json.strings(rule.tags)
        json.key("condition")
        json.string(rule.writtenCondition)
        json.key("condition_resolved")
        json.string(rule.condition.canonicalText)
        json.key("output")
        json.string(rule.outputText)
        json.key("event_types")
        json.strings(rules.eventNames(of: rule))
        json.key("fields")
        json.strings(ConditionSummary(of: rule.condition).fields)
        json.key("sources")
        json.beginArray()
        for view in rules.views(of: rule) {
            json.beginObject()
            json.key("name")
            json.string(view.visibility.source.name)
            json.key("verdict")
            json.string(view.seen.isEmpty ? "never" : view.visibility.verdict.rawValue)
            for (key, names) in [
                ("seen", view.seen), ("unseen", view.unseen),
                ("condition_fields_missing", view.visibility.missingConditionFields),
                ("output_fields_missing", view.visibility.missingOutputFields),
            ] {
                json.key(key)
                json.strings(names)
            }
            json.endObject()
        }
        json.endArray()
        json.key("needs")
        json.strings(rules.explanation(of: rule).map { EventNeedsText.lines(of: $0.needs) } ?? [])
        json.endObject()
        return Report(bytes: json.bytes + [UInt8(ascii: "\n")])
    }
}
