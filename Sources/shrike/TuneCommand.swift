import ArgumentParser
import CommandOutput
import Configuration
import EventModel
import Glibc
import KernelInterface
import Reports

/// `shrike tune`.
struct TuneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune",
        abstract: "Write the narrowest exception that keeps false alerts quiet.",
        discussion: """
            Takes alerts as JSON, a line each, that were false, all of one rule, and prints a rules file that adds an exception to that \
            rule: it rests on what the alerts have in common of the program's path, the file or address, the user and the \
            workload. Give several alerts of the same kind, and what differs between them is left open. Nothing is written \
            that would hide a case of the rule's tests, or that everybody could make use of: for a program in /tmp, or a shell \
            without its command line. The exception ends to hold after --days, and Shrike tells when it has.

            EXAMPLES:
              grep '"Shadow read"' alerts.json | shrike tune - > /etc/shrike/rules.d/backup.yaml
              shrike tune false.json --rule 'Shadow read' --history alerts.json --history node.rec --owner ops --days 30
            """
    )

    @OptionGroup var configurationFlags: ConfigurationFlags

    @Argument(help: ArgumentHelp("The alerts' file; - is standard input.", valueName: "file"))
    var file: String

    @Option(
        name: .customLong("rule"), help: ArgumentHelp("Of alerts of several rules take this one's.", valueName: "name"))
    var rule: String?

    @Option(
        name: .customLong("history"),
        help: ArgumentHelp(
            "Say what the exception would have hidden of the alerts in this file, or of those that a recording raises; repeatable.",
            valueName: "file"))
    var history: [String] = []

    @Option(
        name: .customLong("fields"),
        help: ArgumentHelp("Let it rest on these fields only, separated by commas.", valueName: "fields"))
    var fields: String?

    @Option(
        name: .customLong("owner"), help: ArgumentHelp("Who answers for it. Default: who runs this.", valueName: "name")
    )
    var owner: String?

    @Option(
        name: .customLong("days"), help: ArgumentHelp("For how many days it holds; 0: for ever.", valueName: "number"))
    var days = 90

    @Flag(
        name: .customLong("falco"),
        help: "Leave out what Falco doesn't know: that the program is what its path says.")
    var isForFalco = false

    func validate() throws {
        guard (0...3650).contains(days) else { throw ValidationError("--days takes 0 to 3650, found '\(days)'.") }
    }

    func run() throws {
        let configuration = try ConfigurationFlags.load(configurationFlags.request, isJSON: false)
        let now = KernelClock.wall()
        let day: UInt64 = 86_400_000_000_000
        var tuning = RulesReport.Tuning(
            alerts: (file, try Self.contents(of: file)), owner: owner ?? Self.user,
            // The whole of the last day, in UTC.
            expiry: days == 0 ? nil : (now / day + UInt64(days) + 1) * day, now: now)
        tuning.rule = rule
        tuning.isForFalco = isForFalco
        tuning.fields = fields?.split(separator: ",").map { String($0.filter { $0 != " " }) }
        for name in history {
            if RulesReport.isRecording(name) {
                tuning.recordings.append(name)
            } else {
                tuning.history.append((name, try Self.contents(of: name)))
            }
        }
        let report: Report
        do throws(RulesReport.TuningFailure) {
            report = try RulesReport.tune(tuning, configuration: configuration)
        } catch {
            // Standard output is the rules file.
            Console.error(error.message)
            throw ExitCode(ExitStatus.invalid.rawValue)
        }
        try Console.show(report)
    }

    /// Who runs this, also behind sudo.
    private static var user: String {
        for name in ["SUDO_USER", "LOGNAME", "USER"] {
            if let user = getenv(name).map({ String(cString: $0) }), !user.isEmpty { return user }
        }
        return "uid_\(getuid())"
    }

    private static func contents(of file: String) throws -> [UInt8] {
        switch file == "-" ? .success(Console.standardInput()) : SystemConfigurationFiles().read(file) {
        case .success(let bytes): return bytes
        case .failure(let error):
            Console.error("Error: \(error)")
            throw ExitCode(ExitStatus.invalid.rawValue)
        }
    }
}
