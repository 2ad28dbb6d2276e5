import EventModel

/// What events change: processes. Descriptors are in `NodeState+Descriptors.swift`.
extension NodeState {
    func applyEffect(_ effect: EventEffect, to process: ProcessRecord, _ applied: inout AppliedEvent) {
        let isFailure = current.event.hasResult && current.event.result < 0
        switch effect {
        case .none: break
        case .exec: if !isFailure { exec(process, &applied) }
        case .fork: if !isFailure { fork(process, &applied) }
        case .exit: exit(process, &applied)
        case .changeDirectory: if !isFailure { changeDirectory(process) }
        case .changeDirectoryByDescriptor:
            useDescriptor(process, register: 0)
            if !isFailure { changeDirectoryByDescriptor(process) }
        case .changeCredentials: if !isFailure { forgetCredentials(process) }
        case .setSession: if !isFailure, !isSessionTold { setSession(process) }
        case .setGroup: if !isFailure { setGroup(process) }
        case .changeNamespace: if !isFailure { forget(notTold([.namespaceIDs, .capabilities]), of: process) }
        case .setLimits: forget([.limits], of: process)
        default: applyDescriptorEffect(effect, to: process, isFailure: isFailure)
        }
    }

    /// Makes details be read again.
    func forget(_ details: ProcessDetails, of process: ProcessRecord) {
        guard !process.isGone else { return }
        process.known.subtract(details)
        process.failed.subtract(details)
    }

    /// Ids that the event itself tells are the new ones already; others are asked of /proc.
    private func forgetCredentials(_ process: ProcessRecord) {
        forget(notTold([.credentials, .capabilities]), of: process)
    }

    /// Without what the event itself tells as it is after the call.
    private func notTold(_ details: ProcessDetails) -> ProcessDetails {
        let told = current.event.process.known
        var details = details
        if told.contains(.userIDs) { details.remove(.credentials) }
        if told.contains(.capabilities) { details.remove(.capabilities) }
        if told.contains(.namespaceIDs) { details.remove(.namespaceIDs) }
        return details
    }

    private func changeDirectory(_ process: ProcessRecord) {
        guard let index = pathIndex(argument: 0) else { return forget([.currentDirectory], of: process) }
        let name = current.event.paths[index].name
        guard name.isPresent else { return forget([.currentDirectory], of: process) }
        scratch.removeAll(keepingCapacity: true)
        PathNormalization.append(
            current.event.slice(name), base: process.currentDirectory[...], into: &scratch)
        process.setCurrentDirectory(scratch[...])
    }

    private func changeDirectoryByDescriptor(_ process: ProcessRecord) {
        if let directory = current.descriptor, directory.kind == .directory {
            process.setCurrentDirectory(directory.path[...])
        } else {
            forget([.currentDirectory], of: process)
        }
    }

    // MARK: Exec

    private func exec(_ process: ProcessRecord, _ applied: inout AppliedEvent) {
        let source = UInt8(1) << current.event.source.rawValue
        let time = current.event.timeNanoseconds
        if isRepeated(process.lastExec, source, time), isSameProgram(process) {
            process.lastExec.sources |= source
            applied.isDuplicate = true
            if process.unsettledExecNanoseconds != 0 { closeOnExec(of: process) }
            completeProgram(process)
            takeExecutableFile(of: process)
            // The process connector does not tell the program, and it may have been gone before it could be read.
            if RuntimeTrust.role(executable: process.storedExecutablePath) == .runtime {
                if process.enteredContainerID.isEmpty { noteRuntime(process) }
            } else if process.container == nil {
                enterContainer(process, wasRuntime: false)
                containers.noteProgram(of: process, isTimeCoarse: current.event.source != .audit)
            }
            judgeOrigin(of: process)
            return
        }
        process.lastExec = ExecMark(timeNanoseconds: time, sources: source)
        process.hasExecuted = true
        let facts = current.event.process
        let wasRuntime =
            process.wasCalledInit
            || RuntimeCommand.isInit(command: process.storedCommand, arguments: process.storedArguments)
        process.wasCalledInit = false
        if applied.isNewProcess {
            // What /proc told a moment ago is this program's.
            process.runtimeRole = .unknown
        } else {
            let replaced = notTold(ProcessDetails.replacedByExec)
            process.known.subtract(replaced)
            process.failed.subtract(replaced)
            closeOnExec(of: process)
            process.beginProgram()
        }
        process.programNanoseconds = time
        completeProgram(process)
        if facts.environment.isPresent {
            process.storedEnvironment.replace(
                with: current.event.slice(facts.environment).prefix(options.environmentLimit))
            process.known.insert(.environment)
        }
        // A process that was made in a pid namespace of its own is not known for one by its fork; what /proc said once stays true.
        if options.wanted.contains(.namespaceIDs), !process.isGone, !applied.isNewProcess {
            if process.known.contains(.namespaceIDs), !process.failed.contains(.namespaceIDs) {
                process.outdated.insert(.namespaceIDs)
            }
            process.known.remove(.namespaceIDs)
            process.failed.remove(.namespaceIDs)
        }
        // Before and behind: the layer is judged by it, and /proc knows more while the process lives.
        takeExecutableFile(of: process)
        let isCgroupRead = readSoon(process, isNew: applied.isNewProcess)
        takeExecutableFile(of: process)
        if RuntimeTrust.role(executable: process.storedExecutablePath) == .runtime {
            noteRuntime(process)
        } else {
            enterContainer(process, wasRuntime: wasRuntime, isCgroupRead: isCgroupRead)
            containers.noteProgram(of: process, isTimeCoarse: current.event.source == .audit)
        }
        judgeOrigin(of: process)
    }

    /// Takes the program's name, path and arguments where the event tells them.
    func completeProgram(_ process: ProcessRecord) {
        let facts = current.event.process
        if facts.command.isPresent {
            process.storedCommand.replace(with: current.event.slice(facts.command))
            process.known.insert(.command)
        }
        if facts.executable.isPresent { process.setExecutablePath(current.event.slice(facts.executable)) }
        if facts.arguments.isPresent, !process.known.contains(.arguments) || process.failed.contains(.arguments) {
            process.setArguments(current.event.slice(facts.arguments), limit: options.argumentsLimit)
            if current.event.isTruncated { process.areArgumentsTruncated = true }
        }
        takeExecutableFact(into: process)
    }

    /// Reads what must be read while the process is surely there: its control groups, what the event left out, and what
    /// the rules ask for. Gives whether the control groups could be read.
    private func readSoon(_ process: ProcessRecord, isNew: Bool) -> Bool {
        let needed = options.wanted.union([.command, .arguments, .executablePath]).subtracting(.executableOrigin)
        guard isNew || isControlGroupTold else { return processReader.refreshCgroup(of: process, and: needed) }
        processReader.load(needed, into: process)
        return process.known.contains(.cgroup) && !process.failed.contains(.cgroup)
    }

    /// Whether another source's word of the same exec, fork or exit may have come before this one's.
    private func isRepeated(_ mark: ExecMark, _ source: UInt8, _ time: UInt64) -> Bool {
        guard mark.sources != 0, mark.sources & source == 0 else { return false }
        // A poll of /proc comes to it at its next round.
        if current.event.source == .procfs { return true }
        let distance = time > mark.timeNanoseconds ? time - mark.timeNanoseconds : mark.timeNanoseconds - time
        return distance < Self.duplicateWindow
    }

    /// Sources stamp the same happening within this time of each other.
    private static let duplicateWindow: UInt64 = 1_000_000_000

    private func isSameProgram(_ process: ProcessRecord) -> Bool {
        let facts = current.event.process
        if facts.command.isPresent, process.known.contains(.command), !process.failed.contains(.command),
            !process.storedCommand.elementsEqual(current.event.slice(facts.command))
        {
            return false
        }
        guard facts.arguments.isPresent, process.known.contains(.arguments), !process.failed.contains(.arguments),
            !process.areArgumentsTruncated, !current.event.isTruncated
        else { return true }
        let told = current.event.slice(facts.arguments)
        let end = told.firstIndex(of: 0) ?? told.endIndex
        return process.storedArgumentZero.elementsEqual(told[..<end])
            && process.storedArguments.elementsEqual(told[end...].dropFirst())
    }

    // MARK: Fork and exit

    /// clone(2) flags, linux/sched.h.
    private static let cloneParent: UInt64 = 0x8000
    private static let cloneThread: UInt64 = 0x10000
    private static let cloneNewPID: UInt64 = 0x2000_0000

    private func fork(_ process: ProcessRecord, _ applied: inout AppliedEvent) {
        let name = current.event.type
        let flags = name == Self.cloneType && current.event.registerCount > 0 ? current.event.registers[0] : 0
        guard flags & Self.cloneThread == 0 else { return }
        guard let child = childID(of: process), child > 0, child != process.pid else { return }
        let source = UInt8(1) << current.event.source.rawValue
        let time = current.event.timeNanoseconds
        if let known = processes[child], isSameFork(known, of: process, source, at: time) {
            applied.isDuplicate = known.forkSources != 0 && known.forkSources & source == 0
            // What /proc says of the start is cut to ticks (proc_pid_stat(5)).
            if known.forkSources == 0, known.startTimeNanoseconds < time { known.startTimeNanoseconds = time }
            known.forkSources |= source
            return
        }
        // clone3 keeps its flags in memory: ask whether the child is a thread.
        if name == Self.clone3Type, isThread(child, of: process) { return }
        let record = processes.insert(child)
        record.forkSources = source
        record.startTimeNanoseconds = time
        record.lastEventNanoseconds = time
        record.verifiedNanoseconds = time
        takeChildFacts(into: record)
        // Whoever its parent is to be (CLONE_PARENT, clone(2)).
        record.noteMaker(process)
        let parent = flags & Self.cloneParent != 0 ? processes.linkedParent(of: process) : process
        record.parentPID = parent?.pid ?? 0
        processes.link(record, to: parent)
        processReader.fork(record, from: process, isNewPIDNamespace: flags & Self.cloneNewPID != 0)
        // It may have been made in another than its parent's (CLONE_INTO_CGROUP, clone(2)).
        processReader.takeControlGroup(current.event.childControlGroupID, into: record)
        descriptors.copyAll(of: process, to: record)
        noteTree(of: record)
    }

    private static let cloneType = EventType(name: "clone")
    private static let clone3Type = EventType(name: "clone3")

    /// The child's id in the initial namespace. The result of the call is one in the caller's own (audit-kernel#68).
    private func childID(of process: ProcessRecord) -> Int32? {
        if current.event.childPID > 0 { return current.event.childPID }
        guard current.event.hasResult, current.event.result > 0, !process.isInChildPIDNamespace else { return nil }
        return Int32(exactly: current.event.result)
    }

    private func isSameFork(_ child: ProcessRecord, of process: ProcessRecord, _ source: UInt8, at time: UInt64) -> Bool
    {
        guard child.parentPID == process.pid || child.parentPID == process.parentPID else { return false }
        // Another source's word of a whole life may come before this one's of its beginning, but each source keeps its order: a
        // fork after the end is another process's.
        if child.hasExited, child.forkSources & source != 0 || time > child.exitTimeNanoseconds { return false }
        let start = child.startTimeNanoseconds
        return start == 0 || (start > time ? start - time : time - start) < Self.duplicateWindow
    }

    private func isThread(_ child: Int32, of process: ProcessRecord) -> Bool {
        guard context.readProcess(child, "status", upTo: 8192), let status = ProcStatus(context.content) else {
            return false
        }
        return status.threadGroupID == process.pid && child != process.pid
    }

    /// Whatever calls itself so, a look is all that comes of it.
    private static let installer = Array("dpkg".utf8)

    private func exit(_ process: ProcessRecord, _ applied: inout AppliedEvent) {
        let facts = current.event.process
        guard facts.tid == 0 || facts.tid == facts.pid else { return }
        let source = UInt8(1) << current.event.source.rawValue
        applied.isDuplicate = process.exitSources != 0 && process.exitSources & source == 0
        process.exitSources |= source
        processes.markExited(process)
        if process.storedCommand.elementsEqual(Self.installer) { packages.lookSoon() }
    }
}
