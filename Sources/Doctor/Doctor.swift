import Configuration
import ConfiguredRules
import EventModel
import EventSources
import KernelInterface
import RuleLanguage

/// Finds out what on this node keeps Shrike from seeing what the rules ask for, and what would mend it. Changes nothing.
public enum Doctor {
    /// Examines the node with the configuration that a request names; findings in the order in which they build on one
    /// another.
    public static func examine(_ request: ConfigurationRequest) -> [Finding] {
        let loaded = request.load()
        let rules = ConfiguredRules.load(loaded.configuration)
        let facts = NodeFacts.gather(hostRoot: loaded.configuration.hostRoot)
        let selection = SourceSelection(
            availabilities: facts.availabilities, needs: rules.needs, choice: loaded.configuration.sources)
        return findings(of: facts, used: used(rules, selection))
            + configuration(loaded, rules)
            + files(
                (loaded.files + (loaded.configuration.rulesFiles ?? []))
                    .flatMap { SystemConfigurationFiles().expand($0) })
            + places(loaded.configuration)
            + coverage(rules, selection, facts.availabilities)
            + arming(rules, selection, hostRoot: loaded.configuration.hostRoot)
            + cost(rules, selection)
    }

    /// The sources that would run or that were asked for by name; all where nothing would run.
    private static func used(_ rules: ConfiguredRules, _ selection: SourceSelection) -> Set<SourceKind> {
        guard rules.isSuccessful, !selection.running.isEmpty else { return Set(SourceKind.allCases) }
        return Set(selection.running + selection.failures.map(\.kind))
    }

    /// What the node's facts mean. What is wrong with a source that isn't used is no problem, and what is worth knowing of it is not.
    static func findings(of facts: NodeFacts, used: Set<SourceKind> = Set(SourceKind.allCases)) -> [Finding] {
        let all =
            kernel(facts) + [commandLine(facts)] + capabilities(facts) + namespaces(facts) + audit(facts)
            + [lockdown(facts), cgroups(facts), runtimes(facts)] + sources(facts)
        return all.compactMap { finding in
            guard !finding.sources.isEmpty, finding.sources.isDisjoint(with: used) else { return finding }
            var finding = finding
            switch finding.status {
            case .ok: return finding
            case .note: return nil
            case .problem:
                finding.status = .note
                finding.message += "; what needs that is not used here"
                return finding
            }
        }
    }

    /// What sources need of the kernel's configuration.
    private static let kernelOptions: [(source: SourceKind, options: [String])] = [
        (.ebpf, ["CONFIG_BPF_SYSCALL", "CONFIG_DEBUG_INFO_BTF"]), (.audit, ["CONFIG_AUDIT", "CONFIG_AUDITSYSCALL"]),
        (.processConnector, ["CONFIG_PROC_EVENTS"]), (.fanotify, ["CONFIG_FANOTIFY"]),
    ]

    private static func kernel(_ facts: NodeFacts) -> [Finding] {
        let name = "Linux \(facts.kernelRelease)"
        guard let options = facts.kernelOptions else {
            return [
                Finding("kernel", .ok, "\(name); its configuration can't be read, so the sources below tell what works")
            ]
        }
        let findings = kernelOptions.compactMap { source, wanted -> Finding? in
            let missing = wanted.filter { !options.contains($0) }
            guard !missing.isEmpty else { return nil }
            return Finding(
                "kernel", .problem, "\(name) was built without \(missing.joined(separator: ", "))",
                fix: "use a kernel with these options; until then other sources see a part", of: [source])
        }
        return findings.isEmpty ? [Finding("kernel", .ok, "\(name) has all that the sources need")] : findings
    }

    private static func commandLine(_ facts: NodeFacts) -> Finding {
        let words = facts.commandLine.split(separator: " ")
        switch words.last(where: { $0.hasPrefix("audit=") }) {
        case "audit=0", "audit=off":
            return Finding(
                "boot", .problem, "audit is switched off on the kernel's command line", fix: "boot with audit=1",
                of: [.audit])
        case "audit=1", "audit=on": return Finding("boot", .ok, "audit is on from the start of the system")
        default:
            return Finding(
                "boot", .note,
                "audit is not switched on at boot: processes that started before it was first on are not seen by it",
                fix: "boot with audit=1", of: [.audit])
        }
    }

    // MARK: Rights

    /// The capabilities that the sources use, with what fails without each.
    private static let wantedCapabilities: [(set: CapabilitySet, use: String, source: SourceKind?)] = [
        (.bpf, "eBPF programs can't be loaded", .ebpf),
        (.perfmon, "eBPF programs can't be attached", .ebpf),
        (.auditControl, "audit rules can't be loaded", .audit),
        (.auditRead, "a copy of the audit records can't be read", .audit),
        (.netAdmin, "the process connector can't be used", .processConnector),
        (.sysAdmin, "fanotify can't be used", .fanotify),
        (.sysPtrace, "programs and arguments of other users' processes are missing", nil),
        (.dacReadSearch, "files that are not readable for all are missing, bundles of containers among them", nil),
    ]

    private static func capabilities(_ facts: NodeFacts) -> [Finding] {
        guard let own = facts.capabilities else {
            return [Finding("capabilities", .note, "the capabilities can't be read")]
        }
        // Kernels differ in what they ask for: since Linux 6.6 the process connector answers any user.
        let working = facts.availabilities.filter { $0.isAvailable && $0.reason.isEmpty }.map(\.kind)
        let missing = wantedCapabilities.filter { wanted in
            !own.contains(wanted.set) && !(wanted.source.map(working.contains) ?? false)
        }
        guard !missing.isEmpty else { return [Finding("capabilities", .ok, "all that the sources use are there")] }
        return missing.map { capability in
            let name = capability.set.names.first ?? ""
            return Finding(
                "capabilities", .problem, "\(name) is missing: \(capability.use)",
                fix: "run as root, or give the capability (systemd: AmbientCapabilities, Kubernetes: capabilities.add)",
                of: capability.source.map { [$0] } ?? [])
        }
    }

    private static func namespaces(_ facts: NodeFacts) -> [Finding] {
        let wanted = [
            ("pid", facts.pidNamespace, "hostPID: true, docker --pid=host", "processes outside it have no names here"),
            (
                "network", facts.netNamespace, "hostNetwork: true, docker --network=host",
                "the process connector and copies of audit records do not come here"
            ),
            ("user", facts.userNamespace, "no user namespace, and no rootless container", "no source works from it"),
        ]
        let others = wanted.filter { $0.1 == .other }
        let unknown = wanted.filter { $0.1 == .unknown }.map(\.0)
        if others.isEmpty {
            return [
                unknown.isEmpty
                    ? Finding("namespaces", .ok, "the pid, network and user namespaces are the host's")
                    : Finding(
                        "namespaces", .note,
                        "whether these namespaces are the host's can't be known: "
                            + unknown.joined(separator: ", "))
            ]
        }
        return others.map { name, _, fix, effect in
            Finding(
                "namespaces", .problem, "the \(name) namespace is not the host's: \(effect)", fix: "run with \(fix)")
        }
    }

    // MARK: The system

    private static func lockdown(_ facts: NodeFacts) -> Finding {
        guard let line = facts.lockdown, let chosen = line.split(separator: "[").last?.split(separator: "]").first
        else {
            return Finding("lockdown", .ok, "the kernel has no lockdown mode")
        }
        return chosen == "none"
            ? Finding("lockdown", .ok, "the kernel is not locked down")
            : Finding(
                "lockdown", .note,
                "the kernel is locked down (\(chosen)); \(chosen == "confidentiality" ? "eBPF programs can't read what they need, " : "")"
                    + "audit and the sources of proc need nothing that it forbids")
    }

    private static func cgroups(_ facts: NodeFacts) -> Finding {
        switch facts.cgroups {
        case .unified: Finding("cgroups", .ok, "control groups are of version 2")
        case .hybrid: Finding("cgroups", .ok, "control groups are of both versions (hybrid)")
        case .legacy: Finding("cgroups", .ok, "control groups are of version 1")
        case .none:
            Finding(
                "cgroups", .problem, "no control groups are mounted at /sys/fs/cgroup: containers can't be told apart",
                fix: "mount them, or in a container mount the host's /sys/fs/cgroup")
        }
    }

    private static func runtimes(_ facts: NodeFacts) -> Finding {
        guard !facts.runtimes.isEmpty else {
            return Finding(
                "runtimes", .note, "no container runtime was found; if there is one, its state is not at a usual place",
                fix: "in a container: mount the host's /run and /var/lib read-only, or set shrike.host_root")
        }
        let found = facts.runtimes.map { "\($0.name) (\($0.path))" }
        return Finding("runtimes", .ok, "container runtimes: \(found.joined(separator: ", "))")
    }
}
