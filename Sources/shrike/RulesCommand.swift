import ArgumentParser
import Configuration
import Reports

/// `shrike rules`.
struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "Check, list and explain rules.",
        subcommands: [RulesCheckCommand.self, RulesListCommand.self, RulesShowCommand.self]
    )
}

/// `shrike rules check`.
struct RulesCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Find every mistake in rules files.",
        discussion: """
            The files are loaded in order, as if they were configured together: a later one may change what an earlier \
            one defines. All problems of all files are shown, each with its place and, for a misspelt name, the name that \
            was probably meant. Exit status 0: valid, perhaps with warnings. 1: not valid.

            EXAMPLES:
              shrike rules check falco_rules.yaml my_rules.yaml
              shrike rules check --json rules.d | jq '.falco_load_results[].errors'
            """
    )

    @Argument(help: ArgumentHelp("Rules files, or directories of them.", valueName: "file"))
    var files: [String]

    @Flag(name: .customLong("json"), help: "The result as JSON, in the form of falco -V.")
    var isJSON = false

    func run() throws {
        try Console.show(RulesReport.check(files: files, configuration: Configuration(), isJSON: isJSON))
    }
}

/// `shrike rules list`.
struct RulesListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the rules: priority, whether enabled, name, tags.",
        discussion: """
            EXAMPLES:
              shrike rules list
              shrike rules list -r falco_rules.yaml -t network
            """
    )

    @OptionGroup var configurationFlags: ConfigurationFlags

    @Flag(name: .customLong("json"), help: "The list as JSON.")
    var isJSON = false

    func run() throws {
        let configuration = try ConfigurationFlags.load(configurationFlags.request)
        try Console.show(RulesReport.list(configuration: configuration, isJSON: isJSON))
    }
}

/// `shrike rules show`.
struct RulesShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Explain a rule: its resolved condition, its event types, what each source can see of it.",
        discussion: """
            EXAMPLES:
              shrike rules show 'Write below a binary directory'
              shrike rules show -r falco_rules.yaml 'Terminal shell in container' --json
            """
    )

    @OptionGroup var configurationFlags: ConfigurationFlags

    @Argument(
        help: ArgumentHelp("The rule's name.", valueName: "name"),
        completion: .custom { _, _, _ in
            RulesReport.ruleNames(configuration: ConfigurationRequest().load().configuration)
        })
    var name: String

    @Flag(name: .customLong("json"), help: "The explanation as JSON.")
    var isJSON = false

    func run() throws {
        let configuration = try ConfigurationFlags.load(configurationFlags.request)
        try Console.show(RulesReport.show(rule: name, configuration: configuration, isJSON: isJSON))
    }
}
