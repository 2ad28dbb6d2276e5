import EventModel
import NodeState

/// Writes socket addresses as text.
extension EventFieldReader {
    /// Adds the socket address that the call passed or received: `IP:PORT`, or a unix socket's path; false without one.
    func appendSocketAddress(into arena: inout ValueArena) -> Bool {
        let address = SocketAddress(state.current.event.slice(state.current.event.socketAddress))
        switch address {
        case .none: return false
        case .internet(let endpoint): arena.append(endpoint)
        case .unix(let path): arena.append(path)
        case .other(let family):
            arena.append("family ")
            arena.append(decimal: UInt64(family))
        }
        return true
    }

    /// Adds the call's connection: the name of the descriptor, or for a failed call what the address tells.
    func appendTuple(into arena: inout ValueArena) -> Bool {
        if let descriptor = state.current.descriptor, descriptor.kind.isSocket {
            let start = arena.mark
            appendName(of: descriptor, into: &arena)
            if arena.mark > start { return true }
        }
        let address = SocketAddress(state.current.event.slice(state.current.event.socketAddress))
        switch address {
        case .internet(let endpoint):
            // No local address was taken.
            arena.append(endpoint.addressLength == 4 ? "0.0.0.0:0->" : ":::0->")
            arena.append(endpoint)
        case .unix(let path):
            arena.append("0->0 ")
            arena.append(path)
        case .none, .other: return false
        }
        return true
    }
}

/// A `struct sockaddr` of the families that have text.
enum SocketAddress {
    case none
    case internet(SocketEndpoint)
    /// The path; an abstract name has `@` in its NUL's place.
    case unix([UInt8])
    case other(family: UInt16)

    /// Reads the kernel's bytes: the family in host order, what follows in network order (ip(7), ipv6(7), unix(7)).
    init(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count >= 2 else {
            self = .none
            return
        }
        let base = bytes.startIndex
        #if _endian(big)
            let family = UInt16(bytes[base]) << 8 | UInt16(bytes[base + 1])
        #else
            let family = UInt16(bytes[base + 1]) << 8 | UInt16(bytes[base])
        #endif
        switch family {
        case 1:
            var path = Array(bytes[(base + 2)...])
            if path.first == 0, path.count > 1 { path[0] = UInt8(ascii: "@") }
            self = .unix(Array(path.prefix { $0 != 0 }))
        case 2 where bytes.count >= 8:
            self = .internet(SocketEndpoint(address: bytes[(base + 4)..<(base + 8)], portBytes: bytes[(base + 2)...]))
        case 10 where bytes.count >= 24:
            self = .internet(SocketEndpoint(address: bytes[(base + 8)..<(base + 24)], portBytes: bytes[(base + 2)...]))
        default:
            self = .other(family: family)
        }
    }
}

extension SocketEndpoint {
    /// An endpoint from the bytes of an address and of a port in network order; both are long enough.
    fileprivate init(address bytes: ArraySlice<UInt8>, portBytes: ArraySlice<UInt8>) {
        self.init()
        port = UInt16(portBytes[portBytes.startIndex]) << 8 | UInt16(portBytes[portBytes.startIndex + 1])
        var rest = bytes
        let isMapped =
            bytes.count == 16 && bytes.prefix(10).allSatisfy { $0 == 0 }
            && bytes.dropFirst(10).prefix(2).allSatisfy { $0 == 0xff }
        if isMapped { rest = bytes.suffix(4) }
        addressLength = UInt8(rest.count)
        for (index, byte) in rest.enumerated() { address[index] = byte }
    }
}

extension ValueArena {
    /// Adds `IP:PORT`.
    mutating func append(_ endpoint: SocketEndpoint) {
        append { endpoint.append(withPort: true, into: &$0) }
    }

    /// An address value of an endpoint; null when it is unknown.
    mutating func address(of endpoint: SocketEndpoint) -> FieldValue {
        guard endpoint.isKnown else { return .null }
        let start = mark
        for index in 0..<min(Int(endpoint.addressLength), 16) { append(endpoint.address[index]) }
        return address(from: start)
    }
}
