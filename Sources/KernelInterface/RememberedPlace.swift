import CKernel
import Glibc

/// What a name leads to as far as the kernel remembers: nobody is asked and nothing waited for, so any name may be followed.
public enum RememberedPlace {
    /// O_PATH, asm-generic/fcntl.h: x86-64 and arm64 share it, Glibc's module hides it (_GNU_SOURCE).
    private static let pathOnly: Int32 = 0o10000000

    /// Follows a name, symbolic links too, from a directory that stands for the root, out of which nothing leads (openat2(2),
    /// RESOLVE_CACHED and RESOLVE_IN_ROOT). The descriptor only names what was found. Nil where it isn't found, and before Linux 5.12.
    public static func follow(_ name: [UInt8], below root: UnsafePointer<CChar>) -> FileDescriptor? {
        guard !name.isEmpty, !name.contains(0) else { return nil }
        let start = open(root, pathOnly | O_DIRECTORY | O_CLOEXEC)
        guard start >= 0 else { return nil }
        defer { _ = close(start) }
        let found = shrike_open_remembered(start, name.map { CChar(bitPattern: $0) } + [0])
        return found < 0 ? nil : FileDescriptor(owning: found)
    }
}
