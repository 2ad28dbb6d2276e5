import Configuration
import ConfiguredRules
import RuleLanguage

extension Doctor {
    /// Whether configuration and rules can be used.
    static func configuration(_ loaded: ConfigurationLoader.Result, _ rules: ConfiguredRules) -> [Finding] {
        let diagnostics = loaded.diagnostics + rules.results.flatMap(\.diagnostics)
        let errors = diagnostics.filter { $0.severity == .error }
        guard errors.isEmpty else {
            return errors.map { error in
                Finding(
                    "configuration", .problem, error.line, fix: error.suggestion ?? "shrike config check, rules check")
            }
        }
        let warnings = diagnostics.count
        let counts = Plural.counted(rules.active.count, "rule")
        return [
            warnings == 0
                ? Finding("configuration", .ok, "configuration and rules are valid: \(counts)")
                : Finding(
                    "configuration", .note,
                    "configuration and rules are valid, with \(Plural.counted(warnings, "warning")): \(counts)",
                    fix: "shrike config check and shrike rules check show them")
        ] + remarks(on: rules)
    }

    private static func remarks(on rules: ConfiguredRules) -> [Finding] {
        var findings = rules.fileRemarks.map {
            Finding("configuration", .note, $0, fix: "mend the path in rules_files, or take it out")
        }
        findings += rules.selectionRemarks.map {
            Finding("configuration", .note, $0, fix: "mend the selection in 'rules', or the options -t, -T and -D")
        }
        if let remark = rules.reachRemark {
            findings.append(
                Finding(
                    "configuration", remark.hasUnmatchable ? .problem : .note, remark.text,
                    fix:
                        "shrike rules show NAME says which fields no source here can fill; disable rules that can't match"
                ))
        }
        return findings
    }

    /// What a run would refuse of the files and directories that the configuration names.
    static func places(_ configuration: Configuration) -> [Finding] {
        configuration.placeProblems().map { Finding("files", .problem, "\($0.key): \($0.message)", fix: $0.fix) }
    }

    /// Whether somebody else than root and the user who runs Shrike can change the files, or put others in their place.
    static func files(_ paths: [String]) -> [Finding] {
        let weaknesses = FileTrust.weaknesses(of: paths)
        guard weaknesses.isEmpty else {
            return weaknesses.map { Finding("files", .problem, $0.message, fix: $0.fix) }
        }
        return [
            Finding(
                "files", .ok,
                paths.isEmpty
                    ? "no files are read: defaults and built-in rules"
                    : "only root and the user who runs Shrike can change configuration and rules")
        ]
    }
}
