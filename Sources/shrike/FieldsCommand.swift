import ArgumentParser
import CommandOutput
import Reports

/// `shrike fields`.
struct FieldsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fields",
        abstract: "List the fields that rules can use: name, type, meaning, and the sources that fill them.",
        discussion: """
            EXAMPLES:
              shrike fields                   all fields
              shrike fields proc.a            those whose name contains 'proc.a'
              shrike fields --json container
            """
    )

    @Argument(help: ArgumentHelp("Only fields whose name contains this.", valueName: "filter"))
    var filter: String?

    @Flag(name: .customLong("json"), help: "The list as JSON.")
    var isJSON = false

    func run() throws {
        try Console.show(FieldReport.make(form: isJSON ? .json : .text, filter: filter))
    }
}
