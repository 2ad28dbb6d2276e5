import CBPFRecords
import EventModel

/// Collects a record's parts into an event whose bytes begin with the record's.
struct RecordAssembly {
    private var asked: ByteRange = .absent
    private var asked2: ByteRange = .absent
    private var isAsked = false
    private var isAsked2 = false
    private var base: RecordParts.Part?
    private var base2: RecordParts.Part?
    private var real: RecordParts.Part?
    private var file: shrike_file?
    private var root = 0..<0
    private var directory: RecordParts.Part?
    private var program: ByteRange = .absent
    private var executable: RecordParts.Part?
    private var executableFile: shrike_file?
    private var socket: shrike_socket?
    private var unixPeer = 0..<0
    private var unixLocal = 0..<0
    private var text: ByteRange = .absent
    private var block = 0..<0

    mutating func take(_ part: RecordParts.Part, _ bytes: Span<UInt8>, into event: inout RawEvent) {
        let range = ByteRange(part.range)
        let isReadable = !part.has(SHRIKE_PART_UNREADABLE)
        switch UInt32(part.kind) {
        case SHRIKE_PART_ASKED.rawValue: (isAsked, asked) = (true, isReadable ? range : .absent)
        case SHRIKE_PART_ASKED2.rawValue: (isAsked2, asked2) = (true, isReadable ? range : .absent)
        case SHRIKE_PART_BASE.rawValue: base = part
        case SHRIKE_PART_BASE2.rawValue: base2 = part
        case SHRIKE_PART_REAL.rawValue: real = part
        case SHRIKE_PART_FILE.rawValue: file = bytes.structure(at: part.range.lowerBound, in: part.range)
        case SHRIKE_PART_CWD.rawValue: directory = part
        case SHRIKE_PART_ROOT.rawValue: root = part.range
        case SHRIKE_PART_ARGUMENTS.rawValue:
            if isReadable { event.process.arguments = range }
            if part.has(SHRIKE_PART_CUT) { event.isTruncated = true }
        case SHRIKE_PART_ENVIRONMENT.rawValue: if isReadable { event.process.environment = range }
        case SHRIKE_PART_PROGRAM.rawValue: program = range
        case SHRIKE_PART_ADDRESS.rawValue: if isReadable, !part.range.isEmpty { event.socketAddress = range }
        case SHRIKE_PART_SOCKET.rawValue: socket = bytes.structure(at: part.range.lowerBound, in: part.range)
        case SHRIKE_PART_UNIX_PEER.rawValue: unixPeer = part.range
        case SHRIKE_PART_UNIX_LOCAL.rawValue: unixLocal = part.range
        case SHRIKE_PART_TEXT.rawValue: if isReadable { text = range }
        case SHRIKE_PART_BLOCK.rawValue: if isReadable { block = part.range }
        default: break
        }
        if part.has(SHRIKE_PART_UNREADABLE) || part.has(SHRIKE_PART_CUT) && part.kind < Int32(SHRIKE_PART_BASE.rawValue)
        {
            event.isTruncated = true
        }
    }

    /// Puts together what needed several parts.
    mutating func finish(
        _ record: shrike_record, _ bytes: Span<UInt8>, _ types: RecordEventTypes, into event: inout RawEvent
    ) {
        if let directory, !directory.has(SHRIKE_PART_CUT) {
            event.process.currentDirectory = visible(directory, bytes)
        }
        if record.is(SHRIKE_RECORD_EXEC) {
            (executable, executableFile) = (real, file)
            takeProgram(record, into: &event)
        } else {
            takePaths(bytes, types, into: &event)
        }
        takeExecutable(into: &event)
        takeSocket(types, bytes, into: &event)
        takeBlock(bytes, types, into: &event)
        takeText(types, into: &event)
    }

    // MARK: Files

    private mutating func takeProgram(_ record: shrike_record, into event: inout RawEvent) {
        if event.process.arguments.isPresent, event.process.arguments.count < record.arguments_size {
            event.isTruncated = true
        }
        guard program.isPresent else { return }
        var path = PathFact()
        path.name = program
        if let executableFile { executableFile.describe(&path) }
        event.append(path: path)
    }

    private func takeExecutable(into event: inout RawEvent) {
        // From the root of the mount namespace: with a root directory of its own (chroot(2)) any copy could be any program.
        if let executable, !executable.has(SHRIKE_PART_CUT) { event.process.executable = ByteRange(executable.range) }
        guard let executableFile else { return }
        event.process.executableFile = executableFile.executable
        event.process.known.insert(.executableFile)
    }

    private func takePaths(_ bytes: Span<UInt8>, _ types: RecordEventTypes, into event: inout RawEvent) {
        var object = PathFact()
        if let file { file.describe(&object) }
        if let real {
            object.object = self.object(real)
        } else if let file, file.isPipe {
            object.object.traits.insert(.placeless)
        }
        let isOpen = types.opens.contains(event.type)
        if isAsked || isOpen {
            var path = isOpen ? object : PathFact()
            path.name = asked
            path.directory = start(of: asked, base, bytes)
            path.role = role(first: true, event.type, types)
            if isOpen, let file, file.has(SHRIKE_FILE_CREATED) { path.role = .create }
            event.append(path: path)
        }
        if isAsked2 {
            var path = PathFact()
            path.name = asked2
            path.directory = start(of: asked2, base2, bytes)
            path.role = role(first: false, event.type, types)
            event.append(path: path)
        }
        if !isOpen { event.usedFile = object }
    }

    private func object(_ part: RecordParts.Part) -> PathFact.Object {
        var object = PathFact.Object()
        object.path = ByteRange(part.range)
        object.rootLength = UInt32(truncatingIfNeeded: part.rootOffset)
        if part.has(SHRIKE_PART_DELETED) { object.traits.insert(.deleted) }
        if part.has(SHRIKE_PART_CUT) { object.traits.insert(.cut) }
        if part.has(SHRIKE_PART_DETACHED) || part.has(SHRIKE_PART_OTHER_NAMESPACE) { object.traits.insert(.detached) }
        if let file {
            if file.has(SHRIKE_FILE_DELETED) { object.traits.insert(.deleted) }
            if file.has(SHRIKE_FILE_MEMORY) { object.traits.insert(.inMemory) }
            object.layer = file.layer
        }
        if part.has(SHRIKE_PART_NAMELESS), !object.traits.contains(.inMemory) { object.traits.insert(.placeless) }
        return object
    }

    /// The directory that a relative name starts from.
    private func start(of name: ByteRange, _ base: RecordParts.Part?, _ bytes: Span<UInt8>) -> ByteRange {
        guard let base, name.isPresent, name.range.isEmpty || bytes[name.range.lowerBound] != UInt8(ascii: "/"),
            !base.has(SHRIKE_PART_CUT), !base.has(SHRIKE_PART_NAMELESS)
        else { return .absent }
        return visible(base, bytes)
    }

    /// A path as the process sees it: without its root directory.
    private func visible(_ part: RecordParts.Part, _ bytes: Span<UInt8>) -> ByteRange {
        let path = part.range
        if part.rootOffset > 0 {
            // The root directory itself: its last byte is no slash, but what stands for one is in it.
            return part.rootOffset < path.count
                ? ByteRange(path.lowerBound + part.rootOffset..<path.upperBound) : slash(of: path)
        }
        guard root.count > 1, path.count >= root.count,
            bytes.extracting(root).isEqual(bytes.extracting(path.prefix(root.count)))
        else { return ByteRange(path) }
        if path.count == root.count { return slash(of: path) }
        let rest = path.lowerBound + root.count
        return bytes[rest] == UInt8(ascii: "/") ? ByteRange(rest..<path.upperBound) : ByteRange(path)
    }

    /// The first byte of an absolute path is the root directory's name.
    private func slash(of path: Range<Int>) -> ByteRange { ByteRange(path.prefix(1)) }

    /// What a path is to the call, as audit says it.
    private func role(first: Bool, _ type: EventType, _ types: RecordEventTypes) -> PathFact.Role {
        if types.renames.contains(type) { return first ? .delete : .create }
        if types.links.contains(type) { return first ? .normal : .create }
        if types.symbolicLinks.contains(type) { return first ? .unknown : .create }
        if types.removals.contains(type) { return .delete }
        if types.makers.contains(type) { return .create }
        return .normal
    }

    // MARK: Sockets

    private func takeSocket(_ types: RecordEventTypes, _ bytes: Span<UInt8>, into event: inout RawEvent) {
        guard let socket else { return }
        event.socketFamily = socket.family
        event.socketType = socket.type
        event.socketProtocol = socket.protocol
        event.socketInode = socket.inode
        switch socket.family {
        case 2, 10:
            event.localAddress = event.storeAddress(socket.family, socket.local_port, socket.local)
            event.peerAddress = event.storeAddress(socket.family, socket.peer_port, socket.peer)
        case 1:
            event.localAddress = event.storeUnix(bytes.extracting(unixLocal))
            event.peerAddress = event.storeUnix(bytes.extracting(unixPeer))
        default: break
        }
        // Who accepts need not ask for the address.
        if types.accepts.contains(event.type), !event.socketAddress.isPresent {
            event.socketAddress = event.peerAddress
        }
    }

    // MARK: Structures and texts

    private func takeBlock(_ bytes: Span<UInt8>, _ types: RecordEventTypes, into event: inout RawEvent) {
        func word<T: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, _ type: T.Type) -> T? {
            guard offset + MemoryLayout<T>.size <= block.count else { return nil }
            return bytes.structure(at: block.lowerBound + offset, as: type)
        }
        if event.type == types.openat2 {
            // linux/openat2.h, struct open_how.
            var how: OpenHow?
            if let flags = word(0, UInt64.self), let mode = word(8, UInt64.self), let resolve = word(16, UInt64.self) {
                how = OpenHow(flags: flags, mode: mode, resolve: resolve)
            }
            // The program may have changed its memory since: for reading or writing the file is open as the kernel says.
            if let file { how = (how ?? OpenHow(flags: UInt64(file.open_flags), mode: 0, resolve: 0)).opened(file) }
            event.openHow = how
        } else if types.pairs.contains(event.type) {
            guard event.hasResult, event.result >= 0, let first = word(0, Int32.self), let second = word(4, Int32.self)
            else { return }
            event.descriptors = [first, second]
        } else if event.type == types.clone3, event.result != 0, let flags = word(0, UInt64.self),
            let vocabulary = types.cloneVocabulary
        {
            // linux/sched.h, struct clone_args: flags are its first member. When the child returns (0), its maker may have used that
            // memory for something else.
            let value = vocabulary.value(ofNative: flags, architecture: event.architecture)
            event.append(argument: ArgumentFact(index: types.cloneFlags, number: UInt64(value)))
        }
    }

    private func takeText(_ types: RecordEventTypes, into event: inout RawEvent) {
        guard text.isPresent else { return }
        if event.type == types.memoryFile {
            var path = PathFact()
            path.name = text
            event.append(path: path)
        } else if let position = types.textArgument(of: event.type) {
            if event.type == types.deleteModule { event.moduleName = text }
            event.append(argument: ArgumentFact(index: position, bytes: text))
        }
    }
}

extension Span<UInt8> {
    /// A structure that must be whole within a part.
    fileprivate func structure<T: BitwiseCopyable>(at offset: Int, in part: Range<Int>) -> T? {
        part.count >= MemoryLayout<T>.size ? structure(at: offset, as: T.self) : nil
    }

    fileprivate func isEqual(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }
}

extension OpenHow {
    /// With the access mode (O_ACCMODE, fcntl.h) that a file really has.
    fileprivate func opened(_ file: shrike_file) -> OpenHow {
        OpenHow(flags: flags & ~3 | UInt64(file.open_flags & 3), mode: mode, resolve: resolve)
    }
}

extension shrike_file {
    func has(_ flag: shrike_file_flag) -> Bool { flags & flag.rawValue != 0 }

    /// The kernel's device numbers (linux/kdev_t.h): 20 bits of minor number.
    private var major: UInt32 { device >> 20 }
    private var minor: UInt32 { device & 0xf_ffff }

    /// Whether it is a pipe of pipe(2), which has no name: PIPEFS_MAGIC (linux/magic.h).
    fileprivate var isPipe: Bool { magic == 0x5049_5045 }

    /// OVERLAYFS_SUPER_MAGIC (linux/magic.h).
    private static var overlay: UInt64 { 0x794c_7630 }

    fileprivate var layer: ProcessFacts.ExecutableFile.Layer {
        guard has(SHRIKE_FILE_LAYERED) else { return magic == Self.overlay ? .unknown : .none }
        return has(SHRIKE_FILE_UPPER) ? .upper : .lower
    }

    fileprivate func describe(_ path: inout PathFact) {
        path.inode = inode
        (path.deviceMajor, path.deviceMinor) = (major, minor)
        (path.mode, path.uid) = (mode, uid)
    }

    fileprivate var executable: ProcessFacts.ExecutableFile {
        var file = ProcessFacts.ExecutableFile()
        file.inode = inode
        (file.deviceMajor, file.deviceMinor) = (major, minor)
        file.changeTime = change_time
        file.modificationTime = modification_time
        (file.mode, file.uid, file.gid) = (mode, uid, gid)
        file.layer = layer
        file.isInMemory = has(SHRIKE_FILE_MEMORY)
        file.isDeleted = has(SHRIKE_FILE_DELETED)
        return file
    }
}

extension RawEvent {
    /// Stores a `struct sockaddr_in` or `sockaddr_in6` (netinet/in.h).
    fileprivate mutating func storeAddress(
        _ family: UInt16, _ port: UInt16,
        _ address: (
            UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8,
            UInt8
        )
    ) -> ByteRange {
        let start = mark
        append(UInt8(truncatingIfNeeded: family))
        append(UInt8(truncatingIfNeeded: family >> 8))
        append(UInt8(truncatingIfNeeded: port >> 8))
        append(UInt8(truncatingIfNeeded: port))
        let bytes: InlineArray<16, UInt8> = [
            address.0, address.1, address.2, address.3, address.4, address.5, address.6, address.7, address.8,
            address.9,
            address.10, address.11, address.12, address.13, address.14, address.15,
        ]
        let isShort = family == 2
        // sin6_flowinfo.
        if !isShort { for _ in 0..<4 { append(0 as UInt8) } }
        for index in 0..<(isShort ? 4 : 16) { append(bytes[index]) }
        // sin_zero, or sin6_scope_id.
        for _ in 0..<(isShort ? 8 : 4) { append(0 as UInt8) }
        return range(from: start)
    }

    /// Stores a `struct sockaddr_un` (unix(7)); absent where the socket has no name.
    fileprivate mutating func storeUnix(_ name: Span<UInt8>) -> ByteRange {
        guard name.count > 0 else { return .absent }
        let start = mark
        append(1 as UInt8)
        append(0 as UInt8)
        append(name)
        return range(from: start)
    }
}
