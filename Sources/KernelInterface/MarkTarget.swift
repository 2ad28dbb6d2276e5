import CKernel
import Glibc

/// A file or directory opened only to be named (O_PATH): its identity, its true path, and what a mark goes on.
public struct MarkTarget: ~Copyable {
    private let descriptor: FileDescriptor

    /// Opens a path below a root directory as a process with that root would see it; nil root: our own.
    public init(path: String, root: borrowing FileDescriptor) throws(KernelError) {
        try self.init(path: path, rootDescriptor: root.rawValue)
    }

    /// Opens a path of our own mount namespace.
    public init(path: String) throws(KernelError) {
        try self.init(path: path, rootDescriptor: AT_FDCWD)
    }

    private init(path: String, rootDescriptor: Int32) throws(KernelError) {
        let pathOnly: Int32 = 0o10000000
        let opened = shrike_open_in_root(rootDescriptor, path, pathOnly | O_CLOEXEC)
        guard opened >= 0 else { throw KernelError(call: "openat2", object: path, errno: -opened) }
        descriptor = FileDescriptor(owning: opened)
    }

    /// The descriptor, for calls that take one.
    public var rawValue: Int32 { descriptor.rawValue }

    /// What `fstat` tells; nil when it fails.
    public var status: stat? { DescriptorFacts.status(of: descriptor.rawValue) }

    /// The path without symbolic links, as the kernel shows it.
    public var path: String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        guard let count = DescriptorFacts.path(of: descriptor.rawValue, into: &buffer) else { return nil }
        return String(validating: buffer[..<count], as: UTF8.self)
    }
}
