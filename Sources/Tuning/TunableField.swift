/// A field that an exception may rest on: it tells who did something or to what, and is the same the next time. Process ids,
/// times, ports of a client and ids of containers are of one event, and none of these.
struct TunableField: Sendable {
    /// What a field tells.
    enum Kind: Sendable {
        /// Which program: the path of its file, which the kernel tells.
        case program
        /// A file, or another object that something was done to.
        case object
        /// Who, or in which workload.
        case place
        /// What a process says of itself, and anybody can say: it narrows an exception, and never carries one.
        case words
    }

    let name: String
    let kind: Kind

    /// All, in the order in which an exception names them.
    static let all: [TunableField] = [
        .init("proc.exepath", .program), .init("proc.pexepath", .program), .init("proc.aexepath[2]", .program),
        .init("fd.name", .object), .init("fs.path.name", .object), .init("fs.path.source", .object),
        .init("fs.path.target", .object), .init("target.exepath", .object), .init("fd.sip", .object),
        .init("fd.sport", .object), .init("evt.arg.name", .object),
        .init("user.uid", .place), .init("user.loginuid", .place), .init("container.image.repository", .place),
        .init("container.name", .place), .init("k8s.ns.name", .place),
        .init("proc.cmdline", .words), .init("proc.pname", .words), .init("proc.pcmdline", .words),
        .init("proc.aname[2]", .words),
    ]

    private init(_ name: String, _ kind: Kind) { (self.name, self.kind) = (name, kind) }
}

/// What is known of programs by their path.
enum ProgramPath {
    /// Directories in which anybody can put a program: a path there says nothing of who wrote it.
    private static let writable = ["/tmp/", "/var/tmp/", "/dev/shm/", "/run/user/", "/proc/", "/dev/", "memfd:"]
    /// Programs that do what they are told, by the beginning of their names: which is running says little of what is done.
    private static let general = [
        "sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "fish", "csh", "tcsh", "rbash", "busybox", "python", "perl",
        "ruby",
        "node", "nodejs", "php", "lua", "luajit", "awk", "gawk", "mawk", "tclsh", "wish", "java", "env", "xargs",
        "find",
        "ld-linux", "ld", "sudo", "su", "doas", "nsenter", "unshare", "runc", "crun", "git", "vi", "vim", "ed", "emacs",
    ]

    /// Whether anybody may have put it there.
    static func isWritableByAnybody(_ path: String) -> Bool {
        !path.hasPrefix("/") || path.hasSuffix(" (deleted)") || writable.contains(where: path.hasPrefix)
    }

    /// Whether the program runs whatever it is given, such as a shell.
    static func isGeneral(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        // `python3.11` is a python.
        let stem = name.prefix { !$0.isNumber && $0 != "." }
        let trimmed = stem.hasSuffix("-") ? stem.dropLast() : stem
        return general.contains(String(name)) || general.contains(String(trimmed))
            || general.contains { name.hasPrefix("\($0)-") && $0.hasPrefix("ld") }
    }
}
