/// Filling a record from bytes that an event or /proc gave.
extension ProcessRecord {
    /// Makes the record one of a new process. Memory is kept, as much as most need.
    func reset(pid newPID: Int32, serial newSerial: UInt64) {
        pid = newPID
        serial = newSerial
        startTicks = 0
        startTimeNanoseconds = 0
        hasExited = false
        exitTimeNanoseconds = 0
        lastEventNanoseconds = 0
        areArgumentsTruncated = false
        container = nil
        isContainerUnproven = false
        runtimeRole = .unknown
        known = []
        failed = []
        outdated = []
        storedCommand.removeAll(keepingCapacity: true)
        storedArgumentZero.recycle()
        storedArguments.recycle()
        storedEnvironment.recycle()
        storedCurrentDirectory.recycle()
        storedExecutablePath.recycle()
        storedCgroups.recycle()
        (controlGroupID, otherControlGroupID) = (0, 0)
        storedIDs = ProcessIDs()
        storedCredentials = ProcessCredentials()
        storedCapabilities = ProcessCapabilities()
        storedLoginUID = .max
        storedExecutable = ExecutableFile()
        storedDescriptorLimit = -1
        storedNamespaceStart = 0
        isInChildNamespace = false
        tree = ProcessTree()
        judgement = 0
        forebears = InlineArray(repeating: 0)
        parentPID = 0
        parentSlot = -1
        parentSerial = 0
        childCount = 0
        isParentSought = false
        isIndexed = false
        isGone = false
        hasExecuted = false
        programNanoseconds = 0
        previousProgram.recycle()
        enteredContainerID.removeAll(keepingCapacity: true)
        isEnteredByExec = false
        wasCalledInit = false
        forkSources = 0
        exitSources = 0
        lastExec = ExecMark()
        unsettledExecNanoseconds = 0
        hasClosedOnExec = false
        firstDescriptor = -1
        verifiedNanoseconds = 0
    }

    /// Takes arguments as the kernel gives them: each followed by a NUL, argument 0 first. Of more than the limit the
    /// first three quarters and the end are kept, so that padding can't push the payload out of sight.
    func setArguments(_ text: ArraySlice<UInt8>, limit: Int) {
        let end = text.firstIndex(of: 0) ?? text.endIndex
        storedArgumentZero.replace(with: text[text.startIndex..<min(end, text.startIndex + limit)])
        let rest = end < text.endIndex ? text[(end + 1)...] : text[text.endIndex...]
        areArgumentsTruncated = rest.count > limit
        if areArgumentsTruncated {
            let head = limit / 4 * 3
            storedArguments.replace(with: rest.prefix(head))
            storedArguments.append(contentsOf: rest.suffix(limit - head))
        } else {
            storedArguments.replace(with: rest)
        }
        // A process may overwrite its arguments so that the last lacks its NUL.
        if let last = storedArguments.last, last != 0 { storedArguments.append(0) }
        known.insert(.arguments)
        failed.remove(.arguments)
    }

    /// Takes a directory and makes it end with a slash.
    func setCurrentDirectory(_ text: ArraySlice<UInt8>) {
        storedCurrentDirectory.replace(with: text)
        if let last = text.last, last != UInt8(ascii: "/") { storedCurrentDirectory.append(UInt8(ascii: "/")) }
        known.insert(.currentDirectory)
        failed.remove(.currentDirectory)
    }

    /// Takes the executable's path in the kernel's words: a memory file is `/memfd:NAME (deleted)` there, and a file that
    /// was removed or replaced since has the same mark (fs/d_path.c). Rules name the path that was executed.
    func setExecutablePath(_ text: ArraySlice<UInt8>) {
        let path = Self.plainExecutablePath(text)
        if !storedExecutablePath.elementsEqual(path) {
            storedExecutablePath.replace(with: path)
            judgeLayerAnew()
        }
        known.insert(.executablePath)
        failed.remove(.executablePath)
    }

    /// The layer follows from path and container: what was judged by others, or by none yet, holds no more.
    func judgeLayerAnew() {
        guard !storedExecutable.isLayerTold else { return }
        known.remove(.executableLayer)
        failed.remove(.executableLayer)
    }

    /// The path without the kernel's marks.
    static func plainExecutablePath(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard text.last == UInt8(ascii: ")"), text.ends(with: " (deleted)") else { return text }
        let path = text.dropLast(10)
        return path.begins(with: "/memfd:") ? path.dropFirst() : path
    }
}
