import KernelInterface

/// What the kernel says of a socket, taken into a descriptor's record.
enum SocketFacts {
    /// Fills kind, protocol, addresses and role, as far as no event told them.
    static func take(_ socket: ForeignSocket, into descriptor: DescriptorRecord) {
        let kind = kind(family: socket.family)
        if descriptor.storedKind == .unknown { descriptor.storedKind = kind }
        guard descriptor.storedKind == kind else { return }
        if kind == .unix, descriptor.storedName.isEmpty {
            UnixAddress.append(socket.local[...], into: &descriptor.storedName)
            // A client has no name of its own; its peer's tells more.
            if descriptor.storedName.isEmpty { UnixAddress.append(socket.remote[...], into: &descriptor.storedName) }
        }
        guard kind.isInternet else { return }
        if descriptor.storedProtocol == .unknown {
            descriptor.storedProtocol = transport(type: socket.type, number: socket.transport)
        }
        if let local = SocketEndpoint(socketAddress: socket.local[...]), local.port != 0 || !local.isUnspecified,
            !descriptor.storedLocal.isKnown || descriptor.storedLocal.isUnspecified
        {
            descriptor.storedLocal = local
        }
        if let remote = SocketEndpoint(socketAddress: socket.remote[...]) {
            descriptor.isConnected = true
            if !descriptor.storedRemote.isKnown { descriptor.storedRemote = remote }
            if descriptor.storedRole == .none {
                descriptor.storedRole = role(local: descriptor.storedLocal, remote: remote)
            }
        } else if socket.isListening || descriptor.storedLocal.port != 0 {
            descriptor.isBound = true
        }
    }

    /// Which side a connection is whose beginning nobody saw. The kernel does not keep it: services have the lower port, since
    /// the ports that are given out to clients are high ones (ip_local_port_range, ip(7)).
    static func role(local: SocketEndpoint, remote: SocketEndpoint) -> SocketRole {
        local.port < remote.port ? .server : .client
    }

    /// The numbers of socket(2), linux/in.h.
    static func transport(type: Int32, number: Int32) -> TransportProtocol {
        switch (type, number) {
        case (3, _): .raw
        case (_, 6): .tcp
        case (_, 17): .udp
        case (_, 1), (_, 58): .icmp
        default: .unknown
        }
    }

    /// The families of socket(2).
    static func kind(family: Int32) -> DescriptorKind {
        switch family {
        case 1: .unix
        case 2: .ipv4
        case 10: .ipv6
        case 16: .netlink
        default: .unsupported
        }
    }
}

/// The name in a `struct sockaddr_un` (unix(7)): a path, or an abstract name, which begins with NUL and is shown with `@`.
enum UnixAddress {
    /// Adds the name; nothing for an address without one.
    static func append(_ address: ArraySlice<UInt8>, into text: inout [UInt8]) {
        let path = address.dropFirst(2)
        guard path.first == 0 else { return text.append(contentsOf: path.prefix { $0 != 0 }) }
        var end = path.endIndex
        while end > path.startIndex, path[end - 1] == 0 { end -= 1 }
        guard end > path.startIndex else { return }
        text.append(UInt8(ascii: "@"))
        text.append(contentsOf: path[path.startIndex + 1..<end])
    }
}
