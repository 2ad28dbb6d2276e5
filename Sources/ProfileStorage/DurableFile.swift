import Glibc
public import KernelInterface

/// Files that are there as a whole or not at all, also after a crash.
public enum DurableFile {
    /// Puts bytes in the place of a file: beside it first, on the disk, then under its name (rename(2) is atomic).
    public static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o600) throws(KernelError) {
        let beside = path + ".new"
        // One that a crash left.
        _ = unlink(beside)
        let number = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, mode)
        guard number >= 0 else { throw KernelError(call: "open", object: beside, errno: errno) }
        do throws(KernelError) {
            let file = FileDescriptor(owning: number)
            try write(bytes, file.rawValue, beside)
            guard fsync(file.rawValue) == 0 else { throw KernelError(call: "fsync", object: beside, errno: errno) }
            guard rename(beside, path) == 0 else { throw KernelError(call: "rename", object: path, errno: errno) }
        } catch {
            _ = unlink(beside)
            throw error
        }
        try synchronize(directoryOf: path)
    }

    /// Removes a file, if it is there.
    public static func remove(_ path: String) throws(KernelError) {
        guard unlink(path) == 0 || errno == ENOENT else {
            throw KernelError(call: "unlink", object: path, errno: errno)
        }
        try synchronize(directoryOf: path)
    }

    /// Reads a regular file that only root and this process' user can change; nil when there is none.
    ///
    /// - Parameter limit: bytes; a larger one is refused.
    public static func read(_ path: String, limit: Int) throws(KernelError) -> (bytes: [UInt8], status: stat)? {
        let number = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK)
        guard number >= 0 else {
            if errno == ENOENT { return nil }
            throw KernelError(call: "open", object: path, errno: errno)
        }
        let file = FileDescriptor(owning: number)
        var status = stat()
        guard fstat(file.rawValue, &status) == 0 else { throw KernelError(call: "fstat", object: path, errno: errno) }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_uid == 0 || status.st_uid == geteuid(),
            status.st_mode & (S_IWGRP | S_IWOTH) == 0
        else {
            throw KernelError(
                call: "read", object: path, errno: EPERM,
                hint:
                    "expected a file that root or the user of Shrike owns and that nobody else can write: chmod go-w \(path)"
            )
        }
        guard status.st_size <= limit else {
            throw KernelError(call: "read", object: path, errno: EFBIG, hint: "at most \(limit) bytes are read")
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= limit {
            let count = Glibc.read(file.rawValue, &chunk, chunk.count)
            if count == 0 { return (bytes, status) }
            if count < 0 {
                if errno == EINTR { continue }
                throw KernelError(call: "read", object: path, errno: errno)
            }
            bytes.append(contentsOf: chunk[..<count])
        }
        throw KernelError(call: "read", object: path, errno: EFBIG, hint: "at most \(limit) bytes are read")
    }

    private static func write(_ bytes: [UInt8], _ number: Int32, _ path: String) throws(KernelError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw KernelError(call: "write", object: path, errno: count < 0 ? errno : ENOSPC) }
            rest = rest.dropFirst(count)
        }
    }

    private static func synchronize(directoryOf path: String) throws(KernelError) {
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let number = open(directory.isEmpty ? "/" : directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw KernelError(call: "open", object: directory, errno: errno) }
        let file = FileDescriptor(owning: number)
        guard fsync(file.rawValue) == 0 else { throw KernelError(call: "fsync", object: directory, errno: errno) }
    }
}
