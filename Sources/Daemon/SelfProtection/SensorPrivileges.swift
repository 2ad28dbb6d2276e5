import Configuration
import EventModel
import KernelInterface

/// What the sensor keeps of root's privileges once everything is open.
struct SensorPrivileges {
    /// The capabilities that it needs from then on.
    private(set) var capabilities: CapabilitySet
    /// Whether programs that it starts may not gain privileges (no_new_privs).
    private(set) var forbidsNewPrivileges: Bool

    /// What these sources and outputs need.
    init(_ configuration: Configuration, sources: [SourceKind]) {
        // /proc of other users' processes, and files in directories that are closed: bundles, account files, watched paths.
        capabilities = [.sysPtrace, .dacReadSearch]
        for source in sources {
            switch source {
            // Rules are loaded and taken back; ownership is claimed again when somebody took it.
            case .audit: capabilities.formUnion([.auditControl, .auditRead, .netAdmin])
            case .processConnector: capabilities.insert(.netAdmin)
            // Marks for containers that come, on mounts and file systems of others.
            case .fanotify: capabilities.insert(.sysAdmin)
            case .auditLog, .procfs, .ebpf: break
            }
        }
        // A reload may bring rules that fanotify is needed for.
        if sources.contains(.processConnector), !sources.contains(.audit) { capabilities.insert(.sysAdmin) }
        // The user's program is the user's business: a mailer may be set-user-id.
        forbidsNewPrivileges = !configuration.outputs.program.isEnabled
        // It was started as root, and is.
        if configuration.outputs.program.isEnabled, let all = try? CapabilitySet.permitted() { capabilities = all }
    }

    /// Drops all others, for good: from the bounding set too, where that is permitted.
    func drop() throws(KernelError) {
        try ProcessPrivileges.keep(capabilities, forbidsNewPrivileges: forbidsNewPrivileges)
    }
}
