import CommandOutput
import Configuration
import RuleLanguage

/// What `shrike config` prints.
public enum ConfigurationReport {
    /// Checks configuration files, each by itself: all problems, then a line for each file. JSON in the form of `falco -V`.
    public static func check(files: [String], isJSON: Bool) -> Report {
        let results = files.map {
            LoadResult(name: $0, diagnostics: ConfigurationLoader().load(path: $0, checksPlaces: true).diagnostics)
        }
        let status: ExitStatus = results.allSatisfy(\.isSuccessful) ? .success : .invalid
        if isJSON { return Report(lines: [LoadResult.json(of: results)], status: status) }
        return Report(
            lines: results.flatMap(\.diagnostics).map(\.rendered) + results.map(\.summary), status: status)
    }

    /// The configuration in effect, as YAML: defaults, files and overrides.
    public static func show(_ configuration: Configuration) -> Report {
        var text = ""
        if configuration.rulesFiles == nil { text += "# rules_files is not set: the built-in rules are used.\n" }
        return Report(bytes: Array((text + configuration.listing.yaml).utf8))
    }

    /// The JSON Schema of the configuration.
    public static func schema() -> Report { Report(bytes: Array(ConfigurationSchema.tree.json.utf8)) }
}
