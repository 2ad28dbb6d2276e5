import ArgumentParser
import CommandOutput
import Configuration
import Reports

/// `shrike spool`.
struct SpoolCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spool",
        abstract: "Look at the alerts that wait for network outputs, and at those that were refused.",
        discussion: "Works while Shrike runs and while it doesn't. Needs root, or the user that Shrike runs as.",
        subcommands: [SpoolStatusCommand.self, SpoolRejectedCommand.self, SpoolRetryCommand.self]
    )

    /// Shows a report, or why there is none.
    static func show(isJSON: Bool, _ make: () throws(SpoolListing.Failure) -> Report) throws {
        let report: Report
        do throws(SpoolListing.Failure) { report = try make() } catch {
            guard !isJSON else { return try Console.show(.failure("\(error)", isJSON: true)) }
            Console.error("Error: \(error)")
            throw ExitCode(ExitStatus.invalid.rawValue)
        }
        try Console.show(report)
    }
}

/// What the commands of `shrike spool` have in common.
struct SpoolFlags: ParsableArguments {
    @Option(
        name: [.customShort("c"), .customLong("config")],
        help: ArgumentHelp("Configuration file, for shrike.spool.path.", valueName: "file"))
    var configurationFile: String?

    @Option(
        name: [.customShort("o"), .customLong("option")],
        help: ArgumentHelp("Override a configuration key, e.g. shrike.spool.path=/x/spool.db.", valueName: "key=value"))
    var overrides: [String] = []

    @Flag(name: .customLong("json"), help: "The result as JSON.")
    var isJSON = false

    /// The configuration that they name.
    func load() throws -> Configuration {
        var request = ConfigurationRequest()
        request.path = configurationFile
        request.overrides = overrides
        return try ConfigurationFlags.load(request)
    }
}

/// `shrike spool status`.
struct SpoolStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "What waits, and what each output has got and refused."
    )

    @OptionGroup var flags: SpoolFlags

    func run() throws {
        let configuration = try flags.load()
        try SpoolCommand.show(isJSON: flags.isJSON) { () throws(SpoolListing.Failure) in
            try SpoolListing.status(configuration, isJSON: flags.isJSON)
        }
    }
}

/// `shrike spool rejected`.
struct SpoolRejectedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rejected",
        abstract: "The alerts that receivers refused for good, and why: the last 1000."
    )

    @Option(name: .customLong("output"), help: ArgumentHelp("Only those of this output.", valueName: "name"))
    var output: String?
    @OptionGroup var flags: SpoolFlags

    func run() throws {
        let configuration = try flags.load()
        try SpoolCommand.show(isJSON: flags.isJSON) { () throws(SpoolListing.Failure) in
            try SpoolListing.rejected(configuration, output: output, isJSON: flags.isJSON)
        }
    }
}

/// `shrike spool retry`.
struct SpoolRetryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Send refused alerts again, to the outputs that refused them.",
        discussion: """
            They go behind all that waits, with the key that they had. Those of outputs that are configured no more stay \
            where they are.
            """
    )

    @Option(name: .customLong("output"), help: ArgumentHelp("Only those of this output.", valueName: "name"))
    var output: String?
    @OptionGroup var flags: SpoolFlags

    func run() throws {
        let configuration = try flags.load()
        try SpoolCommand.show(isJSON: flags.isJSON) { () throws(SpoolListing.Failure) in
            try SpoolListing.retry(configuration, output: output, isJSON: flags.isJSON)
        }
    }
}
