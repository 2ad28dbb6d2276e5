import Glibc

/// What tells one content of a file from another: equal marks, the same file.
public struct FileMark: Equatable {
    /// The path at which it was looked for.
    public var path: String
    /// Whether there is a file.
    public var exists = false
    private var device: UInt64 = 0
    private var inode: UInt64 = 0
    private var size: Int64 = 0
    private var changeSeconds: Int = 0
    private var changeNanoseconds: Int = 0

    /// The file at `path` as it is now; links are followed.
    public init(_ path: String) {
        self.path = path
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        exists = true
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        changeSeconds = status.st_ctim.tv_sec
        changeNanoseconds = status.st_ctim.tv_nsec
    }

    /// Whether both are one file, whatever was written to it in between.
    public func isSameFile(as other: FileMark) -> Bool {
        exists && other.exists && device == other.device && inode == other.inode
    }
}
