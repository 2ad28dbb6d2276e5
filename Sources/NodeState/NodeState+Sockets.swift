import EventModel

/// What events change: sockets.
extension NodeState {
    /// EINPROGRESS (errno(3)): a non-blocking connect goes on.
    private static let inProgress: Int64 = -115

    /// socket(2): domain, type and protocol are registers.
    func takeSocketType(_ socket: DescriptorRecord) {
        guard current.event.registerCount > 2 else { return }
        let type = current.event.registers[1] & 0xf  // SOCK_TYPE_MASK, linux/net.h
        let number = current.event.registers[2] & 0xffff_ffff
        switch current.event.registers[0] & 0xffff_ffff {
        case 1: socket.storedKind = .unix
        case 2: socket.storedKind = .ipv4
        case 10: socket.storedKind = .ipv6
        case 16: socket.storedKind = .netlink
        default: socket.storedKind = .unsupported
        }
        guard socket.storedKind.isInternet else { return }
        // Nothing is connected yet: the tables below /proc know no more.
        switch (type, number) {
        case (1, 0), (1, 6): socket.storedProtocol = .tcp
        case (2, 0), (2, 17): socket.storedProtocol = .udp
        case (2, 1), (2, 58): socket.storedProtocol = .icmp
        case (3, _): socket.storedProtocol = .raw
        default: break
        }
    }

    func connect(_ process: ProcessRecord, isFailure: Bool) {
        guard let socket = useSocket(process) else { return }
        let address = current.event.slice(current.event.socketAddress)
        guard current.event.socketAddress.isPresent, takeFamily(of: address, socket) else { return }
        if let remote = SocketEndpoint(socketAddress: address) {
            current.isNameChanged = remote != socket.storedRemote
            // A socket connected anew has another local address; one that was bound keeps its own.
            if current.isNameChanged && !socket.isBound { socket.storedLocal = SocketEndpoint() }
            if current.isNameChanged { socket.isSocketRead = false }
            socket.storedRemote = remote
            socket.storedRole = .client
            if !isFailure || current.event.result == Self.inProgress {
                socket.isConnected = true
                takeOwnAddresses(socket)
                if current.event.socketInode == 0 { descriptorReader.readInode(socket) }
            }
        } else if socket.storedKind == .unix {
            takeUnixPath(address, socket)
            if !isFailure { socket.isConnected = true }
        }
    }

    func bind(_ process: ProcessRecord, isFailure: Bool) {
        guard let socket = useSocket(process), !isFailure else { return }
        let address = current.event.slice(current.event.socketAddress)
        guard current.event.socketAddress.isPresent, takeFamily(of: address, socket) else { return }
        if let local = SocketEndpoint(socketAddress: address) {
            socket.storedLocal = local
            takeOwnAddresses(socket)
            socket.isBound = socket.storedLocal.port > 0
            current.isNameChanged = true
        } else if socket.storedKind == .unix {
            takeUnixPath(address, socket)
        }
    }

    func accept(_ process: ProcessRecord) {
        current.isDescriptorEvent = true
        guard let number = newDescriptorNumber, number >= 0 else { return }
        // A source that looked at the new socket has all of it.
        let isTold = current.event.socketFamily != 0
        let listener =
            current.event.registerCount > 0 && !isTold
            ? descriptor(Int32(truncatingIfNeeded: current.event.registers[0]), of: process) : nil
        let kind = isTold ? SocketFacts.kind(family: Int32(current.event.socketFamily)) : listener?.kind ?? .unknown
        let local = listener?.storedLocal ?? SocketEndpoint()
        let transport = listener?.storedProtocol ?? .unknown
        let socket = descriptors.insert(number, of: process)
        current.descriptorNumber = Int64(number)
        current.descriptor = socket
        current.isNameChanged = true
        socket.storedKind = kind
        takeSocketFacts(socket)
        socket.isClosedOnExec = CloseOnExec.isAskedFor(by: current.event)
        if socket.storedProtocol == .unknown {
            socket.storedProtocol = transport == .unknown && kind.isInternet ? .tcp : transport
        }
        socket.isConnected = true
        let address = current.event.slice(current.event.socketAddress)
        if current.event.socketAddress.isPresent, takeFamily(of: address, socket),
            let remote = SocketEndpoint(socketAddress: address)
        {
            socket.storedRemote = remote
        }
        if socket.storedKind.isInternet {
            socket.storedRole = .server
            if !local.isUnspecified { socket.storedLocal = local }
            takeOwnAddresses(socket)
            if !isTold { descriptorReader.readInode(socket) }
        } else if let listener, kind == .unix {
            socket.storedName.replace(with: listener.storedName)
        }
    }

    /// sendto, recvfrom and their kin: datagrams give an unconnected socket its name.
    func transfer(_ process: ProcessRecord, _ effect: EventEffect, isFailure: Bool) {
        guard let socket = useSocket(process), !isFailure else { return }
        if current.event.socketAddress.isPresent {
            let address = current.event.slice(current.event.socketAddress)
            if takeFamily(of: address, socket), let remote = SocketEndpoint(socketAddress: address) {
                // With a bound port this side serves; without, it began.
                let role: SocketRole = socket.isBound ? .server : .client
                current.isNameChanged = remote != socket.storedRemote || role != socket.storedRole
                socket.storedRemote = remote
                socket.storedRole = role
                if socket.storedProtocol == .unknown, effect == .send || effect == .receive {
                    socket.storedProtocol = socket.transport == .unknown ? .udp : socket.transport
                }
            } else if socket.storedKind == .unix {
                takeUnixPath(address, socket)
            }
        }
        if socket.storedKind.isInternet { socket.isConnected = true }
        takeOwnAddresses(socket)
    }

    /// The record of the socket in register 0; a fresh one when /proc no longer shows it.
    private func useSocket(_ process: ProcessRecord) -> DescriptorRecord? {
        useDescriptor(process, register: 0)
        guard current.isDescriptorEvent, current.descriptorNumber >= 0 else { return nil }
        if let known = current.descriptor { return known }
        guard let number = Int32(exactly: current.descriptorNumber) else { return nil }
        let made = descriptors.insert(number, of: process)
        made.isLinkRead = true
        current.descriptor = made
        return made
    }

    /// Fits the record's kind to an address's family; false for AF_UNSPEC, which ends a connection (connect(2)).
    private func takeFamily(of address: ArraySlice<UInt8>, _ socket: DescriptorRecord) -> Bool {
        guard let family = SocketEndpoint.family(of: address) else { return false }
        let kind: DescriptorKind
        switch family {
        case 1: kind = .unix
        case 2: kind = .ipv4
        case 10: kind = .ipv6
        case 16: kind = .netlink
        default: return false
        }
        // An IPv6 socket stays one when it talks to a mapped address.
        if socket.storedKind != kind, !(socket.storedKind == .ipv6 && kind == .ipv4) {
            let inode = socket.storedInode
            // Of one that was of another kind nothing holds: its number was given out anew.
            if socket.storedKind != .unknown { socket.reset() }
            socket.storedKind = kind
            socket.storedInode = inode
            socket.isLinkRead = true
        }
        return true
    }

    private func takeUnixPath(_ address: ArraySlice<UInt8>, _ socket: DescriptorRecord) {
        scratch.removeAll(keepingCapacity: true)
        UnixAddress.append(address, into: &scratch)
        guard socket.storedName != scratch else { return }
        current.isNameChanged = true
        socket.storedName.replace(with: scratch)
    }
}
