import AuditRecords

/// When to look at audit's state, and what was noticed since the last time.
struct AuditMonitor {
    /// Looks that a record asks for are at least this far apart.
    private static let minimumInterval: UInt64 = 200_000_000
    /// So long a record may say who did what is found.
    private static let memoryNanoseconds: UInt64 = 10_000_000_000

    private var isSoon = false
    private var lastStatus: UInt64 = 0
    private var lastRules: UInt64 = 0
    private var lastPlan: UInt64 = 0
    /// The kernel's count of lost records at the last look.
    private var lost: UInt32 = 0
    /// What others did, newest last, for the messages.
    private var records: [(record: AuditControlRecord, at: UInt64)] = []
    /// Rules of others that hide something, as reported.
    var blindness: Set<String> = []
    /// Rules that the kernel refused, as reported.
    var refused: Set<String> = []

    mutating func start(lost: UInt32) { self.lost = lost }

    mutating func checkSoon() { isSoon = true }

    /// Takes a record about audit itself; `now` is CLOCK_MONOTONIC.
    mutating func note(_ record: AuditControlRecord, now: UInt64) {
        isSoon = true
        // The kernel's own doings are many where containers end: they must not push out who did something.
        guard !Self.isByKernel(record) else { return }
        records.removeAll { now &- $0.at > Self.memoryNanoseconds }
        if records.count == 32 { records.removeFirst() }
        records.append((record, now))
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

    /// Who did something of this kind last, for a message; empty when no record told. `setting` is what `op=set` names.
    func culprit(_ operation: String, setting: String = "") -> String {
        let found = records.last { entry in
            entry.record.operation == operation
                && (setting.isEmpty || String(decoding: entry.record.text, as: UTF8.self).contains(setting))
        }
        guard let record = found?.record else { return "" }
        let login = Self.login(of: record).map { " (\($0))" } ?? ""
        return record.pid != 0 ? " by \(AuditDiagnosis.describe(owner: record.pid))\(login)" : login
    }

    /// Whether a process, not the kernel itself, removed a rule.
    var isRemovedByProcess: Bool { records.contains { $0.record.operation == "remove_rule" } }

    /// Whether the kernel changed a rule because its place went or came: only then the record names the place
    /// (kernel/audit_watch.c, audit_watch_log_rule_change; kernel/audit_tree.c, audit_tree_log_remove_rule).
    private static func isByKernel(_ record: AuditControlRecord) -> Bool {
        let text = String(decoding: record.text, as: UTF8.self)
        return text.contains(" path=") || text.contains(" dir=") || record.operation == "updated_rules"
    }

    /// `auid=…` of a record; nil without a login.
    private static func login(of record: AuditControlRecord) -> Substring? {
        String(decoding: record.text, as: UTF8.self).split(separator: " ").first {
            $0.hasPrefix("auid=") && $0 != "auid=4294967295"
        }
    }
}
