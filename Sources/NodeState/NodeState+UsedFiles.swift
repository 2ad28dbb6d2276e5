import EventModel
import KernelInterface

/// Files and sockets as a source that looked at the kernel's objects tells them.
extension NodeState {
    /// Gives a file its names. `scratch` has the one that was asked for, in full, or is empty.
    func nameFile(_ made: DescriptorRecord, _ fact: PathFact) {
        let object = fact.object
        made.toldLayer = object.layer
        guard object.path.isPresent else { return made.storedName.replace(with: scratch) }
        let path = current.event.slice(object.path)
        if object.traits.contains(.placeless) {
            made.storedKind = .unknown
            return
        }
        if object.traits.contains(.inMemory) {
            made.storedKind = .memory
            made.storedName.replace(with: path.begins(with: "memfd:") ? path.dropFirst(6) : path)
            return
        }
        // What has lost its beginning, or begins elsewhere, is no name to show.
        if !object.traits.isDisjoint(with: [.cut, .detached]), !scratch.isEmpty {
            made.storedName.replace(with: scratch)
            if !object.traits.contains(.cut) { otherNames.add(path, besides: made.storedName) }
            return
        }
        let inRoot = path.dropFirst(Int(object.rootLength))
        made.storedName.replace(with: inRoot)
        if inRoot.isEmpty { made.storedName.append(UInt8(ascii: "/")) }
        otherNames.add(path, besides: made.storedName)
        otherNames.add(scratch[...], besides: made.storedName)
    }

    /// The file that an open led to of which nobody tells the end, as far as can be found out afterwards: where the name leads now.
    /// `scratch` has it in full.
    func followed(_ fact: PathFact, of process: ProcessRecord) -> PathFact {
        guard current.event.isUnnumbered, !fact.object.path.isPresent, fact.inode == 0,
            scratch.first == UInt8(ascii: "/"), context.mayLook()
        else { return fact }
        context.setPath(process: process.pid, "root")
        guard let status = context.files.follow(scratch, below: context.path, into: &context.content) else {
            return fact
        }
        var fact = fact
        fact.object.path = current.event.store(context.content)
        fact.inode = status.inode
        // gnu_dev_major(3), gnu_dev_minor(3)
        fact.deviceMajor = UInt32(truncatingIfNeeded: status.device >> 8 & 0xfff | status.device >> 32 & 0xffff_f000)
        fact.deviceMinor = UInt32(truncatingIfNeeded: status.device & 0xff | status.device >> 12 & 0xffff_ff00)
        fact.mode = status.mode
        return fact
    }

    /// The record of a descriptor that the source looked at in the call; nil where it did not. What the table has of the same file
    /// stays where the call doesn't tell it; the name is the one of this moment: files are renamed, and inodes given out anew.
    func usedDescriptor(_ number: Int32, of process: ProcessRecord) -> DescriptorRecord? {
        let used = current.event.usedFile
        guard used.inode != 0, number >= 0 else { return nil }
        let device = DeviceNumber.make(major: used.deviceMajor, minor: used.deviceMinor)
        if let known = descriptors.find(number, of: process), known.storedInode == used.inode,
            known.storedKind != .unknown,
            known.storedKind.isSocket || known.storedDevice == device
        {
            describe(known, used)
            return known
        }
        let found = descriptors.insert(number, of: process)
        (found.storedInode, found.storedDevice) = (used.inode, device)
        found.isStatusRead = true
        describe(found, used)
        return found
    }

    private func describe(_ found: DescriptorRecord, _ used: PathFact) {
        switch used.mode & 0o170000 {  // S_IFMT, inode(7)
        case 0o140000: takeSocketFacts(found)
        // A named one has a place and goes as a file.
        case 0o010000 where used.object.traits.contains(.placeless): found.storedKind = .pipe
        case 0o040000: name(found, .directory, used)
        case 0: takeSocketFacts(found)
        default: name(found, .file, used)
        }
    }

    private func name(_ found: DescriptorRecord, _ kind: DescriptorKind, _ used: PathFact) {
        guard used.object.path.isPresent else { return }
        // Event counters and the like: what made it told more than the inode that all of them share.
        if used.object.traits.contains(.placeless), found.storedKind != .file, found.storedKind != .directory { return }
        scratch.removeAll(keepingCapacity: true)
        // The open told the whole.
        if found.storedKind == kind, !used.object.traits.isDisjoint(with: [.cut, .detached]) {
            scratch.append(contentsOf: found.storedName)
        }
        found.storedKind = kind
        nameFile(found, used)
    }

    /// Takes what the source says of the socket that the call used or made. Gives whether it says something.
    @discardableResult
    func takeSocketFacts(_ socket: DescriptorRecord) -> Bool {
        let event = current.event
        guard event.socketFamily != 0 else { return false }
        let kind = SocketFacts.kind(family: Int32(event.socketFamily))
        if socket.storedKind == .unknown { socket.storedKind = kind }
        if event.socketInode != 0 { socket.storedInode = event.socketInode }
        guard socket.storedKind == kind else { return true }
        if kind == .unix, socket.storedName.isEmpty {
            UnixAddress.append(event.slice(event.localAddress), into: &socket.storedName)
            if socket.storedName.isEmpty {
                UnixAddress.append(event.slice(event.peerAddress), into: &socket.storedName)
            }
        }
        guard kind.isInternet else { return true }
        if socket.storedProtocol == .unknown {
            socket.storedProtocol = SocketFacts.transport(
                type: Int32(event.socketType), number: Int32(event.socketProtocol))
        }
        takeOwnAddresses(socket)
        if socket.storedRole == .none, socket.storedRemote.isKnown {
            socket.isConnected = true
            socket.storedRole = SocketFacts.role(local: socket.storedLocal, remote: socket.storedRemote)
        } else if socket.storedRole == .none, socket.storedLocal.port != 0 {
            socket.isBound = true
        }
        return true
    }

    /// Takes what the socket itself has for its addresses, where the source looked: a connection to 0.0.0.0 is one to 127.0.0.1,
    /// and who binds port 0 is given one.
    func takeOwnAddresses(_ socket: DescriptorRecord) {
        guard socket.storedKind.isInternet else { return }
        let (own, peer) = (current.event.localAddress, current.event.peerAddress)
        guard own.isPresent || peer.isPresent else { return }
        if let local = SocketEndpoint(socketAddress: current.event.slice(own)), local.port != 0 || !local.isUnspecified
        {
            socket.storedLocal = local
        }
        // A connection that was refused has no port any more.
        if let remote = SocketEndpoint(socketAddress: current.event.slice(peer)), remote.port != 0 {
            if remote != socket.storedRemote { current.isNameChanged = true }
            socket.storedRemote = remote
        }
        if socket.storedProtocol != .unknown { socket.isSocketRead = true }
    }
}
