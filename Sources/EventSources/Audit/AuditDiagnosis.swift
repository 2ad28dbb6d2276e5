import Glibc
import KernelInterface

/// Explains the errors of the audit protocol: the kernel says EPERM for five different reasons.
enum AuditDiagnosis {
    static func failure(opening error: KernelError) -> AuditFailure {
        guard error.errno == EPROTONOSUPPORT else { return failure(requesting: error) }
        return isAuditOffAtBoot(ProcessFile.text("/proc/cmdline") ?? "")
            ? AuditFailure(
                reason: "audit is switched off at boot (audit=0 on the kernel command line)",
                fix: "boot with audit=1", errorNumber: error.errno
            )
            : AuditFailure(
                reason: "the kernel has no audit subsystem (CONFIG_AUDIT)",
                fix: "use a kernel with CONFIG_AUDIT and CONFIG_AUDITSYSCALL, or another source",
                errorNumber: error.errno
            )
    }

    static func failure(claiming error: KernelError) -> AuditFailure {
        guard error.errno == EEXIST else { return failure(requesting: error) }
        return AuditFailure(
            reason: "another process receives the audit records",
            fix: "stop it, or let Shrike read beside it (multicast)", errorNumber: EEXIST
        )
    }

    static func failure(joining error: KernelError) -> AuditFailure {
        guard error.errno == EPERM else { return failure(requesting: error) }
        return AuditFailure(
            reason: "no permission to read the audit records", fix: "needs CAP_AUDIT_READ", errorNumber: EPERM
        )
    }

    static func failure(requesting error: KernelError) -> AuditFailure {
        switch error.errno {
        case EPERM: permission(error)
        case ECONNREFUSED:
            // audit_netlink_ok answers so to every user namespace but the initial one.
            AuditFailure(
                reason: "audit can't be used from this user namespace", fix: "run in the host's user namespace",
                errorNumber: ECONNREFUSED
            )
        default: AuditFailure(error)
        }
    }

    /// Why a request was refused, as far as it can be known from here.
    private static func permission(_ error: KernelError) -> AuditFailure {
        let isInitial = DescriptorFacts.namespaceInode("pid") == DescriptorFacts.initialPIDNamespace
        if !isInitial {
            return AuditFailure(
                reason: "audit's settings can't be changed from this pid namespace",
                fix: "run in the host's pid namespace (hostPID: true)", errorNumber: EPERM
            )
        }
        if let capabilities = try? CapabilitySet.effective(), !capabilities.contains(.auditControl) {
            return AuditFailure(
                reason: "no permission to change audit's settings", fix: "needs CAP_AUDIT_CONTROL",
                errorNumber: EPERM
            )
        }
        return AuditFailure(
            reason: "\(error.call): audit's configuration is immutable until the next boot (enabled 2)",
            fix: "load the rules before auditctl -e 2, or remove it and boot", errorNumber: EPERM
        )
    }

    /// Whether the last `audit=` on a kernel command line switches audit off.
    static func isAuditOffAtBoot(_ commandLine: String) -> Bool {
        let words = commandLine.split(whereSeparator: { $0 == " " || $0 == "\n" })
        guard let last = words.last(where: { $0.hasPrefix("audit=") }) else { return false }
        return last == "audit=0" || last == "audit=off"
    }

    /// Whether a process runs. The kernel remembers the name of an owner that has ended.
    static func isRunning(_ pid: Int32) -> Bool { kill(pid, 0) == 0 || errno == EPERM }

    /// Whose the audit records are: pid and program.
    static func describe(owner pid: Int32) -> String {
        guard let program = ProcessFile.executable(of: pid) else { return "pid \(pid)" }
        return "pid \(pid) (\(program))"
    }
}
