import EventModel
import Glibc
import KernelInterface

extension AuditSource {
    /// What limits this source here.
    func noteCircumstances() {
        let isInitial = DescriptorFacts.namespaceInode("net") == Self.hostNetworkNamespace
        if mode == .multicast {
            let owner = state.status.pid == 0 ? "" : " beside \(AuditDiagnosis.describe(owner: state.status.pid))"
            note(.remark, "receives a copy of the audit records\(owner); a copy is lost when Shrike falls behind")
            if !isInitial {
                note(.blind, "the copy goes to the host's network namespace only; run with the host's network")
            }
            if state.status.pid == 0 {
                note(.remark, "nobody receives the audit records, so the kernel prints them to its log as well")
            }
        }
        if canConfigure, state.status.enabled == .off {
            note(
                .remark,
                "audit was off: processes that started before it was first switched on are not seen; boot with audit=1"
            )
        }
        if state.status.rateLimit > 0, mode == .multicast || !canConfigure {
            note(
                .blind, "audit's rate limit is \(state.status.rateLimit): records beyond it are lost; use auditctl -r 0"
            )
        }
        if state.status.failure == 2 {
            note(.remark, "audit's failure flag is 2: the kernel panics when it can't log; use auditctl -f 1")
        }
        if SyscallCatalogue.ABI.hasX32 {
            note(.blind, "programs of the x32 ABI are not seen by audit; boot with syscall.x32=n")
        }
    }

    /// The network namespace of the first process; nil when it can't be known.
    private static var hostNetworkNamespace: UInt64? {
        DescriptorFacts.namespaceInode("net", of: "1") ?? DescriptorFacts.namespaceInode("net")
    }

    // MARK: Availability

    /// Whether audit works here; changes nothing.
    public static func probe() -> SourceAvailability {
        do throws(AuditFailure) {
            let status = try NetlinkAuditControl().status()
            let owner = status.pid
            return SourceAvailability(
                kind: .audit, isAvailable: true,
                reason: owner != 0 && owner != getpid() && AuditDiagnosis.isRunning(owner)
                    ? "reads beside \(AuditDiagnosis.describe(owner: owner))" : ""
            )
        } catch {
            return SourceAvailability(kind: .audit, isAvailable: false, reason: error.reason, fix: error.fix)
        }
    }
}

extension AuditRulePlanner.Options {
    /// What this machine's kernel can do.
    static func host(_ choices: AuditSource.Options) -> AuditRulePlanner.Options {
        var options = AuditRulePlanner.Options()
        options.key = Array(choices.key.utf8)
        options.hostRoot = choices.hostRoot
        let release = ProcessFile.text("/proc/sys/kernel/osrelease") ?? ""
        let numbers = release.split(whereSeparator: { !$0.isNumber }).prefix(2).compactMap { Int($0) }
        if numbers.count == 2 {
            let isRecent = (numbers[0], numbers[1]) >= (5, 16)
            options.understandsOpenat2 = isRecent
            options.hasIOUring = isRecent
        }
        return options
    }
}
