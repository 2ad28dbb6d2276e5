import CommandOutput
import Configuration
import ConfiguredRules
import EventModel
import InternalAlerts
import JSONTree
import Outputs
import RuleEngine
import RuleLanguage

/// `shrike rules show`.
extension RulesReport {
    /// Explains a rule: what it means once everything is put in, and what each source can see of it.
    public static func show(rule name: String, configuration: Configuration, isJSON: Bool) -> Report {
        if let own = InternalRule.catalogue.first(where: { $0.name == name }) { return show(own, isJSON: isJSON) }
        let rules = ConfiguredRules.load(configuration)
        // Another rule's error is no reason not to show this one.
        guard let rule = rules.loaded.rules.first(where: { $0.name == name }) else {
            return rules.isSuccessful
                ? unknown(rule: name, among: rules, isJSON: isJSON) : problems(of: rules, isJSON: isJSON)
        }
        return isJSON ? json(rule, of: rules) : text(rule, of: rules)
    }

    private static func text(_ rule: ResolvedRule, of rules: ConfiguredRules) -> Report {
        var lines = [(rule.correlation == nil ? "Rule         " : "Correlation  ") + rule.name]
        for (index, line) in wrapped(rule.description, to: 100).enumerated() {
            lines.append((index == 0 ? "Description  " : "             ") + line)
        }
        lines += [
            "Priority     \(displayName(of: rule))",
            "State        \(state(of: rule, in: rules))",
            "Tags         \(rule.tags.joined(separator: ", "))",
            "Event source \(rule.source)",
            "Defined at   \(rule.location.described)",
        ]
        if let correlation = rule.correlation {
            lines += ["", "Joins events:"] + wrapped(correlation.patternText, to: 108).map { "  " + $0 }
            for event in correlation.events {
                lines += ["", "Event \(event.name), with macros, lists and exceptions put in:"]
                lines += ConditionLayout.lines(of: event.condition).map { "  " + $0 }
            }
        } else {
            lines += ["", "Condition, with macros, lists and exceptions put in:"]
            lines += ConditionLayout.lines(of: rule.condition).map { "  " + $0 }
        }
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
        lines += widenings(of: rule, in: rules)
        return Report(lines: lines)
    }

    /// Which clauses make a source deliver every event of a type.
    private static func widenings(of rule: ResolvedRule, in rules: ConfiguredRules) -> [String] {
        var lines: [String] = []
        for view in rules.views(of: rule) {
            let source = view.visibility.source
            for widening in seenWidenings(of: rule, in: rules, by: view) {
                let reason = widening.clauses.isEmpty ? "the rule asks for nothing else" : "its filter can't look up"
                let end = widening.clauses.isEmpty ? "" : ":"
                lines.append("  " + source.name.padded(to: 11) + "every \(few(widening.types)): \(reason)\(end)")
                for clause in widening.clauses.prefix(4) {
                    let place = clause.location.map { "\($0.described): " } ?? ""
                    let text = clause.text.count > 60 ? clause.text.prefix(59) + "…" : clause.text
                    lines += wrapped("\(place)\(text)", to: 110).enumerated().map { ($0 == 0 ? "    " : "      ") + $1 }
                }
                if widening.clauses.count > 4 { lines.append("    and \(widening.clauses.count - 4) more") }
            }
        }
        return lines.isEmpty ? [] : ["", "What widens a source's filter:"] + lines
    }

    /// Those of event types that the source tells of.
    private static func seenWidenings(
        of rule: ResolvedRule, in rules: ConfiguredRules, by view: SourceView
    ) -> [SourceWidening] {
        let seen = Set(view.seen)
        return rules.widenings(of: rule, source: view.visibility.source).compactMap { widening in
            var widening = widening
            widening.types.removeAll { !seen.contains($0) }
            return widening.types.isEmpty ? nil : widening
        }
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
            json.member(key, text)
        }
        json.member("line", rule.location.line)
        json.member("enabled", rule.isEnabled)
        json.member("used", rules.activeNames.contains(rule.name))
        json.member("tags", rule.tags)
        json.member("condition", rule.writtenCondition)
        json.member("condition_resolved", rule.condition.canonicalText)
        if let correlation = rule.correlation {
            json.key("events")
            json.beginArray()
            for event in correlation.events {
                json.beginObject()
                json.member("name", event.name)
                json.member("condition_resolved", event.condition.canonicalText)
                json.endObject()
            }
            json.endArray()
        }
        json.member("output", rule.outputText)
        json.member("event_types", rules.eventNames(of: rule))
        json.member("fields", ConditionSummary(of: rule.condition).fields)
        json.key("sources")
        json.beginArray()
        for view in rules.views(of: rule) {
            json.beginObject()
            json.member("name", view.visibility.source.name)
            json.member("verdict", view.seen.isEmpty ? "never" : view.visibility.verdict.rawValue)
            for (key, names) in [
                ("seen", view.seen), ("unseen", view.unseen),
                ("condition_fields_missing", view.visibility.missingConditionFields),
                ("output_fields_missing", view.visibility.missingOutputFields),
            ] {
                json.member(key, names)
            }
            json.endObject()
        }
        json.endArray()
        json.key("widenings")
        json.beginArray()
        for view in rules.views(of: rule) {
            for widening in seenWidenings(of: rule, in: rules, by: view) {
                write(widening, of: view, into: &json)
            }
        }
        json.endArray()
        json.member("needs", rules.explanation(of: rule).map { EventNeedsText.lines(of: $0.needs) } ?? [])
        json.endObject()
        return Report(bytes: json.bytes + [UInt8(ascii: "\n")])
    }

    private static func write(_ widening: SourceWidening, of view: SourceView, into json: inout JSONWriter) {
        json.beginObject()
        json.member("source", view.visibility.source.name)
        json.member("event_types", widening.types)
        json.key("clauses")
        json.beginArray()
        for clause in widening.clauses {
            json.beginObject()
            json.member("text", clause.text)
            if let location = clause.location {
                json.member("file", location.file)
                json.member("line", location.line)
                json.member("column", location.column)
            }
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }
}
