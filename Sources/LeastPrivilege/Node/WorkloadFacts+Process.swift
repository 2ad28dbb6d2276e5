import KernelInterface
import NodeState
import Profiles

extension WorkloadFacts {
    /// Takes what one of its processes shows.
    mutating func take(_ status: ProcessPosture, pid: Int32, _ executable: String, label: String?) {
        processes += 1
        if !programs.contains(executable), programs.count < 64 {
            programs.append(executable)
            programs.sort()
        }
        bounding.formUnion(status.bounding)
        effective.formUnion(status.effective)
        // Root gets its bounding set with the next program (capabilities(7)).
        let held = status.effectiveUID == 0 ? status.bounding.union(status.effective) : status.effective
        self.held.formUnion(held)
        hasRoot = hasRoot || status.effectiveUID == 0
        hasNoNewPrivileges = hasNoNewPrivileges && status.hasNoNewPrivileges
        if let mode = status.seccomp {
            seccomp = min(seccomp?.rawValue ?? .max, mode.rawValue) == mode.rawValue ? mode : seccomp
        }
        let member = Member(
            pid: pid, program: executable, uid: status.effectiveUID, held: held,
            isFiltered: status.seccomp.map { $0 != .none } ?? false)
        if strongest.map({ member.exceeds($0) }) ?? true { strongest = member }
        if let label, Self.confines(label) {
            if confinement.isEmpty, !isUnconfined { confinement = label }
        } else {
            (isUnconfined, confinement) = (true, "")
        }
    }

    /// Whether a label of AppArmor or SELinux (/proc/PID/attr/current) forbids anything. A profile in complain mode only tells.
    private static func confines(_ label: String) -> Bool {
        !label.isEmpty && label != "unconfined" && !label.hasSuffix("(complain)") && !label.hasSuffix("(unconfined)")
            && !label.contains(":unconfined_t:") && label != "kernel"
    }

    /// Takes what the bundle of one of its containers says.
    mutating func take(_ container: ContainerRecord) {
        guard containers.insert(String(decoding: container.fullID, as: UTF8.self)).inserted else { return }
        let image = String(decoding: container.image, as: UTF8.self)
        if self.image.isEmpty {
            self.image = image
        } else if !image.isEmpty, !self.image.split(separator: " ").contains(Substring(image)) {
            self.image += " \(image)"
        }
        isPrivileged = isPrivileged || container.isPrivileged
        for mount in container.mounts {
            let source = String(decoding: mount.source, as: UTF8.self)
            let destination = String(decoding: mount.destination, as: UTF8.self)
            if destination == Self.tokenDirectory || destination == Self.tokenDirectory.dropFirst(4) {
                hasToken = true
            } else if source.hasPrefix("/"), !Self.isRuntimes(source, destination) {
                let seen = HostMount(source: source, destination: destination, isWritable: mount.isWritable)
                if !hostMounts.contains(seen) { hostMounts.append(seen) }
            }
        }
    }

    /// What kubelet and runtimes mount into every container: its host name, hosts, resolver, volumes of the pod's own.
    private static func isRuntimes(_ source: String, _ destination: String) -> Bool {
        if source.hasPrefix("/var/lib/kubelet/pods/") { return true }
        let own = [
            "/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/dev/shm", "/dev/termination-log", "/run/.containerenv",
        ]
        return own.contains(destination)
    }
}
