import Glibc

/// A file that is read in order: a log, a pipe, standard input.
public struct LogFile: ~Copyable {
    /// What says that two names are one file.
    public struct Identity: Sendable, Equatable {
        /// The file system's device number.
        public let device: UInt64
        /// The inode number.
        public let inode: UInt64
    }

    /// The path as given.
    public let path: String
    private let descriptor: FileDescriptor

    /// Opens a file; `-` is standard input.
    public init(path: String) throws(KernelError) {
        let number = path == "-" ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard number >= 0 else {
            throw KernelError(call: "open", object: path, errno: Glibc.errno, hint: LogFile.hint(Glibc.errno))
        }
        if let status = LogFile.status(of: number), status.st_mode & S_IFMT == S_IFDIR {
            close(number)
            throw KernelError(call: "open", object: path, errno: EISDIR, hint: "expected a file")
        }
        self.path = path
        descriptor = FileDescriptor(owning: number)
    }

    /// The descriptor's number, to wait for; stays owned here.
    public var rawValue: Int32 { descriptor.rawValue }

    /// Whether the file is a regular one: always readable, its end may move.
    public var isRegular: Bool {
        LogFile.status(of: descriptor.rawValue).map { $0.st_mode & S_IFMT == S_IFREG } ?? false
    }
    /// The file's size now, 0 when it can't be told.
    public var size: Int64 { LogFile.status(of: descriptor.rawValue).map { Int64($0.st_size) } ?? 0 }
    /// The file's identity; nil when it can't be told.
    public var identity: Identity? { LogFile.status(of: descriptor.rawValue).map(LogFile.identity) }

    /// The identity of the file that has a name now; nil when none has.
    public static func identity(ofPath path: String) -> Identity? {
        var status = stat()
        return stat(path, &status) == 0 ? identity(status) : nil
    }

    /// Moves to a position from the start.
    public func seek(to position: Int64) { _ = lseek(descriptor.rawValue, off_t(position), SEEK_SET) }

    /// Reads what is there into the buffer; 0 at the end of the file.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(KernelError) -> Int {
        while true {
            let count = Glibc.read(descriptor.rawValue, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            if Glibc.errno == EINTR { continue }
            if Glibc.errno == EAGAIN {
                // Standard input that somebody else made non-blocking.
                var request = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
                _ = poll(&request, 1, -1)
                continue
            }
            throw KernelError(call: "read", object: path, errno: Glibc.errno)
        }
    }

    private static func hint(_ errno: Int32) -> String? {
        errno == EACCES ? "the audit log is readable by root and the group of auditd.conf's log_group only" : nil
    }
    private static func status(of descriptor: Int32) -> stat? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status : nil
    }
    private static func identity(_ status: stat) -> Identity {
        Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }
}
