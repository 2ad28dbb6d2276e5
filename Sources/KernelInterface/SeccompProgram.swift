import CKernel
import CSeccomp
import Glibc

/// A seccomp filter as a program for the kernel, made by libseccomp from rules by name.
public final class SeccompProgram {
    /// What a call meets.
    public struct Action: Sendable, Hashable {
        /// `SECCOMP_RET_…` (linux/seccomp.h).
        public let rawValue: UInt32

        /// An action by its number.
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        /// It goes on.
        public static let allow = Action(rawValue: 0x7fff_0000)
        /// It goes on and is told in audit's records.
        public static let log = Action(rawValue: 0x7ffc_0000)
        /// The process gets SIGSYS.
        public static let trap = Action(rawValue: 0x0003_0000)
        /// The thread ends.
        public static let killThread = Action(rawValue: 0)
        /// The process ends.
        public static let killProcess = Action(rawValue: 0x8000_0000)
        /// Somebody else decides (seccomp_unotify(2)).
        public static let notify = Action(rawValue: 0x7fc0_0000)
        /// It fails with this errno.
        public static func errno(_ number: UInt32) -> Action { Action(rawValue: 0x0005_0000 | number & 0xffff) }
        /// A tracer decides.
        public static func trace(_ message: UInt32) -> Action { Action(rawValue: 0x7ff0_0000 | message & 0xffff) }
    }

    /// How an argument is compared (seccomp_rule_add(3), `scmp_compare`).
    public enum Comparison: UInt32, Sendable {
        case notEqual = 1
        case less, lessOrEqual, equal, greaterOrEqual, greater, masked
    }

    /// A condition on one argument.
    public struct Condition: Sendable {
        var raw: (argument: UInt32, comparison: Comparison, value: UInt64, second: UInt64)

        /// An argument, from 0, compared to a value; `second` is what `masked` compares to.
        public init(_ argument: UInt32, _ comparison: Comparison, _ value: UInt64, second: UInt64 = 0) {
            raw = (argument, comparison, value, second)
        }
    }

    private let context: scmp_filter_ctx

    /// A filter with what calls meet that no rule names. `architectures`: ABIs by libseccomp's names in small letters (`x86_64`);
    /// empty: this machine's own.
    public init(default action: Action, architectures: [String]) throws(KernelError) {
        guard let made = seccomp_init(action.rawValue) else {
            throw KernelError(call: "seccomp_init", object: "", errno: EINVAL, hint: "the default action is unknown")
        }
        context = made
        for name in architectures {
            let token = seccomp_arch_resolve_name(name)
            guard token != 0 else {
                throw KernelError(call: "seccomp_arch_add", object: name, errno: EINVAL, hint: "no such architecture")
            }
            let result = seccomp_arch_add(context, token)
            guard result == 0 || result == -EEXIST else {
                throw KernelError(call: "seccomp_arch_add", object: name, errno: -result)
            }
        }
    }

    deinit { seccomp_release(context) }

    /// Adds a rule for a call by its name, where all conditions hold. A name that no ABI of libseccomp has is an error: runtimes pass
    /// it over, and then it is not what its author meant.
    public func add(_ name: String, _ action: Action, where conditions: [Condition] = []) throws(KernelError) {
        let number = seccomp_syscall_resolve_name(name)
        guard number != -1 else {
            throw KernelError(
                call: "seccomp_rule_add", object: name, errno: EINVAL,
                hint: "libseccomp \(Self.libraryVersion) knows no system call of that name")
        }
        let comparisons = conditions.map { condition in
            scmp_arg_cmp(
                arg: condition.raw.argument, op: scmp_compare(rawValue: condition.raw.comparison.rawValue),
                datum_a: condition.raw.value, datum_b: condition.raw.second)
        }
        let result = seccomp_rule_add_array(context, action.rawValue, number, UInt32(comparisons.count), comparisons)
        // -EACCES: the action is the default one, which needs no rule.
        guard result == 0 || result == -EACCES else {
            throw KernelError(call: "seccomp_rule_add", object: name, errno: -result)
        }
    }

    /// libseccomp's version.
    public static var libraryVersion: String {
        guard let version = seccomp_version()?.pointee else { return "unknown" }
        return "\(version.major).\(version.minor).\(version.micro)"
    }

    /// The program's instructions.
    public func instructions() throws(KernelError) -> [UInt8] {
        let file = try ChildProcess.file(holding: [], name: "filter")
        let result = seccomp_export_bpf(context, file.rawValue)
        guard result == 0 else { throw KernelError(call: "seccomp_export_bpf", object: "", errno: -result) }
        var bytes = [UInt8](repeating: 0, count: max(0, Int(lseek(file.rawValue, 0, SEEK_END))))
        let count = bytes.withUnsafeMutableBytes { pread(file.rawValue, $0.baseAddress, $0.count, 0) }
        guard count == bytes.count else { throw KernelError(call: "read", object: "filter", errno: errno) }
        return bytes
    }

    /// Puts the filter over every thread of the process, for good. It sets no_new_privs.
    public func install() throws(KernelError) {
        // Without it the other threads would be the way out.
        let synchronized = seccomp_attr_set(context, SCMP_FLTATR_CTL_TSYNC, 1)
        guard synchronized == 0 else {
            throw KernelError(call: "seccomp_attr_set", object: "TSYNC", errno: -synchronized)
        }
        let result = seccomp_load(context)
        guard result == 0 else { throw KernelError(call: "seccomp", object: "SET_MODE_FILTER", errno: -result) }
    }

    /// Lets a child process put the filter on itself, to see whether the kernel takes it.
    public func tryOut() throws(KernelError) {
        let bytes = try instructions()
        let result = bytes.withUnsafeBytes { shrike_try_filter($0.baseAddress, $0.count) }
        guard result == 0 else { throw KernelError(call: "seccomp", object: "SET_MODE_FILTER", errno: -result) }
    }
}
