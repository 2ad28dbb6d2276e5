import CCap
import Glibc

/// A set of capabilities (capabilities(7)), one bit each.
public struct CapabilitySet: OptionSet, Sendable, Hashable {
    /// One bit for each capability, as in the kernel.
    public let rawValue: UInt64
    /// A set from its bits.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The set of the capability with a number (`CAP_…`, linux/capability.h).
    public init(bit: Int) { self.init(rawValue: bit >= 0 && bit < 64 ? 1 << UInt64(bit) : 0) }

    /// `CAP_DAC_READ_SEARCH`.
    public static let dacReadSearch = CapabilitySet(bit: 2)
    /// `CAP_KILL`.
    public static let kill = CapabilitySet(bit: 5)
    /// `CAP_SETGID`.
    public static let setGID = CapabilitySet(bit: 6)
    /// `CAP_SETUID`.
    public static let setUID = CapabilitySet(bit: 7)
    /// `CAP_SETPCAP`.
    public static let setPrivileges = CapabilitySet(bit: 8)
    /// `CAP_NET_ADMIN`.
    public static let netAdmin = CapabilitySet(bit: 12)
    /// `CAP_SYS_PTRACE`.
    public static let sysPtrace = CapabilitySet(bit: 19)
    /// `CAP_SYS_ADMIN`.
    public static let sysAdmin = CapabilitySet(bit: 21)
    /// `CAP_AUDIT_CONTROL`.
    public static let auditControl = CapabilitySet(bit: 30)
    /// `CAP_AUDIT_READ`.
    public static let auditRead = CapabilitySet(bit: 37)
    /// `CAP_PERFMON`.
    public static let perfmon = CapabilitySet(bit: 38)
    /// `CAP_BPF`.
    public static let bpf = CapabilitySet(bit: 39)

    /// The effective capabilities of the calling thread.
    public static func effective() throws(KernelError) -> CapabilitySet { try current(CAP_EFFECTIVE) }
    /// The capabilities that the calling thread may make effective.
    public static func permitted() throws(KernelError) -> CapabilitySet { try current(CAP_PERMITTED) }

    private static func current(_ flag: cap_flag_t) throws(KernelError) -> CapabilitySet {
        guard let state = cap_get_proc() else { throw KernelError(call: "capget", object: "", errno: errno) }
        defer { cap_free(UnsafeMutableRawPointer(state)) }
        var bits: UInt64 = 0
        for bit in 0..<min(Int(cap_max_bits()), 64) {
            var value = CAP_CLEAR
            if cap_get_flag(state, cap_value_t(bit), flag, &value) == 0, value == CAP_SET { bits |= 1 << UInt64(bit) }
        }
        return CapabilitySet(rawValue: bits)
    }

    /// The names of the capabilities in the set in the order of their numbers, as `CAP_SYS_ADMIN`; the bare number of
    /// one that libcap does not know.
    public var names: [String] {
        (0..<64).filter { rawValue >> UInt64($0) & 1 == 1 }.map { bit in
            guard let text = cap_to_name(cap_value_t(bit)) else { return "\(bit)" }
            defer { cap_free(UnsafeMutableRawPointer(text)) }
            return String(cString: text).uppercased()
        }
    }
}
