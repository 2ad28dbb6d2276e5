import ArgumentParser
import CommandOutput
import Configuration
import Daemon
import EventSources
import Reports

/// `shrike run`, and `shrike` with options only.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Watch this node and print alerts (the default).",
        discussion: """
            Needs root, or CAP_BPF, CAP_PERFMON, CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH for the ebpf source, CAP_AUDIT_CONTROL and CAP_AUDIT_READ for the audit \
            source, CAP_NET_ADMIN, CAP_SYS_PTRACE and CAP_SYS_ADMIN for the proc source. Alerts go to standard output unless configured otherwise, all remarks to \
            standard error. Ctrl-C stops it, puts back what it changed in the kernel, and prints counts.

            EXAMPLES:
              shrike run --source ebpf                   leave the audit subsystem alone
              shrike run --json -t process               rules tagged 'process' only, alerts as JSON
              shrike -V falco_rules.yaml                 validate a rules file
              shrike -c falco.yaml -l 'Terminal shell in container'
              shrike --list=syscall -N                   the names of all fields
            """
    )

    /// Forms of `--list` and `--list-events`.
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, markdown, json }

    @OptionGroup var configurationFlags: ConfigurationFlags
    @OptionGroup var alertFlags: AlertFlags

    @OptionGroup var sourceFlags: SourceFlags

    @OptionGroup var watchFlags: WatchFlags

    @Option(
        name: [.customShort("P"), .customLong("pidfile")],
        help: ArgumentHelp("Write the process id to this file.", valueName: "file"))
    var pidFile: String?

    @Flag(name: .customLong("dry-run"), help: "Load and prepare everything, say what would be watched, and stop.")
    var isDryRun = false

    @Option(
        name: [.customShort("V"), .customLong("validate")],
        help: ArgumentHelp("Only validate this rules file; repeatable. JSON with json_output.", valueName: "file"))
    var validatedFiles: [String] = []

    @Flag(name: .customShort("L"), help: "Only describe all rules. JSON with json_output.")
    var describesAll = false

    @Option(
        name: .customShort("l"),
        help: ArgumentHelp("Only describe this rule. JSON with json_output.", valueName: "rule"))
    var describedRule: String?

    @Flag(name: .customLong("list"), help: "Only list the fields; --list=SOURCE those of an event source.")
    var listsFields = false

    @Option(name: .customLong("list-source"), help: .hidden)
    var listedSource: String?

    @Flag(name: .customShort("N"), help: "With --list: names only.")
    var namesOnly = false

    @Flag(name: .customLong("list-events"), help: "Only list the event types and their arguments.")
    var listsEvents = false

    @Option(
        name: .customLong("format"),
        help: ArgumentHelp("Form of --list and --list-events: text, markdown or json.", valueName: "form"))
    var format = Format.text

    @Flag(name: .customLong("markdown"), help: .hidden)
    var isMarkdown = false

    @Option(name: .customLong("enable-source"), help: .hidden)
    var enabledSources: [String] = []

    @Option(name: .customLong("disable-source"), help: .hidden)
    var disabledSources: [String] = []

    func validate() throws {
        if namesOnly, !listsFields { throw ValidationError("-N belongs to --list.") }
        if let source = listedSource, !EventSourceNames.all.contains(source) {
            throw ValidationError(unknownSource("--list", source))
        }
        // Falco's event sources beyond the kernel's are plugins, and there are none here.
        for source in enabledSources where source != "syscall" {
            throw ValidationError(unknownSource("--enable-source", source))
        }
        if !disabledSources.isEmpty {
            throw ValidationError("--disable-source: 'syscall' is the one event source; without it nothing is watched.")
        }
    }

    private func unknownSource(_ option: String, _ source: String) -> String {
        "\(option): there is no event source '\(source)'; expected \(EventSourceNames.all.joined(separator: ", "))."
    }

    /// The form that `--format` and the older `--markdown` ask for.
    private var listForm: ListForm {
        switch format {
        case .markdown: .markdown
        case .json: .json
        case .text: isMarkdown ? .markdown : .text
        }
    }

    /// What the options say about the configuration.
    var request: ConfigurationRequest {
        get throws {
            var request = configurationFlags.request
            alertFlags.add(to: &request)
            request.sources = try sourceFlags.choice
            return request
        }
    }

    /// The run that the options ask for.
    func options(_ request: ConfigurationRequest, _ configuration: Configuration) -> RunOptions {
        var options = RunOptions(request: request, configuration: configuration)
        watchFlags.add(to: &options)
        options.isUnbuffered = alertFlags.isUnbuffered
        options.isVerbose = alertFlags.isVerbose
        options.isDryRun = isDryRun
        options.pidFile = pidFile
        return options
    }

    func run() throws {
        if listsFields {
            return try Console.show(FieldReport.make(form: listForm, source: listedSource, namesOnly: namesOnly))
        }
        if listsEvents { return try Console.show(EventTypeReport.make(form: listForm)) }

        let request = try request
        let configuration = try ConfigurationFlags.load(request)
        let isJSON = configuration.isJSON
        if !validatedFiles.isEmpty {
            return try Console.show(
                RulesReport.check(files: validatedFiles, configuration: configuration, isJSON: isJSON))
        }
        if describesAll || describedRule != nil {
            return try Console.show(
                RulesReport.describe(rule: describedRule, configuration: configuration, isJSON: isJSON))
        }
        let status = LiveRun.run(options(request, configuration))
        if status != .success { throw ExitCode(status.rawValue) }
    }
}
