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
        takeWhatNeedNotBeRead(into: process)
        guard fillFromProc(process, before: time) else {
            context.counters.processMisses += 1
            // The id alone is no knowledge: fields are better absent than empty.
            guard hasFacts else {
                processes.release(process)
                return nil
            }
            process.isGone = true
            process.startTicks = toldStartTicks
            if process.startTicks != 0 { process.startTimeNanoseconds = context.startTime(ticks: process.startTicks) }
            if current.event.process.known.contains(.parent) {
                link(process, toParent: current.event.process.parentPID)
            }
            inheritEntered(process)
            noteTree(of: process)
            return process
        }
        inheritEntered(process)
        noteTree(of: process)
        return process
    }

    /// Whether the record under an event's process id is that event's process.
    private func isStill(_ record: ProcessRecord) -> Bool {
        let time = current.event.timeNanoseconds
        let ticks = toldStartTicks
        if ticks != 0 && record.startTicks != 0 {
            if ticks == record.startTicks { return true }
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
        let details = options.wanted.union([.cgroup, .arguments, .executablePath]).subtracting(.executableOrigin)
        guard let beginning = processReader.begin(process, details, noLaterThan: time) else { return false }
        link(process, toParent: beginning.parentPID)
        processReader.conclude(beginning, details, process)
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
}
