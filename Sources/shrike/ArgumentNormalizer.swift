import ArgumentParser
import RuleLanguage

/// Brings the command line into the form that the argument parser reads, so that what works for `falco` works here: options
/// without a command belong to `run`, short options may be bundled or have their value attached, `--list` takes a value
/// only after an equals sign.
struct ArgumentNormalizer {
    /// A word that is no command.
    struct UnknownCommand: Error, Equatable {
        var word: String
        var suggestion: String?
    }

    /// The commands and their own commands, as the parser has them.
    static let commands: [String: [String]] = {
        var commands: [String: [String]] = ["help": []]
        for command in Shrike.configuration.subcommands {
            guard let name = command.configuration.commandName else { continue }
            commands[name] = command.configuration.subcommands.compactMap { $0.configuration.commandName }
        }
        return commands
    }()
    /// Short options of `run`, `record` and `replay` that stand alone.
    private static let flags = Set("NULvh")
    /// Short options of `run`, `record` and `replay` that take a value.
    private static let valued = Set("crloVpDtTMP")

    /// The arguments, without the program's name, in the parser's form.
    static func normalize(_ arguments: [String]) throws(UnknownCommand) -> [String] {
        guard let first = arguments.first else { return ["run"] }
        if first.hasPrefix("-") {
            if ["-h", "--help", "--help-hidden", "--version"].contains(first) { return arguments }
            if first.hasPrefix("--generate-completion-script") || first.hasPrefix("--experimental")
                || first.hasPrefix("---completion")
            {
                return arguments
            }
            // Else the parser would say that `run` has no such option, and name none that is near.
            if first.hasPrefix("--"), first != "--verbose",
                let nearest = Suggestion.nearest(to: first, in: ["--version", "--help"])
            {
                throw UnknownCommand(word: first, suggestion: nearest)
            }
            return ["run"] + splitOptions(arguments)
        }
        guard let subcommands = commands[first] else {
            throw UnknownCommand(word: first, suggestion: Suggestion.nearest(to: first, in: commands.keys.sorted()))
        }
        if let second = arguments.dropFirst().first, !subcommands.isEmpty, !second.hasPrefix("-"),
            !(subcommands + ["help"]).contains(second)
        {
            let nearest = Suggestion.nearest(to: second, in: subcommands)
            throw UnknownCommand(word: "\(first) \(second)", suggestion: nearest.map { "\(first) \($0)" })
        }
        return ["run", "replay", "record"].contains(first) ? [first] + splitOptions(arguments.dropFirst()) : arguments
    }

    /// Splits bundles of short options and ties each value to its option, so that it may begin with a dash.
    private static func splitOptions(_ arguments: some Sequence<String>) -> [String] {
        var result: [String] = []
        var iterator = arguments.makeIterator()
        while let argument = iterator.next() {
            if argument == "--" {
                result.append(argument)
                while let rest = iterator.next() { result.append(rest) }
            } else if case let (isIgnored, hasNext) = FalcoOptions.harmless(argument), isIgnored {
                if hasNext { _ = iterator.next() }
            } else if argument.hasPrefix("--list=") {
                result += ["--list", "--list-source=" + argument.dropFirst("--list=".count)]
            } else if !argument.hasPrefix("-") || argument.hasPrefix("--") || argument == "-" {
                result.append(argument)
            } else {
                result += split(bundle: argument) { iterator.next() }
            }
        }
        return result
    }

    /// The options of `-abcVALUE`; a valued option takes the rest, or else the next argument.
    private static func split(bundle: String, next: () -> String?) -> [String] {
        var result: [String] = []
        var rest = bundle.dropFirst()
        while let letter = rest.popFirst() {
            if flags.contains(letter) {
                result.append("-\(letter)")
            } else if valued.contains(letter) {
                if rest.first == "=" { rest.removeFirst() }
                if !rest.isEmpty {
                    result.append("-\(letter)=\(rest)")
                } else if let value = next() {
                    result.append("-\(letter)=\(value)")
                } else {
                    result.append("-\(letter)")
                }
                return result
            } else {
                // Not ours: the parser says so, and shows what the user wrote.
                return [bundle]
            }
        }
        return result
    }
}
