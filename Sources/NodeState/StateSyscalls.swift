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
        // A parent's, a target's: a process's own user is told by each of its events.
        (["user.puid", "target.uid"], ["setuid", "setreuid", "setresuid"]),
    ]
    /// The calls that make what a descriptor is: needed where a rule reads `fd.` at a call that uses one.
    private static let descriptorCalls =
        copyingCalls + ["socket", "connect", "accept", "accept4", "bind", "pipe", "pipe2", "socketpair"]
    /// The calls that give a descriptor another number, or say that an exec closes it.
    private static let copyingCalls = ["dup", "dup2", "dup3", "fcntl"]
    /// What of fcntl is one of those; its other commands are frequent.
    private static let copyingCommands = [ArgumentNeed(name: "cmd", containsOneOf: ["F_DUPFD", "F_SETFD"])]

    /// The calls that act upon the process that a descriptor refers to.
    private static let takingProcessDescriptors: Set<String> = ["pidfd_send_signal", "pidfd_getfd"]

    /// The event types that a source of system calls must tell of, besides those that rules ask for.
    ///
    /// - Parameter fieldNames: the names, without arguments, of the fields that rules read.
    public static func types(for needs: EventNeeds, fieldNames: Set<String>) -> [EventType] {
        var names = always
        for (prefixes, calls) in byField
        where fieldNames.contains(where: { name in prefixes.contains { name.hasPrefix($0) } }) { names += calls }
        if fieldNames.contains(where: { $0.hasPrefix("target.") }),
            needs.alternatives.keys.contains(where: { takingProcessDescriptors.contains($0.name) })
        {
            names.append("pidfd_open")
        }
        if readsStreams(fieldNames) { names += descriptorCalls }
        let readsDescriptors = fieldNames.contains {
            $0.hasPrefix("fd.") || $0.hasPrefix("evt.arg") || $0 == "evt.args"
        }
        if readsDescriptors {
            if needs.alternatives.keys.contains(where: usesDescriptor) {
                names += descriptorCalls
            } else if needs.alternatives.contains(where: {
                opens.contains($0.key.name) && $0.value.contains(where: isAny)
            }) {
                names += copyingCalls
            }
        }
        return names.compactMap(EventType.init(name:))
    }

    /// Whether rules read what a program's standard input and output are. Nobody can ask a program that ends at once; the calls tell
    /// that put them there.
    public static func readsStreams(_ fieldNames: Set<String>) -> Bool {
        fieldNames.contains { name in streamFields.contains { name.hasPrefix($0) } }
    }

    /// Whether rules read what a program's output goes to.
    public static func readsOutputs(_ fieldNames: Set<String>) -> Bool {
        fieldNames.contains { name in outputFields.contains { name.hasPrefix($0) } }
    }

    private static let outputFields = ["proc.stdout.", "proc.stderr."]
    private static let streamFields = outputFields + ["proc.stdin."]

    /// Which of a type's events the state lives on, where not on all.
    public static func arguments(of type: EventType) -> [ArgumentNeed] {
        type.name == "fcntl" ? copyingCommands : []
    }

    /// Whether a call takes a descriptor that an earlier call made, as opposed to a directory to start from.
    private static func usesDescriptor(_ type: EventType) -> Bool {
        type.arguments.contains { argument in
            guard argument.kind == .fileDescriptor, case .register = argument.origin else { return false }
            return argument.name == "fd" || argument.name == "oldfd"
        }
    }

    /// The calls that tell what a directory's descriptor is, where all of them are told of: then a copy of one is worth something.
    private static let opens: Set<String> = ["open", "openat", "openat2"]

    private static func isAny(_ need: EventNeed) -> Bool { need.paths == .any && need.access == .any }
}
