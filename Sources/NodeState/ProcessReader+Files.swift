/// What each file below /proc/PID tells (proc_pid(5)).
extension ProcessReader {
    /// Reads one detail; gives whether it could be.
    func read(_ detail: ProcessDetails, into process: ProcessRecord) -> Bool {
        switch detail {
        case .stat, .command, .terminal: readStat(process)
        case .credentials, .capabilities, .namespaceIDs: readStatus(process)
        case .arguments: readArguments(process)
        case .environment: readEnvironment(process)
        case .currentDirectory: readCurrentDirectory(process)
        case .executablePath: readExecutablePath(process)
        case .executableFile: readExecutableFile(process)
        case .cgroup: readCgroup(process)
        case .loginUser: readLoginUser(process)
        case .limits: readLimits(process)
        case .namespaceStart: readNamespaceStart(process)
        default: false
        }
    }

    private func readStat(_ process: ProcessRecord) -> Bool {
        guard let stat = readStat(of: process) else { return false }
        take(stat, of: context.content, into: process)
        return true
    }

    /// Fills a record from `stat`, keeping what an event told.
    func take(_ stat: ProcStat, of text: [UInt8], into process: ProcessRecord) {
        if !process.known.contains(.command) {
            process.storedCommand.replace(with: text[stat.command])
            noteReading(of: process)
        }
        process.storedIDs.groupID = stat.groupID
        process.storedIDs.terminal = stat.terminal
        process.known.formUnion([.stat, .command, .terminal])
    }

    private func readStatus(_ process: ProcessRecord) -> Bool {
        guard context.readProcess(process.pid, "status", upTo: 8192) else { return false }
        guard let status = ProcStatus(context.content) else {
            context.counters.malformedProcessFiles += 1
            return false
        }
        if !process.known.contains(.credentials), status.hasCredentials {
            process.storedCredentials = status.credentials
        }
        if !process.known.contains(.capabilities) { process.storedCapabilities = status.capabilities }
        process.storedIDs.virtualPID = status.virtualPID
        process.storedIDs.sessionID = status.virtualSessionID
        process.storedIDs.virtualGroupID = status.virtualGroupID
        process.isInChildNamespace = status.namespaceDepth > 1
        process.known.formUnion(.ofStatusFile)
        return true
    }

    private func readArguments(_ process: ProcessRecord) -> Bool {
        // Longer than the bound by a page tells whether more was there without reading megabytes.
        guard context.readProcess(process.pid, "cmdline", upTo: context.options.argumentsLimit + 65536) else {
            return false
        }
        process.setArguments(context.content[...], limit: context.options.argumentsLimit)
        return true
    }

    private func readEnvironment(_ process: ProcessRecord) -> Bool {
        guard context.readProcess(process.pid, "environ", upTo: context.options.environmentLimit) else { return false }
        process.storedEnvironment.replace(with: context.content)
        return true
    }

    private func readCurrentDirectory(_ process: ProcessRecord) -> Bool {
        guard context.readProcessLink(process.pid, "cwd") else { return false }
        process.setCurrentDirectory(context.content[...])
        return true
    }

    private func readExecutablePath(_ process: ProcessRecord) -> Bool {
        guard context.readProcessLink(process.pid, "exe") else { return false }
        process.setExecutablePath(context.content[...])
        noteReading(of: process)
        return true
    }

    /// What /proc tells is true now, which is later than the event.
    private func noteReading(of process: ProcessRecord) {
        process.programNanoseconds = max(process.programNanoseconds, context.files.wallNanoseconds ?? 0)
    }

    private func readCgroup(_ process: ProcessRecord) -> Bool {
        guard context.readProcess(process.pid, "cgroup", upTo: 16384) else { return false }
        process.storedCgroups.replace(with: context.content)
        (process.controlGroupID, process.otherControlGroupID) = (0, 0)
        return true
    }

    private func readLoginUser(_ process: ProcessRecord) -> Bool {
        guard context.readProcess(process.pid, "loginuid", upTo: 64) else { return false }
        let digits = context.content.prefix { $0 >= 0x30 && $0 <= 0x39 }
        process.storedLoginUID = DecimalText.unsigned(digits).flatMap { UInt32(exactly: $0) } ?? .max
        return true
    }

    private func readLimits(_ process: ProcessRecord) -> Bool {
        guard context.readProcess(process.pid, "limits", upTo: 4096) else { return false }
        var lines = LineCursor(context.content)
        while let line = lines.next() {
            guard context.content[line].begins(with: "Max open files") else { continue }
            var words = WordCursor(context.content, line.lowerBound + 14..<line.upperBound)
            process.storedDescriptorLimit = words.next().flatMap { DecimalText.signed($0) } ?? -1
            return true
        }
        context.counters.malformedProcessFiles += 1
        return false
    }

    private func readNamespaceStart(_ process: ProcessRecord) -> Bool {
        let isInner = process.isInChildPIDNamespace
        // The namespace's first process is an ancestor, unless this one was put in from outside (docker exec).
        var ancestor: ProcessRecord? = isInner ? process : nil
        for _ in 0..<64 {
            guard let candidate = ancestor, candidate.isInChildPIDNamespace else { break }
            if candidate.virtualPID == 1 {
                process.storedNamespaceStart = candidate.startTimeNanoseconds
                return true
            }
            ancestor = table?.linkedParent(of: candidate)
        }
        var text: [UInt8] = []
        let isRead: Bool
        if isInner {
            context.setPath(process: process.pid, "root")
            let stat: [StaticString] = ["proc", "1", "stat"]
            isRead = context.files.readBeneath(root: context.path, components: stat, upTo: 4096, into: &text) != nil
        } else {
            context.setPath(process: 1, "stat")
            isRead = context.files.read(context.path, upTo: 4096, into: &text)
        }
        guard isRead, let stat = ProcStat(text) else { return false }
        process.storedNamespaceStart = context.startTime(ticks: stat.startTicks)
        return true
    }

    /// Reads `stat`, whose text `context.content` is then.
    func readStat(of process: ProcessRecord) -> ProcStat? {
        guard context.readProcess(process.pid, "stat", upTo: 4096) else { return nil }
        guard let stat = ProcStat(context.content) else {
            context.counters.malformedProcessFiles += 1
            return nil
        }
        return stat
    }

    // MARK: As it is now

    func threads(of process: ProcessRecord) -> UInt32 {
        guard !process.isGone, context.mayLook(), context.readProcess(process.pid, "stat", upTo: 4096),
            let stat = ProcStat(context.content), stat.startTicks == process.startTicks || process.startTicks == 0
        else { return 1 }
        return stat.threads
    }

    /// How many it has open; where the kernel doesn't say (before 6.2), so many as are listed at most.
    func openDescriptors(of process: ProcessRecord) -> UInt32 {
        context.setPath(process: process.pid, "fd")
        guard !process.isGone, context.mayLook(), let status = context.files.status(context.path) else { return 0 }
        var count = Int(clamping: status.size)
        if count == 0 {
            var numbers: [Int32] = []
            guard context.files.listNumbers(context.path, limit: StateContext.listedDescriptors, into: &numbers) else {
                return 0
            }
            count = numbers.count
        }
        return isStillSame(process) ? UInt32(clamping: count) : 0
    }

    func memory(of process: ProcessRecord) -> ProcessMemory? {
        guard !process.isGone, context.mayLook(), context.readProcess(process.pid, "stat", upTo: 4096),
            let stat = ProcStat(context.content), stat.startTicks == process.startTicks || process.startTicks == 0
        else { return nil }
        var memory = ProcessMemory()
        memory.virtualKilobytes = stat.virtualBytes / 1024
        memory.residentKilobytes = stat.residentPages &* context.pageKilobytes
        memory.majorFaults = stat.majorFaults
        memory.minorFaults = stat.minorFaults
        if context.readProcess(process.pid, "status", upTo: 8192), let status = ProcStatus(context.content) {
            memory.swapKilobytes = status.swapKilobytes
        }
        return memory
    }

    /// The id of a thread in its innermost pid namespace, -1 when unknown.
    func virtualThread(_ thread: Int32, of process: ProcessRecord) -> Int32 {
        guard thread != process.pid else { return process.virtualPID }
        guard !process.isGone, context.readProcess(thread, "status", upTo: 8192),
            let status = ProcStatus(context.content), status.threadGroupID == process.pid
        else { return -1 }
        return status.virtualThreadID
    }
}
