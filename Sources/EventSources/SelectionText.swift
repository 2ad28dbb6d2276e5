import EventModel

/// Says in sentences what a selection of sources means.
struct SelectionText {
    /// The sources that run, best first.
    let running: [SourceTraits]
    let scanRole: ProcfsSource.Role
    let available: [SourceKind: SourceAvailability]
    let choice: SourceChoice

    /// More event types than this in one sentence are counted, not named.
    private static let namesLimit = 12

    /// The sentences, where no source that runs tells of `unseen`. `sources` are all that there are.
    func lines(unseen: [EventType], of sources: [SourceTraits]) -> [String] {
        var lines: [String] = []
        if running.isEmpty {
            lines.append("nothing to watch with: no event source works here")
        } else {
            let parts = running.map { "\($0.choiceName) (\(purpose(of: $0)))" }
            lines.append("watching with \(parts.joined(separator: ", "))")
        }
        for source in running {
            guard let availability = available[source.kind], !availability.reason.isEmpty else { continue }
            lines.append(Self.sentence(source.choiceName, availability))
        }
        for source in sources where isWorthAWord(source, of: sources) {
            guard let availability = available[source.kind] else { continue }
            lines.append(Self.sentence("without \(source.choiceName)", availability))
        }
        if !unseen.isEmpty { lines.append(blindness(unseen)) }
        return lines + limits
    }

    private func runs(_ coverage: SourceTraits.Coverage) -> Bool { running.contains { $0.coverage == coverage } }

    /// A source that does not run and would have been wanted.
    private func isWorthAWord(_ source: SourceTraits, of sources: [SourceTraits]) -> Bool {
        guard !running.contains(where: { $0.kind == source.kind }), available[source.kind]?.isAvailable == false else {
            return false
        }
        switch choice {
        case .auto:
            // Beside a better source, a missing one matters only for what it adds. One that is better itself is missed.
            switch source.coverage {
            case .systemCalls:
                let better = sources.prefix { $0.kind != source.kind }.map(\.kind)
                return !running.contains { $0.coverage == .systemCalls && better.contains($0.kind) }
            case .opens: return !runs(.systemCalls)
            case .processes, .scan: return true
            }
        case .only(let kinds): return kinds.contains(source.kind)
        }
    }

    private static func sentence(_ subject: String, _ availability: SourceAvailability) -> String {
        let reason = availability.reason.isEmpty ? "does not work here" : availability.reason
        return availability.fix.isEmpty ? "\(subject): \(reason)" : "\(subject): \(reason); \(availability.fix)"
    }

    private func purpose(of source: SourceTraits) -> String {
        switch source.coverage {
        case .systemCalls: "system calls"
        case .processes: runs(.systemCalls) ? "ends of processes" : "starts and ends of processes, id changes"
        case .opens: "opens of the files that rules name"
        case .scan: scanRole == .only ? "processes, by a look each second" : "processes that no event told of"
        }
    }

    private func blindness(_ unseen: [EventType]) -> String {
        var names = unseen.prefix(Self.namesLimit).map(\.name).joined(separator: ", ")
        if unseen.count > Self.namesLimit { names += " and \(unseen.count - Self.namesLimit) more" }
        let hasCalls = running.contains { $0.coverage == .systemCalls && $0.isAutomatic }
        let needsSystemCalls = unseen.contains(where: \.isSyscall) && !hasCalls
        return "not seen although rules ask for it: \(names)"
            + (needsSystemCalls ? "; that takes the source ebpf or audit" : "")
    }

    /// What the running sources leave out of what they do tell.
    private var limits: [String] {
        guard !runs(.systemCalls) else { return [] }
        var lines: [String] = []
        if runs(.processes) {
            lines.append("the arguments of processes that end within a millisecond or so may be missing")
        } else if runs(.scan), scanRole == .only {
            lines.append("processes that begin and end between two looks at /proc are not seen")
        }
        if runs(.opens) {
            lines.append("opens that fail are not seen; open, creat and openat2 are told as openat")
        }
        return lines
    }
}
