import ArgumentParser
import Doctor

/// `shrike doctor`.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Find what on this node keeps Shrike from seeing what the rules ask for.",
        discussion: """
            Looks at the kernel, capabilities, namespaces, the audit subsystem, control groups, container runtimes, event \
            sources, the files of configuration and rules, and the rules themselves; says what mends each problem. Changes \
            nothing. Exit status 0: no problems. 1: problems.

            EXAMPLES:
              shrike doctor
              shrike doctor -r falco_rules.yaml
              shrike doctor --json | jq '.findings[] | select(.status == "problem")'
            """
    )

    @OptionGroup var configurationFlags: ConfigurationFlags

    @Flag(name: .customLong("json"), help: "The findings as JSON.")
    var isJSON = false

    func run() throws {
        try Console.show(DoctorReport.make(Doctor.examine(configurationFlags.request), isJSON: isJSON))
    }
}
