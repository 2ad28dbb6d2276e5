import Glibc

/// Whether what an attack needs is here.
struct AttackNeeds {
    private let isRoot: Bool
    private let hasProgram: (String) -> Bool

    /// Needs of attacks on this node.
    init() { self.init(isRoot: geteuid() == 0, hasProgram: Self.isInstalled) }

    /// Needs where these are the facts.
    init(isRoot: Bool, hasProgram: @escaping (String) -> Bool) { (self.isRoot, self.hasProgram) = (isRoot, hasProgram) }

    /// What is missing; nil when nothing is.
    ///
    /// - Parameter running: names of the sources that tell of events while the attack runs.
    func missing(for attack: AttackCase, running: [String]) -> String? {
        for need in attack.needs {
            switch need {
            case "root": if !isRoot { return "needs root" }
            case "container":
                if !isRoot { return "needs root, for a container" }
                if !hasProgram("runc") { return "needs runc, for a container" }
            case "net":
                if !isRoot { return "needs root, for a network of its own" }
                if !hasProgram("ip") { return "needs ip, for a network of its own" }
            default: if !hasProgram(need) { return "needs \(need)" }
            }
        }
        // The scan stands beside every other source.
        let telling = running.filter { $0 != "scan" }
        if !telling.isEmpty, telling.allSatisfy(attack.blindSources.contains) {
            return "\(telling.joined(separator: ", ")) can't see it"
        }
        return nil
    }

    private static func isInstalled(_ program: String) -> Bool {
        if program.contains("/") { return access(program, X_OK) == 0 }
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        let places = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/usr/bin", "/sbin", "/bin"]
        return places.contains { access("\($0)/\(program)", X_OK) == 0 }
    }
}
