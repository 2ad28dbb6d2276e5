import EventModel

/// An open file descriptor of a process. Reused like `ProcessRecord`: hold one only while the event at hand is read.
///
/// What events did not tell is read from /proc/PID/fd at first access, while the process lives.
public final class DescriptorRecord {
    /// The descriptor's number.
    public internal(set) var number: Int32 = -1
    /// Flags of the open call, 0 when unknown.
    public internal(set) var openFlags: UInt32 = 0
    /// Whether a connect succeeded or is in progress, the socket was accepted, or data went over it.
    public internal(set) var isConnected = false
    /// Whether the socket was bound to a port or listens.
    public internal(set) var isBound = false

    /// Whether an exec closes it.
    var isClosedOnExec = false
    /// Whether an exec that was told before the calls that precede it closes it.
    var isClosing = false
    /// Whether another number was made of it.
    var isDuplicated = false
    /// Whether it was copied at a fork.
    var isInherited = false
    /// When the event said it was made that told of it.
    var madeNanoseconds: UInt64 = 0
    var storedRole: SocketRole = .none
    var storedRemote = SocketEndpoint()
    var storedKind: DescriptorKind = .unknown
    var storedName: [UInt8] = []
    var storedProtocol: TransportProtocol = .unknown
    var storedLocal = SocketEndpoint()
    var storedInode: UInt64 = 0
    var storedDevice: UInt64 = 0
    /// The process that a descriptor of one refers to, by its id in the initial pid namespace; 0 when unknown.
    var processID: Int32 = 0
    /// The layer that the source saw the file in.
    var toldLayer: ProcessFacts.ExecutableFile.Layer = .unknown
    /// Whether /proc/PID/fd, its file's status, and the socket tables were asked.
    var isLinkRead = false
    var isStatusRead = false
    var isSocketRead = false

    // The table's own.
    var process: ProcessRecord?
    var processSerial: UInt64 = 0
    var slot: Int32 = -1
    var next: Int32 = -1
    var previous: Int32 = -1

    let reader: DescriptorReader

    init(reader: DescriptorReader) { self.reader = reader }

    /// What it refers to.
    public var kind: DescriptorKind {
        if storedKind == .unknown { reader.readLink(self) }
        return storedKind
    }
    /// For files the absolute, normalised path; for unix sockets the path; for others the kernel's pseudo name or
    /// nothing. IP sockets have none: `NodeState.appendName(of:into:)` makes a name from the addresses.
    public var path: [UInt8] {
        if storedKind == .unknown { reader.readLink(self) }
        return storedName
    }
    /// The transport of an IP socket.
    public var transport: TransportProtocol {
        if storedProtocol == .unknown && kind.isInternet { reader.readSocket(self) }
        return storedProtocol
    }
    /// Which side of the connection this process is.
    public var role: SocketRole {
        if storedRole == .none && !isSocketRead && kind.isInternet { reader.readSocket(self) }
        return storedRole
    }
    /// This side's address; from /proc/PID/net where no event told it.
    public var local: SocketEndpoint {
        if !storedLocal.isKnown && kind.isInternet { reader.readSocket(self) }
        return storedLocal
    }
    /// The address that this socket is connected to.
    public var remote: SocketEndpoint {
        if !storedRemote.isKnown && kind.isInternet { reader.readSocket(self) }
        return storedRemote
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
        if storedInode == 0 { reader.readStatus(self) }
        return storedInode
    }
    /// Device number of the file's file system, 0 when unknown.
    public var device: UInt64 {
        if storedDevice == 0 { reader.readStatus(self) }
        return storedDevice
    }
    /// The overlayfs layer that the file lies in.
    public var layer: ExecutableFile.Layer { reader.layer(of: self) }

    /// Forgets what the number referred to; the owner stays.
    func reset() {
        openFlags = 0
        isConnected = false
        isBound = false
        isClosedOnExec = false
        isClosing = false
        isInherited = false
        isDuplicated = false
        madeNanoseconds = reader.context.eventNanoseconds
        storedRole = .none
        storedRemote = SocketEndpoint()
        storedKind = .unknown
        storedName.removeAll(keepingCapacity: true)
        storedProtocol = .unknown
        storedLocal = SocketEndpoint()
        storedInode = 0
        storedDevice = 0
        processID = 0
        toldLayer = .unknown
        isLinkRead = false
        isStatusRead = false
        isSocketRead = false
    }

    /// Makes it what a parent's one of the same number is.
    func inherit(_ other: DescriptorRecord) {
        copy(other)
        isClosedOnExec = other.isClosedOnExec
        isInherited = true
        madeNanoseconds = other.madeNanoseconds
    }

    /// Makes it refer to what another one refers to.
    func copy(_ other: DescriptorRecord) {
        openFlags = other.openFlags
        isConnected = other.isConnected
        isBound = other.isBound
        storedRole = other.storedRole
        storedRemote = other.storedRemote
        storedKind = other.storedKind
        storedName.replace(with: other.storedName)
        storedProtocol = other.storedProtocol
        storedLocal = other.storedLocal
        storedInode = other.storedInode
        storedDevice = other.storedDevice
        processID = other.processID
        toldLayer = other.toldLayer
        isSocketRead = other.isSocketRead
    }
}
