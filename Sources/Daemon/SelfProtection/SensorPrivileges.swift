import Configuration
import KernelInterface

/// What the sensor keeps of root's privileges once everything is open.
struct SensorPrivileges {
    /// The capabilities that it needs from then on.
    private(set) var capabilities: CapabilitySet
    /// Whether programs that it starts may not gain privileges (no_new_privs).
    private(set) var forbidsNewPrivileges: Bool

    /// What these outputs need, and sources that need `sources`.
    init(_ configuration: Configuration, sources: CapabilitySet) {
        // /proc of other users' processes, and files in directories that are closed: bundles, account files, watched paths.
        capabilities = sources.union([.sysPtrace, .dacReadSearch])
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
