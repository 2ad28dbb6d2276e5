import EventModel
import NodeState

extension EventFields {
    /// Fields of the process that made the event.
    static let process = FieldClass("process", "the process that made the event, its parent, session and groups") {
        processProgram
        processIDs
        processLeaders
        processTimes
        processExecutable
        processResources
    }

    @FieldRowBuilder private static var processProgram: [FieldRow] {
        FieldRow(
            "proc.exe", .string, "argument 0, as the caller passed it",
            .process { process, _, arena in arena.string(process.argumentZero) }
        )
        FieldRow(
            "proc.pexe", .string, "the parent's argument 0",
            .parent { parent, _, arena in arena.string(parent.argumentZero) }
        )
        FieldRow(
            "proc.exepath", .string, "the executable's path as the kernel resolved it; memfd:NAME for a memory file",
            cost: .free,
            .process { process, _, arena in arena.string(process.executablePath) }
        )
        FieldRow(
            "proc.pexepath", .string, "the path of the parent's executable",
            .parent { parent, _, arena in arena.string(parent.executablePath) }
        )
        FieldRow(
            "proc.exe.origin", .string, executableOrigin, from: .live,
            .process { process, _, arena in arena.origin(of: process) }
        )
        FieldRow(
            "proc.pexe.origin", .string, "where the parent's executable comes from, as proc.exe.origin", from: .live,
            .parent { parent, _, arena in arena.origin(of: parent) }
        )
        FieldRow(
            "proc.exepath.trusted", .string, trustedExecutable,
            .process { process, _, arena in arena.trustedPath(of: process) }
        )
        FieldRow(
            "proc.pexepath.trusted", .string, "the path of the parent's executable, as proc.exepath.trusted",
            .parent { parent, _, arena in arena.trustedPath(of: parent) }
        )
        FieldRow(
            "proc.name", .string, "the kernel's short name of the command (15 bytes)", cost: .free,
            .process { process, _, arena in arena.string(process.command) }
        )
        FieldRow(
            "proc.pname", .string, "the parent's short name",
            .parent { parent, _, arena in arena.string(parent.command) }
        )
        FieldRow(
            "proc.args", .string, [.argumentAllowed, .argumentIsIndex],
            "the arguments behind argument 0, parted by blanks; with an index one of them, from 0",
            .processArgument { process, argument, _, arena in
                guard case .index(let index) = argument else { return arena.words(process.arguments) }
                for (position, word) in WordIterator(process.arguments).enumerated() where position == index {
                    return arena.string(copying: word)
                }
                return arena.string("")
            }
        )
        FieldRow(
            "proc.cmdline", .string, "short name and arguments, parted by blanks",
            .process { process, _, arena in arena.commandLine(process) }
        )
        FieldRow(
            "proc.pcmdline", .string, "the parent's short name and arguments",
            .parent { parent, _, arena in arena.commandLine(parent) }
        )
        FieldRow(
            "proc.cmdnargs", .u64, "the number of arguments behind argument 0",
            .process { process, _, _ in .unsigned(process.arguments.wordCount) }
        )
        FieldRow(
            "proc.cmdlenargs", .u64, "the length of all arguments behind argument 0",
            .process { process, _, _ in
                .unsigned(UInt64(process.arguments.count) - process.arguments.wordSeparators)
            }
        )
        FieldRow(
            "proc.exeline", .string, "argument 0 and the arguments, parted by blanks",
            .process { process, _, arena in
                let start = arena.mark
                arena.append(process.argumentZero)
                arena.append(UInt8(ascii: " "))
                arena.append(words: process.arguments)
                return arena.string(from: start)
            }
        )
        FieldRow(
            "proc.env", .string, [.argumentAllowed, .argumentIsKey],
            "the environment as K=V words; with a name in brackets that variable's value", from: .live, cost: .lookup,
            .processArgument { process, argument, _, arena in
                guard case .key(let name) = argument else { return arena.words(process.environment) }
                return arena.string(copying: process.environment.variable(name) ?? [])
            }
        )
        FieldRow(
            "proc.cwd", .string, "the current directory, with a / at its end",
            .process { process, _, arena in arena.string(process.currentDirectory) }
        )
    }

    private static let executableOrigin = """
        where the executable comes from: package (unchanged file of an installed package), local (only root can write it), \
        replaced (a package's path, changed since), writable (others can), memory; in containers image, container
        """

    private static let trustedExecutable = """
        the executable's path if it is what the path says: an unaltered file of a package or image, or only root can write \
        it and it is in no package's place; else none
        """

    @FieldRowBuilder private static var processIDs: [FieldRow] {
        FieldRow(
            "proc.loginshellid", .s64, "the id of the oldest shell among the process and its ancestors",
            .process { process, reader, _ in reader.loginShell(of: process) }
        )
        FieldRow(
            "proc.tty", .u32, "the controlling terminal's device number, 0 without one", cost: .free,
            .process { process, _, _ in .unsigned(UInt64(process.terminal)) }
        )
        FieldRow(
            "proc.pid", .s64, "the process's id", cost: .free, .process { process, _, _ in .signed(Int64(process.pid)) }
        )
        FieldRow(
            "proc.ppid", .s64, "the parent's id",
            .process { process, reader, _ in .signed(Int64(reader.state.parentID(of: process))) }
        )
        FieldRow(
            "proc.tree", .u64,
            "the number of the process's tree: its root is the outermost ancestor of the same service, login or container",
            cost: .lookup,
            .process { process, reader, _ in .unsigned(reader.state.tree(of: process)) }
        )
        FieldRow(
            "proc.tree.loginuid", .s64,
            "the login uid that root gave the process's tree, -1 for none: unlike user.loginuid nobody can choose it",
            cost: .lookup,
            .process { process, reader, _ in
                .signed(reader.state.treeLogin(of: process).map(Int64.init) ?? -1)
            }
        )
        FieldRow(
            "proc.vpid", .s64, "the process's id in its own pid namespace", from: .live, cost: .lookup,
            .process { process, _, _ in .id(process.virtualPID) }
        )
        FieldRow(
            "proc.pvpid", .s64, "the parent's id in its own pid namespace", from: .live, cost: .lookup,
            .parent { parent, _, _ in .id(parent.virtualPID) }
        )
        FieldRow(
            "proc.sid", .s64, "the session's id in the process's pid namespace", from: .live, cost: .lookup,
            .process { process, _, _ in process.hasSession ? .signed(Int64(process.sessionID)) : .null }
        )
        FieldRow(
            "proc.vpgid", .s64, "the process group's id in the process's pid namespace", from: .live, cost: .lookup,
            .process { process, _, _ in process.hasSession ? .signed(Int64(process.virtualGroupID)) : .null }
        )
        FieldRow(
            "proc.pgid", .s64, "the process group's id", from: .live, cost: .lookup,
            .process { process, _, _ in .signed(Int64(process.groupID)) }
        )
        FieldRow(
            "proc.is_sid_leader", .bool, "whether the process leads its session", from: .live, cost: .lookup,
            .process { process, _, _ in
                process.hasNamespaceIDs ? .bool(process.sessionID == process.virtualPID) : .null
            }
        )
        FieldRow(
            "proc.is_vpgid_leader", .bool, "whether the process leads its group, by ids in its pid namespace",
            from: .live, cost: .lookup,
            .process { process, _, _ in
                process.hasNamespaceIDs ? .bool(process.virtualGroupID == process.virtualPID) : .null
            }
        )
        FieldRow(
            "proc.is_pgid_leader", .bool, "whether the process leads its group", from: .live, cost: .lookup,
            .process { process, _, _ in .bool(process.groupID == process.pid) }
        )
    }

    @FieldRowBuilder private static var processLeaders: [FieldRow] {
        FieldRow(
            "proc.sname", .string, "the session leader's short name", from: .live,
            .leader(.session) { leader, arena in arena.string(leader.command) }
        )
        FieldRow(
            "proc.sid.exe", .string, "the session leader's argument 0", from: .live,
            .leader(.session) { leader, arena in arena.string(leader.argumentZero) }
        )
        FieldRow(
            "proc.sid.exepath", .string, "the path of the session leader's executable", from: .live,
            .leader(.session) { leader, arena in arena.string(leader.executablePath) }
        )
        FieldRow(
            "proc.vpgid.name", .string, "the group leader's short name, by ids in the pid namespace", from: .live,
            .leader(.virtualGroup) { leader, arena in arena.string(leader.command) }
        )
        FieldRow(
            "proc.vpgid.exe", .string, "the group leader's argument 0, by ids in the pid namespace", from: .live,
            .leader(.virtualGroup) { leader, arena in arena.string(leader.argumentZero) }
        )
        FieldRow(
            "proc.vpgid.exepath", .string, "the path of the group leader's executable, by ids in the pid namespace",
            from: .live,
            .leader(.virtualGroup) { leader, arena in arena.string(leader.executablePath) }
        )
        FieldRow(
            "proc.pgid.name", .string, "the group leader's short name", from: .live,
            .leader(.group) { leader, arena in arena.string(leader.command) }
        )
        FieldRow(
            "proc.pgid.exe", .string, "the group leader's argument 0", from: .live,
            .leader(.group) { leader, arena in arena.string(leader.argumentZero) }
        )
        FieldRow(
            "proc.pgid.exepath", .string, "the path of the group leader's executable", from: .live,
            .leader(.group) { leader, arena in arena.string(leader.executablePath) }
        )
    }

    @FieldRowBuilder private static var processTimes: [FieldRow] {
        FieldRow(
            "proc.duration", .relativeTime, "nanoseconds since the process was started",
            .process { process, reader, _ in reader.duration(since: process.startTimeNanoseconds) }
        )
        FieldRow(
            "proc.ppid.duration", .relativeTime, "nanoseconds since the parent was started",
            .parent { parent, reader, _ in reader.duration(since: parent.startTimeNanoseconds) }
        )
        FieldRow(
            "proc.pid.ts", .relativeTime, "when the process was started, nanoseconds since the epoch",
            .process { process, _, _ in .nonzero(process.startTimeNanoseconds) }
        )
        FieldRow(
            "proc.ppid.ts", .relativeTime, "when the parent was started, nanoseconds since the epoch",
            .parent { parent, _, _ in .nonzero(parent.startTimeNanoseconds) }
        )
    }

    @FieldRowBuilder private static var processExecutable: [FieldRow] {
        FieldRow(
            "proc.is_exe_writable", .bool, "whether the process's owner may write its executable", from: .live,
            cost: .lookup,
            .process { process, _, _ in .bool(process.executable.isWritable) }
        )
        FieldRow(
            "proc.is_exe_setuid", .bool, "whether the executable has the setuid bit", from: .live, cost: .lookup,
            .process { process, _, _ in .bool(process.executable.isSetUserID) }
        )
        FieldRow(
            "proc.is_exe_upper_layer", .bool,
            "whether the executable lies in the upper layer of an overlay file system: it is not from the image",
            from: .live, cost: .lookup,
            .process { process, _, _ in .bool(process.executableLayer == .upper) }
        )
        FieldRow(
            "proc.is_exe_lower_layer", .bool,
            "whether the executable lies in a lower layer of an overlay file system", from: .live, cost: .lookup,
            .process { process, _, _ in .bool(process.executableLayer == .lower) }
        )
        FieldRow(
            "proc.is_exe_from_memfd", .bool, "whether the executable is an anonymous memory file",
            .process { process, _, _ in .bool(process.isExecutableFromMemory) }
        )
        FieldRow(
            "proc.exe_ino", .s64, "the executable's inode number", from: .live, cost: .lookup,
            .process { process, _, _ in
                process.executable.inode == 0 ? .null : .signed(Int64(truncatingIfNeeded: process.executable.inode))
            }
        )
        FieldRow(
            "proc.exe_ino.ctime", .absoluteTime, "when the executable's inode last changed", from: .live, cost: .lookup,
            .process { process, _, _ in .nonzero(process.executable.changeTimeNanoseconds) }
        )
        FieldRow(
            "proc.exe_ino.mtime", .absoluteTime, "when the executable was last written", from: .live, cost: .lookup,
            .process { process, _, _ in .nonzero(process.executable.modificationTimeNanoseconds) }
        )
        FieldRow(
            "proc.exe_ino.ctime_duration_proc_start", .absoluteTime,
            "nanoseconds from the change of the executable's inode to the start of the process", from: .live,
            cost: .lookup,
            .process { process, _, _ in
                let changed = process.executable.changeTimeNanoseconds
                guard changed != 0, process.startTimeNanoseconds != 0 else { return .null }
                return .unsigned(process.startTimeNanoseconds &- changed)
            }
        )
        FieldRow(
            "proc.exe_ino.ctime_duration_pidns_start", .absoluteTime,
            "nanoseconds from the start of the pid namespace to the change of the executable's inode", from: .live,
            cost: .lookup,
            .process { process, _, _ in
                let changed = process.executable.changeTimeNanoseconds
                let started = process.namespaceStartNanoseconds
                guard changed != 0, started != 0, changed > started else { return .null }
                return .unsigned(changed - started)
            }
        )
        FieldRow(
            "proc.pidns_init_start_ts", .u64, "when the pid namespace's first process was started", from: .live,
            cost: .lookup,
            .process { process, _, _ in .nonzero(process.namespaceStartNanoseconds) }
        )
    }

    @FieldRowBuilder private static var processResources: [FieldRow] {
        FieldRow(
            "proc.fdopencount", .u64, "the number of open descriptors", from: .live, cost: .expensive,
            .process { process, _, _ in .unsigned(UInt64(process.openDescriptorCount)) }
        )
        FieldRow(
            "proc.fdlimit", .s64, "the limit of open descriptors", from: .live, cost: .lookup,
            .process { process, _, _ in .signed(process.descriptorLimit) }
        )
        FieldRow(
            "proc.fdusage", .double, "open descriptors in percent of the limit", from: .live, cost: .expensive,
            .process { process, _, _ in
                let limit = process.descriptorLimit
                return .double(limit > 0 ? Double(process.openDescriptorCount) * 100 / Double(limit) : 0)
            }
        )
        FieldRow(
            "proc.vmsize", .u64, "virtual memory in KiB", from: .live, cost: .expensive,
            .process { process, _, _ in .known(process.memory?.virtualKilobytes) }
        )
        FieldRow(
            "proc.vmrss", .u64, "resident memory in KiB", from: .live, cost: .expensive,
            .process { process, _, _ in .known(process.memory?.residentKilobytes) }
        )
        FieldRow(
            "proc.vmswap", .u64, "swapped memory in KiB", from: .live, cost: .expensive,
            .process { process, _, _ in .known(process.memory?.swapKilobytes) }
        )
        FieldRow(
            "proc.nthreads", .u64, "the number of threads", from: .live, cost: .expensive,
            .process { process, _, _ in .unsigned(UInt64(process.threadCount)) }
        )
        FieldRow(
            "proc.nchilds", .u64, "the number of threads beside the main one", from: .live, cost: .expensive,
            .process { process, _, _ in .unsigned(UInt64(max(process.threadCount, 1) - 1)) }
        )
        standardStream(0, "stdin", "standard input")
        standardStream(1, "stdout", "standard output")
        standardStream(2, "stderr", "standard error")
    }

    private static func standardStream(_ number: Int32, _ name: String, _ words: String) -> [FieldRow] {
        [
            FieldRow(
                "proc.\(name).type", .string, "what \(words) is, as fd.type", from: .live,
                .stream(number) { descriptor, _, arena in arena.string(orNA: descriptor.kind.word) }
            ),
            FieldRow(
                "proc.\(name).name", .string, "the name of \(words), as fd.name", from: .live,
                .stream(number) { descriptor, reader, arena in arena.name(of: descriptor, reader) }
            ),
        ]
    }
}
