/// What a kernel knows of an event when it filters, for `FilterProgram.alternatives`.
///
/// Nil is "not known", and stops nothing. A value that is given must be one that the rules' fields will have: where a field may
/// come to have several values, or the kernel isn't sure which, all of them are given, and one that fits is enough. An empty list is
/// wrong where a field may have a value; then nil is right.
public struct FilterInput: Sendable {
    /// The longest command name that the kernel keeps: TASK_COMM_LEN without the NUL.
    public static let commandLength = 15

    /// The event's type.
    public var type: EventType
    /// Whether the call failed (`evt.rawres`, `evt.res`).
    public var isFailed: Bool?
    /// The open flags & O_ACCMODE, 0 to 3.
    public var accessMode: UInt8?
    /// Whether the process is in a container (`container.id`).
    public var isInContainer: Bool?
    /// The effective user id that `user.uid` will have.
    public var user: UInt32?
    /// What the event's descriptor can be to `fd.type`: families of sockets, 0 for what is no socket.
    public var families: [UInt16]?
    /// The ports that `fd.sport` can have; of a failed connect the one that was asked for.
    public var ports: [UInt16]?
    /// The addresses that `fd.sip` can have: 4 or 16 bytes in network order, IPv4-mapped ones as IPv4.
    public var addresses: [[UInt8]]?
    /// The thread's command name, at most `commandLength` bytes (`proc.name`).
    public var command: [UInt8]?
    /// The paths that `proc.exepath` can have.
    public var executables: [[UInt8]]?
    /// The names that `fd.name` can have for a file that an open opened, or failed to: the true path, the absolute form of the
    /// name that was asked for, and those by which rules know the inode. Nil when one of them is cut or not known.
    public var files: [[UInt8]]?
    /// The texts that the call's path arguments can have: as passed, with repeated slashes made one, and in absolute form. Nil when
    /// one of them is cut or not known.
    public var names: [[UInt8]]?
    /// The call's arguments by their position among `EventType.arguments`, as the caller passed them; nil for those not known.
    public var arguments: [UInt64?]

    /// An event of which nothing else is known.
    public init(type: EventType) {
        self.type = type
        arguments = []
    }
}
