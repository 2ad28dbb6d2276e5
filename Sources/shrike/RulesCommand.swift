import ArgumentParser
import Configuration
import Reports

/// `shrike rules`.
struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "Check, list, test and explain rules.",
        subcommands: [
            RulesCheckCommand.self, RulesListCommand.self, RulesShowCommand.self, RulesCostCommand.self,
            RulesTestCommand.self, RulesExplainCommand.self, RulesLintCommand.self, RulesCoverageCommand.self,
            RulesSchemaCommand.self,
        ]
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
              shrike rules list --internal
            """
    )

    @OptionGroup var configurationFlags: ConfigurationFlags

    @Flag(name: .customLong("json"), help: "The list as JSON.")
    var isJSON = false

    @Flag(
        name: .customLong("internal"),
        help: "List the rules of Shrike's alerts about itself, and what to do about each.")
    var isInternal = false

    func run() throws {
        if isInternal { return try Console.show(RulesReport.internalList(isJSON: isJSON)) }
        let configuration = try ConfigurationFlags.load(configurationFlags.request, isJSON: isJSON)
        try Console.show(RulesReport.list(configuration: configuration, isJSON: isJSON))
    }
}

/// `shrike rules show`.
struct RulesShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Explain a rule: its resolved condition, its event types, what each source can see of it.",
        discussion: """
            A clause that makes a source deliver every event of a type, because the source's filter can't look it up, is \
            named with its place.

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
        let configuration = try ConfigurationFlags.load(configurationFlags.request, isJSON: isJSON)
        try Console.show(RulesReport.show(rule: name, configuration: configuration, isJSON: isJSON))
    }
}

/// `shrike rules cost`.
struct RulesCostCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cost",
        abstract: "Say which rules make a source deliver how much.",
        discussion: """
            Reads audit logs, or a recording (shrike record), and counts, for each rule that is in use, the events that a source would deliver because of \
            it, those that no other rule asks for, and those that it matches. A rule that costs much and matches nothing is \
            to be narrowed: shrike rules show names the clauses that make it wide. The logs hold what audit was asked for \
            when they were written; record them with the rules that are to be compared.

            EXAMPLES:
              shrike rules cost /var/log/audit/audit.log
              shrike rules cost node.rec
              shrike rules cost -r falco_rules.yaml --json audit.log | jq '.rules[] | select(.matched == 0)'
            """
    )

    @OptionGroup var configurationFlags: ConfigurationFlags

    @Argument(help: ArgumentHelp("Audit logs, oldest first, - is standard input; or one recording.", valueName: "file"))
    var files: [String]

    @Flag(name: .customLong("json"), help: "The counts as JSON.")
    var isJSON = false

    func run() throws {
        let configuration = try ConfigurationFlags.load(configurationFlags.request, isJSON: isJSON)
        try Console.show(RulesReport.cost(files: files, configuration: configuration, isJSON: isJSON))
    }
}
