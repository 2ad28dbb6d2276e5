import NodeState
import Profiles

/// Which workload a process belongs to, from what the node's state proves of it.
enum WorkloadNaming {
    /// The workload of a container's processes; nil while too little is known of it, or when it is a user's own.
    static func identity(of container: ContainerRecord, _ groupings: Set<LearningSettings.Grouping>)
        -> WorkloadIdentity?
    {
        guard container.hasMetadata, !container.isUsers else { return nil }
        func text(_ bytes: [UInt8]) -> String { name(bytes[...]) }
        if !container.podName.isEmpty {
            guard groupings.contains(.kubernetes) else { return nil }
            let labels = container.podLabels.isEmpty ? container.labels : container.podLabels
            let owner = WorkloadIdentity.owner(ofPod: text(container.podName)) { key in
                labels.first { $0.key.elementsEqual(key.utf8) }.map { text($0.value) }
            }
            let name = container.isSandbox || container.name.isEmpty ? "pause" : text(container.name)
            return .kubernetes(namespace: text(container.podNamespace), owner: owner, container: name)
        }
        guard groupings.contains(.container) else { return nil }
        let image = container.imageRepository.isEmpty ? "unknown" : path(container.imageRepository[...])
        return .container(name: container.name.isEmpty ? "unnamed" : text(container.name), image: image)
    }

    /// The service in a text of /proc/PID/cgroup: of a template, the template. nil for sessions, scopes, and what a user's own
    /// service manager made.
    static func unit(in cgroups: [UInt8]) -> WorkloadIdentity? {
        for line in cgroups.split(separator: 0x0a) {
            guard let slash = line.firstIndex(of: UInt8(ascii: "/")) else { continue }
            let components = line[slash...].split(separator: UInt8(ascii: "/"))
            guard components.first?.elementsEqual("system.slice".utf8) == true else { continue }
            guard let service = components.first(where: { $0.suffix(8).elementsEqual(".service".utf8) }) else {
                continue
            }
            var text = name(service)
            if let at = text.firstIndex(of: "@") { text = String(text[...at]) + ".service" }
            return .unit(text)
        }
        return nil
    }

    /// The workload of a program of the host.
    static func program(uid: UInt32, path: [UInt8], _ generalisation: Generalisation) -> WorkloadIdentity? {
        guard path.first == UInt8(ascii: "/") else { return nil }
        var text: [UInt8] = []
        generalisation.append(path: path[...], to: &text)
        return .program(uid: uid, path: String(decoding: text, as: UTF8.self))
    }

    /// A name as identities have it: printable, without slash.
    private static func name(_ bytes: ArraySlice<UInt8>) -> String {
        var text: [UInt8] = []
        text.append(canonical: bytes.map { $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0 })
        return String(decoding: text, as: UTF8.self)
    }

    private static func path(_ bytes: ArraySlice<UInt8>) -> String {
        var text: [UInt8] = []
        text.append(canonical: bytes)
        return String(decoding: text, as: UTF8.self)
    }
}
