import Glibc

/// A failed system call: which, on what, with what errno, and what the user can do about it.
public struct KernelError: Error, CustomStringConvertible, Sendable {
    /// The call's name, e.g. `bind`.
    public var call: String
    /// What it was called on, e.g. `NETLINK_AUDIT`.
    public var object: String
    /// The errno.
    public var errno: Int32
    /// What is needed or how to mend it.
    public var hint: String?

    /// A failed call.
    public init(call: String, object: String, errno: Int32, hint: String? = nil) {
        self.call = call
        self.object = object
        self.errno = errno
        self.hint = hint
    }

    /// `bind(NETLINK_AUDIT): Operation not permitted; needs CAP_AUDIT_READ`.
    public var description: String {
        let reason = String(cString: strerror(errno))
        return "\(call)(\(object)): \(reason)" + (hint.map { "; \($0)" } ?? "")
    }
}
