import CKernel
import Glibc

/// What the kernel tells of our own descriptors and namespaces.
public enum DescriptorFacts {
    /// Writes the path of one of our own descriptors into `buffer` and gives its length; nil when it has none.
    public static func path(of descriptor: Int32, into buffer: inout [UInt8]) -> Int? {
        let count = shrike_descriptor_path(descriptor, &buffer, buffer.count)
        return count >= 0 ? Int(count) : nil
    }

    /// `fstat`; nil when it fails.
    public static func status(of descriptor: Int32) -> stat? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status : nil
    }

    /// The inode numbers of the initial namespaces (PROC_USER_INIT_INO and PROC_PID_INIT_INO, linux/proc_ns.h).
    public static let initialUserNamespace: UInt64 = 0xefff_fffd
    public static let initialPIDNamespace: UInt64 = 0xefff_fffc

    /// The inode number of our own namespace of a kind (`pid`, `user`); nil when /proc does not tell.
    public static func namespaceInode(_ kind: String) -> UInt64? {
        var status = stat()
        guard stat("/proc/self/ns/\(kind)", &status) == 0 else { return nil }
        return UInt64(status.st_ino)
    }
}
