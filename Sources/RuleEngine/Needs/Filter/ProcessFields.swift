import EventModel

/// The fields that speak of the process alone, and what changes them. Those that depend on the thread, on the time or on the event
/// are not here, nor those that a change makes another which nobody can notice.
enum ProcessFields {
    /// What makes a field's value another one; nil for fields that are no fact about a process.
    static func changes(_ name: String) -> ProcessChanges? {
        if let known = fields[name] { return known }
        let isContainer = name.hasPrefix("container.") || name.hasPrefix("k8s.")
        return isContainer && !later.contains(name) ? .container : nil
    }

    /// What of a container is known some time after its first event, or goes on.
    private static let later: Set<String> = [
        "container.ip", "container.cni.json", "container.start_ts", "container.duration", "container.healthcheck",
        "container.liveness_probe", "container.readiness_probe", "k8s.pod.ip", "k8s.pod.cni.json",
    ]

    private static let fields: [String: ProcessChanges] = {
        var fields: [String: ProcessChanges] = [:]
        for name in [
            "proc.exe", "proc.exepath", "proc.args", "proc.exeline", "proc.cmdnargs", "proc.cmdlenargs", "proc.env",
            "proc.is_exe_upper_layer", "proc.is_exe_lower_layer", "proc.is_exe_from_memfd", "proc.is_exe_setuid",
        ] { fields[name] = .program }
        for name in ["proc.exe.origin", "proc.exepath.trusted"] { fields[name] = [.program, .container] }
        for name in ["proc.name", "proc.cmdline"] { fields[name] = [.program, .command] }
        for name in ["user.uid", "group.gid"] { fields[name] = [.program, .credentials] }
        for name in ["user.name", "user.homedir", "user.shell", "group.name"] {
            fields[name] = [.program, .credentials, .container, .accounts]
        }
        fields["user.loginuid"] = .login
        fields["user.loginname"] = [.login, .container, .accounts]
        for name in ["thread.cap_permitted", "thread.cap_effective", "thread.cap_inheritable"] {
            fields[name] = [.program, .credentials, .capabilities]
        }
        for name in ["thread.cgroups", "thread.cgroup"] { fields[name] = .container }
        for name in [
            "proc.ppid", "proc.pname", "proc.pexe", "proc.pexepath", "proc.pcmdline", "proc.pexe.origin",
            "proc.pexepath.trusted",
        ] { fields[name] = .parent }
        for name in [
            "proc.aname", "proc.aexe", "proc.aexepath", "proc.acmdline", "proc.apid", "proc.aexe.origin",
            "proc.aexepath.trusted",
        ] { fields[name] = [.program, .command, .parent, .ancestors] }
        return fields
    }()

    /// The fields that threads of one process can have different values of, and the changes that make them differ.
    static let perThread: ProcessChanges = [.command, .credentials, .capabilities]
}
