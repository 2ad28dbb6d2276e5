import CKernel
import Glibc

/// What the kernel knows of a path without asking a server for it (AT_STATX_DONT_SYNC, statx(2)).
public struct PathStatus: Sendable, Equatable {
    /// Type and permission bits.
    public var mode: UInt32
    /// Owner.
    public var uid: UInt32
    /// Group.
    public var gid: UInt32
    /// Number of hard links.
    public var links: UInt32
    /// Inode number.
    public var inode: UInt64
    /// Device number (`st_dev`).
    public var device: UInt64
    /// Size in bytes.
    public var size: Int64
    /// Last change of the inode, nanoseconds since the epoch.
    public var changeTimeNanoseconds: UInt64
    /// Last change of the content, nanoseconds since the epoch.
    public var modificationTimeNanoseconds: UInt64

    init(_ status: shrike_path_status) {
        mode = status.mode
        uid = status.uid
        gid = status.gid
        links = status.links
        inode = status.inode
        device = status.device
        size = status.size
        changeTimeNanoseconds = status.change_time
        modificationTimeNanoseconds = status.modification_time
    }

    /// Looks at a NUL-terminated path; links are followed. Only for paths on which nobody else can have put a link.
    public init?(following path: UnsafePointer<CChar>) {
        var status = shrike_path_status()
        guard shrike_status_of_path(path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// Looks at a path below a directory of which a part may be another's: no symbolic link is followed and no other mount
    /// entered.
    public init?(of path: some Sequence<UInt8>, beneath directory: [UInt8]) {
        let start = open(directory.map { CChar(bitPattern: $0) } + [0], Self.pathOnly | O_DIRECTORY | O_CLOEXEC)
        guard start >= 0 else { return nil }
        defer { _ = close(start) }
        let opened = shrike_open_beneath(start, path.map { CChar(bitPattern: $0) } + [0])
        guard opened >= 0 else { return nil }
        defer { _ = close(opened) }
        var status = shrike_path_status()
        guard shrike_path_status(opened, &status) == 0 else { return nil }
        self.init(status)
    }

    /// O_PATH, asm-generic/fcntl.h: x86-64 and arm64 share it, Glibc's module hides it (_GNU_SOURCE).
    private static let pathOnly: Int32 = 0o10000000
}
