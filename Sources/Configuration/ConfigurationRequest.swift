public import EventSources
import Glibc
public import RuleEngine
import RuleLanguage

/// What the command line says about the configuration. Each `load` reads the files anew.
public struct ConfigurationRequest: Sendable, Equatable {
    /// Read when no other file is named and it is there.
    public static let defaultPath = "/etc/shrike/shrike.yaml"

    /// The configuration file (`-c`).
    public var path: String?
    /// `-o KEY=VALUE`, in order.
    public var overrides: [String] = []
    /// `-r`: replaces the configured rules files.
    public var rulesFiles: [String] = []
    /// `-D`, `-t`, `-T`: applied after the configured selections.
    public var ruleSelections: [RuleSelection] = []
    /// `-p`: appended to every rule's output.
    public var outputExtension: String?
    /// `--source`: replaces the configured sources.
    public var sources: SourceChoice?

    /// The defaults.
    public init() {}

    /// Loads the configuration.
    public func load() -> ConfigurationLoader.Result {
        let defaultFile = access(Self.defaultPath, F_OK) == 0 ? Self.defaultPath : nil
        var result = ConfigurationLoader().load(path: path ?? defaultFile, overrides: overrides)
        result.configuration.files = result.files
        apply(to: &result.configuration)
        return result
    }

    /// Applies what is no configuration key.
    func apply(to configuration: inout Configuration) {
        if !rulesFiles.isEmpty {
            configuration.rulesFiles = rulesFiles
            configuration.mustRulesFilesExist = true
        }
        configuration.ruleSelections += ruleSelections
        if let sources { configuration.sources = sources }
        // Falco's names of the fields that it once added; they have no effect there either any more.
        if let outputExtension, !["c", "container", "k", "kubernetes", ""].contains(outputExtension) {
            var addition = OutputAddition(output: outputExtension)
            // The text stands for its own file, so that messages show it.
            addition.location = SourceLocation(file: "-p \(outputExtension)", line: 1, column: 1)
            configuration.outputAdditions.append(addition)
        }
    }
}
