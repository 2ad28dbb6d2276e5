/// A container as its OCI bundle or its engine's files describe it. Made once, at the container's first event.
public final class ContainerRecord {
    /// The engine that runs it, as `container.type` names it.
    public enum Engine: String, Sendable, CaseIterable {
        case podman, docker, containerd
        case crio = "cri-o"
        /// A container id in a cgroup path that fits no known engine.
        case unknown = "oci"
    }

    /// A mount of the container.
    public struct Mount: Sendable, Equatable {
        /// The path on the host, or the file system's name.
        public var source: [UInt8] = []
        /// The path in the container.
        public var destination: [UInt8] = []
        /// Docker's mode text (`z`, `ro`…); for OCI mounts the options joined by commas.
        public var mode: [UInt8] = []
        /// Whether it is mounted for writing.
        public var isWritable = true
        /// The propagation mode (mount_namespaces(7)); empty when the default.
        public var propagation: [UInt8] = []

        /// An empty mount.
        public init() {}
    }

    /// A label or annotation.
    public struct Label: Sendable, Equatable {
        /// What it is called.
        public var key: [UInt8]
        /// Its text.
        public var value: [UInt8]
    }

    /// The full id: 64 hexadecimal digits in most engines.
    public let fullID: [UInt8]
    /// The engine.
    public internal(set) var engine: Engine
    /// Whether the bundle or engine file was read: else only the ids and the engine are known.
    public internal(set) var hasMetadata = false
    /// `container.name`.
    public internal(set) var name: [UInt8] = []
    /// The image's name as written, with tag.
    public internal(set) var image: [UInt8] = []
    /// Repository with registry prefix, without tag.
    public internal(set) var imageRepository: [UInt8] = []
    /// The tag; `latest` when the name has neither tag nor digest.
    public internal(set) var imageTag: [UInt8] = []
    /// `sha256:…`, empty when unknown.
    public internal(set) var imageDigest: [UInt8] = []
    /// The image's id without `sha256:`, empty when unknown.
    public internal(set) var imageID: [UInt8] = []
    /// Whether the engine gave it every power over the host.
    public internal(set) var isPrivileged = false
    /// Whether this is a pod's sandbox (pause) container.
    public internal(set) var isSandbox = false
    /// Whether it shares the host's process ids.
    public internal(set) var usesHostPID = false
    /// Whether it was given a pid namespace that nobody else has.
    var hasOwnPIDs = false
    /// Whether it shares the host's network.
    public internal(set) var usesHostNetwork = false
    /// Whether it shares the host's IPC objects.
    public internal(set) var usesHostIPC = false
    /// The mounts in the order of the bundle or engine file.
    public internal(set) var mounts: [Mount] = []
    /// The labels that the engine or kubelet gave.
    public internal(set) var labels: [Label] = []
    /// The labels of the pod's sandbox; empty outside a pod.
    public internal(set) var podLabels: [Label] = []
    /// Empty outside a pod, as the next three.
    public internal(set) var podName: [UInt8] = []
    /// The Kubernetes namespace of the pod.
    public internal(set) var podNamespace: [UInt8] = []
    /// The pod's uid in Kubernetes.
    public internal(set) var podUID: [UInt8] = []
    /// The pod's sandbox container id.
    public internal(set) var podSandboxID: [UInt8] = []
    /// Primary address as text; empty when unknown.
    public internal(set) var address: [UInt8] = []
    /// CNI result of the pod sandbox as JSON text; empty when unknown.
    public internal(set) var networkResult: [UInt8] = []
    /// The configured user (`name`, `uid` or `uid:gid`).
    public internal(set) var user: [UInt8] = []
    /// The root file system's path on the host; empty when unknown.
    public internal(set) var rootPath: [UInt8] = []
    /// The bundle directory or engine file the facts come from; empty when unknown.
    public internal(set) var bundlePath: [UInt8] = []
    /// When this state first saw the container, nanoseconds since the epoch.
    public internal(set) var firstSeenNanoseconds: UInt64 = 0

    /// The control group's path in its hierarchy; empty before the first process was seen in it.
    public internal(set) var cgroupPath: [UInt8] = []
    /// Whether a user's own control group names it: then its bundle is the user's too, and nothing is read of it.
    public internal(set) var isUsers = false

    /// The group's directory; empty where it can't be seen.
    var cgroupDirectory: [UInt8] = []
    var cgroupID: UInt64 = 0
    /// Whether all that is known is the bundle that a runtime named when it created the container.
    var isPrepared = false
    /// Whether its first program is still to come, as far as is known: a runtime creates it.
    var isAwaited = false
    /// Whether it goes by a name that its runtime was told and that is no id.
    var isNamed = false
    /// Whether its beginning was told, with which control group, and whether it has ended.
    var isAnnounced = false
    var announcedCgroup: [UInt8] = []
    var hasEnded = false
    /// The upper directory of its root where that is an overlay, with what is put before paths on the host; once it was asked for.
    var upperDirectory: [UInt8]?
    /// The device of that file system; 0: not known.
    var layersDevice: UInt64 = 0
    var isUpperRead = false
    var attempts: UInt8 = 0
    var nextAttemptNanoseconds: UInt64 = 0
    var lastUsed: UInt64 = 0

    init(fullID: [UInt8], engine: Engine) {
        self.fullID = fullID
        self.engine = engine
    }

    /// The id that `container.id` shows: the first 12 characters.
    public var id: ArraySlice<UInt8> { fullID.prefix(12) }
}
