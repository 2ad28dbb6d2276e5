import ArgumentParser
import CommandOutput
import Configuration
import Daemon

/// `shrike replay`.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Print the alerts that audit logs or a recording would have raised.",
        discussion: """
            Reads audit logs as auditd writes them (raw or enriched, plain or gzip'd, with or without node=) as fast as \
            it can, and stamps each alert with the event's own time. Needs no privileges beyond reading the files. A recording \
            (shrike record) has all that the live run had: with its rules the alerts are the run's.

            EXAMPLES:
              shrike replay /var/log/audit/audit.log.2.gz /var/log/audit/audit.log
              ausearch --raw -ts today | shrike replay -
              shrike replay -r falco_rules.yaml --json audit.log
              shrike replay node.rec
            """
    )

    @OptionGroup var configurationFlags: ConfigurationFlags
    @OptionGroup var alertFlags: AlertFlags

    @Argument(help: ArgumentHelp("Audit logs, oldest first, - is standard input; or one recording.", valueName: "file"))
    var files: [String]

    /// What the options say about the configuration.
    var request: ConfigurationRequest {
        var request = configurationFlags.request
        alertFlags.add(to: &request)
        return request
    }

    func run() throws {
        var options = ReplayOptions(configuration: try ConfigurationFlags.load(request), files: files)
        options.isUnbuffered = alertFlags.isUnbuffered
        options.isVerbose = alertFlags.isVerbose
        let status = LogReplay.run(options)
        if status != .success { throw ExitCode(status.rawValue) }
    }
}
