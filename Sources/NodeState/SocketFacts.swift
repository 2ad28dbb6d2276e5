import KernelInterface

/// What the kernel says of a socket, taken into a descriptor's record.
enum SocketFacts {
    /// Fills kind, protocol, addresses and role, as far as no event told them.
    static func take(_ socket: ForeignSocket, into descriptor: DescriptorRecord) {
        let kind = kind(family: socket.family)
        if descriptor.storedKind == .unknown { descriptor.storedKind = kind }
        guard descriptor.storedKind == kind else { return }
        if kind == .unix, descriptor.storedName.isEmpty {
            let own = UnixAddress(socket.local)
            descriptor.storedName.replace(with: own.name.isEmpty ? UnixAddress(socket.remote).name : own.name)
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
    private static func transport(type: Int32, number: Int32) -> TransportProtocol {
        switch (type, number) {
        case (3, _): .raw
        case (_, 6): .tcp
        case (_, 17): .udp
        case (_, 1), (_, 58): .icmp
        default: .unknown
        }
    }

    /// The families of socket(2).
    private static func kind(family: Int32) -> DescriptorKind {
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
struct UnixAddress {
    private(set) var name: [UInt8] = []

    init(_ address: some Collection<UInt8>) {
        let path = address.dropFirst(2)
        guard path.first == 0 else {
            name = Array(path.prefix { $0 != 0 })
            return
        }
        let text = path.dropFirst()
        guard let end = text.indices.reversed().first(where: { text[$0] != 0 }) else { return }
        name = [UInt8(ascii: "@")] + text[...end]
    }
}
