import AuditRecords
import EventModel
import KernelInterface

extension AuditLogFollower {
    /// Chosen by name alone: what auditd logs is the user's decision.
    static let driver = SourceDriver(
        SourceTraits(
            .auditLog, coverage: .systemCalls, provides: EventTypeSet(EventType.all.filter(\.isSyscall)),
            isAutomatic: false),
        probe: { SourceAvailability(kind: .auditLog, isAvailable: true) },
        open: { (_, context) throws(SourceFailure) in
            do throws(KernelError) {
                return try AuditLogFollower(path: context.auditLogPath, syscalls: .known)
            } catch {
                throw SourceFailure(error)
            }
        })
}
