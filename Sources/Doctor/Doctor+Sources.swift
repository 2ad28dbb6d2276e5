import ConfiguredRules
import EventModel
import EventSources
import RuleEngine

extension Doctor {
    /// The audit subsystem, as others have set it up.
    static func audit(_ facts: NodeFacts) -> [Finding] {
        auditFindings(facts).map { finding in
            var finding = finding
            finding.sources = [.audit]
            return finding
        }
    }

    private static func auditFindings(_ facts: NodeFacts) -> [Finding] {
        guard let audit = facts.audit else {
            return [Finding("audit", .note, "the audit subsystem can't be asked; see the source audit below")]
        }
        var findings: [Finding] = []
        if let owner = audit.owner {
            findings.append(
                Finding(
                    "audit", .note,
                    "\(owner) receives the audit records: Shrike reads a copy, of which the kernel drops what is not read "
                        + "in time"))
        }
        if audit.state == .immutable {
            findings.append(
                Finding(
                    "audit", .problem,
                    "audit is immutable until the next boot: Shrike can't load its rules and sees what the loaded ones let "
                        + "through", fix: "remove '-e 2' from /etc/audit/rules.d and boot"))
        }
        if audit.rateLimit > 0 {
            findings.append(
                Finding(
                    "audit", .problem, "the kernel drops audit records over \(audit.rateLimit) a second",
                    fix: "auditctl -r 0"))
        }
        if audit.failureMode == 2 {
            findings.append(
                Finding("audit", .note, "the kernel panics when it can't log (failure flag 2)", fix: "auditctl -f 1"))
        }
        findings += audit.hiding.map {
            Finding("audit", .problem, $0, fix: "auditctl -D removes all rules until the next boot")
        }
        if findings.isEmpty {
            findings.append(
                Finding("audit", .ok, "nobody else receives the audit records, and no rule hides events"))
        }
        return findings
    }

    /// What `--source proc` stands for.
    private static let partsOfProc = Set(SourceChoice.processSources)

    /// Which sources work, and why others don't.
    static func sources(_ facts: NodeFacts) -> [Finding] {
        facts.availabilities.filter { $0.kind != .auditLog }.map { source in
            let name = "source \(source.kind.name)" + (Self.partsOfProc.contains(source.kind) ? " (of proc)" : "")
            if source.isAvailable, source.reason.isEmpty { return Finding("sources", .ok, "\(name) works") }
            return Finding(
                "sources", source.isAvailable ? .note : .problem,
                source.isAvailable ? "\(name) works, but \(source.reason)" : "\(name) does not work: \(source.reason)",
                fix: source.fix, of: [source.kind])
        }
    }

    /// What rules ask for and no source here tells.
    static func coverage(
        _ rules: ConfiguredRules, _ selection: SourceSelection, _ availabilities: [SourceAvailability]
    ) -> [Finding] {
        guard rules.isSuccessful else { return [] }
        let active = rules.active
        guard !selection.running.isEmpty else {
            let failure = selection.failures.first
            let working = availabilities.filter { $0.isAvailable && $0.kind != .auditLog }.map(\.kind.name)
            return [
                working.isEmpty || failure == nil
                    ? Finding(
                        "coverage", .problem, "nothing is watched: no event source works here",
                        fix: "see the sources above; running as root on the host is what all of them need")
                    : Finding(
                        "coverage", .problem,
                        "nothing is watched: what works here (\(working.joined(separator: ", "))) \(failure?.reason ?? "")",
                        fix: failure?.fix ?? "")
            ]
        }
        let watched = "watched with \(selection.running.map(\.name).joined(separator: ", "))"
        guard !selection.unseen.isEmpty else {
            return [
                Finding(
                    "coverage", .ok,
                    "\(watched), which tell all that \(active.count) rule\(active.count == 1 ? " asks" : "s ask") for")
            ]
        }
        let unseen = EventTypeSet(selection.unseen)
        let seen = unseen.complement
        let deaf = active.filter { $0.eventTypes.intersection(seen).isEmpty }.map(\.name)
        let partial = active.count { !$0.eventTypes.intersection(unseen).isEmpty } - deaf.count
        var findings = [
            Finding(
                "coverage", .problem,
                "\(watched), which do not tell \(selection.unseen.map(\.name).joined(separator: ", ")): \(deaf.count) of "
                    + "\(active.count) rules can't match, \(partial) see a part",
                fix: "make the source ebpf or audit work")
        ]
        if !deaf.isEmpty {
            findings.append(
                Finding("coverage", .note, "rules that can't match here: \(deaf.sorted().joined(separator: "; "))"))
        }
        return findings
    }
}
