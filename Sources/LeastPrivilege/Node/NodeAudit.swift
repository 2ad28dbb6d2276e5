import KernelInterface
import Profiles

/// Judges what running workloads may do beyond what they do. Pure: `NodeAuditReader` finds the facts.
public enum NodeAudit {
    /// How much it matters.
    public enum Severity: String, Sendable, CaseIterable, Comparable {
        /// Whoever takes the workload over has the node.
        case critical
        /// A wall between it and the node is missing.
        case high
        case medium
        case low

        /// The worst first.
        public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
        private var rank: Int { Severity.allCases.firstIndex(of: self) ?? 0 }
    }

    /// Where it is mended.
    public enum Layer: String, Sendable {
        case image
        /// The pod's manifest, or what the container was started with.
        case manifest
        /// The systemd unit.
        case unit
        case node
    }

    /// Something that a workload may do and does not need, or that nobody knows whether it needs.
    public struct Finding: Sendable, Equatable {
        /// A short name that stays: `privileged`.
        public var check: String
        /// How much it matters.
        public var severity: Severity
        /// Where it is mended.
        public var layer: Layer
        /// What it may do.
        public var message: String
        /// What mends it.
        public var fix: String
    }

    /// The findings of one workload, the worst first.
    public struct Row: Sendable, Equatable {
        /// What was found before.
        public var facts: WorkloadFacts
        /// Whether a profile of it is known.
        public var hasProfile: Bool
        /// The findings.
        public var findings: [Finding]
    }

    /// Capabilities with which a process gets the whole node (capabilities(7); the list of `container escape` capabilities of
    /// Falco's and Kubernetes' Pod Security Standards, "baseline").
    static let dangerous: CapabilitySet = [
        .sysAdmin, .sysPtrace, .dacReadSearch, .bpf, .perfmon, .netAdmin, CapabilitySet(bit: 16),
        CapabilitySet(bit: 17),
        CapabilitySet(bit: 22), CapabilitySet(bit: 33), CapabilitySet(bit: 34),
    ]

    /// Judges one workload; `observed` is its profile, nil for none.
    public static func judge(_ facts: WorkloadFacts, observed: ObservedPrivileges?) -> Row {
        var findings = facts.workload.isContainer ? container(facts, observed) : service(facts)
        findings += capabilities(facts, observed)
        let severities = findings.enumerated().sorted {
            ($0.element.severity, $0.offset) < ($1.element.severity, $1.offset)
        }
        return Row(facts: facts, hasProfile: observed != nil, findings: severities.map(\.element))
    }

    // MARK: Containers

    private static func container(_ facts: WorkloadFacts, _ observed: ObservedPrivileges?) -> [Finding] {
        var findings: [Finding] = []
        func add(_ check: String, _ severity: Severity, _ layer: Layer, _ message: String, fix: String) {
            findings.append(Finding(check: check, severity: severity, layer: layer, message: message, fix: fix))
        }
        if facts.isPrivileged {
            add(
                "privileged", .critical, .manifest,
                "it is privileged: every capability, every device, no seccomp filter",
                fix: "securityContext.privileged: false, and the capabilities that it needs by name")
        }
        for namespace in facts.hostNamespaces {
            let severity: Severity = namespace == "pid" || namespace == "mnt" ? .high : .medium
            add(
                "host-\(namespace)", severity, .manifest, "it shares the host's \(words[namespace] ?? namespace)",
                fix: namespace == "pid" || namespace == "net" || namespace == "ipc"
                    ? "host\(namespace == "net" ? "Network" : namespace.uppercased()): false"
                    : "let the runtime make a \(namespace) namespace")
        }
        for mount in facts.hostMounts {
            let (severity, why) = judge(mount)
            add(
                "host-mount", severity, .manifest,
                "it \(mount.isWritable ? "can write" : "sees") \(mount.source) of the host at \(mount.destination)\(why)",
                fix: mount.isWritable
                    ? "readOnly: true, or another kind of volume" : "a narrower path, or another volume")
        }
        if facts.hasToken {
            let isUsed = observed?.files.contains {
                $0.path.hasPrefix("/run/secrets/kubernetes.io")
                    || $0.path.hasPrefix("/var/run/secrets/kubernetes.io")
            }
            let use =
                isUsed.map { $0 ? "it reads it" : "it was never seen to read it" }
                ?? "unknown whether it needs it, no profile"
            if isUsed != true {
                add(
                    "service-account-token", isUsed == false ? .medium : .low, .manifest,
                    "a service account's token is mounted; \(use)", fix: "automountServiceAccountToken: false")
            }
        }
        if facts.hasRoot, !facts.hasUserNamespace {
            add(
                "root-user", .medium, .image, "its processes are root, the same as the host's",
                fix: "USER in the image, or securityContext.runAsNonRoot: true with a runAsUser")
        }
        if facts.seccomp == WorkloadFacts.SeccompMode.none {
            add(
                "no-seccomp", .high, .manifest, "no seccomp filter: every system call of the kernel can be tried",
                fix:
                    "seccompProfile.type: RuntimeDefault, or Localhost with `shrike profile seccomp \(facts.workload.text)`"
            )
        }
        if facts.confinement.isEmpty, !facts.isPrivileged {
            add(
                "unconfined", .low, .node, "neither AppArmor nor SELinux confines it",
                fix: "enable one on the node; `shrike profile apparmor \(facts.workload.text)` makes a profile")
        }
        if !facts.hasNoNewPrivileges {
            add(
                "privilege-escalation", .medium, .manifest, "its programs can gain privileges through setuid files",
                fix: "securityContext.allowPrivilegeEscalation: false")
        }
        return findings
    }

    private static let words = [
        "pid": "processes (pid namespace)", "net": "network", "ipc": "IPC objects", "uts": "host name", "mnt": "mounts",
    ]

    private static func judge(_ mount: WorkloadFacts.HostMount) -> (Severity, String) {
        let sockets = ["/docker.sock", "/containerd.sock", "/crio.sock", "/podman.sock"]
        if sockets.contains(where: { mount.source.hasSuffix($0) }) {
            return (.critical, ": whoever talks to it starts containers as he likes")
        }
        let whole = [
            "/", "/etc", "/root", "/usr", "/boot", "/var", "/var/lib", "/var/lib/kubelet", "/proc", "/run", "/var/run",
        ]
        if whole.contains(mount.source) { return (mount.isWritable ? .critical : .high, "") }
        let sensitive = ["/dev", "/sys", "/etc/", "/root/", "/proc/", "/home", "/lib", "/usr/", "/var/lib/"]
        if sensitive.contains(where: { mount.source.hasPrefix($0) }) { return (mount.isWritable ? .high : .medium, "") }
        return (mount.isWritable ? .medium : .low, "")
    }

    // MARK: Services of the host

    private static func service(_ facts: WorkloadFacts) -> [Finding] {
        guard case .unit = facts.workload else {
            guard facts.hasRoot else { return [] }
            return [
                Finding(
                    check: "root-program", severity: .low, layer: .unit,
                    message: "it is root outside any service, so that nothing bounds what it may do",
                    fix: "a systemd unit with User=, CapabilityBoundingSet= and SystemCallFilter= (systemd.exec(5))")
            ]
        }
        guard facts.hasRoot else { return [] }
        var findings: [Finding] = []
        if facts.seccomp == WorkloadFacts.SeccompMode.none {
            findings.append(
                Finding(
                    check: "no-seccomp", severity: .medium, layer: .unit,
                    message: "it is root and has no seccomp filter",
                    fix: "SystemCallFilter=@system-service in the unit (systemd.exec(5))"))
        }
        if !facts.hasNoNewPrivileges {
            findings.append(
                Finding(
                    check: "privilege-escalation", severity: .low, layer: .unit,
                    message: "it is root, and its programs can gain privileges", fix: "NoNewPrivileges=true in the unit"
                ))
        }
        if facts.confinement.isEmpty {
            findings.append(
                Finding(
                    check: "unconfined", severity: .low, layer: .unit,
                    message: "it is root, and neither AppArmor nor SELinux confines it",
                    fix: "`shrike profile apparmor \(facts.workload.text)` makes a profile"))
        }
        return findings
    }

    // MARK: Capabilities

    private static func capabilities(_ facts: WorkloadFacts, _ observed: ObservedPrivileges?) -> [Finding] {
        // What nobody in it can ever have does no harm; in an own user namespace it holds inside alone.
        let held = facts.held
        guard !held.isEmpty, !facts.isPrivileged, facts.workload.isContainer || !facts.effective.isEmpty else {
            return []
        }
        let layer: Layer = facts.workload.isContainer ? .manifest : .unit
        guard let observed, !observed.unsettled.contains("capability") else {
            let bad = held.intersection(dangerous)
            guard !bad.isEmpty else { return [] }
            let why = observed == nil ? "unknown whether it needs them, no profile" : "its profile is not settled"
            return [
                Finding(
                    check: "capabilities",
                    severity: facts.hasUserNamespace ? .low : facts.workload.isContainer ? .high : .low,
                    layer: layer, message: "it may use \(bad.names.joined(separator: ", ")); \(why)",
                    fix: "learn a profile, then `shrike profile capabilities \(facts.workload.text)`")
            ]
        }
        let unused = CapabilityAdvice(observed, held: held).unused ?? []
        guard !unused.isEmpty else { return [] }
        let isDangerous = unused.contains { name in dangerous.names.contains(name) }
        return [
            Finding(
                check: "capabilities", severity: isDangerous && !facts.hasUserNamespace ? .high : .medium, layer: layer,
                message: "it holds and never used \(unused.joined(separator: ", "))",
                fix: "`shrike profile capabilities \(facts.workload.text)` has what it needs")
        ]
    }

    // MARK: The node

    /// Judges the node itself.
    public static func judge(_ facts: HostFacts) -> [Finding] {
        var findings: [Finding] = []
        for (name, state) in facts.vulnerabilities.sorted(by: { $0.key < $1.key }) where state.hasPrefix("Vulnerable") {
            findings.append(
                Finding(
                    check: "cpu-\(name)", severity: .medium, layer: .node,
                    message: "the processor's weakness \(name): \(state)",
                    fix: "an update of microcode or kernel, and no `mitigations=off` on its command line"))
        }
        for (setting, wanted, why) in Self.settings {
            guard let value = facts.settings[setting].flatMap({ Int($0) }), value < wanted else { continue }
            findings.append(
                Finding(
                    check: setting, severity: .low, layer: .node, message: "\(setting) is \(value): \(why)",
                    fix: "\(setting) = \(wanted) in /etc/sysctl.d"))
        }
        return findings
    }

    /// Settings, the least that is asked for, and what less means (Documentation/admin-guide/sysctl/kernel.rst, LSM/Yama.rst).
    static let settings: [(name: String, least: Int, meaning: String)] = [
        ("kernel.unprivileged_bpf_disabled", 1, "every user can load eBPF programs"),
        ("kernel.kptr_restrict", 1, "every user can read addresses of the kernel"),
        ("kernel.dmesg_restrict", 1, "every user can read the kernel's log"),
        ("kernel.yama.ptrace_scope", 1, "every process can trace others of its user"),
        ("kernel.randomize_va_space", 2, "addresses of programs can be foretold"),
        ("fs.protected_symlinks", 1, "links in /tmp can lead programs astray"),
        ("fs.protected_hardlinks", 1, "links to others' files can be made"),
    ]
}
