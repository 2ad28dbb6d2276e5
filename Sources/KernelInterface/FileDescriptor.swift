import Glibc

/// A file descriptor with one owner; closed when the owner goes.
public struct FileDescriptor: ~Copyable {
    /// The descriptor's number, for calls that take one; stays owned here.
    public let rawValue: Int32

    /// Takes over an open descriptor.
    public init(owning rawValue: Int32) { self.rawValue = rawValue }

    /// Gives up ownership without closing; who calls closes it.
    public consuming func release() -> Int32 {
        let number = rawValue
        discard self
        return number
    }

    deinit { _ = close(rawValue) }
}
