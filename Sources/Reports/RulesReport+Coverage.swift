public import CommandOutput
public import Configuration
public import ConfiguredRules
public import EventSources
import JSONTree
import Outputs
import RuleLanguage

/// `shrike rules coverage`.
extension RulesReport {
    /// What can be seen of each rule; nil after an error, which the report tells.
    public enum Coverage {
        /// What can be seen of each rule.
        case found([RuleCoverage])
        /// The rules can't be used.
        case impossible(Report)
    }

    /// Says what of each rule can be seen where these sources work.
    public static func coverage(
        configuration: Configuration, availabilities: [SourceAvailability], isJSON: Bool
    ) -> Coverage {
        let rules = ConfiguredRules.load(configuration)
        guard rules.isSuccessful else { return .impossible(problems(of: rules, isJSON: isJSON)) }
        return .found(rules.coverage(availabilities: availabilities, choice: configuration.sources))
    }

    /// A technique, and what is seen of it by the best of its rules.
    struct CoveredTechnique {
        var identifier: String
        var degree: RuleCoverage.Degree
        var rules: [RuleCoverage]
    }

    /// The techniques that rules name, sorted.
    static func techniques(of coverage: [RuleCoverage]) -> [CoveredTechnique] {
        var rulesByTechnique: [String: [RuleCoverage]] = [:]
        for rule in coverage {
            for technique in rule.techniques { rulesByTechnique[technique, default: []].append(rule) }
        }
        return rulesByTechnique.keys.sorted().map { identifier in
            let rules = rulesByTechnique[identifier] ?? []
            return CoveredTechnique(
                identifier: identifier, degree: rules.map(\.degree).max() ?? .blind, rules: rules)
        }
    }

    /// Two tables: by rule with what can't be seen, and by technique.
    public static func text(of coverage: [RuleCoverage]) -> Report {
        var lines: [String] = []
        for rule in coverage {
            lines += Columns.wrapped(
                "\(rule.degree.name.padded(to: 7)) \(rule.rule)  ", rule.techniques.joined(separator: " "))
            for gap in rule.gaps { lines += Columns.wrapped("          ", gap) }
        }
        lines.append("")
        let techniques = techniques(of: coverage)
        for technique in techniques {
            lines += Columns.wrapped(
                "\(technique.degree.name.padded(to: 7)) \(technique.identifier.padded(to: 10)) ",
                technique.rules.map(\.rule).joined(separator: "; "))
        }
        lines.append("")
        func counts(_ degrees: [RuleCoverage.Degree]) -> String {
            RuleCoverage.Degree.allCases.reversed().map { degree in
                "\(degrees.count { $0 == degree }) \(degree.name)"
            }.joined(separator: ", ")
        }
        lines.append("\(Plural.counted(coverage.count, "rule")): \(counts(coverage.map(\.degree)))")
        lines.append("\(techniques.count) techniques: \(counts(techniques.map(\.degree)))")
        return Report(lines: lines)
    }

    /// The same as JSON.
    public static func json(of coverage: [RuleCoverage]) -> Report {
        var json = JSONWriter()
        json.beginObject()
        json.key("rules")
        json.beginArray()
        for rule in coverage {
            json.beginObject()
            json.member("name", rule.rule)
            json.member("coverage", rule.degree.name)
            json.member("techniques", rule.techniques)
            json.member("gaps", rule.gaps)
            json.endObject()
        }
        json.endArray()
        json.key("techniques")
        json.beginArray()
        for technique in techniques(of: coverage) {
            json.beginObject()
            json.member("id", technique.identifier)
            json.member("coverage", technique.degree.name)
            json.member("rules", technique.rules.map(\.rule))
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return Report(bytes: json.bytes + [UInt8(ascii: "\n")])
    }

    /// A layer for the ATT&CK Navigator, in version 4.5 of its format
    /// (github.com/mitre-attack/attack-navigator, layers/spec/v4.5).
    public static func navigatorLayer(of coverage: [RuleCoverage], configuration: Configuration) -> [UInt8] {
        let host = configuration.alertFormat.hostName
        var json = JSONWriter()
        json.beginObject()
        func field(_ key: String, _ text: String) {
            json.member(key, text)
        }
        field("name", "Shrike on \(host)")
        json.key("versions")
        json.beginObject()
        field("layer", "4.5")
        field("navigator", "4.9.1")
        json.endObject()
        field("domain", "enterprise-attack")
        field("description", "What the loaded rules see of each technique on \(host) with the sources that work there.")
        json.key("filters")
        json.beginObject()
        json.member("platforms", ["Linux", "Containers"])
        json.endObject()
        json.key("techniques")
        json.beginArray()
        for technique in techniques(of: coverage) {
            json.beginObject()
            field("techniqueID", technique.identifier)
            json.member("score", technique.degree.rawValue * 50)
            field(
                "comment",
                technique.rules.map { rule in
                    "\(rule.degree.name): \(rule.rule)"
                        + (rule.gaps.isEmpty ? "" : " (\(rule.gaps.joined(separator: "; ")))")
                }.joined(separator: "\n"))
            json.member("enabled", true)
            json.member("showSubtechniques", technique.identifier.contains("."))
            json.endObject()
        }
        json.endArray()
        json.key("gradient")
        json.beginObject()
        json.member("colors", degreeColours.map(\.colour))
        json.member("minValue", 0)
        json.member("maxValue", 100)
        json.endObject()
        json.key("legendItems")
        json.beginArray()
        for (label, colour) in degreeColours {
            json.beginObject()
            field("label", label)
            field("color", colour)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return json.bytes + [UInt8(ascii: "\n")]
    }

    private static let degreeColours = [("blind", "#ff6666"), ("partly", "#ffe766"), ("exact", "#8ec843")].map {
        (label: $0.0, colour: $0.1)
    }
}
