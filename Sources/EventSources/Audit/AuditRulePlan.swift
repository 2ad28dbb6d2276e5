import EventModel

/// The audit rules that let through every event that loaded rules can match.
struct AuditRulePlan: Sendable, Equatable {
    /// The rules, in the order in which the kernel shall try them.
    var rules: [AuditRule] = []
    /// The event types that the rules let through, of those asked for and those that node state lives on.
    var provides = EventTypeSet()
    /// What is asked for and can't be filtered or seen so, one sentence each.
    var notes: [String] = []
    /// Whether the plan depends on files that may appear or change: plan again from time to time.
    var isProvisional = false
}

/// What a plan is made for, beside the needs.
struct AuditPlanRequest: Sendable {
    /// What rules can match.
    var needs = EventNeeds()
    /// The names of the fields that rules read, without arguments.
    var fieldNames: Set<String> = []
    /// Root directories of containers, as the host names them.
    var containerRoots: [String] = []
    /// Processes whose own calls are nobody's business: ours.
    var excludedProcesses: [Int32] = []
    /// The process whose children are canaries: their one call is audited. Nil: there are none.
    var canaryParent: Int32?
    /// Files in containers whose roots are not known count too: every open is audited that has the right access.
    var auditsUnfilteredOpens = false
}
