import Glibc
import KernelInterface

/// A file that holds the daemon's process id while it runs.
struct PIDFile {
    private let path: String

    /// Writes the file. A symbolic link is not followed: the directory may be one that others write to.
    init(_ path: String) throws(KernelError) {
        self.path = path
        let number = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard number >= 0 else { throw KernelError(call: "open", object: path, errno: errno) }
        let file = FileDescriptor(owning: number)
        let text = "\(getpid())\n"
        let written = text.utf8.withContiguousStorageIfAvailable { write(file.rawValue, $0.baseAddress, $0.count) }
        guard written == text.utf8.count else { throw KernelError(call: "write", object: path, errno: errno) }
    }

    /// Removes the file.
    func remove() { unlink(path) }
}
