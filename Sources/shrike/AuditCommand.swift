import ArgumentParser
import LeastPrivilege
import Reports

/// `shrike audit`.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Find what workloads may do beyond what they do, and what programs can do.",
        subcommands: [AuditNodeCommand.self, AuditCallsCommand.self, AuditSeccompCommand.self]
    )
}

/// `shrike audit node`.
struct AuditNodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node",
        abstract: "Say what each running workload may do and does not need, and what mends it.",
        discussion: """
            Looks at processes and at the bundles of containers; changes nothing. Needs root. What a workload needs, its \
            profile says; without one that is unknown, and said so. Of each workload the process that may do most is named.

            EXIT STATUS:
              0  all was read, and nothing is critical or high
              1  all was read, and something is
              3  something could not be read, so that nobody knows what is missing: "not read" says what

            EXAMPLES:
              shrike audit node
              shrike audit node --html > node.html
              shrike audit node --json | jq '.workloads[] | select(.findings[].severity == "critical")'
            """)

    @Flag(name: .customLong("json"), help: "The findings as JSON.")
    var isJSON = false
    @Flag(name: .customLong("html"), help: "The findings as a table in HTML.")
    var isHTML = false
    @Option(
        name: .customLong("host-root"),
        help: ArgumentHelp("Where the host's root directory is seen, in a container.", valueName: "directory"))
    var hostRoot = ""
    @OptionGroup var flags: ProfileFlags

    func validate() throws {
        if isJSON && isHTML { throw ValidationError("--json and --html exclude each other; give one of them") }
    }

    func run() throws {
        let form: NodeAuditReport.Form = isJSON ? .json : isHTML ? .html : .text
        let configuration = try flags.load()
        try ProfileCommand.show { () throws(PrivilegeReport.Failure) in
            try PrivilegeReport.node(configuration, hostRoot: hostRoot, form: form)
        }
    }
}

/// `shrike audit calls`.
struct AuditCallsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calls",
        abstract: "List the system calls that a program's code can make, without running it.",
        discussion: """
            Goes through the code of the program, of the libraries that it is linked to and of the loader (ELF, x86-64 and \
            arm64), from where each begins. There are more calls than the program will ever make, and there may be less than \
            it can: what can't be seen is listed.

            EXAMPLES:
              shrike audit calls /usr/sbin/nginx
              shrike audit calls /app/server --root /proc/4711/root
            """)

    @Argument(help: ArgumentHelp("The program: an ELF file or a script.", valueName: "file"))
    var program: String
    @Option(
        help: ArgumentHelp(
            "The directory that all paths start from; without it they are paths here.", valueName: "directory"))
    var root: String?
    @Option(
        name: .customLong("library"),
        help: ArgumentHelp("A library that it loads while it runs; may be given again.", valueName: "file"))
    var libraries: [String] = []
    @Flag(name: .customLong("json"), help: "The calls as JSON.")
    var isJSON = false

    func run() throws {
        try ProfileCommand.show { () throws(PrivilegeReport.Failure) in
            try PrivilegeReport.calls(of: program, root: root, libraries: libraries, isJSON: isJSON)
        }
    }
}

/// `shrike audit seccomp`.
struct AuditSeccompCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seccomp",
        abstract: "Say which calls a seccomp profile refused, or would have, and which lines it lacks.",
        discussion: """
            Reads audit's SECCOMP records. A profile that is tried out (SCMP_ACT_LOG) or that has the flag \
            SECCOMP_FILTER_FLAG_LOG makes the kernel write them. With --proposal the profile is printed with what it lacks, for \
            review; nothing is changed by itself.

            Anybody can make a program of his own tell of any call. So a call counts for the workload, and is proposed, only \
            if a process made it that is in the workload's control group now (--workload; of a log of this node) or whose user is \
            the workload's alone (--uid). Other calls are listed apart. --program, --since and --until narrow further.

            EXIT STATUS:
              0  the profile lacks nothing, or none was given
              1  it lacks something; or the log or the profile can't be read

            EXAMPLES:
              shrike audit seccomp /var/log/audit/audit.log
              shrike audit seccomp --profile web.json --workload k8s/shop/web/nginx /var/log/audit/audit.log
              shrike audit seccomp --profile web.json --uid 33 --proposal audit.log > web.new.json
            """)

    @Argument(help: ArgumentHelp("Audit logs, oldest first; - is standard input.", valueName: "log"))
    var logs: [String]
    @Option(help: ArgumentHelp("The profile.", valueName: "file"))
    var profile: String?
    @Option(help: ArgumentHelp("Whose running processes' calls count.", valueName: "workload"))
    var workload: String?
    @Option(
        name: .customLong("uid"),
        help: ArgumentHelp("A user whose calls count; may be given again.", valueName: "number"))
    var users: [UInt32] = []
    @Option(
        name: .customLong("program"),
        help: ArgumentHelp("Only calls of this program, by path; may be given again.", valueName: "path"))
    var programs: [String] = []
    @Option(help: ArgumentHelp("Only calls from then on: 2026-11-29T10:00:00Z, or 2026-11-29.", valueName: "time"))
    var since: PointInTime?
    @Option(help: ArgumentHelp("Only calls until then.", valueName: "time"))
    var until: PointInTime?
    @Flag(name: .customLong("proposal"), help: "Print the profile with the calls that it lacks.")
    var isProposal = false
    @OptionGroup var flags: ProfileFlags

    func validate() throws {
        if logs.isEmpty { throw ValidationError("no log was given; name audit logs, or - for standard input") }
        if isProposal, profile == nil { throw ValidationError("--proposal changes a profile; name it with --profile") }
    }

    func run() throws {
        var question = PrivilegeReport.SeccompQuestion(logs: logs)
        question.profile = profile
        question.workload = workload
        question.isProposal = isProposal
        question.scope.users = Set(users)
        question.scope.programs = Set(programs)
        if let since { question.scope.since = since.nanoseconds }
        if let until { question.scope.until = until.nanoseconds }
        let configuration = try flags.load()
        try ProfileCommand.tell { [question] () throws(PrivilegeReport.Failure) in
            try PrivilegeReport.seccomp(question, configuration)
        }
    }
}
