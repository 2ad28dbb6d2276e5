import ArgumentParser
import Reports

/// `shrike config`.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Check and show the configuration.",
        subcommands: [ConfigCheckCommand.self, ConfigShowCommand.self, ConfigSchemaCommand.self]
    )
}

/// `shrike config check`.
struct ConfigCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Find every mistake in configuration files.",
        discussion: """
            Each file is checked by itself, with the files that it includes. All problems are shown, each with its place \
            and, for a misspelt name, the name that was probably meant. Exit status 0: valid, perhaps with warnings. \
            1: not valid.

            EXAMPLES:
              shrike config check /etc/shrike/shrike.yaml
              shrike config check --json /etc/falco/falco.yaml
            """
    )

    @Argument(help: ArgumentHelp("Configuration files.", valueName: "file"))
    var files: [String]

    @Flag(name: .customLong("json"), help: "The result as JSON, in the form of falco -V.")
    var isJSON = false

    func run() throws { try Console.show(ConfigurationReport.check(files: files, isJSON: isJSON)) }
}

/// `shrike config show`.
struct ConfigShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print the configuration in effect as YAML: defaults, files and overrides.",
        discussion: """
            Values of headers are not shown: they often are secrets.

            EXAMPLES:
              shrike config show
              shrike config show -c /etc/falco/falco.yaml -o json_output=true
            """
    )

    @OptionGroup var configurationFlags: ConfigurationFlags

    func run() throws {
        try Console.show(ConfigurationReport.show(ConfigurationFlags.load(configurationFlags.request)))
    }
}

/// `shrike config schema`.
struct ConfigSchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of the configuration, for editors."
    )

    func run() throws { try Console.show(ConfigurationReport.schema()) }
}
