import CKernel
import Glibc

/// What the kernel tells of our own descriptors and namespaces.
public enum DescriptorFacts {
    /// Whether there is something to read, or the other end has gone.
    public static func isReadable(_ descriptor: Int32) -> Bool {
        var one = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&one, 1, 0) > 0
    }

    /// Writes the path of one of our own descriptors into `buffer` and gives its length; nil when it has none.
    public static func path(of descriptor: Int32, into buffer: inout [UInt8]) -> Int? {
        let count = shrike_descriptor_path(descriptor, &buffer, buffer.count)
        return count >= 0 ? Int(count) : nil
    }

    /// The path of one of our own descriptors; nil when it has none.
    public static func path(of descriptor: Int32) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        guard let count = path(of: descriptor, into: &buffer) else { return nil }
        return Array(buffer[..<count])
    }

    /// What fstat(2) tells, without asking a server that may never answer; nil when it fails.
    public static func status(of descriptor: Int32) -> FileFacts? {
        var status = shrike_path_status()
        return shrike_path_status(descriptor, &status) == 0 ? FileFacts(status) : nil
    }

    /// The magic number of the file system that a descriptor is on (linux/magic.h); nil when the kernel does not tell.
    public static func filesystemMagic(of descriptor: Int32) -> UInt32? {
        UInt32(exactly: shrike_filesystem_magic(descriptor))
    }

    /// The inode number of the initial user namespace (PROC_USER_INIT_INO, linux/proc_ns.h).
    public static let initialUserNamespace: UInt64 = 0xefff_fffd
    /// The same of the pid namespace (PROC_PID_INIT_INO).
    public static let initialPIDNamespace: UInt64 = 0xefff_fffc

    /// The inode number of our own namespace of a kind (`pid`, `user`); nil when /proc does not tell.
    public static func namespaceInode(_ kind: String, of process: String = "self") -> UInt64? {
        var status = stat()
        guard stat("/proc/\(process)/ns/\(kind)", &status) == 0 else { return nil }
        return UInt64(status.st_ino)
    }
}
