import KernelInterface
public import Profiles

/// What is found of a running workload before any judgement: what it may do, by what its processes and its bundle show.
public struct WorkloadFacts: Sendable, Equatable {
    /// A directory or file of the host that a container sees.
    public struct HostMount: Sendable, Equatable {
        /// Its path on the host.
        public var source: String
        /// Its path in the container.
        public var destination: String
        /// Whether it can be written there.
        public var isWritable: Bool

        /// A mount from its parts.
        public init(source: String, destination: String, isWritable: Bool) {
            (self.source, self.destination, self.isWritable) = (source, destination, isWritable)
        }
    }

    /// One of its processes.
    public struct Member: Sendable, Equatable {
        /// Its id.
        public var pid: Int32
        /// Its executable, by path.
        public var program: String
        /// Its effective user id.
        public var uid: UInt32
        /// What it can use.
        public var held: CapabilitySet
        /// Whether a seccomp filter is over it.
        public var isFiltered: Bool

        /// A process from its parts.
        public init(pid: Int32, program: String, uid: UInt32, held: CapabilitySet, isFiltered: Bool) {
            (self.pid, self.program, self.uid, self.held, self.isFiltered) = (pid, program, uid, held, isFiltered)
        }

        /// Whether it may do more than another: what gives it the node, then all that it holds, then root, then no filter.
        func exceeds(_ other: Member) -> Bool {
            func power(_ member: Member) -> [Int] {
                [
                    member.held.intersection(NodeAudit.dangerous).rawValue.nonzeroBitCount,
                    member.held.rawValue.nonzeroBitCount, member.uid == 0 ? 1 : 0, member.isFiltered ? 0 : 1,
                ]
            }
            return power(other).lexicographicallyPrecedes(power(self))
        }
    }

    /// seccomp(2) modes as `Seccomp:` in /proc/PID/status has them.
    public enum SeccompMode: Int, Sendable {
        case none = 0
        case strict = 1
        case filter = 2
    }

    /// Which.
    public var workload: WorkloadIdentity
    /// The image with its tag; empty outside containers.
    public var image = ""
    /// How many processes it has.
    public var processes = 0
    /// The process with the most power, whose root directory is the workload's; nil: none.
    public var strongest: Member?
    /// Its containers, by their ids; empty outside containers.
    public var containers: Set<String> = []
    /// Programs that run, by path, in order.
    public var programs: [String] = []
    /// What any of its processes could ever get (the bounding sets).
    public var bounding: CapabilitySet = []
    /// What any of its processes has in effect.
    public var effective: CapabilitySet = []
    /// What any of its processes can use: root's whatever its bounding set has, others' what they have in effect.
    public var held: CapabilitySet = []
    /// Whether any process is root, of the namespace that it is in.
    public var hasRoot = false
    /// Whether it is in a user namespace of its own, so that its root is nobody on the host.
    public var hasUserNamespace = false
    /// The weakest mode of its processes; nil: not known.
    public var seccomp: SeccompMode?
    /// Whether all processes have no_new_privs.
    public var hasNoNewPrivileges = true
    /// The AppArmor or SELinux label of one of them; empty: at least one is not confined.
    public var confinement = ""
    /// Whether one of them is not confined.
    var isUnconfined = false
    /// Whether the runtime gave it every power.
    public var isPrivileged = false
    /// Namespaces that it shares with the host: `pid`, `net`, `ipc`, `uts`, `mnt`; only of containers.
    public var hostNamespaces: [String] = []
    /// What it sees of the host; only of containers.
    public var hostMounts: [HostMount] = []
    /// Whether a Kubernetes token is mounted.
    public var hasToken = false

    /// Nothing known of a workload yet.
    public init(_ workload: WorkloadIdentity) { self.workload = workload }

    /// Where Kubernetes mounts the token (kubernetes.io/docs/concepts/security/service-accounts).
    static let tokenDirectory = "/var/run/secrets/kubernetes.io/serviceaccount"
}

/// What is found of the node itself.
public struct HostFacts: Sendable, Equatable {
    /// What could not be read, as sentences: then the report is not of the whole node.
    public var unread: [String] = []
    /// `uname -r`.
    public var kernel = ""
    /// What the kernel says of each weakness of the processor (/sys/devices/system/cpu/vulnerabilities), by name.
    public var vulnerabilities: [String: String] = [:]
    /// Kernel settings, by name as in sysctl(8).
    public var settings: [String: String] = [:]

    /// Nothing known.
    public init() {}
}
