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

    /// Selects from what works here (`availabilities`), what the rules need and what the user asked for.
    ///
    /// - Parameter sources: the sources that there are, best first.
    public init(
        availabilities: [SourceAvailability], needs: EventNeeds, choice: SourceChoice,
        sources: [SourceTraits] = SourceTraits.all
    ) {
        let needed = needs.types
        let available = Dictionary(
            availabilities.map { ($0.kind, $0) }, uniquingKeysWith: { first, _ in first }
        )
        var chosen: [SourceTraits] = []
        var failures: [SourceAvailability] = []
        for source in sources {
            let kind = source.kind
            let works = available[kind]?.isAvailable ?? false
            switch choice {
            case .auto:
                if works, Self.isUseful(source, beside: chosen, needed) { chosen.append(source) }
            case .only(let kinds):
                guard kinds.contains(kind) else { continue }
                if works {
                    chosen.append(source)
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
        if case .only(let kinds) = choice, Set(kinds) == Set(SourceChoice.processSources), !chosen.isEmpty {
            failures = []
        }
        running = chosen.map(\.kind)
        let hasProcessEvents = chosen.contains { $0.coverage == .systemCalls || $0.coverage == .processes }
        scanRole = hasProcessEvents ? .safetyNet : .only

        var authorities: [EventType: SourceSet] = [:]
        var unseen: [EventType] = []
        for type in needed.types {
            guard let first = chosen.first(where: { $0.provides.contains(type) }) else {
                if !Self.isCovered(type, needed, chosen) { unseen.append(type) }
                continue
            }
            var set = SourceSet(first.kind)
            if Self.scanned.contains(type.name) {
                for scan in chosen where scan.coverage == .scan { set.insert(SourceSet(scan.kind)) }
            }
            authorities[type] = set
        }
        self.authorities = authorities
        self.unseen = unseen
        self.failures = failures
        lines = SelectionText(running: chosen, scanRole: scanRole, available: available, choice: choice)
            .lines(unseen: unseen, of: sources)
    }

    /// Why what works here is too little to start without being asked for by name: since Linux 6.6 the process connector
    /// answers any user, but without permission to look into /proc no program has a path and most rules can't match.
    private static func blindness(
        of chosen: [SourceTraits], _ available: [SourceKind: SourceAvailability]
    ) -> SourceAvailability? {
        let readsProc: (SourceTraits) -> Bool = { $0.coverage == .processes || $0.coverage == .scan }
        guard !chosen.isEmpty, chosen.allSatisfy(readsProc),
            let scan = chosen.lazy.filter({ $0.coverage == .scan }).compactMap({ available[$0.kind] }).first,
            scan.isAvailable, scan.isRestricted
        else { return nil }
        return SourceAvailability(
            kind: scan.kind, isAvailable: false, reason: scan.reason,
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
        _ type: EventType, _ needed: EventTypeSet, _ running: [SourceTraits]
    ) -> Bool {
        guard let family = families.first(where: { $0.contains(type.name) }),
            let first = family.first.flatMap(EventType.init(name:)), first != type
        else { return false }
        return needed.contains(first) && running.contains { $0.provides.contains(first) }
    }

    private static func tellsEnds(_ source: SourceTraits) -> Bool {
        EventType(name: "procexit").map(source.provides.contains) ?? false
    }

    /// Whether `auto` runs a source beside better ones.
    private static func isUseful(_ source: SourceTraits, beside chosen: [SourceTraits], _ needed: EventTypeSet) -> Bool
    {
        guard source.isAutomatic else { return false }
        switch source.coverage {
        // Every call would be told twice.
        case .systemCalls: return !chosen.contains { $0.coverage == .systemCalls }
        // The ends of processes, where the calls alone don't tell them.
        case .processes: return !chosen.contains { $0.coverage == .systemCalls && tellsEnds($0) }
        // The alarm when another source falls silent.
        case .scan: return true
        // Every open would be told twice.
        case .opens:
            let fresh = chosen.reduce(needed) { $0.intersection($1.provides.complement) }
            return !source.provides.intersection(fresh).isEmpty
        }
    }
}
