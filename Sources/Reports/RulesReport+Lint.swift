public import CommandOutput
public import Configuration
import ConfiguredRules
import JSONTree
import Outputs
import RuleEngine
import RuleLanguage

/// `shrike rules lint`.
extension RulesReport {
    /// Lists what is allowed in rules and seldom meant. The status is a failure when there is anything.
    public static func lint(files: [String], configuration: Configuration, isJSON: Bool) -> Report {
        var configuration = configuration
        if !files.isEmpty {
            configuration.rulesFiles = files
            configuration.mustRulesFilesExist = true
        }
        let rules = ConfiguredRules.load(configuration)
        guard rules.isSuccessful else { return problems(of: rules, isJSON: isJSON) }
        let findings = rules.lint()
        let status: ExitStatus = findings.isEmpty ? .success : .invalid
        if isJSON {
            var json = JSONWriter()
            json.beginArray()
            for finding in findings {
                json.beginObject()
                json.member("kind", finding.kind.rawValue)
                json.member("rule", finding.rule)
                json.member("other_rules", finding.otherRules)
                json.member("message", finding.message)
                json.member("file", finding.location.file)
                json.member("line", finding.location.line)
                json.member("column", finding.location.column)
                json.endObject()
            }
            json.endArray()
            return Report(bytes: json.bytes + [UInt8(ascii: "\n")], status: status)
        }
        let counts = LintFinding.Kind.allCases.compactMap { kind -> String? in
            let count = findings.count { $0.kind == kind }
            return count > 0 ? "\(count) \(kind.rawValue)" : nil
        }
        let rest = counts.isEmpty ? "nothing found" : counts.joined(separator: ", ")
        return Report(
            lines: findings.map(\.line) + ["\(Plural.counted(rules.loaded.rules.count, "rule")): \(rest)"],
            status: status)
    }
}
