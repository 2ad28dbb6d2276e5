import EventModel
import KernelInterface

/// What events change: file descriptors.
extension NodeState {
    func applyDescriptorEffect(_ effect: EventEffect, to process: ProcessRecord, isFailure: Bool) {
        switch effect {
        case .open, .openByHandle: open(process, effect, isFailure: isFailure)
        case .socket:
            if let made = makeDescriptor(process, .unknown) {
                takeSocketType(made)
                made.storedInode = current.event.socketInode
            }
        case .accept: accept(process)
        case .connect: connect(process, isFailure: isFailure)
        case .bind: bind(process, isFailure: isFailure)
        case .listen:
            useDescriptor(process, register: 0)
            if !isFailure { current.descriptor?.isBound = true }
        case .send, .receive: transfer(process, effect, isFailure: isFailure)
        case .duplicate: duplicate(process)
        case .descriptorControl: control(process)
        case .close:
            useDescriptor(process, register: 0)
            if !isFailure { closing = current.descriptor }
        case .pipe: makePair(process, .pipe)
        case .socketPair: makePair(process, .unix)
        case .newMemory: makeMemory(process)
        case .newEventPoll: _ = makeDescriptor(process, .eventPoll)
        case .newEvent: _ = makeDescriptor(process, .event)
        case .newSignal: _ = makeDescriptor(process, .signal)
        case .newTimer: _ = makeDescriptor(process, .timer)
        case .newInotify: _ = makeDescriptor(process, .inotify)
        case .newPID: if let made = makeDescriptor(process, .pid) { noteTarget(of: made) }
        case .newUserFault: _ = makeDescriptor(process, .userFault)
        case .newRing: _ = makeDescriptor(process, .ioUring)
        case .newBPF: _ = makeDescriptor(process, .bpf)
        case .newUnknown: _ = makeDescriptor(process, .unknown)
        case .transferDescriptor:
            useDescriptor(process, register: 0)
            if !isFailure, let used = current.descriptor, used.storedKind.isInternet { used.isConnected = true }
        case .useDescriptor: useDescriptor(process, register: 0)
        case .useDescriptor4: useDescriptor(process, register: 4)
        default: break
        }
    }

    /// Makes the event's result a new descriptor; -1 when the call failed, nothing when the result is unknown.
    private func makeDescriptor(_ process: ProcessRecord, _ kind: DescriptorKind) -> DescriptorRecord? {
        current.isDescriptorEvent = true
        guard let number = newDescriptorNumber, number >= 0 else { return nil }
        let made = descriptors.insert(number, of: process)
        made.storedKind = kind
        made.isClosedOnExec = CloseOnExec.isAskedFor(by: current.event)
        current.descriptorNumber = Int64(number)
        current.descriptor = made
        return made
    }

    /// The number of what the event has made; nil when it is not known whether it has made something.
    var newDescriptorNumber: Int32? {
        let isFailure = current.event.hasResult && current.event.result < 0
        // What it is must be known, or no rule sees it.
        if current.event.isUnnumbered, !isFailure { return Self.unnumbered }
        return current.event.hasResult ? Int32(exactly: current.event.result) : nil
    }

    /// Where the table has what a process has made last without a number. No number is as great (fs/file.c, sysctl_nr_open_max).
    static let unnumbered = Int32.max

    /// Makes the descriptor in a register the event's.
    func useDescriptor(_ process: ProcessRecord, register: Int) {
        guard register < Int(current.event.registerCount) else { return }
        current.isDescriptorEvent = true
        let number = Int32(truncatingIfNeeded: current.event.registers[register])
        current.descriptorNumber = Int64(number)
        guard number >= 0 else { return }
        current.descriptor = usedDescriptor(number, of: process) ?? descriptor(number, of: process)
    }

    /// The record of an open descriptor of a process, from /proc or, when that is gone, from the table; nil when it is
    /// not open.
    public func descriptor(_ number: Int32, of process: ProcessRecord) -> DescriptorRecord? {
        guard number >= 0 else { return nil }
        if let known = descriptors.find(number, of: process) {
            correctInherited(known, of: process)
            descriptorReader.verify(known)
            return known
        }
        let found = descriptors.insert(number, of: process)
        if found.kind != .unknown || found.storedInode != 0 { return found }
        // After the insertion, which may have taken the place of another's.
        if let inherited = inheritedDescriptor(number, of: process) {
            found.inherit(inherited)
            return found
        }
        descriptors.remove(found)
        return nil
    }

    /// What a standard input, output or error is at the time of the event: the record, where it was made only just before. A shell that
    /// redirects a built-in command puts its streams back before anybody can ask.
    public func standardStream(_ number: Int32, of process: ProcessRecord) -> DescriptorRecord? {
        guard let known = descriptors.find(number, of: process), isRecent(known), !known.isInherited,
            known.storedKind != .unknown
        else { return descriptor(number, of: process) }
        return known
    }

    /// Whether a record was made so short a time before the event that a shell is still at what it made it for.
    private func isRecent(_ known: DescriptorRecord) -> Bool {
        known.madeNanoseconds &+ Self.redirectionNanoseconds > current.event.timeNanoseconds
    }

    // MARK: Files

    private func open(_ process: ProcessRecord, _ effect: EventEffect, isFailure: Bool) {
        // The name first: the directory's number may be the new descriptor's, if it was closed unseen.
        scratch.removeAll(keepingCapacity: true)
        let index = pathIndex(argument: 0)
        var fact = index.map { current.event.paths[$0] }
        if let fact, fact.name.isPresent, !isFailure {
            appendAbsolutePath(current.event.slice(fact.name), directory: openDirectory, into: &scratch)
        }
        if let told = fact, !isFailure { fact = followed(told, of: process) }
        guard let made = makeDescriptor(process, .file) else { return }
        let flagRegister = Self.flagRegister(current.event.type)
        if flagRegister >= 0, flagRegister < Int(current.event.registerCount) {
            made.openFlags = UInt32(truncatingIfNeeded: current.event.registers[flagRegister])
        }
        let isTold = fact.map { $0.object.path.isPresent || effect == .open && $0.name.isPresent } ?? false
        guard let fact, isTold else {
            made.storedKind = .unknown
            return
        }
        made.storedInode = fact.inode
        if fact.object.path.isPresent {
            made.storedDevice = DeviceNumber.make(major: fact.deviceMajor, minor: fact.deviceMinor)
        }
        nameFile(made, fact)
        nameAsRulesDo(made, fact)
        // S_IFMT and S_IFDIR, inode(7); O_DIRECTORY differs between architectures, the mode does not.
        if fact.mode & 0o170000 == 0o040000 {
            made.storedKind = .directory
            directories.learn(
                made.storedName[...], major: fact.deviceMajor, minor: fact.deviceMinor, inode: fact.inode)
        }
        current.isNameChanged = true
    }

    /// Adds the names that rules have for the file, whatever it was asked for by.
    private func nameAsRulesDo(_ made: DescriptorRecord, _ fact: PathFact) {
        guard fact.inode != 0, !namedFiles.isEmpty else { return }
        let device = DeviceNumber.make(major: fact.deviceMajor, minor: fact.deviceMinor)
        let identity = NamedFiles.Identity(device: device, inode: fact.inode)
        // Opened by that very name it needs no proof.
        if let name = namedFiles.name(of: identity), name != made.storedName {
            namedFiles.confirm(identity, context.files)
        }
        namedFiles.forEachName(of: identity) { name in
            if current.event.hasUnknownArguments, isBelow(name, current.event.slice(fact.name)) {
                // Of the directory that it started from no record told; the file is the proof.
                made.storedName.replace(with: name)
            } else {
                otherNames.add(name[...], besides: made.storedName)
            }
        }
    }

    /// Whether a path may be a relative name that was looked up in some directory.
    private func isBelow(_ path: [UInt8], _ name: ArraySlice<UInt8>) -> Bool {
        name.first != UInt8(ascii: "/") && path.count > name.count && path.suffix(name.count).elementsEqual(name)
            && path[path.count - name.count - 1] == UInt8(ascii: "/")
    }

    /// The directory descriptor of openat and openat2; nil for the calls that start from the current directory.
    private var openDirectory: Int32? {
        let type = current.event.type
        guard type == Self.openat || type == Self.openat2, current.event.registerCount > 0 else { return nil }
        return Int32(truncatingIfNeeded: current.event.registers[0])
    }

    private static let openat = EventType(name: "openat")
    private static let openat2 = EventType(name: "openat2")
    private static let openType = EventType(name: "open")

    private static func flagRegister(_ type: EventType) -> Int {
        type == openType ? 1 : type == openat ? 2 : -1
    }

    private func makeMemory(_ process: ProcessRecord) {
        guard let made = makeDescriptor(process, .memory) else { return }
        if let index = pathIndex(argument: 0), current.event.paths[index].name.isPresent {
            made.storedName.replace(with: current.event.slice(current.event.paths[index].name))
        } else {
            // The name is in the caller's memory; the link below /proc shows it.
            made.storedKind = .unknown
        }
    }

    private func makePair(_ process: ProcessRecord, _ kind: DescriptorKind) {
        current.isDescriptorEvent = true
        for index in 0..<2 where current.event.descriptors[index] >= 0 {
            let made = descriptors.insert(current.event.descriptors[index], of: process)
            made.storedKind = kind
            made.isClosedOnExec = CloseOnExec.isAskedFor(by: current.event)
            made.isSocketRead = true
            if index == 0 {
                current.descriptor = made
                current.descriptorNumber = Int64(made.number)
            }
        }
    }

    // MARK: Duplicates

    private func duplicate(_ process: ProcessRecord) {
        guard current.event.registerCount > 0 else { return }
        let old = Int32(truncatingIfNeeded: current.event.registers[0])
        duplicate(process, from: old)
    }

    /// F_DUPFD and F_DUPFD_CLOEXEC make a duplicate (fcntl(2)); other commands use the descriptor.
    private func control(_ process: ProcessRecord) {
        let command = current.event.registerCount > 1 ? current.event.registers[1] : 0
        if current.event.registerCount > 1, command == 0 || command == 1030 {
            duplicate(process)
            if current.event.hasResult, current.event.result >= 0 {
                current.descriptor?.isClosedOnExec = command == 1030
            }
        } else {
            useDescriptor(process, register: 0)
            // F_SETFD with FD_CLOEXEC.
            if command == 2, current.event.registerCount > 2, !(current.event.hasResult && current.event.result < 0) {
                current.descriptor?.isClosedOnExec = current.event.registers[2] & 1 != 0
            }
        }
    }

    private func duplicate(_ process: ProcessRecord, from old: Int32) {
        guard current.event.hasResult, let number = Int32(exactly: current.event.result), number >= 0 else {
            useDescriptor(process, register: 0)
            return
        }
        let told = usedDescriptor(old, of: process) ?? surelyKnown(old, of: process)
        let source = told ?? descriptor(old, of: process)
        guard number != old else {
            current.isDescriptorEvent = true
            current.descriptorNumber = Int64(number)
            current.descriptor = source
            return
        }
        guard let made = makeDescriptor(process, .unknown) else { return }
        // Its own flag, not the old one's: made for dup3 with it, for others without.
        if let source {
            made.copy(source)
            source.isDuplicated = true
        }
        // The old number may be closed or given out anew by now; the new one is what the event is about. Not where the old one is what it
        // was: a shell puts a standard stream back as soon as a built-in command is over, and what is there then says nothing.
        guard told == nil, source.map({ descriptorReader.isStillThere($0, of: process) }) != true else { return }
        descriptorReader.verify(made)
    }

    /// What the table has of a number that is duplicated, where it is surer than what /proc says by now: a shell opens a file, gives it
    /// the number of a standard stream, and takes that back when the program is over, which may be before anybody can ask. Once
    /// duplicated the file's number is closed, and no event tells that; what puts a standard stream there is told always.
    private func surelyKnown(_ number: Int32, of process: ProcessRecord) -> DescriptorRecord? {
        guard let known = descriptors.find(number, of: process), known.storedKind != .unknown,
            !known.storedKind.isSocket
        else { return nil }
        if number <= 2 {
            correctInherited(known, of: process)
            return known
        }
        return isRecent(known) && !known.isInherited && !known.isDuplicated ? known : nil
    }

    /// A shell takes no longer to give a file that it opened its number.
    private static let redirectionNanoseconds: UInt64 = 50_000_000
}
