import EventModel
import KernelInterface

/// What an event says of its process.
extension NodeState {
    /// The start of the event's process as /proc would tell it, 0 when the source does not tell.
    var toldStartTicks: UInt64 {
        let facts = current.event.process
        return facts.startTicks != 0 ? facts.startTicks : ticks(sinceBoot: facts.startNanoseconds)
    }

    /// Field 22 of /proc/PID/stat is the start in whole ticks (nsec_to_clock_t, kernel/time/time.c).
    private func ticks(sinceBoot nanoseconds: UInt64) -> UInt64 { nanoseconds / max(context.nanosecondsPerTick, 1) }

    /// Where calls are not told, what they may have changed is asked for again while the process lives.
    func noteUntoldChanges(of process: ProcessRecord) {
        guard !context.seesCalls else { return }
        switch current.event.source {
        case .audit, .auditLog, .ebpf: context.seesCalls = true
        case .processConnector, .procfs, .fanotify:
            let details = process.known.intersection(.changedByCalls)
            guard !process.isGone, !details.isEmpty else { return }
            process.outdated.formUnion(details.subtracting(process.failed))
            forget(details, of: process)
        }
    }

    /// Takes what the event says of its process; the source saw it at the event, so it counts more than /proc's later word.
    func takeFacts(into process: ProcessRecord) {
        let facts = current.event.process
        if facts.known.contains(.parent), facts.parentPID != process.parentPID || process.parentSlot < 0 {
            link(process, toParent: facts.parentPID)
        }
        takeIdentity(into: process)
        // An exec brings its own; of other events they fill what was not known.
        if facts.command.isPresent, process.storedCommand.isEmpty || process.failed.contains(.command) {
            process.storedCommand.replace(with: current.event.slice(facts.command))
            process.known.insert(.command)
            process.failed.remove(.command)
        }
        if facts.executable.isPresent, process.storedExecutablePath.isEmpty {
            process.setExecutablePath(current.event.slice(facts.executable))
        }
        isControlGroupTold =
            facts.known.contains(.controlGroup)
            && processReader.takeControlGroup(facts.controlGroupID, into: process)
        if process.isGone, !process.known.contains(.cgroup) { processReader.load(.cgroup, into: process) }
    }

    /// Takes what the event tells of a new process, before /proc is asked for the rest.
    func takeWhatNeedNotBeRead(into process: ProcessRecord) {
        let known = current.event.process.known
        // Users without groups would leave the groups unread.
        if known.contains(.groupIDs) || !known.contains(.userIDs) { takeIdentity(into: process) }
        let isFailure = current.event.hasResult && current.event.result < 0
        if EventEffect.table[Int(current.event.type.index)] == .exec, !isFailure { completeProgram(process) }
    }

    /// Takes who the process is, and where.
    private func takeIdentity(into process: ProcessRecord) {
        let facts = current.event.process
        if facts.known.contains(.userIDs) {
            process.storedCredentials.uid = facts.uid
            process.storedCredentials.effectiveUID = facts.effectiveUID
            if facts.known.contains(.groupIDs) {
                process.storedCredentials.gid = facts.gid
                process.storedCredentials.effectiveGID = facts.effectiveGID
            }
            process.known.insert(.credentials)
            process.failed.remove(.credentials)
        }
        if facts.known.contains(.loginUser) {
            process.storedLoginUID = facts.loginUID
            process.known.insert(.loginUser)
            process.failed.remove(.loginUser)
        }
        if facts.known.contains(.terminal) {
            process.storedIDs.terminal = facts.terminal
            process.known.insert(.terminal)
            process.failed.remove(.terminal)
        }
        if facts.known.contains(.capabilities) {
            process.storedCapabilities.permitted = facts.capabilitiesPermitted
            process.storedCapabilities.effective = facts.capabilitiesEffective
            process.storedCapabilities.inheritable = facts.capabilitiesInheritable
            process.known.insert(.capabilities)
            process.failed.remove(.capabilities)
        }
        if facts.currentDirectory.isPresent {
            process.setCurrentDirectory(current.event.slice(facts.currentDirectory))
        }
        takeNumbers(facts, into: process)
    }

    /// Takes what tells this process from another, and what it is known by in its namespaces.
    private func takeNumbers(_ facts: ProcessFacts, into process: ProcessRecord) {
        if process.startTicks == 0 { process.startTicks = toldStartTicks }
        if process.startTimeNanoseconds == 0, facts.startNanoseconds != 0 {
            process.startTimeNanoseconds = context.bootTimeNanoseconds &+ facts.startNanoseconds
        }
        if facts.known.contains(.namespaceIDs) { takeNamespaceIDs(facts.namespaceIDs, into: process) }
        if facts.known.contains(.processGroup) {
            process.storedIDs.groupID = facts.processGroup
            if facts.known.contains(.terminal), process.known.contains(.command) || facts.command.isPresent {
                process.known.insert(.stat)
                process.failed.remove(.stat)
            }
        }
        if !process.known.contains(.executableFile) || process.failed.contains(.executableFile) {
            takeExecutableFact(into: process)
        }
    }

    /// Takes the ids in the process's own pid namespace.
    private func takeNamespaceIDs(_ ids: ProcessFacts.NamespaceIDs, into process: ProcessRecord) {
        process.storedIDs.virtualPID = ids.pid
        process.storedIDs.sessionID = ids.session
        process.storedIDs.virtualGroupID = ids.group
        process.isInChildNamespace =
            ids.namespace != 0 ? ids.namespace != DescriptorFacts.initialPIDNamespace : ids.pid != process.pid
        process.known.insert(.namespaceIDs)
        process.failed.remove(.namespaceIDs)
    }

    /// Takes the file that the process executes, where the source looked at it itself.
    func takeExecutableFact(into process: ProcessRecord) {
        guard current.event.process.known.contains(.executableFile) else { return }
        let file = current.event.process.executableFile
        processReader.takeExecutable(file, of: process)
        process.known.insert(.executableFile)
        process.failed.remove(.executableFile)
        guard file.layer != .unknown else { return }
        process.storedExecutable.layer = ExecutableFile.Layer(file.layer)
        process.storedExecutable.isLayerTold = true
        process.known.insert(.executableLayer)
        process.failed.remove(.executableLayer)
    }

    /// Takes what a fork's event tells of the new process.
    func takeChildFacts(into child: ProcessRecord) {
        let start = current.event.childStartNanoseconds
        if start != 0 {
            child.startTicks = ticks(sinceBoot: start)
            child.startTimeNanoseconds = context.bootTimeNanoseconds &+ start
        }
        if current.event.childNamespaceIDs.pid != 0 { takeNamespaceIDs(current.event.childNamespaceIDs, into: child) }
    }
}

extension ExecutableFile.Layer {
    init(_ layer: ProcessFacts.ExecutableFile.Layer) {
        switch layer {
        case .unknown, .none: self = .none
        case .upper: self = .upper
        case .lower: self = .lower
        }
    }
}
