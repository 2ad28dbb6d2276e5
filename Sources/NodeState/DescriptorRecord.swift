/// An open file descriptor of a process. Reused like `ProcessRecord`: hold one only while the event at hand is read.
public final class DescriptorRecord {
    /// The descriptor's number.
    public internal(set) var number: Int32 = -1
    /// Flags of the open call, 0 when unknown.
    public internal(set) var openFlags: UInt32 = 0
    /// Whether a connect succeeded or is in progress, the socket was accepted, or data went over it.
    public internal(set) var isConnected = false
    /// Whether the socket was bound to a port or listens.
    public internal(set) var isBound = false
    /// Which side of the connection this process is.
    public internal(set) var role: SocketRole = .none
    /// The address that this socket is connected to.
    public internal(set) var remote = SocketEndpoint()

    var storedKind: DescriptorKind = .unknown
    var storedName: [UInt8] = []
    var storedProtocol: TransportProtocol = .unknown
    var storedLocal = SocketEndpoint()
    var storedInode: UInt64 = 0
    var storedDevice: UInt64 = 0
    var isResolved = false

    // The table's own.
    var processSerial: UInt64 = 0
    var pid: Int32 = 0
    var slot: Int32 = -1
    var next: Int32 = -1
    var previous: Int32 = -1

    let reader: DescriptorReader

    init(reader: DescriptorReader) { self.reader = reader }

    /// What it refers to.
    public var kind: DescriptorKind {
        if storedKind == .unknown { reader.resolve(self) }
        return storedKind
    }
    /// For files the absolute, normalised path; for unix sockets the path; for others the kernel's pseudo name or nothing.
    /// IP sockets have no stored name: `NodeState.appendName(of:into:)` makes it from the addresses.
    public var path: [UInt8] {
        if storedKind == .unknown { reader.resolve(self) }
        return storedName
    }
    /// The transport of an IP socket.
    public var transport: TransportProtocol {
        if storedProtocol == .unknown { reader.resolve(self) }
        return storedProtocol
    }
    /// This side's address; read from /proc/PID/net when it is not known from an event.
    public var local: SocketEndpoint {
        if !storedLocal.isKnown { reader.resolve(self) }
        return storedLocal
    }
    /// The connection's initiator; unknown without role.
    public var client: SocketEndpoint {
        switch role {
        case .none: SocketEndpoint()
        case .client: local
        case .server: remote
        }
    }
    /// The connection's other side, or a listening socket's own address.
    public var server: SocketEndpoint {
        switch role {
        case .none: isBound ? local : SocketEndpoint()
        case .client: remote
        case .server: local
        }
    }
    /// Inode number, 0 when unknown.
    public var inode: UInt64 {
        if storedInode == 0 { reader.resolve(self) }
        return storedInode
    }
    /// Device number of the file's file system, 0 when unknown.
    public var device: UInt64 {
        if storedDevice == 0 { reader.resolve(self) }
        return storedDevice
    }
    /// The overlayfs layer that the file lies in.
    public var layer: ExecutableFile.Layer { reader.layer(of: self) }
}
