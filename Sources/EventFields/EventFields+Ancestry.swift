import EventModel
import NodeState

extension EventFields {
    /// Fields of the process's ancestors.
    static let ancestry = FieldClass(
        "process",
        "the process's ancestors: [0] the process itself, [1] its parent and so on; without index any of them"
    ) {
        FieldRow(
            "proc.aname", .string, .ancestry, "an ancestor's short name",
            .ancestor { ancestor, _, arena in arena.string(ancestor.command) }
        )
        FieldRow(
            "proc.aexe", .string, .ancestry, "an ancestor's argument 0",
            .ancestor { ancestor, _, arena in arena.string(ancestor.argumentZero) }
        )
        FieldRow(
            "proc.aexepath", .string, .ancestry, "the path of an ancestor's executable",
            .ancestor { ancestor, _, arena in arena.string(ancestor.executablePath) }
        )
        FieldRow(
            "proc.aexe.origin", .string, .ancestry, "where an ancestor's executable comes from, as proc.exe.origin",
            from: .live, cost: .lookup,
            .ancestor { ancestor, _, arena in arena.origin(of: ancestor) }
        )
        FieldRow(
            "proc.aexepath.trusted", .string, .ancestry,
            "the path of an ancestor's executable, as proc.exepath.trusted; without index those of all that have one",
            cost: .lookup,
            .ancestor { ancestor, _, arena in arena.trustedPath(of: ancestor) }
        )
        FieldRow(
            "proc.acmdline", .string, .ancestry, "an ancestor's short name and arguments",
            .ancestor { ancestor, _, arena in arena.commandLine(ancestor) }
        )
        FieldRow(
            "proc.apid", .s64, .ancestry, "an ancestor's id",
            .ancestor { ancestor, _, _ in .signed(Int64(ancestor.pid)) }
        )
        FieldRow(
            "proc.aargs", .string, [.argumentAllowed, .argumentIsIndex],
            "an ancestor's arguments; without index those of all ancestors, parted by blanks",
            .processArgument { process, argument, reader, arena in
                if case .index(let generation) = argument {
                    guard let found = reader.state.ancestor(generation, of: process) else { return .null }
                    return arena.words(found.arguments)
                }
                let start = arena.mark
                var generation = 1
                while let ancestor = reader.state.ancestor(generation, of: process) {
                    if generation > 1 { arena.append(UInt8(ascii: " ")) }
                    arena.append(words: ancestor.arguments)
                    generation += 1
                }
                return generation > 1 ? arena.string(from: start) : .null
            }
        )
        FieldRow(
            "proc.aenv", .string, FieldFlags.ancestry.union(.argumentIsKey),
            "an ancestor's environment; with a name in brackets that variable of the nearest ancestor that has it",
            from: .live, cost: .lookup,
            .processArgument { process, argument, reader, arena in
                switch argument {
                case .index(let generation):
                    guard let found = reader.state.ancestor(generation, of: process) else { return .null }
                    return arena.words(found.environment)
                case .key(let name):
                    for generation in 1...20 {
                        guard let ancestor = reader.state.ancestor(generation, of: process) else { break }
                        if let value = ancestor.environment.variable(name) { return arena.string(copying: value) }
                    }
                    return .null
                case .none:
                    return reader.call(
                        .ancestor { ancestor, _, arena in arena.words(ancestor.environment) }, .none, &arena
                    )
                }
            }
        )
    }

    /// Fields of the thread.
    static let thread = FieldClass("process", "the thread that made the event, its capabilities and control groups") {
        FieldRow(
            "thread.cap_permitted", .string, "the permitted capabilities' names, parted by blanks", from: .live,
            cost: .lookup,
            .process { process, _, arena in CapabilityNames.text(of: process.capabilities.permitted, in: &arena) }
        )
        FieldRow(
            "thread.cap_inheritable", .string, "the inheritable capabilities' names, parted by blanks", from: .live,
            cost: .lookup,
            .process { process, _, arena in CapabilityNames.text(of: process.capabilities.inheritable, in: &arena) }
        )
        FieldRow(
            "thread.cap_effective", .string, "the effective capabilities' names, parted by blanks", from: .live,
            cost: .lookup,
            .process { process, _, arena in CapabilityNames.text(of: process.capabilities.effective, in: &arena) }
        )
        FieldRow(
            "thread.pfmajor", .u64, "the number of major page faults", from: .live, cost: .expensive,
            .process { process, _, _ in .known(process.memory?.majorFaults) }
        )
        FieldRow(
            "thread.pfminor", .u64, "the number of minor page faults", from: .live, cost: .expensive,
            .process { process, _, _ in .known(process.memory?.minorFaults) }
        )
        FieldRow(
            "thread.tid", .s64, "the thread's id; the process's id where the source does not tell",
            .process { _, reader, _ in .signed(Int64(reader.state.current.threadID)) }
        )
        FieldRow(
            "thread.ismain", .bool, "whether the thread is the process's main one",
            .process { process, reader, _ in .bool(reader.state.current.threadID == process.pid) }
        )
        FieldRow(
            "thread.vtid", .s64, "the thread's id in its pid namespace", from: .live, cost: .lookup,
            .process { _, reader, _ in .id(reader.state.currentVirtualThreadID) }
        )
        FieldRow(
            "thread.exectime", .relativeTime, "always 0: the scheduler isn't watched",
            .process { _, _, _ in .unsigned(0) })
        FieldRow(
            "thread.totexectime", .relativeTime, "always 0: the scheduler isn't watched",
            .process { _, _, _ in .unsigned(0) }
        )
        FieldRow(
            "thread.cgroups", .string, "all control groups as subsystem=path, parted by blanks", from: .live,
            .process { process, _, arena in
                let start = arena.mark
                for group in ControlGroups(process.cgroups) {
                    if arena.mark > start { arena.append(UInt8(ascii: " ")) }
                    arena.append(group.subsystem)
                    arena.append(UInt8(ascii: "="))
                    arena.append(group.path)
                }
                return arena.string(from: start)
            }
        )
        FieldRow(
            "thread.cgroup", .string, .key, "the path of one control group, by subsystem (thread.cgroup.NAME)",
            from: .live,
            .processArgument { process, argument, _, arena in
                guard case .key(let name) = argument else { return .null }
                for group in ControlGroups(process.cgroups) where group.subsystem.elementsEqual(name) {
                    return arena.string(copying: group.path)
                }
                return .null
            }
        )
        FieldRow(unavailable: "thread.cpu", .double, "the share of CPU time, percent")
        FieldRow(unavailable: "thread.cpu.user", .double, "the share of CPU time outside the kernel, percent")
        FieldRow(unavailable: "thread.cpu.system", .double, "the share of CPU time in the kernel, percent")
        FieldRow(
            "thread.vmsize", .u64, "virtual memory in KiB for main threads, else 0", from: .live, cost: .expensive,
            .process { process, reader, _ in
                reader.state.current.threadID == process.pid ? .known(process.memory?.virtualKilobytes) : .unsigned(0)
            }
        )
        FieldRow(
            "thread.vmrss", .u64, "resident memory in KiB for main threads, else 0", from: .live, cost: .expensive,
            .process { process, reader, _ in
                reader.state.current.threadID == process.pid ? .known(process.memory?.residentKilobytes) : .unsigned(0)
            }
        )
        FieldRow(unavailable: "thread.nametid", "obsolete")
        FieldRow(unavailable: "thread.vmsize.b", .u64, "obsolete")
        FieldRow(unavailable: "thread.vmrss.b", .u64, "obsolete")
    }
}
