import CommandOutput
import Profiles

/// What a pod's manifest should say of a workload: its `securityContext`, and a NetworkPolicy for its traffic (Kubernetes API,
/// core/v1 and networking.k8s.io/v1).
public struct PodSecurity: Sendable {
    private let observed: ObservedPrivileges

    /// For what was seen of a workload.
    public init(_ observed: ObservedPrivileges) { self.observed = observed }

    /// The name under which `shrike profile seccomp` is to be put below the kubelet's `seccomp` directory.
    public var seccompFile: String { "profiles/\(observed.workload.label).json" }

    /// The container's `securityContext`.
    public var securityContext: ValueTree {
        var members: [ValueTree.Member] = [
            .init("privileged", .bool(false)), .init("allowPrivilegeEscalation", .bool(gainsPrivileges)),
        ]
        members.append(.init("readOnlyRootFilesystem", .bool(writtenDirectories.isEmpty)))
        if !observed.users.isEmpty, !observed.users.contains(0) {
            members.append(.init("runAsNonRoot", .bool(true)))
            if observed.users.count == 1 { members.append(.init("runAsUser", .integer(Int(observed.users[0])))) }
        }
        if case .map(let capabilities) = CapabilityAdvice(observed).tree { members += capabilities }
        members.append(
            .init(
                "seccompProfile",
                .map([.init("type", .text("Localhost")), .init("localhostProfile", .text(seccompFile))])))
        return .map(members)
    }

    /// Whether a program changes its user after it began: setuid programs and `su` need that.
    private var gainsPrivileges: Bool { observed.users.contains(0) && observed.users.count > 1 }

    /// Directories that it writes in and that are not temporary memory anyway.
    public var writtenDirectories: [String] {
        var directories: Set<String> = []
        for file in observed.files where file.access == .write {
            guard !file.path.hasPrefix("/proc/"), !file.path.hasPrefix("/dev/"), !file.path.hasPrefix("/sys/") else {
                continue
            }
            // Up to the name, or to the first of which a part is open.
            guard case .bytes(let bytes) = file.path.parts.first else { continue }
            let directory = bytes.prefix(upTo: bytes.lastIndex(of: UInt8(ascii: "/")) ?? bytes.startIndex)
            directories.insert(directory.isEmpty ? "/" : String(decoding: directory, as: UTF8.self).printable)
        }
        return directories.sorted()
    }

    /// What the documents can't say.
    public var remarks: [String] {
        guard observed.hasChosenPorts else { return [] }
        return [
            "it also listens on ports that the kernel chose: no NetworkPolicy can name them, so nobody is let in by them"
        ]
    }

    /// A policy that lets in what is listened on and out what is connected to. Empty: no network at all.
    public var networkPolicy: ValueTree {
        let (namespace, label): (String, String)
        switch observed.workload {
        case .kubernetes(let space, let owner, _): (namespace, label) = (space, owner)
        default: (namespace, label) = ("default", observed.workload.label.lowercased())
        }
        let ingress: [ValueTree] =
            observed.ports.isEmpty ? [] : [.map([.init("ports", .list(Self.ports(Set(observed.ports))))])]
        return .map([
            .init("apiVersion", .text("networking.k8s.io/v1")), .init("kind", .text("NetworkPolicy")),
            .init("metadata", .map([.init("name", .text(label)), .init("namespace", .text(namespace))])),
            .init(
                "spec",
                .map([
                    .init("podSelector", .map([.init("matchLabels", .map([.init("app", .text(label))]))])),
                    .init("policyTypes", .texts(["Ingress", "Egress"])),
                    .init("ingress", .list(ingress)), .init("egress", .list(egress)),
                ])),
        ])
    }

    private var egress: [ValueTree] {
        let groups = Dictionary(grouping: observed.destinations.filter { !$0.address.isLoopback && $0.port > 0 }) {
            $0.address.cidr
        }
        return groups.keys.sorted().map { block in
            let ports = Set((groups[block] ?? []).map { ObservedPrivileges.Port($0.transport, $0.port) })
            return .map([
                .init("to", .list([.map([.init("ipBlock", .map([.init("cidr", .text(block))]))])])),
                .init("ports", .list(Self.ports(ports))),
            ])
        }
    }

    private static func ports(_ ports: Set<ObservedPrivileges.Port>) -> [ValueTree] {
        ports.sorted { ($0.number, $0.transport) < ($1.number, $1.transport) }.map { port in
            .map([
                .init("protocol", .text(port.transport.rawValue.uppercased())),
                .init("port", .integer(Int(port.number))),
            ])
        }
    }

    /// Both documents, with what they can't know as comments.
    public var yaml: String {
        var text = "# securityContext of the container \(observed.workload.text.printable)\n" + securityContext.yaml
        if !writtenDirectories.isEmpty {
            text += "# written in: \(writtenDirectories.joined(separator: ", "))\n"
            text += "# with an emptyDir or volume at each, readOnlyRootFilesystem can be true\n"
        }
        text += "---\n# podSelector: put the labels of your pods here\n" + networkPolicy.yaml
        return text
    }
}
