import Glibc

/// Port numbers by service name, from the node's services database (services(5)).
enum ServiceNames {
    /// The port of a service, of any protocol; nil when nobody knows it. Not for the event thread: it reads files.
    @Sendable static func port(of name: String) -> UInt16? {
        guard let service = getservbyname(name, nil) else { return nil }
        return UInt16(truncatingIfNeeded: service.pointee.s_port).byteSwapped
    }
}
