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
            let isAsked = Self.askedOfParent.contains(detail) && !candidate.known.contains(detail)
            if isAsked, !candidate.isGone || candidate.outdated.contains(detail) {
                // What is under way is another process's.
                let wasExiting = isExiting
                load(detail, into: candidate)
                isExiting = wasExiting
            }
            if candidate.known.contains(detail) && !candidate.failed.contains(detail) {
                copy(detail, from: candidate, into: process)
                return
            }
            // Nobody told where it went.
            if detail == .currentDirectory, !context.seesCalls { return }
            ancestor = table?.linkedParent(of: candidate)
        }
    }

    /// What a parent that lives is asked for when its child is gone: small, and seldom changed after a fork.
    private static let askedOfParent: ProcessDetails = [
        .limits, .namespaceIDs, .stat, .loginUser, .capabilities, .currentDirectory,
    ]

    /// Takes back what was read of another process.
    func forget(_ detail: ProcessDetails, of process: ProcessRecord) {
        switch detail {
        case .stat, .command, .terminal:
            process.storedIDs.groupID = 0
            process.storedIDs.terminal = 0
            if detail == .command { process.storedCommand.removeAll(keepingCapacity: true) }
        case .credentials, .capabilities, .namespaceIDs:
            process.storedIDs.virtualPID = -1
            (process.storedIDs.sessionID, process.storedIDs.virtualGroupID) = (0, 0)
            process.isInChildNamespace = false
            if detail == .credentials { process.storedCredentials = ProcessCredentials() }
            if detail == .capabilities { process.storedCapabilities = ProcessCapabilities() }
        case .arguments:
            process.storedArgumentZero.removeAll(keepingCapacity: true)
            process.storedArguments.removeAll(keepingCapacity: true)
        case .environment: process.storedEnvironment.removeAll(keepingCapacity: true)
        case .currentDirectory: process.storedCurrentDirectory.removeAll(keepingCapacity: true)
        case .executablePath: process.storedExecutablePath.removeAll(keepingCapacity: true)
        case .executableFile:
            // The layer and the origin were found by other ways, and a record's word of the file is nobody else's.
            guard !process.storedExecutable.isTold else { break }
            process.storedExecutable.replaceFile(with: ExecutableFile())
        case .executableLayer: (process.storedExecutable.layer, process.storedExecutable.isLayerTold) = (.none, false)
        case .cgroup:
            process.storedCgroups.removeAll(keepingCapacity: true)
            (process.controlGroupID, process.otherControlGroupID) = (0, 0)
        case .loginUser: process.storedLoginUID = .max
        case .limits: process.storedDescriptorLimit = -1
        case .namespaceStart: process.storedNamespaceStart = 0
        default: break
        }
    }

    /// Makes a forked process what its parent is, as far as the parent is known.
    func fork(_ process: ProcessRecord, from parent: ProcessRecord, isNewPIDNamespace: Bool) {
        var details = ProcessDetails.inherited.union(.ofProgram).intersection(parent.known).subtracting(parent.failed)
        // Below the initial namespace only /proc knows the child's own id.
        if isNewPIDNamespace || parent.isInChildNamespace || process.known.contains(.namespaceIDs) {
            details.remove(.namespaceIDs)
        }
        details.forEach { copy($0, from: parent, into: process) }
        process.known.formUnion(details)
        process.enteredContainerID.replace(with: parent.enteredContainerID)
        process.isEnteredByExec = parent.isEnteredByExec
        process.areArgumentsTruncated = parent.areArgumentsTruncated
        process.storedExecutable.mark = parent.storedExecutable.mark
        process.storedExecutable.isTold = parent.storedExecutable.isTold
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
            process.storedExecutable.replaceFile(with: source.storedExecutable)
            // Who is gone may have executed another one.
            process.storedExecutable.isTold = false
        case .executableLayer:
            process.storedExecutable.layer = source.storedExecutable.layer
            process.storedExecutable.isLayerTold = source.storedExecutable.isLayerTold
        case .cgroup:
            process.storedCgroups.replace(with: source.storedCgroups)
            process.controlGroupID = source.controlGroupID
            process.otherControlGroupID = source.otherControlGroupID
            process.container = source.container
            process.isContainerUnproven = source.isContainerUnproven
        case .loginUser: process.storedLoginUID = source.storedLoginUID
        case .limits: process.storedDescriptorLimit = source.storedDescriptorLimit
        case .namespaceStart: process.storedNamespaceStart = source.storedNamespaceStart
        case .namespaceIDs:
            // Below the initial namespace only /proc would know the process's own id; session and group it has of its parent.
            process.storedIDs.virtualPID = source.isInChildNamespace ? -1 : process.pid
            process.isInChildNamespace = source.isInChildNamespace
            process.storedIDs.sessionID = source.storedIDs.sessionID
            process.storedIDs.virtualGroupID = source.storedIDs.virtualGroupID
        case .stat: process.storedIDs.groupID = source.storedIDs.groupID
        default: break
        }
    }
}
