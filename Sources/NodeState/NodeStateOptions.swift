/// Bounds and places of the node's state.
public struct NodeStateOptions: Sendable {
    /// What is put before every absolute path on the host (`/host` in a container that has the host's root there).
    public var hostRoot: String = ""
    /// Most processes in the table, exited ones included.
    public var processLimit: Int = 16384
    /// How long an exited process is kept after its end when no child refers to it.
    public var exitedGraceNanoseconds: UInt64 = 30_000_000_000
    /// After how long without an event a process's identity is checked again before its record is used.
    public var identityCheckNanoseconds: UInt64 = 1_000_000_000
    /// Most bytes kept of a process's arguments; of longer ones the beginning and the end are kept.
    public var argumentsLimit: Int = 4096
    /// Most bytes kept of a process's environment.
    public var environmentLimit: Int = 4096
    /// Most file descriptors in the table.
    public var descriptorLimit: Int = 16384
    /// Most files named by rules that are looked up, to be known under other names.
    public var namedFileLimit: Int = NamedFiles.limit
    /// Most containers in the table.
    public var containerLimit: Int = 2048
    /// Most containers whose account files are held.
    public var accountTableLimit: Int = 64
    /// Largest account file that is read.
    public var accountFileLimit: Int = 1 << 20
    /// Largest bundle or engine file that is read.
    public var bundleFileLimit: Int = 4 << 20
    /// How often a second fields may make the kernel be asked (one for each file, link or socket): over it they are missing,
    /// and counted. What a process is and where it runs is not among them.
    public var looksPerSecond: Int = 20_000
    /// When the machine booted, nanoseconds since the epoch; nil asks the clock.
    public var bootTimeNanoseconds: UInt64?
    /// Details of a process that the loaded rules read: they are read at exec, while the process is surely there.
    /// Others are read when a field asks for them.
    public var wanted: ProcessDetails = [.cgroup]
    /// The files that rules name exactly: one that is opened under another name is known by its inode number.
    public var namedFiles: [String] = []
    /// The directories that rules name files in: a call may name one by a descriptor that nobody knows any more.
    public var namedDirectories: [String] = []
    /// Where containerd's shims keep their bundles: `ROOT/NAMESPACE/ID/config.json`.
    public var containerdRoots: [String] = [
        "/run/containerd/io.containerd.runtime.v2.task",
        "/var/run/docker/containerd/daemon/io.containerd.runtime.v2.task",
        "/run/k3s/containerd/io.containerd.runtime.v2.task",
        "/var/snap/microk8s/common/run/containerd/io.containerd.runtime.v2.task",
    ]
    /// Where CRI-O and Podman keep their bundles: `ROOT/ID/userdata/config.json`.
    public var containersStorageRoots: [String] = [
        "/run/containers/storage/overlay-containers", "/var/run/containers/storage/overlay-containers",
        "/var/lib/containers/storage/overlay-containers",
    ]
    /// Where Docker keeps its containers: `ROOT/ID/config.v2.json`.
    public var dockerRoots: [String] = ["/var/lib/docker/containers"]

    /// The defaults.
    public init() {}
}
