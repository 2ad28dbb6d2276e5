import Configuration
import Glibc
import KernelInterface

/// A file that holds the daemon's process id while it runs.
struct PIDFile {
    private let path: String
    private static let hint = "--pidfile must name a file in a directory that exists and may be written"

    /// Writes the file. A symbolic link is not followed: the directory may be one that others write to.
    init(_ path: String) throws(KernelError) {
        self.path = path
        let number = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard number >= 0 else { throw KernelError(call: "open", object: path, errno: errno, hint: Self.hint) }
        let file = FileDescriptor(owning: number)
        let text = "\(getpid())\n"
        let written = text.utf8.withContiguousStorageIfAvailable { write(file.rawValue, $0.baseAddress, $0.count) }
        guard written == text.utf8.count else { throw KernelError(call: "write", object: path, errno: errno) }
    }

    /// What would keep a run from writing the file, as far as it shows without writing it.
    static func problems(_ path: String?) -> [String] {
        guard let path else { return [] }
        let directory = Configuration.directory(of: path)
        let place = access(path, F_OK) == 0 ? path : directory
        guard access(place, W_OK) != 0 else { return [] }
        return ["\(KernelError(call: "open", object: path, errno: errno, hint: hint))"]
    }

    /// Removes the file.
    func remove() { unlink(path) }
}
