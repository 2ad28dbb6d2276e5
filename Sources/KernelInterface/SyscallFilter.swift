import CSeccomp
import Glibc

/// A seccomp allow-list (seccomp(2)): what is not on it fails with EPERM, and what only an intruder would want ends the
/// process.
public struct SyscallFilter: Sendable {
    /// What happens to a call that is not on the list.
    public enum Refusal: Sendable {
        /// It fails with EPERM.
        case silent
        /// It fails with EPERM, and `SyscallViolations` tells of it.
        case noted
    }

    /// A condition on one argument.
    public struct Condition: Sendable {
        /// The argument's number, from 0.
        public var argument: UInt32
        /// The bits that are looked at.
        public var mask: UInt64
        /// What they must be.
        public var value: UInt64

        /// The bits of `mask` in an argument must have this value.
        public init(argument: UInt32, mask: UInt64, equals value: UInt64) {
            (self.argument, self.mask, self.value) = (argument, mask, value)
        }
    }

    private var allowed: [(name: String, conditions: [Condition])] = []
    private var fatal: [String] = []
    private var absent: [String] = []

    private let refusal: Refusal

    /// A filter that allows nothing yet.
    public init(refusal: Refusal = .silent) { self.refusal = refusal }

    /// Allows system calls whatever their arguments.
    public mutating func allow(_ names: [String]) { allowed += names.map { ($0, []) } }
    /// Allows a system call where all conditions hold; several of one call are alternatives.
    public mutating func allow(_ name: String, where conditions: Condition...) { allowed.append((name, conditions)) }
    /// Ends the process that tries them.
    public mutating func kill(_ names: [String]) { fatal += names }
    /// Lets them seem to be missing from the kernel (ENOSYS), so that a library takes the older way.
    public mutating func hide(_ names: [String]) { absent += names }

    // The header has them as macros with arguments (libseccomp, seccomp.h).
    private static let allowAction: UInt32 = 0x7fff_0000
    private static let trapAction: UInt32 = 0x0003_0000
    private static let killAction: UInt32 = 0x8000_0000
    private static func errnoAction(_ number: Int32) -> UInt32 { 0x0005_0000 | UInt32(number) & 0xffff }

    /// Puts the filter over every thread of the process, for good. It sets no_new_privs.
    public func install() throws(KernelError) {
        if refusal == .noted { try SyscallViolations.note() }
        guard let context = seccomp_init(refusal == .noted ? Self.trapAction : Self.errnoAction(EPERM)) else {
            throw KernelError(call: "seccomp_init", object: "", errno: ENOMEM)
        }
        defer { seccomp_release(context) }
        for rule in allowed { try add(rule.name, Self.allowAction, rule.conditions, to: context) }
        for name in fatal { try add(name, Self.killAction, [], to: context) }
        for name in absent { try add(name, Self.errnoAction(ENOSYS), [], to: context) }
        // Without it the other threads would be the way out.
        let synchronized = seccomp_attr_set(context, SCMP_FLTATR_CTL_TSYNC, 1)
        guard synchronized == 0 else {
            throw KernelError(call: "seccomp_attr_set", object: "TSYNC", errno: -synchronized)
        }
        let result = seccomp_load(context)
        guard result == 0 else { throw KernelError(call: "seccomp", object: "SET_MODE_FILTER", errno: -result) }
    }

    private func add(_ name: String, _ action: UInt32, _ conditions: [Condition], to context: scmp_filter_ctx)
        throws(KernelError)
    {
        let number = seccomp_syscall_resolve_name(name)
        // A call that this architecture or this libseccomp does not know can't be made, or stays forbidden.
        guard number != -1 else { return }
        let comparisons = conditions.map {
            scmp_arg_cmp(arg: $0.argument, op: SCMP_CMP_MASKED_EQ, datum_a: $0.mask, datum_b: $0.value)
        }
        let result = seccomp_rule_add_array(context, action, number, UInt32(comparisons.count), comparisons)
        guard result == 0 else { throw KernelError(call: "seccomp_rule_add", object: name, errno: -result) }
    }
}
