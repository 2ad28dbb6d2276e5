import EventModel

/// An event as a recording has it: each member in turn, as `RawEvent` declares them, its bytes first.
extension RecordingEncoder {
    mutating func append(_ event: RawEvent) {
        append(UInt64(event.type.index))
        append(text: event.bytes)
        append(raw: [event.source.rawValue, event.ruleSource.rawValue])
        append(event.timeNanoseconds)
        append(event.bootNanoseconds)
        append(event.sequence)
        append(event.architecture.rawValue)
        append(event.syscallNumber)
        append(raw: [event.registerCount])
        for index in event.registers.indices { append(event.registers[index]) }
        append(event.hasUnknownArguments)
        append(event.isUnnumbered)
        append(event.result)
        append(event.hasResult)
        append(event.process)
        append(event.childPID)
        append(event.exitStatus)
        append(event.childStartNanoseconds)
        append(event.childControlGroupID)
        append(event.childNamespaceIDs)
        append(event.socketAddress)
        append(event.localAddress)
        append(event.peerAddress)
        append(UInt64(event.socketFamily))
        append(UInt64(event.socketType))
        append(UInt64(event.socketProtocol))
        append(event.socketInode)
        append(event.usedFile)
        append(event.isForStateOnly)
        for index in event.descriptors.indices { append(event.descriptors[index]) }
        append(event.openHow != nil)
        if let how = event.openHow {
            append(how.flags)
            append(how.mode)
            append(how.resolve)
        }
        append(event.moduleName)
        append(event.node)
        append(event.isTruncated)
        append(event.payload)
        append(UInt64(event.arguments.count))
        for argument in event.arguments {
            append(raw: [argument.index])
            append(argument.bytes)
            append(argument.number)
        }
        append(UInt64(event.paths.count))
        for path in event.paths { append(path) }
    }

    /// 0: absent; else one more than the first byte's place, and the number of bytes.
    private mutating func append(_ range: ByteRange) {
        guard range.isPresent else { return append(UInt64(0)) }
        append(UInt64(range.start) + 1)
        append(UInt64(range.count))
    }

    private mutating func append(_ facts: ProcessFacts) {
        append(facts.known.rawValue)
        append(facts.pid)
        append(facts.tid)
        append(facts.parentPID)
        for id in [facts.uid, facts.effectiveUID, facts.gid, facts.effectiveGID, facts.loginUID, facts.auditSession] {
            // Unset ones are all bits.
            append(id &+ 1)
        }
        append(facts.terminal)
        append(facts.capabilitiesPermitted)
        append(facts.capabilitiesEffective)
        append(facts.capabilitiesInheritable)
        for text in [
            facts.command, facts.userName, facts.loginUserName, facts.groupName, facts.executable,
            facts.currentDirectory, facts.arguments, facts.environment, facts.title,
        ] { append(text) }
        append(facts.startTicks)
        append(facts.startNanoseconds)
        append(facts.controlGroupID)
        append(facts.processGroup)
        append(facts.processSession)
        append(facts.namespaceIDs)
        append(facts.executableFile)
    }

    private mutating func append(_ ids: ProcessFacts.NamespaceIDs) {
        append(ids.namespace)
        for id in [ids.pid, ids.tid, ids.parentPID, ids.group, ids.session] { append(id) }
    }

    private mutating func append(_ file: ProcessFacts.ExecutableFile) {
        append(file.inode)
        append(file.deviceMajor)
        append(file.deviceMinor)
        append(file.changeTime)
        append(file.modificationTime)
        append(file.mode)
        append(file.uid &+ 1)
        append(file.gid &+ 1)
        append(raw: [file.layer.rawValue])
        append(file.isInMemory)
        append(file.isDeleted)
    }

    private mutating func append(_ path: PathFact) {
        append(path.name)
        append(raw: [path.role.rawValue])
        append(path.inode)
        append(path.deviceMajor)
        append(path.deviceMinor)
        append(path.mode)
        append(path.uid)
        append(path.directory)
        append(path.object.path)
        append(path.object.rootLength)
        append(raw: [path.object.traits.rawValue, path.object.layer.rawValue])
    }
}

extension RecordingDecoder {
    /// Reads an event into an empty one.
    mutating func read(_ event: inout RawEvent, types: [EventType?]) throws(RecordingError) {
        let type = try number()
        guard type < types.count else { throw .damaged }
        event.type = types[Int(type)] ?? EventType(index: 0)
        event.append(try text())
        let size = event.mark
        guard let source = SourceKind(rawValue: try byte()), let ruleSource = RuleSource(rawValue: try byte()) else {
            throw .damaged
        }
        (event.source, event.ruleSource) = (source, ruleSource)
        event.timeNanoseconds = try number()
        event.bootNanoseconds = try number()
        event.sequence = try number()
        event.architecture = RawEvent.Architecture(rawValue: try number(as: UInt32.self))
        event.syscallNumber = try number(as: Int32.self)
        event.registerCount = try byte()
        guard event.registerCount <= event.registers.count else { throw .damaged }
        for index in event.registers.indices { event.registers[index] = try number() }
        event.hasUnknownArguments = try flag()
        event.isUnnumbered = try flag()
        event.result = try number(as: Int64.self)
        event.hasResult = try flag()
        event.process = try facts(size)
        event.childPID = try number(as: Int32.self)
        event.exitStatus = try number(as: Int32.self)
        event.childStartNanoseconds = try number()
        event.childControlGroupID = try number()
        event.childNamespaceIDs = try namespaceIDs()
        event.socketAddress = try range(size)
        event.localAddress = try range(size)
        event.peerAddress = try range(size)
        event.socketFamily = try number(as: UInt16.self)
        event.socketType = try number(as: UInt16.self)
        event.socketProtocol = try number(as: UInt16.self)
        event.socketInode = try number()
        event.usedFile = try path(size)
        event.isForStateOnly = try flag()
        for index in event.descriptors.indices { event.descriptors[index] = try number(as: Int32.self) }
        if try flag() {
            let (flags, mode, resolve) = (try number(), try number(), try number())
            event.openHow = OpenHow(flags: flags, mode: mode, resolve: resolve)
        }
        event.moduleName = try range(size)
        event.node = try range(size)
        event.isTruncated = try flag()
        event.payload = try range(size)
        for _ in 0..<(try count()) {
            let index = try byte()
            let bytes = try range(size)
            let number = try number()
            event.append(
                argument: bytes.isPresent
                    ? ArgumentFact(index: index, bytes: bytes) : ArgumentFact(index: index, number: number))
        }
        for _ in 0..<(try count()) { event.append(path: try path(size)) }
        // A type that this version lacks: no rule means it, and of no process it changes nothing.
        if types[Int(type)] == nil {
            event.isForStateOnly = true
            event.process.pid = 0
        }
    }

    /// A range of the event's bytes, of which there are so many.
    private mutating func range(_ size: Int) throws(RecordingError) -> ByteRange {
        let told = try number()
        if told == 0 { return .absent }
        let start = told - 1
        let count = try number()
        guard start <= UInt64(size), count <= UInt64(size) - start else { throw .damaged }
        return ByteRange(Int(start)..<Int(start + count))
    }

    private mutating func facts(_ size: Int) throws(RecordingError) -> ProcessFacts {
        var facts = ProcessFacts()
        facts.known = ProcessFacts.Known(rawValue: try number(as: UInt32.self))
        facts.pid = try number(as: Int32.self)
        facts.tid = try number(as: Int32.self)
        facts.parentPID = try number(as: Int32.self)
        facts.uid = try id()
        facts.effectiveUID = try id()
        facts.gid = try id()
        facts.effectiveGID = try id()
        facts.loginUID = try id()
        facts.auditSession = try id()
        facts.terminal = try number(as: UInt32.self)
        facts.capabilitiesPermitted = try number()
        facts.capabilitiesEffective = try number()
        facts.capabilitiesInheritable = try number()
        facts.command = try range(size)
        facts.userName = try range(size)
        facts.loginUserName = try range(size)
        facts.groupName = try range(size)
        facts.executable = try range(size)
        facts.currentDirectory = try range(size)
        facts.arguments = try range(size)
        facts.environment = try range(size)
        facts.title = try range(size)
        facts.startTicks = try number()
        facts.startNanoseconds = try number()
        facts.controlGroupID = try number()
        facts.processGroup = try number(as: Int32.self)
        facts.processSession = try number(as: Int32.self)
        facts.namespaceIDs = try namespaceIDs()
        facts.executableFile = try executableFile()
        return facts
    }

    private mutating func id() throws(RecordingError) -> UInt32 { try number(as: UInt32.self) &- 1 }

    private mutating func namespaceIDs() throws(RecordingError) -> ProcessFacts.NamespaceIDs {
        var ids = ProcessFacts.NamespaceIDs()
        ids.namespace = try number()
        ids.pid = try number(as: Int32.self)
        ids.tid = try number(as: Int32.self)
        ids.parentPID = try number(as: Int32.self)
        ids.group = try number(as: Int32.self)
        ids.session = try number(as: Int32.self)
        return ids
    }

    private mutating func executableFile() throws(RecordingError) -> ProcessFacts.ExecutableFile {
        var file = ProcessFacts.ExecutableFile()
        file.inode = try number()
        file.deviceMajor = try number(as: UInt32.self)
        file.deviceMinor = try number(as: UInt32.self)
        file.changeTime = try number()
        file.modificationTime = try number()
        file.mode = try number(as: UInt32.self)
        file.uid = try id()
        file.gid = try id()
        file.layer = try layer()
        file.isInMemory = try flag()
        file.isDeleted = try flag()
        return file
    }

    private mutating func layer() throws(RecordingError) -> ProcessFacts.ExecutableFile.Layer {
        guard let layer = ProcessFacts.ExecutableFile.Layer(rawValue: try byte()) else { throw .damaged }
        return layer
    }

    private mutating func path(_ size: Int) throws(RecordingError) -> PathFact {
        var path = PathFact()
        path.name = try range(size)
        guard let role = PathFact.Role(rawValue: try byte()) else { throw .damaged }
        path.role = role
        path.inode = try number()
        path.deviceMajor = try number(as: UInt32.self)
        path.deviceMinor = try number(as: UInt32.self)
        path.mode = try number(as: UInt32.self)
        path.uid = try number(as: UInt32.self)
        path.directory = try range(size)
        path.object.path = try range(size)
        path.object.rootLength = try number(as: UInt32.self)
        guard !path.object.path.isPresent || path.object.rootLength <= path.object.path.count else { throw .damaged }
        path.object.traits = PathFact.Object.Traits(rawValue: try byte())
        path.object.layer = try layer()
        return path
    }
}
