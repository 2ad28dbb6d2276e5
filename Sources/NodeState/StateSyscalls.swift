public import EventModel

/// The calls that node state lives on although no rule asks for them, by the fields that are read.
///
/// What each audit event tells by itself (ids, command, directory, program) needs no calls to be followed. Ends of
/// processes and forks come from the process connector; without it /proc stands in.
public enum StateSyscalls {
    /// A program started: without it no process has arguments.
    static let always = ["execve", "execveat"]

    /// The calls that change what fields show that begin so.
    private static let byField: [(prefixes: [String], calls: [String])] = [
        (["proc.cwd", "proc.pcwd"], ["chdir", "fchdir"]),
        (
            [
                "proc.sid", "proc.sname", "proc.sexe", "proc.vpgid", "proc.pgid", "proc.tty", "proc.is_sid",
                "proc.is_vpgid", "proc.is_pgid",
            ], ["setsid", "setpgid"]
        ),
        (["thread.cap"], ["capset"]),
    ]
    /// The calls that make what a descriptor is: needed where a rule reads `fd.` at a call that uses one.
    private static let descriptorCalls = [
        "socket", "connect", "accept", "accept4", "bind", "pipe", "pipe2", "socketpair",
    ]

    /// The event types that a source of system calls must tell of, besides those that rules ask for.
    ///
    /// - Parameter fieldNames: the names, without arguments, of the fields that rules read.
    public static func types(for needs: EventNeeds, fieldNames: Set<String>) -> [EventType] {
        var names = always
        for (prefixes, calls) in byField
        where fieldNames.contains(where: { name in prefixes.contains { name.hasPrefix($0) } }) { names += calls }
        let readsDescriptors = fieldNames.contains {
            $0.hasPrefix("fd.") || $0.hasPrefix("evt.arg") || $0 == "evt.args"
        }
        if readsDescriptors, needs.alternatives.keys.contains(where: usesDescriptor) { names += descriptorCalls }
        return names.compactMap(EventType.init(name:))
    }

    /// Whether a call takes a descriptor that an earlier call made, as opposed to a directory to start from.
    private static func usesDescriptor(_ type: EventType) -> Bool {
        type.arguments.contains { argument in
            guard argument.kind == .fileDescriptor, case .register = argument.origin else { return false }
            return argument.name == "fd" || argument.name == "oldfd"
        }
    }
}
