import Glibc

/// Addresses as the kernel wants them.
enum SocketAddress {
    enum Family {
        case ipv4, ipv6
        var number: Int32 { self == .ipv4 ? AF_INET : AF_INET6 }
        var size: Int { self == .ipv4 ? 4 : 16 }
    }

    /// The bytes of an IP address in network order; nil for what is none.
    static func parse(_ text: String, family: Family) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: family.size)
        return inet_pton(family.number, text, &bytes) == 1 ? bytes : nil
    }

    /// An IPv6 address in its usual form.
    static func text(_ bytes: [UInt8]) -> String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard bytes.count == 16, inet_ntop(AF_INET6, bytes, &buffer, socklen_t(buffer.count)) != nil else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Binds a socket to an address; 0, or -1 with errno set.
    static func bind(_ descriptor: Int32, _ address: ListenAddress) -> Int32 {
        switch address {
        case .ipv4(let bytes, let port):
            var name = sockaddr_in()
            name.sin_family = sa_family_t(AF_INET)
            name.sin_port = port.bigEndian
            withUnsafeMutableBytes(of: &name.sin_addr) { $0.copyBytes(from: bytes.prefix($0.count)) }
            return bind(descriptor, &name)
        case .ipv6(let bytes, let port):
            var name = sockaddr_in6()
            name.sin6_family = sa_family_t(AF_INET6)
            name.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &name.sin6_addr) { $0.copyBytes(from: bytes.prefix($0.count)) }
            return bind(descriptor, &name)
        case .unix(let path):
            var name = unix(path)
            return bind(descriptor, &name)
        }
    }

    /// Whether somebody accepts connections at a unix socket: /proc/net/unix has it, with the flag of a listener
    /// (`__SO_ACCEPTCON`). Asked there, since the daemon's sandbox does not let it connect.
    static func isServed(_ path: String) -> Bool {
        guard let file = fopen("/proc/net/unix", "re") else { return true }
        defer { fclose(file) }
        var line: UnsafeMutablePointer<CChar>?
        var room = 0
        defer { free(line) }
        while getline(&line, &room, file) > 0 {
            guard let line else { break }
            // Num: RefCount Protocol Flags Type St Inode Path (proc_pid_net(5)).
            let words = String(cString: line).split(separator: " ", maxSplits: 7, omittingEmptySubsequences: true)
            guard words.count == 8, words[7].dropLast() == path else { continue }
            if let flags = UInt32(words[3], radix: 16), flags & 0x1_0000 != 0 { return true }
        }
        return false
    }

    private static func unix(_ path: String) -> sockaddr_un {
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        // The last byte stays NUL.
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: Array(path.utf8.prefix($0.count - 1))) }
        return name
    }

    private static func bind<Name>(_ descriptor: Int32, _ name: inout Name) -> Int32 {
        withName(&name) { Glibc.bind(descriptor, $0, $1) }
    }

    /// All socket addresses begin with the members of sockaddr (sockaddr(3type)), so the pointer is good for `length` bytes.
    private static func withName<Name>(
        _ name: inout Name, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        let length = socklen_t(MemoryLayout<Name>.size)
        return withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }
}
