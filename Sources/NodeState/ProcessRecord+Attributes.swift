/// The attributes that are read when they are asked for.
extension ProcessRecord {
    /// The kernel's command name (15 bytes): `proc.name`.
    public var command: [UInt8] { need(.command) { storedCommand } }
    /// Argument 0: `proc.exe`.
    public var argumentZero: [UInt8] { need(.arguments) { storedArgumentZero } }
    /// The arguments behind argument 0, each followed by a NUL.
    public var arguments: [UInt8] { need(.arguments) { storedArguments } }
    /// The environment, each `K=V` followed by a NUL.
    public var environment: [UInt8] { need(.environment) { storedEnvironment } }
    /// The current directory; ends with `/`; empty when unknown.
    public var currentDirectory: [UInt8] { need(.currentDirectory) { storedCurrentDirectory } }
    /// The executable's path as the kernel resolved it; `memfd:NAME` for memory files.
    public var executablePath: [UInt8] { need(.executablePath) { storedExecutablePath } }
    /// Whether the executable is an anonymous memory file.
    public var isExecutableFromMemory: Bool { executablePath.starts(with: [109, 101, 109, 102, 100, 58]) }
    /// The executable's inode, times and whether its owner may write it (`layer` excepted).
    public var executable: ExecutableFile { need(.executableFile) { storedExecutable } }
    /// The overlayfs layer that the executable lies in.
    public var executableLayer: ExecutableFile.Layer { need(.executableLayer) { storedExecutable.layer } }
    /// Where the executable comes from; nil when that can't be told.
    public var executableOrigin: ExecutableOrigin? { reader.origins?.origin(of: self) }
    /// Whether the executable is what its path says, as far as can be known: see `ExecutableOrigins.isTrusted`.
    public var isExecutableTrusted: Bool { reader.origins?.isTrusted(self) ?? false }
    /// Whether only root can write the executable, which lies on the host.
    var isExecutableOfRootAlone: Bool { reader.origins?.isOfRootAlone(self) ?? false }
    /// User and group ids.
    public var credentials: ProcessCredentials { need(.credentials) { storedCredentials } }
    /// User and group ids; nil when neither an event nor /proc told them, so that an ancestor's are the best guess at most.
    public var knownCredentials: ProcessCredentials? {
        let found = credentials
        return failed.contains(.credentials) ? nil : found
    }
    /// Capability sets.
    public var capabilities: ProcessCapabilities { need(.capabilities) { storedCapabilities } }
    /// Audit login uid; `UInt32.max` when unset.
    public var loginUID: UInt32 { need(.loginUser) { storedLoginUID } }
    /// Process id in the process's own namespace, -1 when unknown: `proc.vpid`.
    public var virtualPID: Int32 { need(.namespaceIDs) { storedIDs.virtualPID } }
    /// Session id in the process's own namespace: `proc.sid`.
    public var sessionID: Int32 { need(.namespaceIDs) { storedIDs.sessionID } }
    /// Process group id in the process's own namespace: `proc.vpgid`.
    public var virtualGroupID: Int32 { need(.namespaceIDs) { storedIDs.virtualGroupID } }
    /// Whether the process lives in a pid namespace below the initial one.
    public var isInChildPIDNamespace: Bool { need(.namespaceIDs) { isInChildNamespace } }
    /// Process group id in the initial namespace: `proc.pgid`.
    public var groupID: Int32 { need(.stat) { storedIDs.groupID } }
    /// Controlling terminal's device number, 0 when none: `proc.tty`.
    public var terminal: UInt32 { need(.terminal) { storedIDs.terminal } }
    /// The process's control groups as the kernel lists them: lines `HIERARCHY:CONTROLLERS:PATH`.
    public var cgroups: [UInt8] { need(.cgroup) { storedCgroups } }
    /// Soft limit of open files; -1 when unknown or unlimited.
    public var descriptorLimit: Int64 { need(.limits) { storedDescriptorLimit } }
    /// When the first process of the pid namespace started, nanoseconds since the epoch; 0 when unknown.
    public var namespaceStartNanoseconds: UInt64 { need(.namespaceStart) { storedNamespaceStart } }
    /// Number of threads now; 1 when unknown.
    public var threadCount: UInt32 { reader.threads(of: self) }
    /// Number of open file descriptors now; 0 when unknown.
    public var openDescriptorCount: UInt32 { reader.openDescriptors(of: self) }
    /// Memory and page faults now; nil when the process is gone.
    public var memory: ProcessMemory? { reader.memory(of: self) }

    @inline(__always)
    private func need<Value>(_ detail: ProcessDetails, _ value: () -> Value) -> Value {
        if !known.contains(detail) { reader.load(detail, into: self) }
        return value()
    }
}
