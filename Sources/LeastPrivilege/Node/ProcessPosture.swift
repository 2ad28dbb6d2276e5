import KernelInterface

/// What a process may do, as /proc/PID/status tells (proc_pid_status(5)).
struct ProcessPosture: Equatable {
    var effectiveUID: UInt32 = 0
    var bounding: CapabilitySet = []
    var effective: CapabilitySet = []
    var hasNoNewPrivileges = false
    var seccomp: WorkloadFacts.SeccompMode?

    /// Nil for what has no credentials: no text of that file.
    init?(_ text: String) {
        var hasUser = false
        for line in text.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let words = line[line.index(after: colon)...].split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard let first = words.first else { continue }
            switch line[..<colon] {
            case "Uid":
                guard words.count > 1, let id = UInt32(words[1]) else { return nil }
                (effectiveUID, hasUser) = (id, true)
            case "CapBnd": bounding = CapabilitySet(rawValue: UInt64(first, radix: 16) ?? 0)
            case "CapEff": effective = CapabilitySet(rawValue: UInt64(first, radix: 16) ?? 0)
            case "NoNewPrivs": hasNoNewPrivileges = first == "1"
            case "Seccomp": seccomp = Int(first).flatMap(WorkloadFacts.SeccompMode.init(rawValue:))
            default: break
            }
        }
        guard hasUser else { return nil }
    }
}
