import CKernel
import Glibc

/// What `fstat` tells of a file, as far as it is asked for.
public struct FileFacts: Sendable, Equatable {
    /// The device that the file is on, as a number that user space has.
    public let device: UInt64
    /// The inode number.
    public let inode: UInt64
    /// Kind and permissions (`st_mode`).
    public let mode: UInt32
    /// The owner.
    public let uid: UInt32
    /// How many names it has.
    public let links: UInt64
    /// When its content, or a directory's names, last changed.
    public let modificationSeconds: Int
    /// The rest of that time.
    public let modificationNanoseconds: Int

    init(_ status: shrike_path_status) {
        device = status.device
        inode = status.inode
        mode = status.mode
        uid = status.uid
        links = UInt64(status.links)
        modificationSeconds = Int(clamping: status.modification_time / 1_000_000_000)
        modificationNanoseconds = Int(status.modification_time % 1_000_000_000)
    }

    /// Whether it is a directory.
    public var isDirectory: Bool { mode & S_IFMT == S_IFDIR }
}
