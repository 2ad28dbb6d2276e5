import EventModel
import NodeState

/// Writes the current event's arguments as text: a raw form, and for many kinds a resolved one.
extension EventFieldReader {
    /// Adds the text of `evt.arg`: the resolved form when there is one, else the raw one.
    func append(_ argument: Argument, into arena: inout ValueArena) {
        if !appendResolved(argument, into: &arena) { appendRaw(argument, into: &arena) }
    }

    /// Adds the raw form; `<NA>` or `NULL` when no source told the value.
    func appendRaw(_ argument: Argument, into arena: inout ValueArena) {
        if let bytes = bytes(of: argument) {
            if argument.kind == .bytes { arena.append(printable: Array(bytes)) } else { arena.append(bytes) }
            return
        }
        let isKnown: Bool
        switch argument.kind {
        case .path: isKnown = appendPath(argument, into: &arena)
        case .string, .stringList: isKnown = appendText(argument, into: &arena)
        case .bytes: isKnown = appendBytes(argument, into: &arena)
        case .address: isKnown = appendSocketAddress(into: &arena)
        case .tuple: isKnown = appendTuple(into: &arena)
        case .syscall, .none: isKnown = false
        default: isKnown = appendNumber(argument, into: &arena)
        }
        guard !isKnown else { return }
        switch argument.kind {
        case .bytes, .tuple, .stringList: arena.append("NULL")
        default: arena.append("<NA>")
        }
    }

    /// Adds the resolved form; false when there is none.
    func appendResolved(_ argument: Argument, into arena: inout ValueArena) -> Bool {
        switch argument.kind {
        case .path:
            return appendAbsolutePath(argument, onlyRelative: true, into: &arena)
        case .errorCode, .fileDescriptor, .processID, .userID, .groupID, .signal, .flags, .enumeration, .modeBits:
            guard let number = number(of: argument) else { return false }
            return appendResolved(number, argument, into: &arena)
        default:
            return false
        }
    }

    private func appendResolved(_ number: Int64, _ argument: Argument, into arena: inout ValueArena) -> Bool {
        switch argument.kind {
        case .errorCode:
            guard number < 0, let name = ErrorNames.name(of: -number) else { return false }
            arena.append(name)
        case .fileDescriptor:
            return appendDescriptor(number, into: &arena)
        case .processID:
            guard let found = self.process(number, argument) else { return false }
            arena.append(found.command)
        case .userID where number == invalidID, .groupID where number == invalidID:
            arena.append("<NONE>")
        case .userID:
            appendUserName(UInt32(truncatingIfNeeded: number), of: process, into: &arena)
        case .groupID:
            appendGroupName(UInt32(truncatingIfNeeded: number), of: process, into: &arena)
        case .signal:
            guard let name = SignalNames.name(of: number) else { return false }
            arena.append(name)
        default:
            guard let vocabulary = argument.vocabulary else { return false }
            return vocabulary.append(UInt32(truncatingIfNeeded: number), to: &arena)
        }
        return true
    }

    /// The process that a process id argument names. Ids in arguments are those of the caller's pid namespace, so for
    /// the result of a fork the source's own word on the child goes first.
    private func process(_ number: Int64, _ argument: Argument) -> ProcessRecord? {
        guard number > 0, let pid = Int32(exactly: number) else { return nil }
        if case .result = argument.source, state.current.event.childPID > 0 {
            return state.process(pid: state.current.event.childPID)
        }
        return state.process(pid: pid)
    }

    private func appendDescriptor(_ number: Int64, into arena: inout ValueArena) -> Bool {
        if number == Int64(atCurrentDirectory) {
            arena.append("AT_FDCWD")
            return true
        }
        if number < 0 {
            guard let name = ErrorNames.name(of: -number) else { return false }
            arena.append(name)
            return true
        }
        guard let process, let number = Int32(exactly: number) else { return false }
        let current = state.current
        let isCurrent = current.descriptorNumber == Int64(number) && current.descriptor != nil
        guard let descriptor = isCurrent ? current.descriptor : state.descriptor(number, of: process) else {
            return false
        }
        arena.append(UInt8(ascii: "<"))
        arena.append(descriptor.kind.character)
        arena.append(UInt8(ascii: ">"))
        appendName(of: descriptor, into: &arena)
        return true
    }

    /// Adds `fd.name` of a record.
    func appendName(of descriptor: DescriptorRecord, into arena: inout ValueArena) {
        arena.append { state.appendName(of: descriptor, into: &$0) }
    }

    private func appendNumber(_ argument: Argument, into arena: inout ValueArena) -> Bool {
        guard let number = number(of: argument) else { return false }
        switch argument.kind {
        case .userID, .groupID:
            arena.append(decimal: number == invalidID ? -1 : number)
        case .flags, .enumeration:
            arena.append(decimal: UInt64(bitPattern: number))
        case .modeBits:
            arena.append(octal: UInt64(bitPattern: number))
        case .time:
            // The times among the arguments are points in time: those of an executable.
            arena.append(time: UInt64(bitPattern: number), .withOffset, fraction: true)
        default:
            switch argument.number.notation {
            case .decimal where argument.number.bits == 32:
                // Falco writes unsigned numbers as signed ones: an owner of -1 shows as that.
                arena.append(decimal: Int64(Int32(truncatingIfNeeded: number)))
            case .decimal: arena.append(decimal: number)
            case .octal: arena.append(octal: UInt64(bitPattern: number))
            case .hexadecimal: arena.append(hexadecimal: UInt64(bitPattern: number))
            }
        }
        return true
    }

    /// Adds a text argument: a path, or a field's text.
    private func appendText(_ argument: Argument, into arena: inout ValueArena) -> Bool {
        switch argument.source {
        case .path:
            return appendPath(argument, into: &arena)
        case .field(let row):
            // A field's text is made at the arena's end, so reading it adds it.
            return read(row: row, into: &arena).kind == .string
        default:
            return false
        }
    }

    /// Adds a byte buffer; registers that are a buffer's address or number show in hexadecimal.
    private func appendBytes(_ argument: Argument, into arena: inout ValueArena) -> Bool {
        switch argument.source {
        case .attribute(.arguments):
            guard let process else { return false }
            arena.append(printable: process.arguments)
        case .attribute(.environment):
            guard let process else { return false }
            arena.append(printable: process.environment)
        case .field(let row):
            return read(row: row, into: &arena).kind == .string
        case .register:
            guard let number = number(of: argument) else { return false }
            arena.append(hexadecimal: UInt64(bitPattern: number))
        default:
            return false
        }
        return true
    }

    /// Adds a path as passed.
    func appendPath(_ argument: Argument, into arena: inout ValueArena) -> Bool {
        if let bytes = bytes(of: argument) {
            arena.append(bytes)
            return true
        }
        if case .field(let row) = argument.source { return read(row: row, into: &arena).kind == .string }
        guard case .path(let position) = argument.source, let name = pathName(position) else { return false }
        arena.append(state.current.event.slice(name))
        return true
    }

    /// Adds the absolute, normalised form of a path. `onlyRelative`: false and nothing when it was passed absolute.
    func appendAbsolutePath(_ argument: Argument, onlyRelative: Bool, into arena: inout ValueArena) -> Bool {
        guard case .path(let position) = argument.source, let name = pathName(position) else { return false }
        let path = state.current.event.slice(name)
        if onlyRelative, path.isEmpty || path.first == UInt8(ascii: "/") { return false }
        let directory = directory(argument.directoryRegister)
        arena.append { state.appendAbsolutePath(path, directory: directory, into: &$0) }
        return true
    }

    /// The bytes of the n-th path that the call names; nil when no source told it.
    func pathName(_ position: Int) -> ByteRange? {
        var position = position
        if trait.pathUse == .targetTextAndSource, state.pathIndex(argument: 1) == nil, hasSucceeded {
            // Of a symbolic link's two texts the kernel always tells the link, seldom its target alone.
            guard position == 1 else { return nil }
            position = 0
        }
        guard let index = state.pathIndex(argument: position), index < state.current.event.paths.count else {
            return nil
        }
        let name = state.current.event.paths[index].name
        return name.isPresent ? name : nil
    }
}

/// `(uid_t)-1`.
let invalidID: Int64 = 0xffff_ffff
