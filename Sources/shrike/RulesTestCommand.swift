import ArgumentParser
import CommandOutput
import Configuration
import Glibc
import Reports

/// `shrike rules test`.
struct RulesTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run tests of rules: events that must, and that must not, raise an alert.",
        discussion: """
            A file of tests is a sequence of rules with cases; an event is its fields' values, and a field that isn't named has none:

              - rule: Shadow read
                alerts:
                  - case: read by cat
                    event: {evt.type: openat, fd.num: 3, fd.name: /etc/shadow, proc.name: cat}
                quiet:
                  - case: another file
                    event: {evt.type: openat, fd.num: 3, fd.name: /etc/hosts, proc.name: cat}
                  - case: a day's log
                    log: yesterday.log

            'log' names an audit log, beside the file if its path is relative. Without files, those in the directory 'tests' beside \
            the configured rules and those of the key shrike.rules_tests are run. Exit status 0: all passed. 1: not.

            EXAMPLES:
              shrike rules test
              shrike rules test my_tests.yaml -r falco_rules.yaml -r my_rules.yaml
              shrike rules test --junit results.xml
            """
    )

    @OptionGroup var configurationFlags: ConfigurationFlags

    @Option(name: .customLong("junit"), help: ArgumentHelp("Write the results as JUnit XML here.", valueName: "file"))
    var junitFile: String?

    @Flag(name: .customLong("json"), help: "The results as JSON.")
    var isJSON = false

    @Argument(help: ArgumentHelp("Files of tests, or directories of them.", valueName: "file"))
    var files: [String] = []

    func run() throws {
        let configuration = try ConfigurationFlags.load(configurationFlags.request, isJSON: isJSON)
        let tests = RulesReport.test(
            files: files, configuration: configuration, isJSON: isJSON)
        switch tests {
        case .impossible(let report): try Console.show(report)
        case .run(let suite, let isOfConfiguration):
            if let junitFile { try Console.write(RulesReport.junit(of: suite), to: junitFile) }
            try Console.show(
                isJSON ? RulesReport.json(of: suite) : RulesReport.text(of: suite, isOfConfiguration: isOfConfiguration)
            )
        }
    }
}

/// `shrike rules explain`.
struct RulesExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say why a rule alerts or doesn't alert on an event.",
        discussion: """
            Shows the condition as a tree: for each part whether it holds, for each comparison the event's values and where it is \
            written; which exception holds; which earlier rule takes the event. The event is a mapping of fields to values, \
            as YAML or JSON, or the JSON of an alert, which has the fields of its rule's output; what rests on others is undecided. \
            With --pid it is a process that runs, and what rests on the event itself is undecided. With --recording it is of what \
            'shrike record' wrote: the last event that the rule alerts on, or else is about; of one process with --pid.

            EXAMPLES:
              shrike rules explain 'Shadow read' --event event.yaml
              echo '{evt.type: openat, fd.name: /etc/shadow, proc.name: cat}' | shrike rules explain 'Shadow read' --event -
              tail -n 1 alerts.json | shrike rules explain 'Shadow read' --event -
              shrike rules explain 'Shadow read' --pid 4711
              shrike rules explain 'Shadow read' --recording node.rec --pid 4711
            """
    )

    @OptionGroup var configurationFlags: ConfigurationFlags

    @Argument(
        help: ArgumentHelp("The rule's name.", valueName: "name"),
        completion: .custom { _, _, _ in
            RulesReport.ruleNames(configuration: ConfigurationRequest().load().configuration)
        })
    var name: String

    @Option(
        name: .customLong("event"), help: ArgumentHelp("The event's file; - is standard input.", valueName: "file"))
    var eventFile: String?

    @Option(
        name: .customLong("pid"),
        help: ArgumentHelp(
            "A process that runs, or ran in the recording: what of the condition is true of it.", valueName: "id"))
    var process: Int32?

    @Option(
        name: .customLong("recording"),
        help: ArgumentHelp("A recording: the last event that the rule alerts on, or is about.", valueName: "file"))
    var recording: String?

    @Flag(name: .customLong("json"), help: "The explanation as JSON.")
    var isJSON = false

    func validate() throws {
        guard (eventFile == nil) != (process == nil && recording == nil) else {
            throw ValidationError("Name what is to be explained: --event FILE, --pid ID or --recording FILE.")
        }
        if let process, process <= 0 { throw ValidationError("--pid takes the id of a process, found '\(process)'.") }
    }

    func run() throws {
        let configuration = try ConfigurationFlags.load(configurationFlags.request, isJSON: isJSON)
        if let recording {
            return try Console.show(
                RulesReport.explain(
                    rule: name, recording: recording, process: process, configuration: configuration, isJSON: isJSON))
        }
        if let process {
            return try Console.show(
                RulesReport.explain(rule: name, process: process, configuration: configuration, isJSON: isJSON))
        }
        guard let eventFile else { return }
        let bytes: [UInt8]
        switch eventFile == "-" ? .success(Console.standardInput()) : SystemConfigurationFiles().read(eventFile) {
        case .success(let read): bytes = read
        case .failure(let error):
            return try Console.show(.failure("\(error)", isJSON: isJSON))
        }
        try Console.show(
            RulesReport.explain(
                rule: name, event: bytes, file: eventFile, configuration: configuration, isJSON: isJSON))
    }
}
