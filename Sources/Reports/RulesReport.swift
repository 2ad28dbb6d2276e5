import CommandOutput
import Configuration
import ConfiguredRules
import EventModel
import InternalAlerts
import JSONTree
import Outputs
import RuleEngine
import RuleLanguage

/// What `shrike rules` and Falco's `-V`, `-L` and `-l` print.
public enum RulesReport {
    /// Checks rules files: all problems, then a line for each file. JSON in the form of `falco -V`.
    public static func check(files: [String], configuration: Configuration, isJSON: Bool) -> Report {
        var configuration = configuration
        configuration.rulesFiles = files
        configuration.mustRulesFilesExist = true
        let rules = ConfiguredRules.load(configuration)
        let status: ExitStatus = rules.isSuccessful ? .success : .invalid
        if isJSON { return Report(lines: [LoadResult.json(of: rules.results)], status: status) }
        let diagnostics = rules.results.flatMap(\.diagnostics)
        return Report(lines: diagnostics.map(\.rendered) + rules.results.map(\.summary), status: status)
    }

    /// Lists rules in order: priority, whether enabled, name and tags.
    public static func list(configuration: Configuration, isJSON: Bool) -> Report {
        let rules = ConfiguredRules.load(configuration)
        guard rules.isSuccessful else { return problems(of: rules, isJSON: isJSON) }
        if isJSON {
            var json = JSONWriter()
            json.beginArray()
            for rule in rules.loaded.rules { write(rule, into: &json) }
            json.endArray()
            return Report(bytes: json.bytes + [UInt8(ascii: "\n")])
        }
        let width = rules.loaded.rules.map(\.name.count).max() ?? 0
        return Report(
            lines: rules.loaded.rules.flatMap { rule in
                let state = rule.isEnabled ? "on " : "off"
                let priority = displayName(of: rule).padded(to: 13)
                return Columns.wrapped(
                    "\(priority) \(state) \(rule.name.padded(to: width))  ", rule.tags.joined(separator: " "))
            })
    }

    /// The names of all rules, for a shell to complete; none when they can't be loaded.
    public static func ruleNames(configuration: Configuration) -> [String] {
        ConfiguredRules.load(configuration).loaded.rules.map(\.name)
    }

    private static func write(_ rule: ResolvedRule, into json: inout JSONWriter) {
        json.beginObject()
        json.member("name", rule.name)
        json.member("priority", displayName(of: rule))
        json.member("enabled", rule.isEnabled)
        json.member("kind", rule.correlation == nil ? "rule" : "correlation")
        json.member("source", rule.source)
        json.member("tags", rule.tags)
        json.member("description", rule.description)
        json.member("file", rule.location.file)
        json.member("line", rule.location.line)
        json.endObject()
    }

    /// The priority as alerts show it.
    static func displayName(of rule: ResolvedRule) -> String {
        Priority(ruleText: rule.priority)?.displayName ?? rule.priority
    }

    /// What is wrong with rules that can't be used.
    static func problems(of rules: ConfiguredRules, isJSON: Bool) -> Report {
        if isJSON { return Report(lines: [LoadResult.json(of: rules.results)], status: .invalid) }
        let errors = rules.results.flatMap(\.errors)
        return Report(lines: errors.map(\.rendered) + rules.results.map(\.summary), status: .invalid)
    }

    /// The report that a rule does not exist.
    static func unknown(rule: String, among rules: ConfiguredRules, isJSON: Bool) -> Report {
        let names = rules.loaded.rules.map(\.name) + InternalRule.catalogue.map(\.name)
        // Part of a name, in any case, is what people type.
        let lowered = rule.lowercased()
        let close = names.first { $0.lowercased().contains(lowered) } ?? Suggestion.nearest(to: rule, in: names)
        let question = close.map { "; did you mean '\($0)'?" } ?? ""
        return .failure("there is no rule '\(rule)'\(question)", isJSON: isJSON)
    }
}
