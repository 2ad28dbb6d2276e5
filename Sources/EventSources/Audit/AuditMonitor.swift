import AuditRecords

/// When to look at audit's state, and what was noticed since the last time.
struct AuditMonitor {
    /// Looks that a record asks for are at least this far apart.
    private static let minimumInterval: UInt64 = 200_000_000

    private var isSoon = false
    private var lastStatus: UInt64 = 0
    private var lastRules: UInt64 = 0
    private var lastPlan: UInt64 = 0
    /// The kernel's count of lost records at the last look.
    private var lost: UInt32 = 0
    /// Events that a copy lacks, as reported.
    var reportedMissed: UInt64 = 0
    /// Overruns, as reported.
    var reportedOverruns: UInt64 = 0
    /// What others did, newest last, for the messages.
    private(set) var records: [AuditControlRecord] = []
    /// Rules of others that hide something, as reported.
    var blindness: Set<String> = []
    /// Rules that the kernel refused, as reported.
    var refused: Set<String> = []

    mutating func start(lost: UInt32) { self.lost = lost }

    mutating func checkSoon() { isSoon = true }

    /// Takes a record about audit itself.
    mutating func note(_ record: AuditControlRecord) {
        isSoon = true
        if records.count == 16 { records.removeFirst() }
        records.append(record)
    }

    /// What is due now.
    mutating func due(_ now: UInt64, _ options: AuditSource.Options) -> (status: Bool, rules: Bool, plan: Bool) {
        if lastPlan == 0 { (lastStatus, lastRules, lastPlan) = (now, now, now) }
        let isAskedFor = isSoon && now &- lastStatus >= Self.minimumInterval
        let status = isAskedFor || now &- lastStatus >= options.statusIntervalNanoseconds
        let rules = isAskedFor || now &- lastRules >= options.rulesIntervalNanoseconds
        let plan = now &- lastPlan >= options.planIntervalNanoseconds
        if status { lastStatus = now }
        if rules { lastRules = now }
        if plan { lastPlan = now }
        if isAskedFor { isSoon = false }
        return (status, rules, plan)
    }

    /// How many records were lost since the last look. The count wraps, and anybody may set it to 0.
    mutating func takeLost(_ count: UInt32) -> UInt64 {
        defer { lost = count }
        if count >= lost { return UInt64(count - lost) }
        return lost > 0xf000_0000 ? UInt64(count &- lost) : UInt64(count)
    }

    /// Who did something of this kind last, for a message; empty when no record told. Forgets the records.
    mutating func takeCulprit(_ operation: String) -> String {
        defer { records.removeAll() }
        guard let record = records.last(where: { $0.operation == operation || operation.isEmpty }) else { return "" }
        if record.pid != 0 { return " by \(AuditDiagnosis.describe(owner: record.pid))" }
        let text = String(decoding: record.text, as: UTF8.self)
        let login = text.split(separator: " ").first { $0.hasPrefix("auid=") }
        return login.map { " (\($0))" } ?? ""
    }

    /// Whether a process, not the kernel itself, removed a rule: only then the record has a login user.
    var isRemovedByProcess: Bool {
        records.contains {
            $0.operation == "remove_rule" && String(decoding: $0.text, as: UTF8.self).contains("auid=")
        }
    }
}

extension AuditPlanRequest {
    /// Stands for fields that are not known: everything that node state follows.
    static let anyFields: Set<String> = [
        "proc.cwd", "proc.sid", "proc.vpgid", "proc.tty", "thread.cap_effective", "fd.name",
    ]
}
