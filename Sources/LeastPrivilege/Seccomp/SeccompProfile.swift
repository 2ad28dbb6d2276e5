import KernelInterface
import ProgramCalls

/// A list of system calls in the form that container runtimes read (OCI runtime specification, config-linux.md, "Seccomp";
/// Kubernetes' `Localhost` profiles are the same).
public struct SeccompProfile: Sendable, Equatable {
    /// What a call meets.
    public enum Action: String, Sendable, CaseIterable {
        case allow = "SCMP_ACT_ALLOW"
        /// Allowed, and told in audit's SECCOMP records.
        case log = "SCMP_ACT_LOG"
        /// It fails.
        case errno = "SCMP_ACT_ERRNO"
        case killThread = "SCMP_ACT_KILL"
        case killThreadByName = "SCMP_ACT_KILL_THREAD"
        case killProcess = "SCMP_ACT_KILL_PROCESS"
        case trap = "SCMP_ACT_TRAP"
        case trace = "SCMP_ACT_TRACE"
        case notify = "SCMP_ACT_NOTIFY"
    }

    /// A condition on an argument.
    public struct Argument: Sendable, Equatable {
        /// How it is compared.
        public enum Comparison: String, Sendable, CaseIterable {
            case notEqual = "SCMP_CMP_NE"
            case less = "SCMP_CMP_LT"
            case lessOrEqual = "SCMP_CMP_LE"
            case equal = "SCMP_CMP_EQ"
            case greaterOrEqual = "SCMP_CMP_GE"
            case greater = "SCMP_CMP_GT"
            /// `value` is the mask, `second` what must be left.
            case masked = "SCMP_CMP_MASKED_EQ"
        }
        /// Its number, 0 to 5.
        public var index: UInt32
        /// What it is compared to.
        public var value: UInt64
        /// The second value of `masked`.
        public var second: UInt64
        /// How.
        public var comparison: Comparison

        /// A condition from its parts.
        public init(index: UInt32, value: UInt64, second: UInt64 = 0, comparison: Comparison) {
            (self.index, self.value, self.second, self.comparison) = (index, value, second, comparison)
        }
    }

    /// Calls that meet the same.
    public struct Rule: Sendable, Equatable {
        /// Whether it holds for some arguments, capabilities, architectures or kernels only.
        public var isConditional: Bool { !arguments.isEmpty || !engineConditions.isEmpty }

        /// Their names.
        public var names: [String]
        /// What they meet.
        public var action: Action
        /// The errno of `errno` and `trace`; nil: EPERM.
        public var errno: UInt32?
        /// Where all hold.
        public var arguments: [Argument]
        /// Keys of an engine's own form that say when the rule holds, as Docker's `includes` (capabilities, architectures), `excludes` and
        /// `minKernel` (moby, profiles/seccomp): known by name only, so such a profile is read and never written.
        public var engineConditions: [String] = []
        /// Why; runtimes that don't know the key leave it out (it is Docker's and Podman's: moby, profiles/seccomp).
        public var comment: String

        /// A rule from its parts.
        public init(
            names: [String], action: Action, errno: UInt32? = nil, arguments: [Argument] = [], comment: String = ""
        ) {
            (self.names, self.action, self.errno, self.arguments) = (names, action, errno, arguments)
            self.comment = comment
        }
    }

    /// What calls meet that no rule names.
    public var defaultAction: Action
    /// The errno of `errno`; nil: EPERM.
    public var defaultErrno: UInt32?
    /// `SCMP_ARCH_…`.
    public var architectures: [String]
    /// `SECCOMP_FILTER_FLAG_…`. With LOG the kernel tells of refused calls, else of those that end a process alone.
    public var flags: [String]
    /// The rules.
    public var rules: [Rule]

    /// A profile from its parts.
    public init(
        defaultAction: Action, defaultErrno: UInt32? = nil, architectures: [String], flags: [String] = [], rules: [Rule]
    ) {
        (self.defaultAction, self.defaultErrno) = (defaultAction, defaultErrno)
        (self.architectures, self.flags, self.rules) = (architectures, flags, rules)
    }

    /// The flag with which refusals are told.
    static let logFlag = "SECCOMP_FILTER_FLAG_LOG"

    /// The calls that are allowed, conditions aside.
    public var allowed: Set<String> { Set(rules.filter { $0.action == .allow }.flatMap(\.names)) }

    /// The specification's name of an ABI.
    static func architecture(_ abi: SyscallCatalogue.ABI) -> String {
        switch abi {
        case .x86_64: "SCMP_ARCH_X86_64"
        case .aarch64: "SCMP_ARCH_AARCH64"
        case .i386: "SCMP_ARCH_X86"
        case .x32: "SCMP_ARCH_X32"
        case .arm: "SCMP_ARCH_ARM"
        case .s390x: "SCMP_ARCH_S390X"
        case .ppc64le: "SCMP_ARCH_PPC64LE"
        case .riscv64: "SCMP_ARCH_RISCV64"
        }
    }

    /// The ABIs that programs have where a profile for one ABI is tried out. libseccomp ends what makes a call in an ABI that the filter
    /// does not have, whatever the default action is.
    static func architectures(_ abi: SyscallCatalogue.ABI, isTrial: Bool) -> [String] {
        guard isTrial else { return [architecture(abi)] }
        switch abi {
        case .x86_64, .i386, .x32: return [.x86_64, .i386, .x32].map(architecture)
        case .aarch64, .arm: return [.aarch64, .arm].map(architecture)
        default: return [architecture(abi)]
        }
    }
}
