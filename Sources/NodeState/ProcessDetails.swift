/// Groups of a process's attributes that are read together: one file or link below /proc/PID each.
public struct ProcessDetails: OptionSet, Sendable, Hashable {
    /// One bit for each detail.
    public let rawValue: UInt32
    /// The details of these bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Command name, parent, process group, session, terminal, start time (`stat`).
    public static let stat = ProcessDetails(rawValue: 1)
    /// Real and effective user and group ids (`status`).
    public static let credentials = ProcessDetails(rawValue: 2)
    /// Capability sets (`status`).
    public static let capabilities = ProcessDetails(rawValue: 4)
    /// Process, group and session ids in the process's own pid namespace (`status`).
    public static let namespaceIDs = ProcessDetails(rawValue: 8)
    /// Arguments, argument 0 included (`cmdline`).
    public static let arguments = ProcessDetails(rawValue: 16)
    /// Environment (`environ`).
    public static let environment = ProcessDetails(rawValue: 32)
    /// Current directory (`cwd`).
    public static let currentDirectory = ProcessDetails(rawValue: 64)
    /// The executable's path (`exe`).
    public static let executablePath = ProcessDetails(rawValue: 128)
    /// The executable's inode, times and permission bits (through `exe`).
    public static let executableFile = ProcessDetails(rawValue: 256)
    /// The executable's overlayfs layer (`mountinfo`).
    public static let executableLayer = ProcessDetails(rawValue: 512)
    /// Control groups, and so the container (`cgroup`).
    public static let cgroup = ProcessDetails(rawValue: 1024)
    /// Audit login uid (`loginuid`).
    public static let loginUser = ProcessDetails(rawValue: 2048)
    /// Limit of open files (`limits`).
    public static let limits = ProcessDetails(rawValue: 4096)
    /// Start time of the pid namespace's first process (`ns/pid` and `/proc/1` through the process's root).
    public static let namespaceStart = ProcessDetails(rawValue: 8192)
    /// Where the executable comes from: not read itself, but judged at the exec.
    public static let executableOrigin = ProcessDetails(rawValue: 16384)

    /// Command name alone: audit records tell it without the rest of `stat`.
    static let command = ProcessDetails(rawValue: 1 << 16)
    /// Controlling terminal alone, likewise.
    static let terminal = ProcessDetails(rawValue: 1 << 17)
    /// What tells which program a process is and where it runs: read whatever it costs, since it is bounded for each event.
    static let ofIdentity: ProcessDetails = [.stat, .command, .cgroup, .arguments, .executablePath, .credentials]
    /// What an exec replaces.
    static let replacedByExec: ProcessDetails = [
        .command, .arguments, .environment, .executablePath, .executableFile, .executableLayer, .credentials,
        .capabilities,
    ]
    /// What `status` tells.
    static let ofStatusFile: ProcessDetails = [.credentials, .capabilities, .namespaceIDs]
    /// What is the parent's unless the process changed it: on a miss the parent's value is the best guess.
    static let inherited: ProcessDetails = [
        .credentials, .capabilities, .environment, .currentDirectory, .cgroup, .loginUser, .limits, .namespaceStart,
        .terminal, .stat, .namespaceIDs,
    ]
    /// What calls change that no source of processes tells of.
    static let changedByCalls: ProcessDetails = [.currentDirectory, .capabilities, .namespaceIDs, .stat, .limits]
    /// What a forked process has of its parent until it calls exec.
    static let ofProgram: ProcessDetails = [
        .command, .arguments, .environment, .executablePath, .executableFile, .executableLayer,
    ]

    /// The details that a field reads, by the field's name; for `NodeStateOptions.wanted`.
    public init(field name: String) {
        switch name {
        case "proc.env", "proc.aenv": self = .environment
        case "proc.cwd": self = .currentDirectory
        case "proc.exepath", "proc.is_exe_from_memfd": self = .executablePath
        case "proc.exe.origin", "proc.pexe.origin", "proc.aexe.origin", "proc.exepath.trusted", "proc.pexepath.trusted",
            "proc.aexepath.trusted":
            self = [.executablePath, .executableFile, .cgroup, .executableOrigin]
        case "proc.is_exe_upper_layer", "proc.is_exe_lower_layer": self = [.executableFile, .executableLayer]
        case "proc.vpid", "proc.pvpid", "proc.sid", "proc.vpgid", "proc.is_sid_leader", "proc.is_vpgid_leader":
            self = .namespaceIDs
        case "proc.fdlimit", "proc.fdusage": self = .limits
        case "user.loginuid", "user.loginname": self = .loginUser
        case "proc.tree", "proc.tree.loginuid": self = [.loginUser, .credentials]
        case "target.exepath": self = .executablePath
        case "target.uid": self = .credentials
        default:
            if name.hasPrefix("proc.exe_ino") || name == "proc.is_exe_writable" || name == "proc.is_exe_setuid" {
                self = .executableFile
            } else if name.hasPrefix("container.") || name.hasPrefix("k8s.") || name.hasPrefix("thread.cgroup") {
                self = .cgroup
            } else if name.hasPrefix("thread.cap_") {
                self = .capabilities
            } else if name.hasPrefix("novel.") {
                self = [.executablePath, .cgroup, .credentials, .arguments]
            } else if name.hasPrefix("user.") || name.hasPrefix("group.") {
                self = .credentials
            } else {
                self = []
            }
        }
    }

    /// Calls with each detail of the set by itself.
    @inline(__always)
    func forEach(_ body: (ProcessDetails) -> Void) {
        var rest = rawValue
        while rest != 0 {
            let bit = rest & (~rest &+ 1)
            rest &= ~bit
            body(ProcessDetails(rawValue: bit))
        }
    }
}
