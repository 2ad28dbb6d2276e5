/// Options that Falco has, or had, and that `run` has not.
enum FalcoOptions {
    /// What to do in place of each.
    private static let replacements = [
        "-b": "use -o buffer_format_base64=true",
        "-d": "let the service manager run it in the background (systemd/shrike.service), or use 'shrike &'",
        "-e": "use 'shrike replay FILE'; it reads audit logs and the recordings of 'shrike record'",
        "-i": "use 'shrike --list-events'",
        "-k": "names of pods come from the container runtime; leave it out",
        "-K": "names of pods come from the container runtime; leave it out",
        "-s": "use -o metrics.enabled=true; snapshots are alerts",
        "-S": "there is no bound to set for buffers of system calls; leave it out",
        "--config-schema": "use 'shrike config schema'",
        "--rule-schema": "use 'shrike rules schema'",
        "--list-plugins": "there are no plugins; container and pod fields are built in",
        "--plugin-info": "there are no plugins; container and pod fields are built in",
        "--page-size": "use 'getconf PAGESIZE'",
        "--support": "use 'shrike doctor', 'shrike config show' and 'shrike --version'",
    ]

    /// Those that mean nothing here and do no harm, with the reason; with whether a value belongs to them.
    private static let harmless: [String: (takesValue: Bool, reason: String)] = [
        "-A": (false, "all that the rules need is watched anyway"),
        "--cri": (true, "container runtimes are found by themselves"),
        "--disable-cri-async": (false, "nothing waits for container runtimes"),
    ]

    /// What to say of the first of the arguments that is such an option; nothing for none.
    static func hint(for arguments: [String]) -> String {
        for argument in arguments {
            let name = name(argument)
            if let replacement = replacements[name] { return "\n\(name) is Falco's: \(replacement)." }
        }
        return ""
    }

    /// Whether an argument has no effect here, and whether the next one is its value.
    static func harmless(_ argument: String) -> (isIgnored: Bool, hasNext: Bool) {
        guard let option = harmless[name(argument)] else { return (false, false) }
        return (true, option.takesValue && !argument.contains("="))
    }

    /// A remark on each of the arguments that has no effect.
    static func remarks(on arguments: [String]) -> [String] {
        arguments.compactMap { argument in
            harmless[name(argument)].map { "\(name(argument)) has no effect: \($0.reason)" }
        }
    }

    /// The option without its value.
    private static func name(_ argument: String) -> String {
        argument.hasPrefix("--") ? String(argument.prefix { $0 != "=" }) : argument
    }
}
