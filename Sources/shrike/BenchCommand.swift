import ArgumentParser
import Bench
import Configuration
import EventModel

/// `shrike bench`.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure what the configured outputs take.",
        subcommands: [BenchAlertsCommand.self]
    )
}

/// `shrike bench alerts`.
struct BenchAlertsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alerts",
        abstract: "Send synthetic alerts through the configured outputs, and measure rate and latency.",
        discussion: """
            The alerts take the daemon's way: through a spool and the forwarder to http_output and shrike.outputs, and to \
            the other outputs that are configured, but not to standard output, which has the report. They say that they \
            are synthetic: in the rule's name, a tag, the message and a field. Nothing is watched, and a daemon that runs is not \
            disturbed: the spool is a file of its own beside the configured one, removed at the end.

            The latency into the spool is from an alert's making to its commit; that of delivery to the note that the \
            receiver has taken it, to a millisecond. Ctrl-C ends it early, with the report.

            EXAMPLES:
              shrike bench alerts -c shrike.yaml                     100 alerts a second for 10 seconds
              shrike bench alerts --rate 500 --seconds 60
              shrike bench alerts --rate 0 --count 50000             as fast as they go
              shrike bench alerts --rule 'Shell in container'        for outputs that choose by rule
              shrike bench alerts --json -o http_output.enabled=true -o http_output.url=https://siem.example/

            EXIT STATUS:
              0  all were delivered
              1  some were not, or the configuration is not valid, or an output can't be opened
            """
    )

    @Option(
        name: [.customShort("c"), .customLong("config")],
        help: ArgumentHelp(
            "Configuration file.", discussion: "Default: \(ConfigurationRequest.defaultPath), if it is there.",
            valueName: "file"))
    var configurationFile: String?

    @Option(
        name: [.customShort("o"), .customLong("option")],
        help: ArgumentHelp("Override a configuration key; repeatable.", valueName: "key=value"))
    var overrides: [String] = []

    @Option(
        name: .customLong("rate"),
        help: ArgumentHelp("Alerts a second; 0: as many as the spool takes. Default: 100.", valueName: "number"))
    var rate: Double?

    @Option(name: .customLong("count"), help: ArgumentHelp("How many alerts.", valueName: "number"))
    var count: Int?

    @Option(
        name: .customLong("seconds"),
        help: ArgumentHelp("How long to send, in place of --count. Default: 10.", valueName: "number"))
    var seconds: Double?

    @Option(
        name: .customLong("rule"),
        help: ArgumentHelp(
            "The rule that the alerts name, with ' (synthetic)' behind it. Default: Shrike bench.", valueName: "name"))
    var rule: String?

    @Option(
        name: .customLong("priority"), help: ArgumentHelp("The alerts' priority. Default: warning.", valueName: "name"))
    var priority: String?

    @Option(
        name: .customLong("tag"),
        help: ArgumentHelp("A tag of the alerts besides 'synthetic'; repeatable.", valueName: "tag"))
    var tags: [String] = []

    @Option(
        name: .customLong("size"),
        help: ArgumentHelp("Bytes of an alert's JSON, about. Default: 800.", valueName: "bytes"))
    var size: Int?

    @Option(
        name: .customLong("spool"),
        help: ArgumentHelp("A new file for the spool, removed at the end.", valueName: "file"))
    var spool: String?

    @Option(
        name: .customLong("patience"),
        help: ArgumentHelp(
            "Seconds without any delivery after which the rest counts as undelivered. Default: 30.",
            valueName: "seconds"))
    var patience: Int?

    @Flag(name: .customLong("json"), help: "The report as JSON.")
    var isJSON = false

    /// More would need more memory and time than a measurement may take.
    private static let largestCount = 100_000_000

    func validate() throws {
        _ = try alertCount
        _ = try chosenPriority
        if let rate, !(rate >= 0 && rate <= 1e6) {
            throw ValidationError("--rate takes alerts a second from 0 to 1000000, found '\(rate)'.")
        }
        if let size, !(0...65_536).contains(size) {
            throw ValidationError("--size takes bytes from 0 to 65536, found '\(size)'.")
        }
        if let patience, !(1...86_400).contains(patience) {
            throw ValidationError("--patience takes seconds from 1 to 86400, found '\(patience)'.")
        }
        for text in [rule].compactMap(\.self) + tags where text.isEmpty || text.utf8.contains(where: { $0 < 0x20 }) {
            throw ValidationError("--rule and --tag take a name without control characters.")
        }
    }

    /// How many alerts the options ask for.
    private var alertCount: Int {
        get throws {
            if count != nil, seconds != nil { throw ValidationError("give --count or --seconds, not both.") }
            if let count {
                guard (1...Self.largestCount).contains(count) else {
                    throw ValidationError("--count takes a number from 1 to \(Self.largestCount), found '\(count)'.")
                }
                return count
            }
            let (rate, seconds) = (rate ?? 100, seconds ?? 10)
            if rate == 0 { throw ValidationError("--rate 0 has no end without --count.") }
            let count = rate * seconds
            guard seconds > 0, count.isFinite, count <= Double(Self.largestCount) else {
                throw ValidationError(
                    "--seconds takes a time above 0 that makes at most \(Self.largestCount) alerts, found '\(seconds)'."
                )
            }
            return max(1, Int(count.rounded()))
        }
    }

    private var chosenPriority: Priority {
        get throws {
            guard let priority else { return .warning }
            guard let chosen = Priority(ruleText: priority) else {
                let names = Priority.allCases.map { $0.displayName.lowercased() }.joined(separator: ", ")
                throw ValidationError("--priority: there is no '\(priority)'; expected \(names).")
            }
            return chosen
        }
    }

    /// The bench that the options ask for.
    func options(_ configuration: Configuration) throws -> AlertBenchOptions {
        let rate = rate ?? 100
        var options = AlertBenchOptions(
            configuration: configuration, rate: rate == 0 ? nil : rate, count: try alertCount)
        if let rule { options.rule = rule }
        options.priority = try chosenPriority
        options.tags = tags
        if let size { options.size = size }
        options.spoolPath = spool
        if let patience { options.patienceSeconds = patience }
        options.isJSON = isJSON
        return options
    }

    func run() throws {
        var request = ConfigurationRequest()
        request.path = configurationFile
        request.overrides = overrides
        try Console.show(AlertBench.run(options(ConfigurationFlags.load(request))))
    }
}
