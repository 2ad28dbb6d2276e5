import EventModel

/// Which container a process is in that was gone before its control groups could be read: what its runtime was to enter, its parent and
/// its program's file tell.
extension NodeState {
    /// Gives the first program that a runtime starts the container that it is in, where /proc was too late to tell.
    /// `isCgroupRead` is nil where another source's word of the same exec came before.
    func enterContainer(_ process: ProcessRecord, wasRuntime: Bool, isCgroupRead: Bool? = nil) {
        if process.isGone, process.container == nil {
            // What its parent is may have become known since its fork.
            if process.enteredContainerID.isEmpty { inheritEntered(process) }
            if let parent = processes.linkedParent(of: process) {
                if parent.container != nil { processReader.inherit(.cgroup, into: process) }
                // A shim's children are the programs of its containers, and what the shim runs on the host.
                if containers.trust.role(of: parent) == .shim, process.forkSources == 0 {
                    process.isContainerUnproven = true
                }
            }
        }
        guard !process.enteredContainerID.isEmpty else { return }
        // What descends from a runtime's `exec` and is not the runtime itself is in the container.
        let isInside =
            process.isEnteredByExec && !process.storedCommand.isEmpty
            && !RuntimeCommand.isInit(command: process.storedCommand, arguments: process.storedArguments)
        let isOfRoot = isOfEnteredRoot(process)
        if wasRuntime || isInside || isOfRoot {
            if isCgroupRead != true {
                containers.assignEntered(process)
                takeEnteredNamespace(process, isFirst: (wasRuntime || isOfRoot) && !process.isEnteredByExec)
            }
        } else if isCgroupRead == false, process.container == nil {
            // The container's first program, or a hook on the host: nobody can tell any more.
            process.isContainerUnproven = true
        }
        if process.container != nil { process.enteredContainerID.removeAll(keepingCapacity: true) }
    }

    /// Looks at a runtime about to create a container, and at the container's root while it is there: it may be gone by the time that
    /// its first program is told.
    func noteRuntime(_ process: ProcessRecord) {
        containers.noteRuntime(process)
        // Where each event tells its control group, no file need tell the container.
        if !isControlGroupTold, let container = containers.find(process.enteredContainerID[...]) {
            _ = processReader.layers?.hasLayers(container)
        }
    }

    /// Whether the exec's own record says that a process that is gone runs a file of the root of the container that its runtime was to
    /// enter: a hook's program is the host's.
    private func isOfEnteredRoot(_ process: ProcessRecord) -> Bool {
        guard process.isGone, process.container == nil,
            let container = containers.find(process.enteredContainerID[...])
        else { return false }
        return processReader.layers?.isOfRoot(process, of: container) ?? false
    }

    /// What /proc would have told of the ids that a process has in its container's pid namespace. Those of the runtime that it
    /// descends from are the host's.
    private func takeEnteredNamespace(_ process: ProcessRecord, isFirst: Bool) {
        guard process.isGone, let container = process.container, !container.usesHostPID else { return }
        process.isInChildNamespace = true
        // Runtimes make a session for it (runc, crun).
        let own: Int32 = isFirst && container.hasOwnPIDs ? 1 : -1
        process.storedIDs.virtualPID = own
        (process.storedIDs.sessionID, process.storedIDs.virtualGroupID) = (max(own, 0), max(own, 0))
        process.known.insert(.namespaceIDs)
        process.failed.remove(.namespaceIDs)
    }

    /// Notes what a record says of the runtime's last part in the container, which /proc may have been too late for. Only a child of
    /// a runtime that root started is believed.
    func noteInit(_ process: ProcessRecord) {
        let name = current.event.process.command
        guard name.isPresent, process.isGone, !process.wasCalledInit, !process.enteredContainerID.isEmpty else {
            return
        }
        process.wasCalledInit = RuntimeCommand.isInit(command: Array(current.event.slice(name)), arguments: [])
    }

    /// A process that no fork told of has its runtime's destination all the same.
    func inheritEntered(_ process: ProcessRecord) {
        guard process.container == nil, let parent = processes.linkedParent(of: process),
            !parent.enteredContainerID.isEmpty
        else { return }
        process.enteredContainerID.replace(with: parent.enteredContainerID)
        process.isEnteredByExec = parent.isEnteredByExec
    }

    /// A process that was forked before anybody told of its parent's container is in it all the same, if the parent's program had begun:
    /// the process connector tells of forks sooner than audit tells of the program.
    func inheritLateContainer(_ process: ProcessRecord, depth: Int = 0) {
        guard process.container == nil, !process.hasExecuted, isForkToldSooner(process), depth < Self.mostLateForks,
            let parent = processes.linkedParent(of: process)
        else { return }
        inheritLateContainer(parent, depth: depth + 1)
        if parent.container == nil, parent.isContainerUnproven, process.isGone { process.isContainerUnproven = true }
        guard parent.container != nil, process.startTimeNanoseconds >= parent.lastExec.timeNanoseconds else { return }
        processReader.inherit(.cgroup, into: process)
    }

    private static let mostLateForks = 8
}
