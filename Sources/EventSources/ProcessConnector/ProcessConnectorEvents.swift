/// The events of the process connector as a mask (`PROC_EVENT_…`, linux/cn_proc.h).
public struct ProcessConnectorEvents: OptionSet, Sendable, Hashable {
    /// The bits.
    public let rawValue: UInt32
    /// Any bits, unknown ones too.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// A process or thread was made.
    public static let fork = Self(rawValue: 0x1)
    /// A process replaced its program.
    public static let exec = Self(rawValue: 0x2)
    /// User ids changed.
    public static let uid = Self(rawValue: 0x4)
    /// Group ids changed.
    public static let gid = Self(rawValue: 0x40)
    /// A process became a session's leader.
    public static let sid = Self(rawValue: 0x80)
    /// A tracer attached or let go.
    public static let ptrace = Self(rawValue: 0x100)
    /// A thread changed its name.
    public static let comm = Self(rawValue: 0x200)
    /// A process dumped core.
    public static let coredump = Self(rawValue: 0x4000_0000)
    /// A process or thread ended.
    public static let exit = Self(rawValue: 0x8000_0000)

    /// Every event that is understood here.
    public static let known: Self = [.fork, .exec, .uid, .gid, .sid, .ptrace, .comm, .coredump, .exit]
}
