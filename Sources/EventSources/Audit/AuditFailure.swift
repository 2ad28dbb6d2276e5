import Glibc
import KernelInterface

/// Why audit does not do what was asked: what is wrong, and what would mend it.
public struct AuditFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong.
    public var reason: String
    /// What the user can do about it; empty when nothing.
    public var fix: String
    /// The kernel's error, 0 when there is none.
    public var errorNumber: Int32

    /// A failure from its parts.
    public init(reason: String, fix: String = "", errorNumber: Int32 = 0) {
        self.reason = reason
        self.fix = fix
        self.errorNumber = errorNumber
    }

    init(_ error: KernelError) {
        self.init(reason: error.description, fix: error.hint ?? "", errorNumber: error.errno)
    }

    /// `reason; fix`.
    public var description: String { fix.isEmpty ? reason : "\(reason); \(fix)" }
}
