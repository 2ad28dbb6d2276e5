/// What a process has of its parent.
extension ProcessReader {
    /// Fills a detail that can't be read any more from the nearest ancestor that knows it.
    func inherit(_ detail: ProcessDetails, into process: ProcessRecord) {
        let isOfProgram = ProcessDetails.ofProgram.contains(detail) && detail != .environment
        guard ProcessDetails.inherited.contains(detail) || isOfProgram else { return }
        // Of another program than its parent's since its exec: the parent's arguments would be a lie.
        if isOfProgram && process.hasExecuted { return }
        var ancestor = table?.linkedParent(of: process)
        for _ in 0..<64 {
            guard let candidate = ancestor else { return }
            if isOfProgram && candidate.lastExec.timeNanoseconds > process.startTimeNanoseconds { return }
            if candidate.known.contains(detail) && !candidate.failed.contains(detail) {
                copy(detail, from: candidate, into: process)
                return
            }
            ancestor = table?.linkedParent(of: candidate)
        }
    }

    /// Makes a forked process what its parent is, as far as the parent is known.
    func fork(_ process: ProcessRecord, from parent: ProcessRecord, isNewPIDNamespace: Bool) {
        let details = ProcessDetails.inherited.union(.ofProgram).intersection(parent.known).subtracting(parent.failed)
        var rest = details.rawValue
        while rest != 0 {
            let bit = rest & (~rest &+ 1)
            rest &= ~bit
            copy(ProcessDetails(rawValue: bit), from: parent, into: process)
        }
        process.known.formUnion(details)
        process.areArgumentsTruncated = parent.areArgumentsTruncated
        if parent.known.contains(.stat) {
            process.storedIDs.groupID = parent.storedIDs.groupID
            process.known.insert(.stat)
        }
        // In the initial namespace the ids follow from the parent's; below it only /proc knows the new one's.
        if parent.known.contains(.namespaceIDs), !parent.failed.contains(.namespaceIDs), !parent.isInChildNamespace,
            !isNewPIDNamespace
        {
            process.storedIDs.sessionID = parent.storedIDs.sessionID
            process.storedIDs.virtualGroupID = parent.storedIDs.virtualGroupID
            process.storedIDs.virtualPID = process.pid
            process.known.insert(.namespaceIDs)
        }
    }

    private func copy(_ detail: ProcessDetails, from source: ProcessRecord, into process: ProcessRecord) {
        switch detail {
        case .command: process.storedCommand.replace(with: source.storedCommand)
        case .terminal: process.storedIDs.terminal = source.storedIDs.terminal
        case .credentials: process.storedCredentials = source.storedCredentials
        case .capabilities: process.storedCapabilities = source.storedCapabilities
        case .arguments:
            process.storedArgumentZero.replace(with: source.storedArgumentZero)
            process.storedArguments.replace(with: source.storedArguments)
        case .environment: process.storedEnvironment.replace(with: source.storedEnvironment)
        case .currentDirectory: process.storedCurrentDirectory.replace(with: source.storedCurrentDirectory)
        case .executablePath: process.storedExecutablePath.replace(with: source.storedExecutablePath)
        case .executableFile:
            let layer = process.storedExecutable.layer
            process.storedExecutable = source.storedExecutable
            process.storedExecutable.layer = layer
        case .executableLayer: process.storedExecutable.layer = source.storedExecutable.layer
        case .cgroup:
            process.storedCgroups.replace(with: source.storedCgroups)
            process.container = source.container
        case .loginUser: process.storedLoginUID = source.storedLoginUID
        case .limits: process.storedDescriptorLimit = source.storedDescriptorLimit
        case .namespaceStart: process.storedNamespaceStart = source.storedNamespaceStart
        default: break
        }
    }
}
