import Configuration
import EventModel
import EventSources
import Glibc
import KernelInterface

/// What is found on the node before any judgement, so that judging is pure.
struct NodeFacts: Sendable {
    /// Which kind of control groups there is.
    enum Cgroups: Sendable { case unified, hybrid, legacy, none }

    /// A namespace of this process.
    enum Namespace: Sendable { case initial, other, unknown }

    var kernelRelease = ""
    /// Options of the kernel's configuration that are `y` or `m`; nil when it can't be read.
    var kernelOptions: Set<String>?
    var commandLine = ""
    /// The line of /sys/kernel/security/lockdown; nil where there is none.
    var lockdown: String?
    /// Nil when they can't be read.
    var capabilities: CapabilitySet?
    var pidNamespace = Namespace.unknown
    var netNamespace = Namespace.unknown
    var userNamespace = Namespace.unknown
    var cgroups = Cgroups.none
    /// Container runtimes by name, with the path that gave them away.
    var runtimes: [(name: String, path: String)] = []
    /// The audit subsystem; nil when it can't be asked.
    var audit: AuditInspection?
    var availabilities: [SourceAvailability] = []

    /// Where runtimes have their sockets and state.
    private static let runtimePlaces = [
        ("containerd", "/run/containerd/containerd.sock"), ("containerd (k3s)", "/run/k3s/containerd/containerd.sock"),
        ("containerd (microk8s)", "/var/snap/microk8s/common/run/containerd.sock"), ("CRI-O", "/run/crio/crio.sock"),
        ("Docker", "/run/docker.sock"), ("Podman", "/run/podman/podman.sock"),
        ("Podman", "/var/lib/containers/storage"),
    ]

    /// Looks at this node. `hostRoot` is put before paths of the host.
    static func gather(hostRoot: String) -> NodeFacts {
        var facts = NodeFacts()
        facts.kernelRelease = text("/proc/sys/kernel/osrelease") ?? ""
        facts.kernelOptions = KernelConfiguration.options(release: facts.kernelRelease, hostRoot: hostRoot)
        facts.commandLine = text("/proc/cmdline") ?? ""
        facts.lockdown = text("/sys/kernel/security/lockdown")
        facts.capabilities = try? CapabilitySet.effective()
        facts.pidNamespace = namespace("pid", DescriptorFacts.initialPIDNamespace)
        facts.userNamespace = namespace("user", DescriptorFacts.initialUserNamespace)
        // The network namespace has no number of its own: the first process's counts, if it is the host's.
        facts.netNamespace = .unknown
        if facts.pidNamespace == .initial, let first = DescriptorFacts.namespaceInode("net", of: "1") {
            facts.netNamespace = namespace("net", first)
        }
        if exists("/sys/fs/cgroup/cgroup.controllers") {
            facts.cgroups = .unified
        } else if exists("/sys/fs/cgroup/unified/cgroup.controllers") {
            facts.cgroups = .hybrid
        } else if exists("/sys/fs/cgroup/pids") || exists("/sys/fs/cgroup/memory") || exists("/sys/fs/cgroup/cpu") {
            facts.cgroups = .legacy
        }
        for (name, path) in runtimePlaces where exists(hostRoot + path) {
            if !facts.runtimes.contains(where: { $0.name == name }) { facts.runtimes.append((name, hostRoot + path)) }
        }
        facts.audit = try? AuditInspection.current()
        facts.availabilities = SourceAvailability.ofThisNode().map { $0.kind == .ebpf ? BPFSource.examine() : $0 }
        return facts
    }

    private static func namespace(_ kind: String, _ initial: UInt64) -> Namespace {
        guard let own = DescriptorFacts.namespaceInode(kind) else { return .unknown }
        return own == initial ? .initial : .other
    }

    private static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// A small file's text without the newline at its end; nil when it can't be read.
    static func text(_ path: String) -> String? {
        guard case .success(let bytes) = SystemConfigurationFiles().read(path) else { return nil }
        return String(decoding: bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...], as: UTF8.self)
    }
}
