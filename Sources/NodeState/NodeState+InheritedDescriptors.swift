import EventModel

/// What descriptors a process has of its parent and of the program before its own, where one source tells of processes sooner than
/// another tells of their calls: the process connector is quicker than audit, whose records wait for each other.
extension NodeState {
    /// A fork is told by this source before the calls that the parent made earlier.
    private static let quickSources =
        UInt8(1) << SourceKind.processConnector.rawValue | UInt8(1) << SourceKind.procfs.rawValue
    /// How far the times of two sources may be apart: audit's are cut to the kernel's tick, 10 ms at most.
    private static let clockTolerance: UInt64 = 20_000_000
    /// How long a process has lived at most that was gone when its first event came.
    private static let briefLife: UInt64 = 1_000_000_000
    /// How many forebears are asked for a descriptor.
    private static let generations = 8

    /// Whether a source tells of forks and execs before others tell of calls that were earlier.
    func isQuick(_ source: SourceKind) -> Bool { Self.quickSources & (1 << source.rawValue) != 0 }

    /// Whether the exec that a process's program is of lies behind a time, and was told by such a source alone: in the order of the
    /// others it is still to come, however far they lag behind.
    func isExecAhead(of time: UInt64, _ process: ProcessRecord) -> Bool {
        let exec = process.lastExec
        return exec.sources != 0 && exec.sources & ~Self.quickSources == 0 && time < exec.timeNanoseconds
            && !process.previousProgram.command.isEmpty
    }

    /// Whether a process's fork may have been told before what its parent did earlier.
    func isForkToldSooner(_ process: ProcessRecord) -> Bool { process.forkSources & Self.quickSources != 0 }

    /// Closes what an exec closes: at once, or when the calls before it have been told too.
    func closeOnExec(of process: ProcessRecord) {
        if isQuick(current.event.source) {
            descriptors.markClosedOnExec(of: process)
            process.unsettledExecNanoseconds = current.event.timeNanoseconds
        } else {
            descriptors.removeClosedOnExec(of: process)
            process.unsettledExecNanoseconds = 0
            process.hasClosedOnExec = true
            settleStreams(of: process)
        }
    }

    /// Makes a program's standard streams what its parent had when it forked, once: what the parent did before is told by now, and
    /// what it does next, as soon as the program is over, is not.
    private func settleStreams(of process: ProcessRecord) {
        guard isForkToldSooner(process) else { return }
        for number in Int32(0)...2 {
            guard let stream = descriptors.find(number, of: process), stream.isInherited else { continue }
            if let parents = inheritedDescriptor(number, of: process),
                parents.madeNanoseconds >= stream.madeNanoseconds
            {
                stream.inherit(parents)
            }
            stream.isInherited = false
        }
    }

    /// Closes what an exec closes once events that are younger come, where no other source told of the exec.
    func settleOverdueExec(of process: ProcessRecord) {
        let time = process.unsettledExecNanoseconds
        guard time != 0, current.event.timeNanoseconds > time &+ Self.clockTolerance else { return }
        descriptors.removeClosedOnExec(of: process, madeBefore: time)
        process.unsettledExecNanoseconds = 0
        process.hasClosedOnExec = true
    }

    /// Whether an exec has closed what execs close: one that was told sooner than the calls before it has not for these.
    private func hasClosedOnExec(_ process: ProcessRecord) -> Bool {
        process.hasExecuted && (process.unsettledExecNanoseconds == 0 || process.hasClosedOnExec)
    }

    /// The descriptor that a process has of its parent under a number; nil when nothing is known of one.
    func inheritedDescriptor(_ number: Int32, of process: ProcessRecord) -> DescriptorRecord? {
        var heir = process
        var hasExecuted = hasClosedOnExec(process)
        for _ in 0..<Self.generations {
            guard let parent = processes.linkedParent(of: heir) else { return nil }
            if let found = descriptors.find(number, of: parent) {
                if found.isClosedOnExec, hasExecuted { return nil }
                return isInherited(found, of: parent, by: heir) ? found : nil
            }
            heir = parent
            hasExecuted = hasExecuted || hasClosedOnExec(heir)
        }
        return nil
    }

    private func isInherited(
        _ descriptor: DescriptorRecord, of parent: ProcessRecord, by heir: ProcessRecord
    ) -> Bool {
        if descriptor.isClosing, parent.unsettledExecNanoseconds <= heir.startTimeNanoseconds { return false }
        guard heir.forkSources == 0 else {
            return isForkToldSooner(heir)
                && descriptor.madeNanoseconds <= heir.startTimeNanoseconds
        }
        // Nobody told of the fork yet.
        if heir.startTimeNanoseconds != 0 {
            return descriptor.madeNanoseconds <= heir.startTimeNanoseconds &+ Self.clockTolerance
        }
        // It ended before /proc could be asked, so it did not live for long: a directory is hardly ever replaced by another one, a
        // connection often is.
        return descriptor.storedKind == .directory
            || current.event.timeNanoseconds < descriptor.madeNanoseconds &+ Self.briefLife
    }

    /// Corrects a descriptor that was copied at a fork which was told before its parent's own calls.
    func correctInherited(_ descriptor: DescriptorRecord, of process: ProcessRecord) {
        guard descriptor.isInherited, isForkToldSooner(process),
            let parents = inheritedDescriptor(descriptor.number, of: process),
            parents.madeNanoseconds >= descriptor.madeNanoseconds
        else { return }
        descriptor.inherit(parents)
    }
}
