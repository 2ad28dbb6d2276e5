import CKernel

/// A socket that another process has open, as the kernel describes it.
public struct ForeignSocket: Sendable, Equatable {
    /// The address family (AF_INET …).
    public var family: Int32 = 0
    /// The type (SOCK_STREAM …).
    public var type: Int32 = 0
    /// The protocol (IPPROTO_TCP …).
    public var transport: Int32 = 0
    /// Whether it listens.
    public var isListening = false
    /// Its inode number, as in the link `socket:[INODE]` below /proc/PID/fd.
    public var inode: UInt64 = 0
    /// Its own address as a `struct sockaddr`; empty when it has none.
    public var local: [UInt8] = []
    /// The address that it is connected to; empty when it isn't.
    public var remote: [UInt8] = []

    /// Nothing known.
    public init() {}

    /// Looks at a process's descriptor through a copy of it, whatever network namespace it is in: this costs the same however
    /// many sockets there are. Nil for what is no socket, or when it is gone.
    ///
    /// Closing the copy may wait where the process has closed its own meanwhile (SO_LINGER, or a file of another kind): only
    /// for a thread that can be given up.
    public init?(process: Int32, descriptor: Int32) {
        var found = shrike_foreign_socket()
        guard shrike_foreign_socket(process, descriptor, &found) == 0 else { return nil }
        family = found.family
        type = found.type
        transport = found.protocol
        isListening = found.is_listening != 0
        inode = found.inode
        local = withUnsafeBytes(of: &found.local) { Array($0.prefix(Int(found.local_length))) }
        remote = withUnsafeBytes(of: &found.remote) { Array($0.prefix(Int(found.remote_length))) }
    }
}
