import Glibc
import KernelInterface

/// Where programs and libraries are read from.
public protocol ProgramFiles {
    /// The bytes of a regular file; nil when there is nothing of that name. `tooLarge` beyond the limit, `unreadable` for what is no
    /// regular file or may not be read.
    func read(_ path: String, upTo limit: Int) throws(ImageError) -> [UInt8]?
}

/// The files below a root directory, as a process with that root sees them: no symbolic link leads out of it (openat2(2),
/// RESOLVE_IN_ROOT).
public final class RootedFiles: ProgramFiles {
    private let root: FileDescriptor

    /// The files below a directory.
    public init(root path: String) throws(KernelError) {
        let opened = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else { throw KernelError(call: "open", object: path, errno: errno) }
        root = FileDescriptor(owning: opened)
    }

    /// Opens nothing but a regular file.
    public func read(_ path: String, upTo limit: Int) throws(ImageError) -> [UInt8]? {
        let target: MarkTarget
        do throws(KernelError) { target = try MarkTarget(path: Array(path.utf8), root: root.rawValue) } catch {
            if error.errno == ENOENT || error.errno == ENOTDIR { return nil }
            throw .unreadable(String(cString: strerror(error.errno)))
        }
        guard let facts = target.status else { throw .unreadable("its kind can't be told") }
        guard facts.mode & S_IFMT == S_IFREG else {
            throw .unreadable(
                facts.mode & S_IFMT == S_IFDIR ? "a directory, expected a file" : "no regular file, expected one")
        }
        // That very file, through the link that names it.
        let opened = open("/proc/self/fd/\(target.rawValue)", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard opened >= 0 else { throw .unreadable(String(cString: strerror(errno))) }
        let file = FileDescriptor(owning: opened)
        var status = stat()
        guard fstat(file.rawValue, &status) == 0 else { throw .unreadable(String(cString: strerror(errno))) }
        let size = Int(status.st_size)
        guard size <= limit else { throw .tooLarge("\(size) bytes, looked at are at most \(limit)") }
        var bytes = [UInt8](repeating: 0, count: size)
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes { space in
                Glibc.read(file.rawValue, space.baseAddress.map { $0 + count }, space.count - count)
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { break }
            count += got
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }
}
