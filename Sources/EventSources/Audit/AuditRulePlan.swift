import EventModel

/// The audit rules that let through every event that loaded rules can match.
struct AuditRulePlan: Sendable, Equatable {
    /// The node's rules, in the order in which the kernel shall try them; those of templates are among them.
    var rules: [AuditRule] = []
    /// What is asked for in every container.
    var templates: [ContainerTemplate] = []
    /// Places where the rules of a watched directory are to hold too: what links in it lead to.
    var marks: [ContainerPlan.Mark] = []
    /// The event types that the rules let through, of those asked for and those that node state lives on.
    var provides = EventTypeSet()
    /// What is asked for and can't be filtered or seen so, one sentence each.
    var notes: [String] = []
    /// Whether the plan depends on files that may appear or change: plan again from time to time.
    var isProvisional = false
    /// Names that are waited for, by their directories: plan again when one appears.
    var awaited: [String: Set<String>] = [:]
}

/// What a plan is made for, beside the needs.
struct AuditPlanRequest: Sendable, Equatable {
    /// What rules can match.
    var needs = EventNeeds()
    /// The names of the fields that rules read, without arguments.
    var fieldNames: Set<String> = []
    /// Processes whose own calls are nobody's business: ours.
    var excludedProcesses: [Int32] = []
    /// The process whose children are canaries: their one call is audited, and that they open the canary's file.
    var canaryParent: Int32?
    /// The file that canaries open, as we name it; nil where there is none.
    var canaryFile: String?
    /// Where templates' directories are, as we name it.
    var templateDirectory = "/run/shrike/audit"

    /// Stands for fields that are not known: everything that node state follows.
    static let anyFields: Set<String> = [
        "proc.cwd", "proc.sid", "proc.vpgid", "proc.tty", "thread.cap_effective", "fd.name",
    ]
}
