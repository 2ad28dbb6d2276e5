import CommandOutput
import Configuration
import ConfiguredRules
import EventModel
import JSONTree
import Outputs
import RuleEngine
import RuleLanguage

/// A rule, and what comes of it for an event.
struct ExplainedRule {
    var rule: ResolvedRule
    var rules: ConfiguredRules
    var matching: RuleMatching
    var explanation: ConditionExplanation
    /// The earlier rule that takes the event.
    var taker: String?
    var remarks: [String]

    /// The verdict and the condition as a tree, as text or as one JSON object.
    func report(isJSON: Bool) -> Report {
        isJSON ? Report(bytes: json + [UInt8(ascii: "\n")]) : Report(lines: lines)
    }

    /// Characters of a comparison that are shown.
    private static let longest = 240

    /// Whether it matches; nil: undecided.
    private var matches: Bool? {
        guard explanation.wrongType == nil else { return false }
        return explanation.condition.outcome == .undecided ? nil : explanation.condition.holds
    }
    private var isActive: Bool { rules.activeNames.contains(rule.name) }
    /// Whether it raises an alert for the event; nil: undecided, as always for a correlation, which joins it to others.
    private var alerts: Bool? {
        guard isActive, taker == nil else { return false }
        return rule.correlation == nil || matches == false ? matches : nil
    }

    /// What comes of it in a sentence.
    private var headline: String {
        let undecided = "undecided: the event tells nothing of \(explanation.undecidedFields.joined(separator: ", "))"
        guard rule.correlation == nil else {
            let events = explanation.events(.holds).map { "'\($0)'" }
            switch matches {
            case true?:
                return "the event is its \(events.count == 1 ? "event" : "events") \(events.joined(separator: ", "))"
            case false?: return "the event is none of its events"
            case nil: return undecided
            }
        }
        switch matches {
        case true?: return alerts == true ? "alerts" : "matches, but raises no alert"
        case false?: return "does not match"
        case nil: return undecided
        }
    }

    /// What comes of it, and why, each a sentence.
    private var verdict: [String] {
        var lines = ["\(rule.name): \(headline)"]
        if let pattern = rule.correlation?.patternText { lines.append("It alerts when this comes about: \(pattern).") }
        if let type = explanation.wrongType { lines.append("It can't match events of type \(type.name).") }
        lines += explanation.heldExceptions.map { "Its exception '\($0)' holds." }
        if !rule.isEnabled {
            lines.append("It is disabled.")
        } else if !isActive {
            lines.append("Its priority, \(rule.priority), is below the configured one.")
        }
        if let taker {
            let order =
                matches == true
                ? "The rule '\(taker)', which comes first, takes the event" : "The rule '\(taker)' takes the event"
            lines.append("\(order): rule_matching is '\(matching.rawValue)'.")
        }
        return lines + remarks.map { "Note: \($0)." }
    }

    private var lines: [String] { verdict + [""] + lines(of: explanation.condition, indent: "") }

    private func lines(of part: ConditionExplanation.Part, indent: String) -> [String] {
        let mark =
            switch part.outcome {
            case .holds: "yes "
            case .fails: "no  "
            case .undecided: "?   "
            }
        var head = part.event.map { "event '\($0)': " } ?? ""
        head += part.exception.map { "exception '\($0)': " } ?? ""
        switch part.kind {
        case .all: head += "all of"
        case .any: head += "any of"
        case .not:
            // `not` of one comparison stands on its line.
            guard let inner = part.parts.first, inner.kind == .comparison else {
                head += "not"
                break
            }
            return comparison(inner, mark: mark, indent: indent, head: head + "not ")
        case .comparison: return comparison(part, mark: mark, indent: indent, head: head)
        }
        return [mark + indent + head] + part.parts.flatMap { lines(of: $0, indent: indent + "  ") }
    }

    private func comparison(
        _ part: ConditionExplanation.Part, mark: String, indent: String, head: String
    ) -> [String] {
        let values = part.values.map { field, value in
            if part.unknownFields.contains(field) { return "\(field) is not told" }
            return "\(field) is \(value.map { $0.isEmpty ? "''" : $0 } ?? "<NA>")"
        }
        // A long list says little: the value that is in it stands below.
        let text = part.text.count > Self.longest ? part.text.prefix(Self.longest) + "…" : part.text
        var lines = Columns.wrapped(mark + indent + head, text)
        let place = part.range.flatMap { rules.loaded.location(of: $0) }.map { "  (\($0.described))" } ?? ""
        if !values.isEmpty {
            lines.append(
                String(repeating: " ", count: mark.count + indent.count + 2) + values.joined(separator: ", ") + place)
        }
        return lines
    }

    private var json: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("rule", rule.name)
        write(alerts, as: "alerts", into: &json)
        write(matches, as: "matches", into: &json)
        json.member("enabled", rule.isEnabled)
        json.member("exceptions_held", explanation.heldExceptions)
        if let taker {
            json.member("taken_by", taker)
        }
        json.member("undecided_fields", explanation.undecidedFields)
        if let correlation = rule.correlation {
            json.member("joins", correlation.patternText)
            json.member("events", explanation.events(.holds))
        }
        json.member("remarks", remarks)
        json.key("condition")
        write(explanation.condition, into: &json)
        json.endObject()
        return json.bytes
    }

    /// Null stands for what is undecided.
    private func write(_ truth: Bool?, as key: String, into json: inout JSONWriter) {
        json.key(key)
        if let truth { json.bool(truth) } else { json.null() }
    }

    private func write(_ part: ConditionExplanation.Part, into json: inout JSONWriter) {
        json.beginObject()
        write(part.outcome == .undecided ? nil : part.holds, as: "holds", into: &json)
        if let event = part.event { json.member("event", event) }
        if let exception = part.exception {
            json.member("exception", exception)
        }
        guard part.kind == .comparison else {
            json.key("\(part.kind)")
            json.beginArray()
            for inner in part.parts { write(inner, into: &json) }
            json.endArray()
            return json.endObject()
        }
        json.member("comparison", part.text)
        if let location = part.range.flatMap({ rules.loaded.location(of: $0) }) {
            json.member("place", location.described)
        }
        json.key("values")
        json.beginObject()
        for value in part.values {
            json.key(value.field)
            if let text = value.value, !part.unknownFields.contains(value.field) {
                json.string(text)
            } else {
                json.null()
            }
        }
        json.endObject()
        json.endObject()
    }
}
