import CKernel
import Glibc

/// A file or directory opened only to be named (O_PATH): its identity, its true path, and what a mark goes on.
public struct MarkTarget: ~Copyable {
    private let descriptor: FileDescriptor

    /// Opens a path (bytes without a NUL) below the root directory that `root` is open on, as a process with that root
    /// would see it: no symbolic link leads out. AT_FDCWD stands for our own root.
    public init(path: [UInt8], root: Int32 = AT_FDCWD) throws(KernelError) {
        guard !path.contains(0) else {
            throw KernelError(call: "openat2", object: String(decoding: path, as: UTF8.self), errno: EINVAL)
        }
        let pathOnly: Int32 = 0o10000000
        var terminated = path.map { CChar(bitPattern: $0) }
        terminated.append(0)
        let opened = shrike_open_in_root(root, terminated, pathOnly | O_CLOEXEC)
        guard opened >= 0 else {
            throw KernelError(call: "openat2", object: String(decoding: path, as: UTF8.self), errno: -opened)
        }
        descriptor = FileDescriptor(owning: opened)
    }

    init(owning descriptor: consuming FileDescriptor) { self.descriptor = descriptor }

    /// The descriptor, for calls that take one.
    public var rawValue: Int32 { descriptor.rawValue }

    /// What fstat(2) tells, without asking a server; nil when it fails.
    public var status: FileFacts? { DescriptorFacts.status(of: descriptor.rawValue) }

    /// What the kernel knows of it without asking a server; nil when it doesn't tell.
    public var pathStatus: PathStatus? {
        var status = shrike_path_status()
        return shrike_path_status(descriptor.rawValue, &status) == 0 ? PathStatus(status) : nil
    }

    /// The magic number of its file system; nil when the kernel does not tell.
    public var filesystemMagic: UInt32? { DescriptorFacts.filesystemMagic(of: descriptor.rawValue) }

    /// The path without symbolic links, as the kernel shows it.
    public var path: [UInt8]? { DescriptorFacts.path(of: descriptor.rawValue) }

    /// The names of the directories directly below this one, at most `limit`; symbolic links are none.
    public func subdirectories(limit: Int) -> [[UInt8]] {
        // O_PATH descriptors can't be read: opened again, through the link that names the same directory.
        let opened = open("/proc/self/fd/\(descriptor.rawValue)", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else { return [] }
        guard let stream = fdopendir(opened) else {
            _ = close(opened)
            return []
        }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while names.count < limit, let entry = readdir(stream) {
            let type = Int32(entry.pointee.d_type)
            guard type == DT_DIR || type == DT_UNKNOWN else { continue }
            // The kernel ends the name with a NUL, within the entry.
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: UInt8.self, capacity: MemoryLayout.size(ofValue: tuple.pointee)) { start in
                    Array(
                        UnsafeBufferPointer(
                            start: start, count: strlen(UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self))))
                }
            }
            guard name != [0x2e], name != [0x2e, 0x2e] else { continue }
            if type == DT_UNKNOWN {
                var status = stat()
                let found = (name + [0]).map { CChar(bitPattern: $0) }
                guard fstatat(opened, found, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_mode & S_IFMT == S_IFDIR
                else { continue }
            }
            names.append(name)
        }
        return names
    }
}
