/// Relations between processes.
extension NodeState {
    /// Scans /proc: every process, its ancestry and container. Returns how many processes it found.
    public func loadAll(nowNanoseconds: UInt64) -> Int {
        context.now = max(context.now, nowNanoseconds)
        var pids: [Int32] = []
        context.setPath(host: "/proc")
        guard context.files.listNumbers(context.path, limit: .max, into: &pids) else { return 0 }
        pids.sort()
        var found = 0
        for pid in pids.prefix(options.processLimit) where pid > 0 {
            if processes[pid] != nil {
                found += 1
                continue
            }
            context.round &+= 1
            let process = processes.insert(pid)
            process.verifiedNanoseconds = context.now
            if fillFromProc(process, before: context.now) {
                found += 1
            } else {
                processes.release(process)
            }
        }
        return found
    }

    /// Whether the table has this very process (same start time): a /proc poll need not report it.
    public func isKnown(pid: Int32, startTicks: UInt64) -> Bool {
        guard let process = processes[pid] else { return false }
        return process.startTicks == 0 || process.startTicks == startTicks
    }

    /// The process with this id in the initial pid namespace, living or lately ended.
    public func process(pid: Int32) -> ProcessRecord? { processes[pid] }

    /// The current parent, re-parenting considered; nil for the first process and when unknown. While the process lives
    /// and its parent has ended, the kernel is asked for the new one; afterwards the last known one stays.
    public func parent(of process: ProcessRecord) -> ProcessRecord? {
        process.touched = context.round
        if let parent = processes.linkedParent(of: process) {
            parent.touched = context.round
            guard parent.hasExited, !process.isGone, !process.hasExited else { return parent }
            guard let adopted = currentParentID(of: process), adopted != parent.pid else { return parent }
            // It stays in the tree that it was made in.
            _ = tree(of: process)
            link(process, toParent: adopted)
            return processes.linkedParent(of: process)
        }
        guard process.parentPID > 0, let parent = processes[process.parentPID], parent !== process else { return nil }
        processes.link(process, to: parent)
        return parent
    }

    /// The id of the current parent, 0 when none.
    public func parentID(of process: ProcessRecord) -> Int32 { parent(of: process)?.pid ?? process.parentPID }

    /// The n-th ancestor (0: the process itself); nil when the chain is shorter. Loops end the chain.
    public func ancestor(_ generation: Int, of process: ProcessRecord) -> ProcessRecord? {
        guard generation >= 0, generation <= Self.longestAncestry else { return nil }
        var found: ProcessRecord? = process
        for _ in 0..<generation {
            guard let child = found else { return nil }
            found = parent(of: child)
            if found === process { return nil }
        }
        return found
    }

    /// The leader of the process's session: the process of that id, or the oldest ancestor that carries the same one.
    public func sessionLeader(of process: ProcessRecord) -> ProcessRecord? {
        leader(process.sessionID, of: process) { $0.sessionID }
    }

    /// The leader of the process group by its id in the process's namespace.
    public func virtualGroupLeader(of process: ProcessRecord) -> ProcessRecord? {
        leader(process.virtualGroupID, of: process) { $0.virtualGroupID }
    }

    /// The leader of the process group by its id in the initial namespace.
    public func groupLeader(of process: ProcessRecord) -> ProcessRecord? { processes[process.groupID] }

    /// The event's thread id in its own pid namespace, -1 when unknown.
    public var currentVirtualThreadID: Int32 {
        guard let process = current.process else { return -1 }
        return processReader.virtualThread(current.threadID, of: process)
    }

    /// No chain of parents is followed further: records of reused ids could form a loop.
    private static let longestAncestry = 128

    private func leader(
        _ id: Int32, of process: ProcessRecord, _ member: (ProcessRecord) -> Int32
    ) -> ProcessRecord? {
        guard id > 0 else { return nil }
        let isInner = process.isInChildPIDNamespace
        if !isInner, let leader = processes[id] { return leader }
        var last: ProcessRecord?
        var candidate: ProcessRecord? = process
        for _ in 0..<Self.longestAncestry {
            // Outside the namespace the same number is another group.
            guard let found = candidate, member(found) == id, found.isInChildPIDNamespace == isInner else { break }
            last = found
            candidate = parent(of: found)
            if candidate === process { break }
        }
        return last
    }

    private func currentParentID(of process: ProcessRecord) -> Int32? {
        guard context.readProcess(process.pid, "stat", upTo: 4096), let stat = ProcStat(context.content),
            process.startTicks == 0 || stat.startTicks == process.startTicks
        else {
            process.isGone = true
            return nil
        }
        return stat.parentPID > 0 ? stat.parentPID : nil
    }
}
