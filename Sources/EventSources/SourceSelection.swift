public import EventModel

/// Decides which sources run and which of them rules are matched against, for each event type. Pure.
///
/// More than one source may tell of the same happening. Rules see an event type from its *authority* alone (and from
/// the /proc scan, which tells only what the authority missed); other sources' events feed node state.
public struct SourceSelection: Sendable, Equatable {
    /// The sources that run, best first; empty when none of those asked for works.
    public let running: [SourceKind]
    /// What the /proc scan is for, when it runs.
    public let scanRole: ProcfsSource.Role
    /// For each event type that rules ask for and a running source tells of: the sources that rules see it from.
    public let authorities: [EventType: SourceSet]
    /// The event types that rules ask for and no running source tells of, in table order.
    public let unseen: [EventType]
    /// Sources that the user asked for by name and that do not work here: reason to stop.
    public let failures: [SourceAvailability]
    /// What to say: what is watched with, what is not seen and why, what would mend it. One sentence each.
    public let lines: [String]

    /// Better sources first: what they tell of is complete and exact.
    private static let order: [SourceKind] = [.ebpf, .audit, .auditLog, .processConnector, .fanotify, .procfs]

    /// Selects from what works here (`availabilities`), what the rules need and what the user asked for. `provides`
    /// says which event types a source would tell of.
    public init(
        availabilities: [SourceAvailability], needs: EventNeeds, choice: SourceChoice,
        provides: (SourceKind) -> EventTypeSet = SourceSelection.usuallyProvided(by:)
    ) {
        let needed = needs.types
        let available = Dictionary(
            availabilities.map { ($0.kind, $0) }, uniquingKeysWith: { first, _ in first }
        )
        var chosen: [SourceKind] = []
        var failures: [SourceAvailability] = []
        for kind in Self.order {
            let works = available[kind]?.isAvailable ?? false
            switch choice {
            case .auto:
                if works, Self.isUseful(kind, beside: chosen, needed, provides) { chosen.append(kind) }
            case .only(let kinds):
                guard kinds.contains(kind) else { continue }
                if works {
                    chosen.append(kind)
                } else {
                    failures.append(
                        available[kind] ?? SourceAvailability(kind: kind, isAvailable: false, reason: "not built in")
                    )
                }
            }
        }
        if choice == .auto, let blindness = Self.blindness(of: chosen, available) {
            chosen = []
            failures = [blindness]
        }
        // `proc` names three sources; some of them are better than nothing.
        if case .only(let kinds) = choice, kinds == SourceChoice.processSources, !chosen.isEmpty { failures = [] }
        running = chosen
        let hasProcessEvents = chosen.contains { $0 != .procfs && $0 != .fanotify }
        scanRole = hasProcessEvents ? .safetyNet : .only

        var authorities: [EventType: SourceSet] = [:]
        var unseen: [EventType] = []
        for type in needed.types {
            guard let first = chosen.first(where: { provides($0).contains(type) }) else {
                if !Self.isCovered(type, needed, chosen, provides) { unseen.append(type) }
                continue
            }
            var set = SourceSet(first)
            if chosen.contains(.procfs), Self.scanned.contains(type.name) { set.insert(.procfs) }
            authorities[type] = set
        }
        self.authorities = authorities
        self.unseen = unseen
        self.failures = failures
        lines = SelectionText.lines(
            running: chosen, scanRole: scanRole, available: available, choice: choice, unseen: unseen, needed: needed
        )
    }

    /// Why what works here is too little to start without being asked for by name: since Linux 6.6 the process connector
    /// answers any user, but without permission to look into /proc no program has a path and most rules can't match.
    private static func blindness(
        of chosen: [SourceKind], _ available: [SourceKind: SourceAvailability]
    ) -> SourceAvailability? {
        let readsProc: (SourceKind) -> Bool = { $0 == .processConnector || $0 == .procfs }
        guard !chosen.isEmpty, chosen.allSatisfy(readsProc), let scan = available[.procfs], scan.isAvailable,
            scan.isRestricted
        else { return nil }
        return SourceAvailability(
            kind: .procfs, isAvailable: false, reason: scan.reason,
            fix: "run as root, or with \(scan.fix.hasPrefix("needs ") ? String(scan.fix.dropFirst(6)) : scan.fix); "
                + "'--source proc' watches what this user may see"
        )
    }

    /// What the /proc scan can add to another source without doubling it.
    private static let scanned: Set<String> = ["execve"]

    /// Calls that do the same by other arguments: a source that tells of all of them by the first name covers the others
    /// where rules ask for the first too.
    private static let families: [[String]] = [
        ["openat", "open", "openat2", "creat", "open_by_handle_at"], ["clone", "clone3", "fork", "vfork"],
        ["execve", "execveat"],
        ["setresuid", "setuid", "setreuid", "setfsuid", "setuid32", "setreuid32", "setresuid32"],
        ["setresgid", "setgid", "setregid", "setfsgid", "setgid32", "setregid32", "setresgid32"],
    ]

    private static func isCovered(
        _ type: EventType, _ needed: EventTypeSet, _ running: [SourceKind], _ provides: (SourceKind) -> EventTypeSet
    ) -> Bool {
        guard let family = families.first(where: { $0.contains(type.name) }),
            let first = family.first.flatMap(EventType.init(name:)), first != type
        else { return false }
        return needed.contains(first) && running.contains { provides($0).contains(first) }
    }

    /// Whether `auto` runs a source beside better ones.
    private static func isUseful(
        _ kind: SourceKind, beside chosen: [SourceKind], _ needed: EventTypeSet,
        _ provides: (SourceKind) -> EventTypeSet
    ) -> Bool {
        switch kind {
        case .auditLog: return false
        case .audit: return !chosen.contains(.ebpf)
        // The ends of processes, and the alarm when another source falls silent.
        case .processConnector, .procfs: return true
        // Every open would be told twice.
        case .fanotify, .ebpf:
            let fresh = chosen.reduce(needed) { $0.intersection(provides($1).complement) }
            return !provides(kind).intersection(fresh).isEmpty
        }
    }

    /// What each source tells of, as far as that does not depend on the rules.
    public static func usuallyProvided(by kind: SourceKind) -> EventTypeSet {
        switch kind {
        case .audit, .auditLog, .ebpf: EventTypeSet(EventType.all.filter(\.isSyscall))
        case .processConnector: ConnectorEventTypes().provided(by: .known)
        case .procfs: ConnectorEventTypes().provided(by: [.fork, .exec, .exit])
        case .fanotify: EventTypeSet([EventType(name: "openat")].compactMap(\.self))
        }
    }
}
