import EventModel
import KernelInterface

/// Names of descriptors and paths as fields show them.
extension NodeState {
    /// Adds `fd.name` of a record: the path, or the connection text, or nothing.
    public func appendName(of descriptor: DescriptorRecord, into text: inout [UInt8]) {
        switch descriptor.kind {
        case .ipv4, .ipv6: appendConnection(descriptor, into: &text)
        case .unix:
            // The kernel hides its socket addresses; the shape is kept for what reads it.
            text.append("0->0")
            if !descriptor.path.isEmpty {
                text.append(UInt8(ascii: " "))
                text.append(contentsOf: descriptor.path)
            }
        default: text.append(contentsOf: descriptor.path)
        }
    }

    private func appendConnection(_ descriptor: DescriptorRecord, into text: inout [UInt8]) {
        let withPorts = descriptor.transport != .icmp && descriptor.transport != .raw
        if descriptor.role == .none {
            if descriptor.isBound, descriptor.local.isKnown {
                descriptor.local.append(withPort: withPorts, into: &text)
            }
            return
        }
        let (client, server) = (descriptor.client, descriptor.server)
        let length = client.isKnown ? client.addressLength : server.addressLength
        for (index, side) in [client, server].enumerated() {
            if index == 1 { text.append("->") }
            var shown = side
            // The side that nobody told: the unspecified address of the other's family keeps the form.
            if !shown.isKnown { shown.addressLength = length == 0 ? 4 : length }
            shown.append(withPort: withPorts, into: &text)
        }
    }

    /// The numbers of all open descriptors of a process; of one with very many, those that events told of.
    public func descriptorNumbers(of process: ProcessRecord, into numbers: inout [Int32]) {
        context.setPath(process: process.pid, "fd")
        let limit = StateContext.listedDescriptors
        if !process.isGone, context.files.listNumbers(context.path, limit: limit, into: &numbers),
            numbers.count < limit, processReader.isStillSame(process)
        {
            return
        }
        numbers.removeAll(keepingCapacity: true)
        descriptors.appendNumbers(of: process, into: &numbers)
    }

    /// The index into `current.event.paths` of the n-th path that the call names (parents of created files skipped).
    /// Renames list what they delete before what they create; the second is the last one.
    /// Nil too where a failed call's records have a name that nobody can tell to be that argument's.
    public func pathIndex(argument: Int) -> Int? {
        let isFailed = current.event.hasResult && current.event.result < 0
        if isFailed, let naming = FailedNaming.of(current.event.type) {
            return naming.index(argument: argument, current.event.paths)
        }
        let paths = current.event.paths
        if argument == 1 {
            var last: Int?
            var named = 0
            for index in paths.indices where paths[index].role != .parent {
                named += 1
                last = index
            }
            return named > 1 ? last : nil
        }
        var rest = argument
        for index in paths.indices where paths[index].role != .parent {
            if rest == 0 { return index }
            rest -= 1
        }
        // A lookup that was not audited leaves the parent alone. A failed call's parent is not what it named.
        return argument == 0 && !isFailed ? paths.indices.last : nil
    }

    /// Adds the absolute, normalised form of a path as the event's process sees it. `directory` is the descriptor that a
    /// relative path starts from, nil for the current directory. Unknown bases give the prefix `<UNKNOWN>`.
    public func appendAbsolutePath(_ path: ArraySlice<UInt8>, directory: Int32?, into text: inout [UInt8]) {
        guard path.first != UInt8(ascii: "/") else {
            PathNormalization.append(path, base: [], into: &text)
            return
        }
        if let base = toldDirectory(of: path) {
            PathNormalization.append(path, base: current.event.slice(base), into: &text)
            return
        }
        let unknown = PathNormalization.unknownBase[...]
        guard let process = current.process else {
            PathNormalization.append(path, base: unknown, into: &text)
            return
        }
        // AT_FDCWD, fcntl.h
        let startsAtDescriptor = directory.map { $0 != -100 } ?? false
        // What the record says of the directory above is true of the call; a descriptor may be another's by now, and io_uring's
        // operations don't tell theirs.
        if startsAtDescriptor || current.event.hasUnknownArguments, !path.contains(UInt8(ascii: "/")),
            let parent = parentDirectory(of: path)
        {
            PathNormalization.append(path, base: parent[...], into: &text)
            return
        }
        if let directory, startsAtDescriptor {
            let base = descriptor(directory, of: process)
            // A file is none to start from: the number is another's by now.
            let known = base.map { $0.kind == .directory && !$0.path.isEmpty && isDirectory($0, above: path) } ?? false
            let start = known ? base?.path : namedDirectory(above: path)
            PathNormalization.append(path, base: start?[...] ?? unknown, into: &text)
            return
        }
        let base = (current.event.hasUnknownArguments ? namedDirectory(above: path) : nil) ?? process.currentDirectory
        PathNormalization.append(path, base: base.isEmpty ? unknown : base[...], into: &text)
    }

    /// The directory that one of the event's relative names started from, where the source told it.
    private func toldDirectory(of name: ArraySlice<UInt8>) -> ByteRange? {
        let paths = current.event.paths
        for index in paths.indices where paths[index].directory.isPresent {
            if paths[index].name.range == name.indices { return paths[index].directory }
        }
        return nil
    }

    /// The directory that one of the event's names lies in, by the inode that the record of the directory has.
    private func parentDirectory(of name: ArraySlice<UInt8>) -> [UInt8]? {
        guard let parent = parentFact(of: name) else { return nil }
        return directories.find(major: parent.deviceMajor, minor: parent.deviceMinor, inode: parent.inode)
    }

    /// The same where rules name that directory: then its inode is known, though no event named it.
    private func namedDirectory(above name: ArraySlice<UInt8>) -> [UInt8]? {
        guard !namedDirectories.isEmpty, !name.contains(UInt8(ascii: "/")), let parent = parentFact(of: name),
            parent.inode != 0
        else { return nil }
        let device = DeviceNumber.make(major: parent.deviceMajor, minor: parent.deviceMinor)
        return namedDirectories.name(of: NamedFiles.Identity(device: device, inode: parent.inode))
    }

    private func parentFact(of name: ArraySlice<UInt8>) -> PathFact? {
        let paths = current.event.paths
        guard
            let index = paths.indices.first(where: {
                paths[$0].role != .parent && current.event.slice(paths[$0].name).elementsEqual(name)
            })
        else { return nil }
        let parent = paths[..<index].last { $0.role == .parent }
        // Of a call with names in two directories nothing says which directory's record belongs to which.
        return paths.allSatisfy { $0.role != .parent || $0.inode == parent?.inode } ? parent : nil
    }

    /// Whether a descriptor is the directory that a record says the name lies in, as far as one says it. What is right teaches
    /// which directory that inode is.
    private func isDirectory(_ directory: DescriptorRecord, above name: ArraySlice<UInt8>) -> Bool {
        // Of a call with two names nothing says which directory's record belongs to which.
        guard current.event.paths.count == 2, !name.contains(UInt8(ascii: "/")), let parent = parentFact(of: name),
            parent.inode != 0
        else { return true }
        guard directory.inode == parent.inode else { return false }
        directories.learn(
            directory.path[...], major: parent.deviceMajor, minor: parent.deviceMinor, inode: parent.inode)
        return true
    }

    /// Learns which directories the event names, and forgets those that it removes.
    func learnDirectories() {
        let paths = current.event.paths
        guard !paths.isEmpty, !(current.event.hasResult && current.event.result < 0) else { return }
        for index in paths.indices where paths[index].mode & 0o170000 == 0o040000 && paths[index].name.isPresent {
            let fact = paths[index]
            let name = current.event.slice(fact.name)
            // A record of the directory above has the current directory's name where a descriptor stood for it.
            switch fact.role {
            case .delete: directories.forget(major: fact.deviceMajor, minor: fact.deviceMinor, inode: fact.inode)
            case .parent:
                guard index + 1 < paths.count, current.event.slice(paths[index + 1].name).first == UInt8(ascii: "/")
                else {
                    continue
                }
                learnDirectory(name, fact)
            case .normal, .create, .unknown:
                guard name.first == UInt8(ascii: "/") else {
                    if fact.role == .create { learnMadeDirectory(name, fact) }
                    continue
                }
                learnDirectory(name, fact)
            }
        }
    }

    /// Learns a directory that was made under a relative name.
    private func learnMadeDirectory(_ name: ArraySlice<UInt8>, _ fact: PathFact) {
        let isAt = current.event.type == Self.mkdirat
        guard isAt || current.event.type == Self.mkdir, !isAt || current.event.registerCount > 0 else { return }
        scratch.removeAll(keepingCapacity: true)
        let directory = isAt ? Int32(truncatingIfNeeded: current.event.registers[0]) : nil
        appendAbsolutePath(name, directory: directory, into: &scratch)
        directories.learn(scratch[...], major: fact.deviceMajor, minor: fact.deviceMinor, inode: fact.inode)
    }

    private static let mkdir = EventType(name: "mkdir")
    private static let mkdirat = EventType(name: "mkdirat")

    private func learnDirectory(_ name: ArraySlice<UInt8>, _ fact: PathFact) {
        guard name.first == UInt8(ascii: "/") else { return }
        scratch.removeAll(keepingCapacity: true)
        PathNormalization.append(name, base: [], into: &scratch)
        while scratch.count > 1, scratch.last == UInt8(ascii: "/") { scratch.removeLast() }
        directories.learn(scratch[...], major: fact.deviceMajor, minor: fact.deviceMinor, inode: fact.inode)
    }
}

extension SocketEndpoint {
    /// Adds the address as text, with `:PORT` behind it: IPv6 without brackets, as RFC 5952 shortens it.
    public func append(withPort: Bool, into text: inout [UInt8]) {
        if addressLength == 16 {
            appendIPv6(into: &text)
        } else {
            for index in 0..<4 {
                if index > 0 { text.append(UInt8(ascii: ".")) }
                text.append(decimal: UInt64(address[index]))
            }
        }
        guard withPort else { return }
        text.append(UInt8(ascii: ":"))
        text.append(decimal: UInt64(port))
    }

    private func appendIPv6(into text: inout [UInt8]) {
        // The longest run of at least two zero groups, the first of equals, becomes `::`.
        var run = (start: 8, count: 1)
        var index = 0
        while index < 8 {
            var end = index
            while end < 8, group(end) == 0 { end += 1 }
            if end - index > run.count { run = (index, end - index) }
            index = max(end, index + 1)
        }
        index = 0
        while index < 8 {
            if index == run.start {
                text.append("::")
                index += run.count
                continue
            }
            if index > 0, index != run.start + run.count { text.append(UInt8(ascii: ":")) }
            text.append(hexadecimal: group(index))
            index += 1
        }
    }

    private func group(_ index: Int) -> UInt16 { UInt16(address[index * 2]) << 8 | UInt16(address[index * 2 + 1]) }
}

extension [UInt8] {
    fileprivate mutating func append(hexadecimal value: UInt16) {
        var started = false
        for shift in [12, 8, 4, 0] as [UInt16] {
            let digit = UInt8(truncatingIfNeeded: value >> shift & 0xf)
            guard digit != 0 || started || shift == 0 else { continue }
            started = true
            append(digit < 10 ? 0x30 + digit : 0x61 + digit - 10)
        }
    }
}
