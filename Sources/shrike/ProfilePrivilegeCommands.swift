import ArgumentParser
import CommandOutput
import Configuration
import LeastPrivilege
import Reports

/// What the commands have in common that make a document of a profile.
struct ProfileSourceFlags: ParsableArguments {
    @Argument(help: ArgumentHelp("The workload, or a profile's .yaml file.", valueName: "workload"))
    var workload: String
    @OptionGroup var flags: ProfileFlags

    /// Shows what is made of the workload's profile, and on standard error what is to be known beside it.
    func show(
        _ make: (String, Configuration) throws(PrivilegeReport.Failure) -> PrivilegeReport.Told
    ) throws {
        let configuration = try flags.load()
        try ProfileCommand.tell { () throws(PrivilegeReport.Failure) in try make(workload, configuration) }
    }
}

extension SeccompAdvice.Treatment: ExpressibleByArgument {}

/// `shrike profile seccomp`.
struct ProfileSeccompCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seccomp",
        abstract:
            "Make a seccomp profile for a container runtime: what was seen, what the runtime needs, what the code can do.",
        discussion: """
            Each call is a line with its reason. The filter is put together with libseccomp and tried by a child process \
            before it is printed. What is not known goes to standard error.

            EXAMPLES:
              shrike profile seccomp k8s/shop/web/nginx --trial > web.json
              shrike profile seccomp k8s/shop/web/nginx --possible deny > web.json
              shrike profile seccomp unit/nginx.service --reasons
            """)

    @OptionGroup var source: ProfileSourceFlags
    @Option(
        help: ArgumentHelp(
            "Calls that the code can make but that were not seen: allow, log (allowed and told), deny.",
            valueName: "treatment"))
    var possible = SeccompAdvice.Treatment.log
    @Flag(name: .customLong("trial"), help: "Refuse nothing: tell of what is not allowed (SCMP_ACT_LOG).")
    var isTrial = false
    @Flag(
        name: .customLong("no-new-privileges"),
        help: "The workload has allowPrivilegeEscalation: false, so that the runtime needs less.")
    var noNewPrivileges = false
    @Flag(
        name: .customLong("tell-refusals"),
        help: "Let the kernel tell of what is refused (SECCOMP_FILTER_FLAG_LOG); needs runc 1.2 or newer.")
    var tellsRefusals = false
    @Flag(name: .customLong("bare"), help: "Without the reasons as comments.")
    var isBare = false
    @Flag(name: .customLong("reasons"), help: "Print the calls with their reasons instead of the profile.")
    var isReasons = false
    @Option(help: ArgumentHelp("The workload's root directory, if it does not run here.", valueName: "directory"))
    var root: String?

    func run() throws {
        var options = SeccompAdvice.Options()
        options.possible = possible
        options.isTrial = isTrial
        options.noNewPrivileges = noNewPrivileges
        options.hasComments = !isBare
        options.tellsRefusals = tellsRefusals
        try source.show { (name, configuration) throws(PrivilegeReport.Failure) in
            try PrivilegeReport.seccomp(name, configuration, root: root, options: options, isReasons: isReasons)
        }
    }
}

/// `shrike profile capabilities`.
struct ProfileCapabilitiesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capabilities",
        abstract: "Say which capabilities a workload used, and which it holds without having used them.")

    @OptionGroup var source: ProfileSourceFlags

    func run() throws { try source.show(PrivilegeReport.capabilities) }
}

/// `shrike profile rules`.
struct ProfileRulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "Make rules in Falco's format that alert on whatever a workload was not seen to do.",
        discussion: """
            EXAMPLES:
              shrike profile rules unit/nginx.service > nginx.yaml && shrike rules check nginx.yaml
            """)

    @OptionGroup var source: ProfileSourceFlags

    func run() throws { try source.show(PrivilegeReport.rules) }
}

/// `shrike profile podsecurity`.
struct ProfilePodSecurityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "podsecurity",
        abstract: "Make a securityContext and a NetworkPolicy of what a workload was seen to do.")

    @OptionGroup var source: ProfileSourceFlags

    func run() throws { try source.show(PrivilegeReport.podSecurity) }
}

/// `shrike profile apparmor`.
struct ProfileAppArmorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apparmor", abstract: "Make an AppArmor profile of what a workload was seen to do.")

    @OptionGroup var source: ProfileSourceFlags

    func run() throws { try source.show(PrivilegeReport.appArmor) }
}
