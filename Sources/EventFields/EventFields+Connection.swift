import EventModel
import NodeState

extension EventFields {
    /// Fields of a socket's two ends.
    static let connection = FieldClass(
        "fd", "the ends of a socket: client (who began the connection) and server, local and remote"
    ) {
        addresses
        ports
        networks
        socketState
    }

    @FieldRowBuilder private static var addresses: [FieldRow] {
        FieldRow(
            "fd.ip", .address, .bothEnds, "the address of either end", from: .syscalls,
            .descriptor { descriptor, _, arena in
                arena.bothEnds(of: descriptor) { arena, end in arena.address(of: end) }
            }
        )
        end("fd.cip", .client, "the client's address", from: .liveSyscalls)
        end("fd.sip", .server, "the server's address")
        end("fd.lip", .local, "the local address", from: .liveSyscalls)
        end("fd.rip", .remote, "the remote address")
        domainName("fd.cip.name", "client's")
        domainName("fd.sip.name", "server's")
        domainName("fd.lip.name", "local")
        domainName("fd.rip.name", "remote")
    }

    @FieldRowBuilder private static var ports: [FieldRow] {
        FieldRow(
            "fd.port", .port, .bothEnds, "the port of either end", from: .syscalls,
            .descriptor { descriptor, _, arena in
                arena.bothEnds(of: descriptor) { _, end in .unsigned(UInt64(end.port)) }
            }
        )
        port("fd.cport", .client, "the client's port", from: .liveSyscalls)
        port("fd.sport", .server, "the server's port")
        port("fd.lport", .local, "the local port", from: .liveSyscalls)
        port("fd.rport", .remote, "the remote port")
        FieldRow(
            "fd.proto", .port, .bothEnds, "the port of either end", from: .syscalls,
            .descriptor { descriptor, _, arena in
                arena.bothEnds(of: descriptor) { _, end in .unsigned(UInt64(end.port)) }
            }
        )
        portText("fd.cproto", .client, "the client's port, as text", from: .liveSyscalls)
        portText("fd.sproto", .server, "the server's port, as text")
        portText("fd.lproto", .local, "the local port, as text", from: .liveSyscalls)
        portText("fd.rproto", .remote, "the remote port, as text")
    }

    @FieldRowBuilder private static var networks: [FieldRow] {
        FieldRow(
            "fd.net", .network, .bothEnds, "whether the address of either end lies in a network", from: .syscalls,
            .descriptor { descriptor, _, arena in
                arena.bothEnds(of: descriptor) { arena, end in arena.address(of: end) }
            }
        )
        network("fd.cnet", .client, "whether the client's address lies in a network", from: .liveSyscalls)
        network("fd.snet", .server, "whether the server's address lies in a network")
        network("fd.lnet", .local, "whether the local address lies in a network", from: .liveSyscalls)
        network("fd.rnet", .remote, "whether the remote address lies in a network")
    }

    @FieldRowBuilder private static var socketState: [FieldRow] {
        FieldRow(
            "fd.l4proto", .string, "tcp, udp, icmp or raw", from: .syscalls,
            .descriptor { descriptor, _, arena in
                let hasSides = descriptor.role != .none || descriptor.isBound || descriptor.transport == .raw
                guard descriptor.kind.isInternet, hasSides else { return arena.string("<NA>") }
                return arena.string(orNA: descriptor.transport.word)
            }
        )
        FieldRow(
            "fd.sockfamily", .string, "ip or unix", from: .syscalls,
            .descriptor { descriptor, _, arena in
                if descriptor.kind.isInternet { return arena.string("ip") }
                return descriptor.kind == .unix ? arena.string("unix") : .null
            }
        )
        FieldRow(
            "fd.is_server", .bool, "whether the server's end is on this machine", from: .liveSyscalls,
            .descriptor { descriptor, reader, _ in
                guard descriptor.kind.isInternet else { return .bool(false) }
                if descriptor.role == .none { return .bool(descriptor.isBound) }
                return .bool(descriptor.role == .server || reader.state.isLocalAddress(descriptor.server))
            }
        )
        FieldRow(
            "fd.connected", .bool, "whether the socket is or is being connected", from: .syscalls, cost: .cheap,
            .descriptor { descriptor, _, _ in .bool(descriptor.isConnected) }
        )
    }

    private static func domainName(_ name: String, _ whose: String) -> FieldRow {
        // The sensor sends nothing over the network, so it asks no name server.
        FieldRow(unavailable: name, .string, [.noRightSide, .noTransformer], "the \(whose) domain name (no DNS here)")
    }

    private static func end(
        _ name: String, _ end: ConnectionEnd, _ meaning: String, from sources: SourceSet = .syscalls
    ) -> FieldRow {
        FieldRow(name, .address, meaning, from: sources, addressFunction(end))
    }

    private static func network(
        _ name: String, _ end: ConnectionEnd, _ meaning: String, from sources: SourceSet = .syscalls
    ) -> FieldRow {
        FieldRow(name, .network, .networkOnly, meaning, from: sources, addressFunction(end))
    }

    private static func addressFunction(_ end: ConnectionEnd) -> FieldFunction {
        .connection(end) { endpoint, arena in arena.address(of: endpoint) }
    }

    private static func port(
        _ name: String, _ end: ConnectionEnd, _ meaning: String, from sources: SourceSet = .syscalls
    ) -> FieldRow {
        FieldRow(
            name, .port, meaning, from: sources, .connection(end) { endpoint, _ in .unsigned(UInt64(endpoint.port)) }
        )
    }

    private static func portText(
        _ name: String, _ end: ConnectionEnd, _ meaning: String, from sources: SourceSet = .syscalls
    ) -> FieldRow {
        FieldRow(
            name, .string, meaning, from: sources, .connection(end) { endpoint, arena in arena.portText(endpoint) }
        )
    }
}

/// One end of a connection, by who began it or by where it is.
enum ConnectionEnd: Sendable { case client, server, local, remote }

extension EventFieldReader {
    /// An end of the descriptor's connection; unknown for what is no internet socket or has no role. A bound socket that
    /// isn't connected has the server's end only.
    func endpoint(_ end: ConnectionEnd, of descriptor: DescriptorRecord) -> SocketEndpoint {
        guard descriptor.kind.isInternet else { return SocketEndpoint() }
        guard descriptor.role != .none else { return end == .server ? descriptor.server : SocketEndpoint() }
        switch end {
        case .client: return descriptor.client
        case .server: return descriptor.server
        case .local: return isClientLocal(descriptor) ? descriptor.client : descriptor.server
        case .remote: return isClientLocal(descriptor) ? descriptor.server : descriptor.client
        }
    }

    /// Whether the local end of a connection is the client's. Where this machine's addresses or the client's end aren't
    /// known (a log of another machine), this process's role tells.
    private func isClientLocal(_ descriptor: DescriptorRecord) -> Bool {
        let client = descriptor.client
        if client.isKnown, state.isLocalAddress(client) { return true }
        return descriptor.role == .client
    }
}

extension ValueArena {
    /// A list of a value for each end of a socket: of a connection both, of a listening socket the server's.
    fileprivate mutating func bothEnds(
        of descriptor: DescriptorRecord, _ value: (inout ValueArena, SocketEndpoint) -> FieldValue
    ) -> FieldValue {
        guard descriptor.kind.isInternet else { return .null }
        let server = descriptor.server
        let client = descriptor.client
        guard server.isKnown || client.isKnown else { return .null }
        // Both values are made before the list is begun: an element may itself add to the arena.
        let serverValue = server.isKnown ? value(&self, server) : .null
        let clientValue = client.isKnown ? value(&self, client) : .null
        let start = elementMark
        if client.isKnown { appendElement(clientValue) }
        if server.isKnown { appendElement(serverValue) }
        return list(from: start)
    }

    /// A text value of an end's port.
    fileprivate mutating func portText(_ endpoint: SocketEndpoint) -> FieldValue {
        let start = mark
        append(decimal: UInt64(endpoint.port))
        return string(from: start)
    }
}
