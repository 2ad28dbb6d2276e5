import Glibc

/// TCP connections of this process to itself.
final class LoopbackConnections {
    /// A connected socket that is looked at.
    private(set) var probe: Int32 = -1
    /// The server's address, as `struct sockaddr_in`.
    private(set) var address: [UInt8] = []
    private var server: Int32 = -1
    private var held = 0

    /// Begins to listen on a port that is free.
    init() {
        server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var own = sockaddr_in()
        own.sin_family = sa_family_t(AF_INET)
        own.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &own) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                _ = bind(server, generic, length)
                _ = listen(server, 4096)
                _ = getsockname(server, generic, &length)
            }
        }
        address = withUnsafeBytes(of: &own) { Array($0) }
        probe = connection()
    }

    /// Holds so many connections; false when descriptors run out.
    func hold(_ count: Int) -> Bool {
        while held < count {
            guard connection() >= 0 else { return false }
            held += 1
        }
        return probe >= 0
    }

    private func connection() -> Int32 {
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard client >= 0 else { return -1 }
        let connected = address.withUnsafeBytes { bytes in
            bytes.baseAddress.map {
                connect(client, $0.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
            } ?? -1
        }
        guard connected == 0, accept(server, nil, nil) >= 0 else { return -1 }
        return client
    }
}
