import EventModel
import NodeState

extension EventFields {
    /// Fields of the process that a call acts upon.
    static let target = FieldClass(
        "target", "the process that a call acts upon: who is killed, traced or read; of a process group its leader"
    ) {
        FieldRow(
            "target.pid", .s64, "its id", from: .liveSyscalls, cost: .lookup,
            .event { reader, _ in reader.targetProcess.map { .signed(Int64($0.pid)) } ?? .null }
        )
        FieldRow(
            "target.name", .string, "its short name, as proc.name", from: .liveSyscalls, cost: .lookup,
            .event { reader, arena in reader.targetProcess.map { arena.string($0.command) } ?? .null }
        )
        FieldRow(
            "target.exepath", .string, "the path of its executable, as proc.exepath", from: .liveSyscalls,
            cost: .lookup,
            .event { reader, arena in reader.targetProcess.map { arena.string($0.executablePath) } ?? .null }
        )
        FieldRow(
            "target.uid", .u32, "its effective user id", from: .liveSyscalls, cost: .lookup,
            .event { reader, _ in
                .known(reader.targetProcess?.knownCredentials.map { UInt64($0.effectiveUID) })
            }
        )
    }
}

extension EventFieldReader {
    /// The process that the call's argument names: of kill, tgkill, ptrace, process_vm_readv, pidfd_open, pidfd_send_signal and the
    /// like. Of a process group it is the leader. Nil for all processes, and for a caller in a pid namespace of its own, whose
    /// numbers are others.
    var targetProcess: ProcessRecord? {
        guard let argument = eventArguments.target, let number = number(of: argument),
            let id = Int32(exactly: number)
        else { return nil }
        if argument.kind == .fileDescriptor { return state.target(descriptor: id) }
        if id > 0 { return state.target(id) }
        return trait.name.elementsEqual("kill".utf8) ? state.target(group: id) : nil
    }
}
