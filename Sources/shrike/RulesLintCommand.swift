import ArgumentParser
import CommandOutput
import Configuration
import EventSources
import Reports

/// `shrike rules lint`.
struct RulesLintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Find what is allowed in rules and seldom meant.",
        discussion: """
            KINDS:
              shadowed          an earlier rule matches whatever it matches
              never-matches     the rule never matches here
              dead-alternative  one of its alternatives never matches
              expensive         a source must tell of every event of a type that all programs cause
              name-trust        any program passes that gives itself a name or arguments; an exception is to ask for the \
            executable's place or origin (proc.exepath, proc.exe.origin) beside it
              no-technique      no tag names a technique of ATT&CK
              no-exceptions     there are no exceptions that users could add to
              bare-output       the output names no process

            A comment in the rule, or above the place that is meant, accounts for a finding: '# lint: KIND: REASON'. Exit status 0: \
            nothing was found. 1: something was.

            EXAMPLES:
              shrike rules lint
              shrike rules lint falco_rules.yaml my_rules.yaml
            """
    )

    @OptionGroup var configurationFlags: ConfigurationFlags

    @Flag(name: .customLong("json"), help: "The findings as JSON.")
    var isJSON = false

    @Argument(
        help: ArgumentHelp("Rules files, or directories of them; default: the configured rules.", valueName: "file"))
    var files: [String] = []

    func run() throws {
        let configuration = try ConfigurationFlags.load(configurationFlags.request, isJSON: isJSON)
        try Console.show(RulesReport.lint(files: files, configuration: configuration, isJSON: isJSON))
    }
}

/// `shrike rules coverage`.
struct RulesCoverageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage",
        abstract: "Say what can be seen here of each rule and each technique of ATT&CK.",
        discussion: """
            For each rule: exact, all of its events and fields are told of by the sources that work on this node; partly; or \
            blind. A technique is seen as well as by the best of the rules whose tags name it. Run it as the user that Shrike runs as.

            EXAMPLES:
              shrike rules coverage
              shrike rules coverage --source audit --navigator layer.json
              shrike rules coverage --json | jq '.techniques[] | select(.coverage != "exact").id'
            """
    )

    @OptionGroup var configurationFlags: ConfigurationFlags

    @OptionGroup var sourceFlags: SourceFlags

    @Option(
        name: .customLong("navigator"),
        help: ArgumentHelp("Write a layer for the ATT&CK Navigator here.", valueName: "file"))
    var navigatorFile: String?

    @Flag(name: .customLong("json"), help: "The tables as JSON.")
    var isJSON = false

    func run() throws {
        var request = configurationFlags.request
        request.sources = try sourceFlags.choice
        let configuration = try ConfigurationFlags.load(request, isJSON: isJSON)
        let coverage = RulesReport.coverage(
            configuration: configuration, availabilities: SourceDriver.all.map { $0.probe() }, isJSON: isJSON)
        switch coverage {
        case .impossible(let report): try Console.show(report)
        case .found(let rules):
            if let navigatorFile {
                try Console.write(
                    RulesReport.navigatorLayer(of: rules, configuration: configuration), to: navigatorFile)
            }
            try Console.show(isJSON ? RulesReport.json(of: rules) : RulesReport.text(of: rules))
        }
    }
}

/// `shrike rules schema`.
struct RulesSchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of rules files, for editors.",
        discussion: """
            EXAMPLES:
              shrike rules schema > rules.schema.json
              # yaml-language-server: $schema=rules.schema.json     in the first line of a rules file
            """
    )

    func run() throws { try Console.show(RulesReport.schema()) }
}
