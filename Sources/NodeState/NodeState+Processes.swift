import EventModel

/// Which process an event belongs to, and what the event says of it.
extension NodeState {
    /// The record of the event's process: the known one if it is still that process, else a new one from /proc and the
    /// event's facts. Nil when neither knows anything.
    func eventProcess(_ applied: inout AppliedEvent) -> ProcessRecord? {
        let pid = current.event.process.pid
        guard pid > 0 else { return nil }
        let time = current.event.timeNanoseconds
        if let known = processes[pid] {
            known.touched = context.round
            if isStill(known) {
                known.lastEventNanoseconds = max(known.lastEventNanoseconds, time)
                return known
            }
            processes.retire(known)
        }
        let hasFacts = current.event.process.known.contains(.parent) || current.event.process.command.isPresent
        let process = processes.insert(pid)
        applied.isNewProcess = true
        process.lastEventNanoseconds = time
        process.verifiedNanoseconds = time
        guard fillFromProc(process, before: time) else {
            context.counters.processMisses += 1
            // The id alone is no knowledge: fields are better absent than empty.
            guard hasFacts else {
                processes.release(process)
                return nil
            }
            process.isGone = true
            process.startTicks = current.event.process.startTicks
            if process.startTicks != 0 { process.startTimeNanoseconds = context.startTime(ticks: process.startTicks) }
            if current.event.process.known.contains(.parent) {
                link(process, toParent: current.event.process.parentPID)
            }
            inheritEntered(process)
            return process
        }
        inheritEntered(process)
        return process
    }

    /// A process that no fork told of has its runtime's destination all the same.
    func inheritEntered(_ process: ProcessRecord) {
        guard process.container == nil, let parent = processes.linkedParent(of: process),
            !parent.enteredContainerID.isEmpty
        else { return }
        process.enteredContainerID.replace(with: parent.enteredContainerID)
        process.isEnteredByExec = parent.isEnteredByExec
    }

    /// Whether the record under an event's process id is that event's process.
    private func isStill(_ record: ProcessRecord) -> Bool {
        let time = current.event.timeNanoseconds
        let ticks = current.event.process.startTicks
        if ticks != 0 && record.startTicks != 0 && ticks != record.startTicks {
            context.counters.identityMismatches += 1
            return false
        }
        if hasAnotherLogin(record) { return false }
        if record.hasExited {
            // Sources differ in delay: an event a little behind the exit is still the old process's.
            return time <= record.exitTimeNanoseconds &+ Self.exitTolerance
        }
        guard time > record.verifiedNanoseconds &+ options.identityCheckNanoseconds,
            time > record.lastEventNanoseconds &+ options.identityCheckNanoseconds
        else { return true }
        record.verifiedNanoseconds = time
        if record.isGone { return !processExists(differingFrom: record) }
        if processReader.isStillSame(record) { return true }
        // Gone is no proof of reuse: the event may be the process's last one.
        return !processExists(differingFrom: record)
    }

    /// Whether an event tells another program and another login: that of a session is set once (audit's loginuid), so the id is
    /// another process's by now.
    private func hasAnotherLogin(_ record: ProcessRecord) -> Bool {
        let facts = current.event.process
        guard facts.known.contains(.loginUser), record.known.contains(.loginUser), !record.failed.contains(.loginUser),
            record.storedLoginUID != .max, record.storedLoginUID != facts.loginUID,
            facts.executable.isPresent, !record.storedExecutablePath.isEmpty,
            !record.storedExecutablePath.elementsEqual(
                ProcessRecord.plainExecutablePath(current.event.slice(facts.executable)))
        else { return false }
        context.counters.identityMismatches += 1
        return true
    }

    /// How long after a process's end an event with its id is still taken for its own.
    private static let exitTolerance: UInt64 = 1_000_000_000

    private func processExists(differingFrom record: ProcessRecord) -> Bool {
        context.setPath(process: record.pid, "stat")
        guard context.files.read(context.path, upTo: 4096, into: &context.content),
            let stat = ProcStat(context.content)
        else { return false }
        return record.startTicks != 0 && stat.startTicks != record.startTicks
            && context.startTime(ticks: stat.startTicks) <= current.event.timeNanoseconds
    }

    /// Fills a new record from /proc: what makes it a member of the tree, and what is lost when it ends. False when
    /// /proc has no such process, or one that began after the event.
    func fillFromProc(_ process: ProcessRecord, before time: UInt64) -> Bool {
        guard context.readProcess(process.pid, "stat", upTo: 4096) else { return false }
        guard let stat = ProcStat(context.content) else {
            context.counters.malformedProcessFiles += 1
            return false
        }
        let start = context.startTime(ticks: stat.startTicks)
        // Start times are cut to ticks, and the two clocks may differ a little.
        guard start <= time &+ 50_000_000 else {
            context.counters.identityMismatches += 1
            return false
        }
        process.startTicks = stat.startTicks
        process.startTimeNanoseconds = start
        processReader.take(stat, of: context.content, into: process)
        link(process, toParent: stat.parentPID)
        processReader.load(options.wanted.union([.cgroup, .arguments, .executablePath]), into: process)
        return true
    }

    /// Makes a process the child of another, which is looked up in /proc if need be, and so on upwards.
    func link(_ process: ProcessRecord, toParent parentPID: Int32) {
        if process.parentPID != parentPID { process.isParentSought = false }
        process.parentPID = parentPID
        guard parentPID > 0, parentPID != process.pid else {
            processes.link(process, to: nil)
            return
        }
        if let parent = processes[parentPID] {
            parent.touched = context.round
            processes.link(process, to: parent)
            if process.enteredContainerID.isEmpty, !parent.enteredContainerID.isEmpty, !process.hasExecuted {
                process.enteredContainerID.replace(with: parent.enteredContainerID)
                process.isEnteredByExec = parent.isEnteredByExec
            }
            return
        }
        guard !process.isParentSought else { return }
        process.isParentSought = true
        // Bounded: a chain of processes that are all unknown ends at the first process or at this depth.
        guard ancestryDepth < 64 else { return }
        ancestryDepth += 1
        defer { ancestryDepth -= 1 }
        let parent = processes.insert(parentPID)
        parent.verifiedNanoseconds = context.now
        if fillFromProc(parent, before: max(context.now, current.event.timeNanoseconds)) {
            processes.link(process, to: parent)
        } else {
            processes.release(parent)
        }
    }

    /// Takes what the event says of its process; the source saw it at the event, so it counts more than /proc's later word.
    func takeFacts(into process: ProcessRecord) {
        let facts = current.event.process
        if facts.known.contains(.parent), facts.parentPID != process.parentPID || process.parentSlot < 0 {
            link(process, toParent: facts.parentPID)
        }
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
        // An exec brings its own; of other events they fill what was not known.
        if facts.command.isPresent, process.storedCommand.isEmpty || process.failed.contains(.command) {
            process.storedCommand.replace(with: current.event.slice(facts.command))
            process.known.insert(.command)
            process.failed.remove(.command)
        }
        if facts.executable.isPresent, process.storedExecutablePath.isEmpty {
            process.setExecutablePath(current.event.slice(facts.executable))
        }
        if facts.currentDirectory.isPresent {
            process.setCurrentDirectory(current.event.slice(facts.currentDirectory))
        }
        if process.startTicks == 0, facts.startTicks != 0 { process.startTicks = facts.startTicks }
        if process.isGone, !process.known.contains(.cgroup) { processReader.load(.cgroup, into: process) }
    }
}
