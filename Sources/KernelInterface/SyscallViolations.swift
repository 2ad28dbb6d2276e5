import CKernel

/// System calls that this process's filter refused (`SyscallFilter`, refusing with a signal).
public enum SyscallViolations {
    /// Makes a refused call fail with EPERM and be noted, instead of ending the process.
    static func note() throws(KernelError) {
        let result = shrike_note_violations()
        guard result == 0 else { throw KernelError(call: "sigaction", object: "SIGSYS", errno: -result) }
    }

    /// The name, or the number, of a call that was refused since the last time, each once; nil when there is none.
    public static func take() -> String? {
        let number = shrike_take_violation()
        guard number >= 0 else { return nil }
        return SyscallCatalogue.ABI.host.first.flatMap { SyscallCatalogue.name(of: number, $0) } ?? "\(number)"
    }
}
