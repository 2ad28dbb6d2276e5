import ArgumentParser
import CommandOutput
import Configuration
import Daemon

/// `shrike record`.
struct RecordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Watch this node as 'run' does, and write down what is seen, to be replayed.",
        discussion: """
            The file has every event that the rules' needs bring, and whatever the node answered when it was asked for more \
            (/proc, control groups, containers' bundles, accounts, packages): 'shrike replay FILE' raises the same alerts with the same \
            rules, anywhere and without privileges, and shows what other rules say of the same. It has command lines and paths of all \
            users: it is made for its owner alone. Alerts go where 'run' sends them.

            EXAMPLES:
              shrike record -M 60 node.rec                  a minute of this node
              shrike record --beside node.rec               beside the Shrike that watches it
              shrike replay -r changed_rules.yaml node.rec
            """
    )

    @OptionGroup var configurationFlags: ConfigurationFlags
    @OptionGroup var alertFlags: AlertFlags
    @OptionGroup var sourceFlags: SourceFlags

    @OptionGroup var watchFlags: WatchFlags

    @Option(
        name: .customLong("limit"),
        help: ArgumentHelp(
            "End the recording, with an alert, before the file is larger than this.", valueName: "MiB"))
    var limit = 1024

    @Argument(help: ArgumentHelp("The file, which must not be there yet.", valueName: "file"))
    var file: String

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit takes a number of MiB, found '\(limit)'.") }
    }

    func run() throws {
        var request = configurationFlags.request
        alertFlags.add(to: &request)
        request.sources = try sourceFlags.choice
        var options = RunOptions(request: request, configuration: try ConfigurationFlags.load(request))
        watchFlags.add(to: &options)
        options.isUnbuffered = alertFlags.isUnbuffered
        options.isVerbose = alertFlags.isVerbose
        options.recording = RunOptions.Recording(path: file, limitMebibytes: limit)
        let status = LiveRun.run(options)
        if status != .success { throw ExitCode(status.rawValue) }
    }
}
