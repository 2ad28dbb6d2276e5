import ArgumentParser
import CommandOutput
import Configuration
import Reports
import RuleEngine
import RuleLanguage

/// Options that say which rules and which configuration to use.
struct ConfigurationFlags: ParsableArguments {
    @Option(
        name: [.customShort("c"), .customLong("config")],
        help: ArgumentHelp(
            "Configuration file.", discussion: "Default: \(ConfigurationRequest.defaultPath), if it is there.",
            valueName: "file"))
    var configurationFile: String?

    @Option(
        name: [.customShort("r"), .customLong("rules-file")],
        help: ArgumentHelp(
            "Rules file, or directory of them, in place of the configured ones; repeatable.", valueName: "path"))
    var rulesFiles: [String] = []

    @Option(
        name: [.customShort("o"), .customLong("option")],
        help: ArgumentHelp(
            "Override a configuration key, e.g. json_output=true or 'rules[].disable.tag=network'; repeatable.",
            valueName: "key=value"))
    var overrides: [String] = []

    @Option(
        name: .customShort("D"),
        help: ArgumentHelp(
            "Disable the rules whose name contains this, or matches it where it holds '*'; repeatable.",
            valueName: "pattern"))
    var disabledPatterns: [String] = []

    @Option(
        name: .customShort("t"),
        help: ArgumentHelp("Enable only the rules with this tag; repeatable.", valueName: "tag"))
    var onlyTags: [String] = []

    @Option(
        name: .customShort("T"), help: ArgumentHelp("Disable the rules with this tag; repeatable.", valueName: "tag"))
    var disabledTags: [String] = []

    func validate() throws {
        if !onlyTags.isEmpty, !disabledTags.isEmpty || !disabledPatterns.isEmpty {
            throw ValidationError("-t chooses the only rules to use; it can't be combined with -T or -D.")
        }
        for (option, values) in [("-D", disabledPatterns), ("-t", onlyTags), ("-T", disabledTags)]
        where values.contains("") {
            throw ValidationError("\(option): the value is empty; expected a \(option == "-D" ? "pattern" : "tag").")
        }
    }

    /// What the options ask for.
    var request: ConfigurationRequest {
        var request = ConfigurationRequest()
        request.path = configurationFile
        request.overrides = overrides
        request.rulesFiles = rulesFiles
        if !onlyTags.isEmpty {
            request.ruleSelections.append(RuleSelection(isEnabling: false, rule: "*"))
            request.ruleSelections += onlyTags.map { RuleSelection(isEnabling: true, tag: $0) }
        }
        request.ruleSelections += disabledPatterns.map {
            RuleSelection(isEnabling: false, rule: $0.contains("*") ? $0 : "*\($0)*")
        }
        request.ruleSelections += disabledTags.map { RuleSelection(isEnabling: false, tag: $0) }
        return request
    }

    /// Loads the configuration, shows its problems on standard error, and ends where there are errors.
    ///
    /// - Parameter isJSON: whether the errors are to be told on standard output, as JSON.
    static func load(_ request: ConfigurationRequest, isJSON: Bool = false) throws -> Configuration {
        let result = request.load()
        if result.hasErrors, isJSON {
            let errors = result.diagnostics.filter { $0.severity == .error }.map(\.line)
            try Console.show(.failure(errors.joined(separator: "\n"), isJSON: true))
        }
        if !result.diagnostics.isEmpty { Console.error(DiagnosticReport.text(result.diagnostics)) }
        if result.hasErrors { throw ExitCode(ExitStatus.invalid.rawValue) }
        return result.configuration
    }
}

/// Options that say how alerts are written.
struct AlertFlags: ParsableArguments {
    @Flag(name: .customLong("json"), help: "Alerts as JSON objects; the same as -o json_output=true.")
    var isJSON = false

    @Option(
        name: [.customShort("p"), .customLong("print")],
        help: ArgumentHelp("Append this to every rule's output, e.g. 'on %evt.hostname'.", valueName: "template"))
    var outputExtension: String?

    @Flag(name: [.customShort("U"), .customLong("unbuffered")], help: "Write each alert at once.")
    var isUnbuffered = false

    @Flag(name: [.customShort("v"), .customLong("verbose")], help: "Say more on standard error.")
    var isVerbose = false

    /// Adds to a request what the options ask for.
    func add(to request: inout ConfigurationRequest) {
        if isJSON { request.overrides.append("json_output=true") }
        request.outputExtension = outputExtension
    }
}
