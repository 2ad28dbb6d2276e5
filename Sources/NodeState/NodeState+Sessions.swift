import EventModel

/// Sessions and process groups: the calls that change them tell all of it, so that no living process is needed.
extension NodeState {
    /// setsid(2): the caller leads a session and a group of its own and has no terminal. The result is its own id, as its pid
    /// namespace counts.
    func setSession(_ process: ProcessRecord) {
        guard current.event.hasResult, let id = Int32(exactly: current.event.result), id > 0 else {
            return forget([.stat, .namespaceIDs, .terminal], of: process)
        }
        process.storedIDs.virtualPID = id
        process.storedIDs.sessionID = id
        process.storedIDs.virtualGroupID = id
        process.storedIDs.groupID = process.pid
        process.storedIDs.terminal = 0
        if id != process.pid { process.isInChildNamespace = true }
        let told: ProcessDetails = [.stat, .namespaceIDs, .terminal]
        process.known.formUnion(told)
        process.failed.subtract(told)
    }

    /// Whether the event itself tells group and session as they are after the call.
    var isSessionTold: Bool { current.event.process.known.contains(.processGroup) }

    /// setpgid(2): of the caller or a child, by ids of the caller's pid namespace.
    func setGroup(_ process: ProcessRecord) {
        guard current.event.registerCount > 1 else { return forget([.stat, .namespaceIDs], of: process) }
        let target = Int32(truncatingIfNeeded: current.event.registers[0])
        let group = Int32(truncatingIfNeeded: current.event.registers[1])
        let isCaller = target == 0 || target == process.pid || target == process.storedIDs.virtualPID
        if isCaller, isSessionTold { return }
        guard let changed = isCaller ? process : processes[target] else { return }
        // Of one that is gone, what its parent has.
        processReader.load([.stat, .namespaceIDs], into: changed)
        let ids = changed.storedIDs
        guard ids.virtualPID != -1 else { return forget([.stat, .namespaceIDs], of: changed) }
        changed.storedIDs.virtualGroupID = group == 0 ? ids.virtualPID : group
        if changed.storedIDs.virtualGroupID == ids.virtualPID {
            changed.storedIDs.groupID = changed.pid
        } else if changed.isInChildNamespace {
            return forget(.stat, of: changed)
        } else {
            changed.storedIDs.groupID = group
        }
        changed.known.insert(.stat)
        changed.failed.remove(.stat)
    }
}
