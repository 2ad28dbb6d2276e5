/// What a process is to containers, by what its executable is: names and arguments are what anybody chooses.
enum RuntimeRole: UInt8 {
    /// Not asked yet since the process's exec.
    case unknown
    case none
    /// Creates containers and enters them: runc and its like.
    case runtime
    /// Holds a container: a shim or a monitor.
    case shim
}

/// Tells root's container runtimes from programs that call themselves so. One is believed when it runs as root on the host, and
/// nobody but root can have put its executable where it is.
final class RuntimeTrust {
    private struct Answer {
        var isOfRoot: Bool
        var checkedNanoseconds: UInt64
    }

    private let context: StateContext
    // Unsafe: `NodeState` makes and owns both, so neither outlives the other; a record is read while its state lives.
    private unowned(unsafe) let processes: ProcessTable
    private var answers: [[UInt8]: Answer] = [:]

    init(context: StateContext, processes: ProcessTable) {
        self.context = context
        // The node's state owns both for as long as it lives.
        self.processes = processes
    }

    /// What a process is; asked once for each of its programs.
    func role(of process: ProcessRecord) -> RuntimeRole {
        if process.runtimeRole != .unknown { return process.runtimeRole }
        let path = process.executablePath
        guard !path.isEmpty else { return .none }
        var role = Self.role(executable: path)
        // The name first: it costs nothing, and nearly all processes end here.
        if role != .none, !(isRoots(process) && isOfRoot(path)) { role = .none }
        process.runtimeRole = role
        return role
    }

    /// What a program of this name would be.
    static func role(executable path: [UInt8]) -> RuntimeRole {
        let name = path[(path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)...]
        // Most are told apart by their first byte.
        switch name.first {
        case UInt8(ascii: "r"): return name.matches("runc") || name.matches("runsc") ? .runtime : .none
        case UInt8(ascii: "y"): return name.matches("youki") ? .runtime : .none
        case UInt8(ascii: "d"): return name.matches("docker-runc") ? .runtime : .none
        case UInt8(ascii: "k"): return name.matches("kata-runtime") ? .runtime : .none
        case UInt8(ascii: "c"):
            if name.matches("crun") { return .runtime }
            return name.begins(with: "containerd-shim") || name.matches("conmon") || name.matches("conmonrs")
                ? .shim : .none
        default: return .none
        }
    }

    /// Whether a process is the host's root's: real and effective user, not in a container, in the initial pid namespace.
    private func isRoots(_ process: ProcessRecord) -> Bool {
        let user = process.credentials
        guard user.uid == 0, user.effectiveUID == 0, !process.failed.contains(.credentials) else { return false }
        guard process.container == nil, !process.cgroups.isEmpty, !process.isContainerUnproven else { return false }
        // One that is gone is where its parent is: only root could have put it elsewhere.
        var candidate: ProcessRecord? = process
        for _ in 0..<16 {
            guard let found = candidate else { return false }
            let isInner = found.isInChildPIDNamespace
            if !found.failed.contains(.namespaceIDs) { return !isInner }
            candidate = processes.linkedParent(of: found)
        }
        return false
    }

    private func isOfRoot(_ path: [UInt8]) -> Bool {
        if let answer = answers[path], context.now &- answer.checkedNanoseconds < Self.interval {
            return answer.isOfRoot
        }
        if answers.count >= Self.mostAnswers { answers.removeAll() }
        let isOfRoot = context.files.isOfRoot(path, below: context.root)
        answers[path] = Answer(isOfRoot: isOfRoot, checkedNanoseconds: context.now)
        return isOfRoot
    }

    /// How long an answer holds; what changes it is root's doing.
    private static let interval: UInt64 = 10_000_000_000
    private static let mostAnswers = 64
}
