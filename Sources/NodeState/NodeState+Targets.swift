import EventModel

/// The processes that the current event's call acts upon.
extension NodeState {
    /// The process that an id in the call names, of which it may be any thread (kill(2) and ptrace(2) take either). Nil for a
    /// caller in a pid namespace of its own, whose numbers are others, and where nobody knows which one it is in.
    public func target(_ id: Int32) -> ProcessRecord? {
        guard id > 0, isCallerInInitialPIDNamespace else { return nil }
        if let process = processes[id], !process.hasExited { return process }
        return process(ofThread: id) ?? processes[id]
    }

    /// The leader of the process group that kill(2) is asked to signal: 0 is the caller's own, others are negative. Nil for all
    /// processes (-1), and when the leader has gone.
    public func target(group: Int32) -> ProcessRecord? {
        guard isCallerInInitialPIDNamespace, let caller = current.process else { return nil }
        if group == 0 { return groupLeader(of: caller) }
        guard group < -1, group != .min else { return nil }
        return processes[-group]
    }

    /// The process that a descriptor of the caller refers to (pidfd_open(2)).
    public func target(descriptor number: Int32) -> ProcessRecord? {
        guard number >= 0, let caller = current.process else { return nil }
        if let id = descriptorReader.process(ofDescriptor: number, of: caller) { return id > 0 ? processes[id] : nil }
        guard let known = descriptors.find(number, of: caller), known.storedKind == .pid, known.processID > 0 else {
            return nil
        }
        return processes[known.processID]
    }

    /// Notes which process a new descriptor refers to.
    func noteTarget(of made: DescriptorRecord) {
        guard current.event.registerCount > 0 else { return }
        made.processID = target(Int32(truncatingIfNeeded: current.event.registers[0]))?.pid ?? 0
    }

    private var isCallerInInitialPIDNamespace: Bool {
        guard let caller = current.process else { return false }
        return !caller.isInChildPIDNamespace && caller.virtualPID != -1
    }

    private func process(ofThread id: Int32) -> ProcessRecord? {
        guard context.mayLook(), context.readProcess(id, "status", upTo: 8192),
            let status = ProcStatus(context.content), status.threadGroupID > 0
        else { return nil }
        return processes[status.threadGroupID]
    }
}
