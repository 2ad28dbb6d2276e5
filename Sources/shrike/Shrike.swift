import ArgumentParser
import CommandOutput
import Glibc

/// The program: its commands. What they do is in `Daemon`.
@main
struct Shrike: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shrike",
        abstract: "Watches what happens on a Linux node and raises an alert for each rule that matches.",
        usage: """
            shrike [<option> ...]
            shrike <subcommand> ...
            """,
        discussion: """
            Without a command, shrike runs: it loads its built-in rules or those that are configured, picks the event \
            sources that work here, and prints alerts until it is stopped. It reads Falco's rules files and Falco's \
            configuration file, and takes Falco's options; all options of 'run' work without naming it.

            EXAMPLES:
              shrike                             watch with the built-in rules
              shrike -r falco_rules.yaml         watch with the rules you have
              shrike -c /etc/falco/falco.yaml    and with your configuration
              shrike rules check my_rules.yaml   find every mistake in a rules file
              shrike rules show 'Shell spawned by a server program'
              shrike fields proc                 fields that rules can use
              shrike replay audit.log            alerts that a log would have raised
              shrike record node.rec             watch, and write down what is seen, for replay

            EXIT STATUS:
              0  done, or stopped in good order
              1  the rules or the configuration are not valid, an output can't be opened, or a log could not be read to its end
              2  the command line is not valid
              3  no event source works here: a permission or a kernel feature is missing
              4  a part of the daemon was ended, and the service manager is to start the whole again
              5  another Shrike watches this node (--beside and --wait are for that)
            """,
        version: "shrike \(Version.shrike) (rule engine \(Version.ruleEngine))",
        subcommands: [
            RunCommand.self, RecordCommand.self, ReplayCommand.self, RulesCommand.self, FieldsCommand.self,
            TuneCommand.self, LaunchCommand.self, RestoreCommand.self, ConfigCommand.self, DoctorCommand.self,
            SpoolCommand.self,
            BenchCommand.self, SelfTestCommand.self, AuditCommand.self, ProfileCommand.self,
        ]
    )

    static func main() {
        // The standard library reads them from /proc/self/cmdline. Without /proc every command would look like none at all,
        // and even `--version` would begin to watch the node.
        guard !CommandLine.arguments.isEmpty else {
            Console.error("Error: the command line can't be read: /proc is not mounted.")
            Glibc.exit(ExitStatus.usage.rawValue)
        }
        Glibc.exit(status(of: Array(CommandLine.arguments.dropFirst())))
    }

    /// Runs a command line and returns the exit status.
    private static func status(of arguments: [String]) -> Int32 {
        do {
            var command = try parse(arguments)
            for remark in FalcoOptions.remarks(on: arguments) { Console.error("shrike: \(remark)") }
            try command.run()
            return ExitStatus.success.rawValue
        } catch let unknown as ArgumentNormalizer.UnknownCommand {
            let suggestion = unknown.suggestion.map { "; did you mean '\($0)'?" } ?? ""
            Console.error("Error: there is no command '\(unknown.word)'\(suggestion)\nSee 'shrike --help'.")
            return ExitStatus.usage.rawValue
        } catch let exit as ArgumentParser.ExitCode {
            return exit.rawValue
        } catch {
            let message = fullMessage(for: error)
            // Help and version are errors to the parser.
            if exitCode(for: error) == .success {
                Console.print(arguments == ["--help"] || arguments == ["-h"] ? message + runOptions : message)
                return ExitStatus.success.rawValue
            }
            Console.error(message + FalcoOptions.hint(for: arguments) + hint(for: arguments))
            return ExitStatus.usage.rawValue
        }
    }

    /// Options before a command belong to `run`, which then stumbles over the command.
    private static func hint(for arguments: [String]) -> String {
        guard let first = arguments.first, first.hasPrefix("-"),
            let command = arguments.first(where: { ArgumentNormalizer.commands[$0] != nil })
        else { return "" }
        return "\nA command comes first, its options behind it: shrike \(command) …"
    }

    /// The options of `run`, for the help of the whole: they work without naming it.
    static var runOptions: String {
        let help = helpMessage(for: RunCommand.self)
        guard let start = help.firstRange(of: "OPTIONS:\n") else { return "" }
        return "\n\nOPTIONS OF run, which is the default:\n" + help[start.upperBound...]
    }

    /// The command that a command line, without the program's name, asks for.
    static func parse(_ arguments: [String]) throws -> any ParsableCommand {
        try parseAsRoot(ArgumentNormalizer.normalize(arguments))
    }
}
