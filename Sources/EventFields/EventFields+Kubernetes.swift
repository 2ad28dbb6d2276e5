import EventModel
import NodeState

extension EventFields {
    /// Fields of the pod, as the container's labels or its sandbox tell.
    static let kubernetes = FieldClass("k8s", "the pod that the process's container belongs to") {
        FieldRow(
            "k8s.pod.name", .string, "the pod's name", from: .live,
            .container(host: .null) { container, _, arena in arena.string(orNull: container.podName) }
        )
        FieldRow(
            "k8s.ns.name", .string, "the pod's namespace", from: .live,
            .container(host: .null) { container, _, arena in arena.string(orNull: container.podNamespace) }
        )
        FieldRow(
            "k8s.pod.id", .string, "the pod's uid (old name of k8s.pod.uid)", from: .live,
            .container(host: .null) { container, _, arena in arena.string(orNull: container.podUID) }
        )
        FieldRow(
            "k8s.pod.uid", .string, "the pod's uid", from: .live,
            .container(host: .null) { container, _, arena in arena.string(orNull: container.podUID) }
        )
        FieldRow(
            "k8s.pod.sandbox_id", .string, "the first 12 characters of the sandbox container's id", from: .live,
            .container(host: .null) { container, _, arena in
                container.podSandboxID.isEmpty ? .null : arena.string(copying: container.podSandboxID.prefix(12))
            }
        )
        FieldRow(
            "k8s.pod.full_sandbox_id", .string, "the sandbox container's id", from: .live,
            .container(host: .null) { container, _, arena in arena.string(orNull: container.podSandboxID) }
        )
        FieldRow(
            "k8s.pod.label", .string, .key, "one of the pod's labels", from: .live,
            .container(host: .null) { container, argument, arena in arena.label(argument, of: container.podLabels) }
        )
        FieldRow(
            "k8s.pod.labels", .string, "the pod's labels as key:value, joined by a comma and a blank", from: .live,
            .container(host: .null) { container, _, arena in
                container.podName.isEmpty ? .null : arena.labels(container.podLabels)
            }
        )
        FieldRow(
            "k8s.pod.ip", .string, "the pod's address", from: .live,
            .process { process, reader, arena in
                guard let sandbox = reader.sandbox(of: process) else { return .null }
                return arena.string(sandbox.address)
            }
        )
        FieldRow(
            "k8s.pod.cni.json", .string, "the CNI result of the pod", from: .live,
            .process { process, reader, arena in
                guard let sandbox = reader.sandbox(of: process) else { return .null }
                return arena.string(sandbox.networkResult)
            }
        )
        withoutCollector
    }

    /// Fields that always were empty, also in Falco, without a connection to the API server.
    private static var withoutCollector: [FieldRow] {
        let kinds: [(name: String, words: String)] = [
            ("rc", "replication controller"), ("svc", "service"), ("rs", "replica set"), ("deployment", "deployment"),
        ]
        return kinds.flatMap { kind in
            [
                FieldRow(unavailable: "k8s.\(kind.name).name", "the \(kind.words)'s name (k8smeta has it)"),
                FieldRow(unavailable: "k8s.\(kind.name).id", "the \(kind.words)'s id (k8smeta has it)"),
                FieldRow(unavailable: "k8s.\(kind.name).label", .string, .key, "one label of the \(kind.words)"),
                FieldRow(unavailable: "k8s.\(kind.name).labels", "the \(kind.words)'s labels"),
            ]
        } + [
            FieldRow(unavailable: "k8s.ns.id", "the namespace's id (k8smeta has it)"),
            FieldRow(unavailable: "k8s.ns.label", .string, .key, "one label of the namespace"),
            FieldRow(unavailable: "k8s.ns.labels", "the namespace's labels"),
        ]
    }

    /// Fields of the k8smeta plugin, which asks the API server: no source here does.
    static let kubernetesMetadata = FieldClass(
        "k8smeta", "the objects that own the process's pod; from the k8smeta plugin's collector, which Shrike has not"
    ) {
        metadata
    }

    private static var metadata: [FieldRow] {
        let kinds: [(name: String, words: String, flags: FieldFlags)] = [
            ("pod", "pod", []), ("ns", "namespace", []), ("deployment", "deployment", []), ("svc", "service", .list),
            ("rs", "replica set", []), ("rc", "replication controller", .list),
        ]
        return kinds.flatMap { kind in
            [
                FieldRow(unavailable: "k8smeta.\(kind.name).name", .string, kind.flags, "the \(kind.words)'s name"),
                FieldRow(unavailable: "k8smeta.\(kind.name).uid", .string, kind.flags, "the \(kind.words)'s uid"),
                FieldRow(
                    unavailable: "k8smeta.\(kind.name).label", .string, kind.flags.union(.key),
                    "one label of the \(kind.words)"
                ),
                FieldRow(
                    unavailable: "k8smeta.\(kind.name).labels", .string, .list,
                    "the \(kind.words)'s labels as key:value"
                ),
            ]
        } + [FieldRow(unavailable: "k8smeta.pod.ip", "the pod's address")]
    }
}

extension EventFieldReader {
    /// The sandbox of the process's pod; nil outside a pod.
    fileprivate func sandbox(of process: ProcessRecord) -> ContainerRecord? {
        process.container.flatMap { state.sandbox(of: $0) }
    }
}
