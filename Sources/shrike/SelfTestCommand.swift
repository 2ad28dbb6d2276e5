import ArgumentParser
import CommandOutput
import Configuration
import SelfTest

/// `shrike selftest`.
struct SelfTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "selftest",
        abstract: "Run harmless attacks and say which of them raise their alerts.",
        discussion: """
            Each attack is a small shell script that really does what a rule watches for, and puts everything back. They run one \
            after another beside a sensor of their own, which has the configured or built-in rules and sends its alerts \
            nowhere else; a Shrike that watches this node goes on, and alerts as it would. For each rule of each attack \
            a line says that its alert was seen and how many milliseconds after its event (of a correlation: after the last \
            one), or what is missing and why; cases that must raise no alert are told as quiet or as a false alarm. Needs what \
            'shrike run' needs. Exit status 0: nothing was missed. 1: something was.

            EXAMPLES:
              shrike selftest --list
              shrike selftest
              shrike selftest --source audit credentials
              shrike selftest 'Sensitive file read' -r my_rules.yaml
            """
    )

    @OptionGroup var configurationFlags: ConfigurationFlags

    @OptionGroup var sourceFlags: SourceFlags

    @Option(
        name: .customLong("attacks"),
        help: ArgumentHelp(
            "Directory of attacks, LAYER/NAME.sh.", discussion: "Default: those that are installed with the program.",
            valueName: "directory"))
    var directory: String?

    @Flag(name: .customLong("list"), help: "Only list the attacks.")
    var isListing = false

    @Flag(name: .customLong("json"), help: "The result as JSON.")
    var isJSON = false

    @Argument(
        help: ArgumentHelp("Part of a rule's name, a layer, or LAYER/NAME of an attack.", valueName: "rule"))
    var wanted: [String] = []

    /// The same for `shrike run`.
    var sensorOptions: [String] {
        func repeated(_ name: String, _ values: [String]) -> [String] { values.flatMap { [name, $0] } }
        let flags = configurationFlags
        return (flags.configurationFile.map { ["-c", $0] } ?? []) + repeated("-r", flags.rulesFiles)
            + repeated("-o", flags.overrides) + repeated("-D", flags.disabledPatterns)
            + repeated("-t", flags.onlyTags) + repeated("-T", flags.disabledTags)
            + repeated("--source", sourceFlags.names)
    }

    func run() throws {
        var request = configurationFlags.request
        request.sources = try sourceFlags.choice
        var options = SelfTest.Options(
            request: request, sensorOptions: sensorOptions, show: Console.print, remark: Console.error)
        options.wanted = wanted
        options.directory = directory
        options.isJSON = isJSON
        let status = isListing ? SelfTest.list(options) : SelfTest.run(options)
        if status != .success { throw ExitCode(status.rawValue) }
    }
}
