public import KernelInterface

/// What the node's state reads from the kernel and the file system (/proc, account files, bundles). `HostFiles` is the real
/// one; tests script their own. Paths are NUL-terminated bytes in a reused buffer. Every failed call gives false or nil and
/// means "not there, not readable or not what was asked for": the state treats all of them alike and counts.
///
/// No call waits for a server (FUSE, NFS) without a time limit: the event thread makes them.
public protocol NodeFiles: AnyObject {
    /// Whether nothing is ever there: no path need be made.
    var isEmpty: Bool { get }
    /// What time it is for who reads now, nanoseconds since the epoch; nil where that is the event's.
    var wallNanoseconds: UInt64? { get }
    /// Replaces `buffer` with up to `limit` bytes of a file. Only for files that the kernel or root makes.
    func read(_ path: PathBuffer, upTo limit: Int, into buffer: inout [UInt8]) -> Bool
    /// Replaces `buffer` with a regular file of at most `limit` bytes that nobody but root can have put there
    /// (`PlaceOfRoot`); `root` is the directory that the path starts from.
    func readOfRoot(_ path: [UInt8], below root: [UInt8], upTo limit: Int, into buffer: inout [UInt8]) -> Bool
    /// Whether nobody but root can have put what is at the path there.
    func isOfRoot(_ path: [UInt8], below root: [UInt8]) -> Bool
    /// What is known of a path that nobody but root can write, nor any directory on the way to it, a sticky one included; nil
    /// for others.
    func statusOfRootAlone(_ path: [UInt8], below root: [UInt8]) -> FileStatus?
    /// Replaces `buffer` with a regular file below a root directory that an attacker may own (a container's):
    /// no symbolic link below the root is followed, nothing but a regular file of at most `limit` bytes is opened. Given up
    /// after some milliseconds.
    func readBeneath(
        root: PathBuffer, components: [StaticString], upTo limit: Int, into buffer: inout [UInt8]
    ) -> FileStatus?
    /// Replaces `buffer` with a symbolic link's text.
    func readLink(_ path: PathBuffer, into buffer: inout [UInt8]) -> Bool
    /// What is known of a path, links followed. Only for paths that the kernel or root makes.
    func status(_ path: PathBuffer) -> FileStatus?
    /// What is known of a path on which others may have put links and mounts: links are followed, and no file system is entered that a
    /// program answers for (FUSE), since that may never come to an end.
    func statusUnlessProgram(_ path: PathBuffer) -> FileStatus?
    /// What is known of a path below a directory: no symbolic link is followed, no other mount entered.
    func status(of path: ArraySlice<UInt8>, beneath directory: [UInt8]) -> FileStatus?
    /// Replaces `buffer` with the true path of what a name leads to, links followed, from a directory that stands for the root. Only what
    /// the kernel remembers: nobody is asked, so any name may be followed.
    func follow(_ name: [UInt8], below root: PathBuffer, into buffer: inout [UInt8]) -> FileStatus?
    /// Replaces `numbers` with the entries of a directory whose names are decimal numbers (/proc, /proc/PID/fd), the first `limit` of
    /// them at most: a process decides how many descriptors it has.
    func listNumbers(_ path: PathBuffer, limit: Int, into numbers: inout [Int32]) -> Bool
    /// The names of a directory's entries, at most `limit`, without `.` and `..`; nil when it can't be read.
    func listNames(_ path: PathBuffer, limit: Int) -> [[UInt8]]?
    /// Calls with each header of RPM's database at a path that nobody but root can have put there; false where it can't be read to its
    /// end. Only for a thread that may wait.
    func forEachRPMHeader(_ path: [UInt8], below root: [UInt8], _ body: (ArraySlice<UInt8>) -> Void) -> Bool
    /// What the kernel says of a socket that a process has open. Given up after some milliseconds.
    func socket(_ number: Int32, of pid: Int32) -> ForeignSocket?
    /// Begins to look at the packages' file lists, on a thread that can be given up. False, and nothing begun, while one look is
    /// under way.
    func beginPackages(_ request: PackageRequest) -> Bool
    /// What a look that was begun found, once; nil while it is under way. Never waits.
    func takePackages() -> PackageAnswer?
    /// When the list that names a file was written, nanoseconds since the epoch; nil for a file of no package.
    func packageTime(of path: [UInt8], in table: PackageTable) -> UInt64?
}

/// For scripted files: they are all root's, and there are no sockets.
extension NodeFiles {
    /// There is something.
    public var isEmpty: Bool { false }
    /// There are no links.
    public func follow(_ name: [UInt8], below root: PathBuffer, into buffer: inout [UInt8]) -> FileStatus? { nil }
    /// It is the event's time.
    public var wallNanoseconds: UInt64? { nil }
    /// Reads like any other file.
    public func readOfRoot(_ path: [UInt8], below root: [UInt8], upTo limit: Int, into buffer: inout [UInt8]) -> Bool {
        var whole = PathBuffer()
        whole.append(root)
        whole.append(path)
        return read(whole, upTo: limit, into: &buffer)
    }
    /// Everything is root's.
    public func isOfRoot(_ path: [UInt8], below root: [UInt8]) -> Bool { true }
    /// Like any other path.
    public func statusUnlessProgram(_ path: PathBuffer) -> FileStatus? { status(path) }
    /// Like any other path.
    public func statusOfRootAlone(_ path: [UInt8], below root: [UInt8]) -> FileStatus? {
        guard isOfRoot(path, below: root) else { return nil }
        var whole = PathBuffer()
        whole.append(root)
        whole.append(path)
        return status(whole)
    }
    /// There is no such database.
    public func forEachRPMHeader(_ path: [UInt8], below root: [UInt8], _ body: (ArraySlice<UInt8>) -> Void) -> Bool {
        false
    }
    /// There are no packages.
    public func beginPackages(_ request: PackageRequest) -> Bool { false }
    /// None were looked for.
    public func takePackages() -> PackageAnswer? { nil }
    /// The table knows it.
    public func packageTime(of path: [UInt8], in table: PackageTable) -> UInt64? {
        table.listTime(of: PackagePath(path))
    }
    /// Like any other path.
    public func status(of path: ArraySlice<UInt8>, beneath directory: [UInt8]) -> FileStatus? {
        var whole = PathBuffer()
        whole.append(directory)
        whole.append("/")
        whole.append(path)
        return status(whole)
    }
    /// None is known.
    public func socket(_ number: Int32, of pid: Int32) -> ForeignSocket? { nil }
}

/// The parts of `struct stat` that the state needs.
public struct FileStatus: Sendable, Equatable {
    /// Device number of the file system (`st_dev`).
    public var device: UInt64 = 0
    /// The kernel's own device number for it, where that was asked for and is another one.
    public var kernelDevice: UInt64 = 0
    /// Inode number.
    public var inode: UInt64 = 0
    /// Type and permission bits.
    public var mode: UInt32 = 0
    /// Owner.
    public var uid: UInt32 = 0
    /// Group.
    public var gid: UInt32 = 0
    /// Number of hard links.
    public var links: UInt64 = 0
    /// Size in bytes.
    public var size: Int64 = 0
    /// Last change of the inode, nanoseconds since the epoch.
    public var changeTimeNanoseconds: UInt64 = 0
    /// Last change of the content, nanoseconds since the epoch.
    public var modificationTimeNanoseconds: UInt64 = 0

    /// All zero.
    public init() {}
}
