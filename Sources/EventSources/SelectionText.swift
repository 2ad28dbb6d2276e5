import EventModel

/// Says in sentences what a selection of sources means.
enum SelectionText {
    /// More event types than this in one sentence are counted, not named.
    private static let namesLimit = 12

    static func lines(
        running: [SourceKind], scanRole: ProcfsSource.Role, available: [SourceKind: SourceAvailability],
        choice: SourceChoice, unseen: [EventType], needed: EventTypeSet
    ) -> [String] {
        var lines: [String] = []
        if running.isEmpty {
            lines.append("nothing to watch with: no event source works here")
        } else {
            let parts = running.map { "\(name($0)) (\(purpose($0, beside: running, scanRole)))" }
            lines.append("watching with \(parts.joined(separator: ", "))")
        }
        for kind in running {
            guard let availability = available[kind], !availability.reason.isEmpty else { continue }
            lines.append(sentence("\(name(kind))", availability))
        }
        for kind in SourceKind.allCases where isWorthAWord(kind, running, available, choice) {
            guard let availability = available[kind] else { continue }
            lines.append(sentence("without \(name(kind))", availability))
        }
        if !unseen.isEmpty { lines.append(blindness(unseen, running)) }
        lines += limits(running, scanRole, needed)
        return lines
    }

    /// The name that the user chooses it by.
    static func name(_ kind: SourceKind) -> String { kind == .procfs ? "scan" : kind.name }

    /// A source that does not run and would have been wanted.
    private static func isWorthAWord(
        _ kind: SourceKind, _ running: [SourceKind], _ available: [SourceKind: SourceAvailability],
        _ choice: SourceChoice
    ) -> Bool {
        guard !running.contains(kind), available[kind]?.isAvailable == false else { return false }
        switch choice {
        case .auto:
            // Beside a better source, a missing one matters only for what it adds.
            if kind == .fanotify || kind == .audit { return !running.contains(.audit) && !running.contains(.ebpf) }
            return kind != .ebpf || !running.contains(.audit)
        case .only(let kinds): return kinds.contains(kind)
        }
    }

    private static func sentence(_ subject: String, _ availability: SourceAvailability) -> String {
        let reason = availability.reason.isEmpty ? "does not work here" : availability.reason
        return availability.fix.isEmpty ? "\(subject): \(reason)" : "\(subject): \(reason); \(availability.fix)"
    }

    private static func purpose(
        _ kind: SourceKind, beside running: [SourceKind], _ scanRole: ProcfsSource.Role
    ) -> String {
        let hasSystemCalls = running.contains { [.audit, .auditLog, .ebpf].contains($0) }
        return switch kind {
        case .audit, .auditLog, .ebpf: "system calls"
        case .processConnector: hasSystemCalls ? "ends of processes" : "starts and ends of processes, id changes"
        case .fanotify: "opens of the files that rules name"
        case .procfs: scanRole == .only ? "processes, by a look each second" : "processes that no event told of"
        }
    }

    private static func blindness(_ unseen: [EventType], _ running: [SourceKind]) -> String {
        var names = unseen.prefix(namesLimit).map(\.name).joined(separator: ", ")
        if unseen.count > namesLimit { names += " and \(unseen.count - namesLimit) more" }
        let isSystemCall = unseen.contains(where: \.isSyscall)
        let needsSystemCalls = isSystemCall && !running.contains(.audit) && !running.contains(.ebpf)
        return "not seen although rules ask for it: \(names)"
            + (needsSystemCalls ? "; that takes the audit source" : "")
    }

    /// What the running sources leave out of what they do tell.
    private static func limits(
        _ running: [SourceKind], _ scanRole: ProcfsSource.Role, _ needed: EventTypeSet
    ) -> [String] {
        guard !running.contains(where: { [.audit, .auditLog, .ebpf].contains($0) }) else { return [] }
        var lines: [String] = []
        if running.contains(.processConnector) {
            lines.append("the arguments of processes that end within a millisecond or so may be missing")
        } else if running.contains(.procfs), scanRole == .only {
            lines.append("processes that begin and end between two looks at /proc are not seen")
        }
        if running.contains(.fanotify) {
            lines.append("opens that fail are not seen; open, creat and openat2 are told as openat")
        }
        return lines
    }
}
