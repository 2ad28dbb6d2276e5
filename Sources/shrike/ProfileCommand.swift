import ArgumentParser
import CommandOutput
import Configuration
import Glibc
import Reports

/// `shrike profile`.
struct ProfileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Look at what was learned of workloads, change it, and make what they need of it.",
        discussion: """
            A workload is named as lists show it: k8s/NAMESPACE/OWNER/CONTAINER, container/NAME/IMAGE, unit/NAME or \
            program/UID/PATH. Works while Shrike runs, which takes changes over within seconds, and while it doesn't. Needs \
            root, or the user that Shrike runs as.

            EXAMPLES:
              shrike profile list
              shrike profile show unit/nginx.service
              shrike profile edit unit/nginx.service --approve '/usr/bin/logrotate'
              shrike profile diff unit/nginx.service other-node.yaml
            """,
        subcommands: [
            ProfileListCommand.self, ProfileShowCommand.self, ProfileDiffCommand.self, ProfileMergeCommand.self,
            ProfileEditCommand.self, ProfileFreezeCommand.self, ProfileUnfreezeCommand.self, ProfileForgetCommand.self,
            ProfileKeyCommand.self, ProfileSignCommand.self, ProfileVerifyCommand.self,
            ProfileSeccompCommand.self, ProfileCapabilitiesCommand.self, ProfileRulesCommand.self,
            ProfilePodSecurityCommand.self, ProfileAppArmorCommand.self,
        ]
    )

    /// Shows a report, or why there is none.
    static func show(_ make: () throws(ProfileReport.Failure) -> Report) throws {
        try tell { () throws(ProfileReport.Failure) in (try make(), []) }
    }

    /// Shows a report and, on standard error, what is to be known beside it; or why there is none.
    static func tell(_ make: () throws(ProfileReport.Failure) -> PrivilegeReport.Told) throws {
        let told: PrivilegeReport.Told
        do throws(ProfileReport.Failure) { told = try make() } catch {
            Console.error("Error: \(error.description.printable)")
            throw ExitCode(ExitStatus.invalid.rawValue)
        }
        for remark in told.remarks { Console.error(remark) }
        try Console.show(told.report)
    }
}

/// What the commands of `shrike profile` have in common.
struct ProfileFlags: ParsableArguments {
    @Option(
        name: [.customShort("c"), .customLong("config")],
        help: ArgumentHelp("Configuration file, for shrike.learning.", valueName: "file"))
    var configurationFile: String?

    @Option(
        name: [.customShort("o"), .customLong("option")],
        help: ArgumentHelp("Override a configuration key, e.g. shrike.learning.directory=/x.", valueName: "key=value"))
    var overrides: [String] = []

    /// The configuration that they name.
    func load() throws -> Configuration {
        var request = ConfigurationRequest()
        request.path = configurationFile
        request.overrides = overrides
        return try ConfigurationFlags.load(request)
    }
}

/// `shrike profile list`.
struct ProfileListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "The workloads, and how well each is known.")

    @Flag(name: .customLong("json"), help: "The list as JSON.")
    var isJSON = false
    @OptionGroup var flags: ProfileFlags

    func run() throws {
        let configuration = try flags.load()
        try ProfileCommand.show { () throws(ProfileReport.Failure) in
            try ProfileReport.list(configuration, isJSON: isJSON)
        }
    }
}

/// `shrike profile show`.
struct ProfileShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "What is known of a workload, how much is unseen, and what waits for approval.")

    @Argument(help: ArgumentHelp("The workload, or a profile's .yaml file.", valueName: "workload"))
    var workload: String
    @Flag(name: .customLong("yaml"), help: "The document that is kept.")
    var isYAML = false
    @OptionGroup var flags: ProfileFlags

    func run() throws {
        let configuration = try flags.load()
        try ProfileCommand.show { () throws(ProfileReport.Failure) in
            try ProfileReport.show(configuration, workload, isYAML: isYAML)
        }
    }
}

/// `shrike profile diff`.
struct ProfileDiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "What two profiles have apart: - only the first, + only the second.")

    @Argument(help: ArgumentHelp("A workload, or a profile's .yaml file.", valueName: "first"))
    var first: String
    @Argument(help: ArgumentHelp("Another one.", valueName: "second"))
    var second: String
    @OptionGroup var flags: ProfileFlags

    func run() throws {
        let configuration = try flags.load()
        try ProfileCommand.show { () throws(ProfileReport.Failure) in
            try ProfileReport.difference(configuration, first, second)
        }
    }
}

/// `shrike profile merge`.
struct ProfileMergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Take what other nodes learned into the profiles of the same workloads.")

    @Argument(help: ArgumentHelp("Profiles' .yaml files.", valueName: "file"))
    var files: [String]
    @OptionGroup var flags: ProfileFlags

    func run() throws {
        let configuration = try flags.load()
        try ProfileCommand.show { () throws(ProfileReport.Failure) in
            try ProfileReport.merge(configuration, files)
        }
    }
}

/// `shrike profile edit`.
struct ProfileEditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit",
        abstract:
            "Approve what waits, remove what should not be known; without options in an editor ($VISUAL, $EDITOR, vi).")

    @Argument(help: ArgumentHelp("The workload.", valueName: "workload"))
    var workload: String
    @Option(
        name: .customLong("approve"),
        help: ArgumentHelp("Make it known; a * at the end is any ending.", valueName: "text"))
    var approved: [String] = []
    @Option(
        name: .customLong("remove"), help: ArgumentHelp("Forget it; a * at the end is any ending.", valueName: "text"))
    var removed: [String] = []
    @Option(name: .customLong("kind"), help: ArgumentHelp("Only behaviours of this kind.", valueName: "kind"))
    var kind: String = ""
    @OptionGroup var flags: ProfileFlags

    func run() throws {
        let configuration = try flags.load()
        try ProfileCommand.show { () throws(ProfileReport.Failure) in
            guard approved.isEmpty, removed.isEmpty else {
                return try ProfileReport.edit(
                    configuration, workload, approving: ProfileReport.Choice(texts: approved, kind: kind),
                    removing: ProfileReport.Choice(texts: removed, kind: kind))
            }
            return try ProfileReport.edit(configuration, workload, with: Self.openEditor)
        }
    }

    /// Lets the user's editor change a file; false when it failed. The shell's word: editors may have options.
    private static func openEditor(_ path: String) -> Bool {
        setenv("SHRIKE_EDITED", path, 1)
        return system(#"${VISUAL:-${EDITOR:-vi}} "$SHRIKE_EDITED""#) == 0
    }
}

/// `shrike profile freeze`.
struct ProfileFreezeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "freeze", abstract: "Declare a profile complete: nothing more is learned, all else is told.")

    @Argument(help: ArgumentHelp("The workload.", valueName: "workload"))
    var workload: String
    @OptionGroup var flags: ProfileFlags

    func run() throws {
        let configuration = try flags.load()
        try ProfileCommand.show { () throws(ProfileReport.Failure) in
            try ProfileReport.freeze(configuration, workload, isFrozen: true)
        }
    }
}

/// `shrike profile unfreeze`.
struct ProfileUnfreezeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "unfreeze", abstract: "Go on learning.")

    @Argument(help: ArgumentHelp("The workload.", valueName: "workload"))
    var workload: String
    @OptionGroup var flags: ProfileFlags

    func run() throws {
        let configuration = try flags.load()
        try ProfileCommand.show { () throws(ProfileReport.Failure) in
            try ProfileReport.freeze(configuration, workload, isFrozen: false)
        }
    }
}

/// `shrike profile forget`.
struct ProfileForgetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget", abstract: "Remove a profile: learning begins anew.")

    @Argument(help: ArgumentHelp("The workload.", valueName: "workload"))
    var workload: String
    @OptionGroup var flags: ProfileFlags

    func run() throws {
        let configuration = try flags.load()
        try ProfileCommand.show { () throws(ProfileReport.Failure) in
            try ProfileReport.forget(configuration, workload)
        }
    }
}
