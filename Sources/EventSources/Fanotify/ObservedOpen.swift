import EventModel

/// An open that fanotify told of, with what is known of it so far.
struct ObservedOpen: Sendable, Equatable {
    var pid: Int32
    var path: [UInt8]
    var device: UInt64
    var inode: UInt64
    var mode: UInt32 = 0
    var uid: UInt32 = 0
    /// The ways of access that a rule can match.
    var wanted: AccessNeed
    var timeNanoseconds: UInt64
    /// The flags of the open, as far as they are known: at least the access mode.
    var flags: Int32 = 0
    /// The descriptor that the process got; nil when it was closed before anybody could look.
    var descriptor: Int32?

    /// The ways of access that the flags stand for.
    var access: AccessNeed {
        switch flags & Self.accessModeMask {
        case Self.writeOnly: .write
        case Self.readWrite: .any
        default: .read
        }
    }

    /// O_ACCMODE, O_WRONLY and O_RDWR (fcntl.h).
    static let accessModeMask: Int32 = 3
    static let readOnly: Int32 = 0
    static let writeOnly: Int32 = 1
    static let readWrite: Int32 = 2
}
