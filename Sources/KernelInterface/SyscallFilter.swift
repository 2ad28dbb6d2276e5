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
    private var fatal: [(name: String, conditions: [Condition])] = []
    private var absent: [String] = []

    private let refusal: Refusal

    /// A filter that allows nothing yet.
    public init(refusal: Refusal = .silent) { self.refusal = refusal }

    /// Allows system calls whatever their arguments.
    public mutating func allow(_ names: [String]) { allowed += names.map { ($0, []) } }
    /// Allows a system call where all conditions hold; several of one call are alternatives.
    public mutating func allow(_ name: String, where conditions: Condition...) { allowed.append((name, conditions)) }
    /// Ends the process that tries them.
    public mutating func kill(_ names: [String]) { fatal += names.map { ($0, []) } }
    /// Ends the process that tries it where all conditions hold.
    public mutating func kill(_ name: String, where conditions: Condition...) { fatal.append((name, conditions)) }
    /// Lets them seem to be missing from the kernel (ENOSYS), so that a library takes the older way.
    public mutating func hide(_ names: [String]) { absent += names }

    /// Puts the filter over every thread of the process, for good. It sets no_new_privs.
    public func install() throws(KernelError) {
        if refusal == .noted { try SyscallViolations.note() }
        let program = try SeccompProgram(
            default: refusal == .noted ? .trap : .errno(UInt32(EPERM)), architectures: [])
        for rule in allowed { try add(rule.name, .allow, rule.conditions, to: program) }
        for rule in fatal { try add(rule.name, .killProcess, rule.conditions, to: program) }
        for name in absent { try add(name, .errno(UInt32(ENOSYS)), [], to: program) }
        try program.install()
    }

    private func add(
        _ name: String, _ action: SeccompProgram.Action, _ conditions: [Condition], to program: SeccompProgram
    ) throws(KernelError) {
        // A call that this architecture or this libseccomp does not know can't be made, or stays forbidden.
        guard SyscallCatalogue.isName(name) else { return }
        try program.add(
            name, action, where: conditions.map { .init($0.argument, .masked, $0.mask, second: $0.value) })
    }
}
