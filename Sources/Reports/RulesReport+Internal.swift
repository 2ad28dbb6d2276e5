import CommandOutput
import EventModel
import InternalAlerts
import JSONTree
import Outputs

/// `shrike rules list --internal`, and `shrike rules show` of a rule of Shrike's own.
extension RulesReport {
    /// Lists the rules of Shrike's alerts about itself: priority, name, what it means and what to do.
    public static func internalList(isJSON: Bool) -> Report {
        let rules = InternalRule.catalogue
        if isJSON {
            var json = JSONWriter()
            json.beginArray()
            for rule in rules { write(rule, into: &json) }
            json.endArray()
            return Report(bytes: json.bytes + [UInt8(ascii: "\n")])
        }
        return Report(
            lines: rules.flatMap { rule in
                ["\(priorities(of: rule).padded(to: 17)) \(rule.name)"]
                    + Columns.wrapped("    ", "\(rule.meaning). What to do: \(rule.remedy).")
            })
    }

    /// Explains a rule of Shrike's own.
    static func show(_ rule: InternalRule, isJSON: Bool) -> Report {
        if isJSON {
            var json = JSONWriter()
            write(rule, into: &json)
            return Report(bytes: json.bytes + [UInt8(ascii: "\n")])
        }
        return Report(
            lines: [
                "Rule         \(rule.name)", "Priority     \(priorities(of: rule))",
                "Event source internal: Shrike raises it about itself, no condition does",
            ] + Columns.wrapped("Meaning      ", rule.meaning) + Columns.wrapped("What to do   ", rule.remedy))
    }

    private static func priorities(of rule: InternalRule) -> String {
        rule.priorities.map(\.displayName).joined(separator: ", ")
    }

    private static func write(_ rule: InternalRule, into json: inout JSONWriter) {
        json.beginObject()
        json.member("name", rule.name)
        json.member("priorities", rule.priorities.map(\.displayName))
        json.member("source", "internal")
        json.member("meaning", rule.meaning)
        json.member("remedy", rule.remedy)
        json.endObject()
    }
}
