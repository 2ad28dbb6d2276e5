import EventModel
import NodeState

extension EventFields {
    /// Fields of the container.
    static let container = FieldClass("container", "the container that the process runs in") {
        containerIdentity
        containerImage
        containerMounts
        containerRuntime
    }

    @FieldRowBuilder private static var containerIdentity: [FieldRow] {
        FieldRow(
            "container.id", .string, "the first 12 characters of the container's id, or host", from: .live,
            .process { process, _, arena in
                guard let container = process.container else { return arena.host(process) }
                return arena.string(copying: container.id)
            }
        )
        FieldRow(
            "container.full_id", .string, "the container's id", from: .live,
            .process { process, _, arena in
                guard let container = process.container else { return arena.host(process) }
                return arena.string(container.fullID)
            }
        )
        FieldRow(
            "container.name", .string, "the container's name", from: .live,
            .container(host: .host) { container, _, arena in arena.string(container.name) }
        )
        FieldRow(
            "container.place", .string,
            "where the process runs, in words: host, pod NAMESPACE/NAME, or container NAME; not one of Falco's",
            from: .live,
            .process { process, _, arena in
                guard let container = process.container else { return arena.host(process) }
                let start = arena.mark
                if container.podName.isEmpty {
                    arena.append("container ")
                    arena.append(container.name.isEmpty ? container.id : container.name[...])
                } else {
                    arena.append("pod ")
                    arena.append(container.podNamespace)
                    arena.append(UInt8(ascii: "/"))
                    arena.append(container.podName)
                }
                return arena.string(from: start)
            }
        )
        FieldRow(
            "container.type", .string, "the engine: docker, containerd, cri-o, podman, or host", from: .live,
            .process { process, _, arena in
                guard let container = process.container else { return arena.host(process) }
                return arena.string(container.engine.word)
            }
        )
    }

    @FieldRowBuilder private static var containerImage: [FieldRow] {
        FieldRow(
            "container.image", .string, "the image with its tag", from: .live,
            .container(host: .empty) { container, _, arena in arena.string(container.image) }
        )
        FieldRow(
            "container.image.id", .string, "the image's id", from: .live,
            .container(host: .empty) { container, _, arena in arena.string(container.imageID) }
        )
        FieldRow(
            "container.image.repository", .string, "the image's repository with its registry", from: .live,
            .container(host: .empty) { container, _, arena in arena.string(container.imageRepository) }
        )
        FieldRow(
            "container.image.tag", .string, "the image's tag", from: .live,
            .container(host: .empty) { container, _, arena in arena.string(container.imageTag) }
        )
        FieldRow(
            "container.image.digest", .string, "the image's digest, sha256:…", from: .live,
            .container(host: .empty) { container, _, arena in arena.string(container.imageDigest) }
        )
    }

    @FieldRowBuilder private static var containerMounts: [FieldRow] {
        FieldRow(
            "container.mounts", .string, "all mounts as source:destination:mode:writable:propagation, comma-joined",
            from: .live,
            .container(host: .empty) { container, _, arena in
                let start = arena.mark
                for mount in container.mounts {
                    if arena.mark > start { arena.append(UInt8(ascii: ",")) }
                    arena.append(mount)
                }
                return arena.string(from: start)
            }
        )
        mount("container.mount", "one mount, by index or source", .source) { mount, arena in
            let start = arena.mark
            arena.append(mount)
            return arena.string(from: start)
        }
        mount("container.mount.source", "a mount's source, by index or destination", .destination) { mount, arena in
            arena.string(mount.source)
        }
        mount("container.mount.dest", "a mount's destination, by index or source", .source) { mount, arena in
            arena.string(mount.destination)
        }
        mount("container.mount.mode", "a mount's mode, by index or source", .source) { mount, arena in
            arena.string(mount.mode)
        }
        mount("container.mount.rdwr", "true for writable mounts, by index or source", .source) { mount, arena in
            mount.isWritable ? arena.string("true") : arena.string("false")
        }
        mount("container.mount.propagation", "a mount's propagation, by index or source", .source) { mount, arena in
            arena.string(mount.propagation)
        }
    }

    @FieldRowBuilder private static var containerRuntime: [FieldRow] {
        FieldRow(
            "container.privileged", .bool, "whether the container is privileged", from: .live,
            .container(host: .no) { container, _, _ in .bool(container.isPrivileged) }
        )
        FieldRow(unavailable: "container.healthcheck", "obsolete")
        FieldRow(unavailable: "container.liveness_probe", "obsolete")
        FieldRow(unavailable: "container.readiness_probe", "obsolete")
        FieldRow(
            "container.start_ts", .absoluteTime, "when the pid namespace's first process was started", from: .live,
            cost: .lookup,
            .process { process, _, _ in .nonzero(process.namespaceStartNanoseconds) }
        )
        FieldRow(
            "container.duration", .relativeTime, "nanoseconds since then", from: .live, cost: .lookup,
            .process { process, reader, _ in reader.duration(since: process.namespaceStartNanoseconds) }
        )
        FieldRow(
            "container.ip", .string, "the container's first address", from: .live,
            .container(host: .empty) { container, _, arena in arena.string(container.address) }
        )
        FieldRow(
            "container.cni.json", .string, "the CNI result of the pod's sandbox", from: .live,
            .container(host: .empty) { container, _, arena in arena.string(container.networkResult) }
        )
        FieldRow(
            "container.host_pid", .bool, "whether the container shares the host's pid namespace", from: .live,
            .container(host: .no) { container, _, _ in .bool(container.usesHostPID) }
        )
        FieldRow(
            "container.host_network", .bool, "whether the container shares the host's network", from: .live,
            .container(host: .no) { container, _, _ in .bool(container.usesHostNetwork) }
        )
        FieldRow(
            "container.host_ipc", .bool, "whether the container shares the host's IPC namespace", from: .live,
            .container(host: .no) { container, _, _ in .bool(container.usesHostIPC) }
        )
        FieldRow(
            "container.label", .string, .key, "one label", from: .live,
            .container(host: .null) { container, argument, arena in arena.label(argument, of: container.labels) }
        )
        FieldRow(
            "container.labels", .string, "all labels as key:value, joined by a comma and a blank", from: .live,
            .container(host: .empty) { container, _, arena in arena.labels(container.labels) }
        )
        FieldRow(unavailable: "proc.is_container_healthcheck", .bool, "obsolete")
        FieldRow(unavailable: "proc.is_container_liveness_probe", .bool, "obsolete")
        FieldRow(unavailable: "proc.is_container_readiness_probe", .bool, "obsolete")
    }

    private static func mount(
        _ name: String, _ meaning: String, _ side: MountPatterns.Side,
        _ read: @escaping @Sendable (ContainerRecord.Mount, inout ValueArena) -> FieldValue
    ) -> FieldRow {
        FieldRow(name, .string, .keyOrIndex, meaning, from: .live, .mount(side, read))
    }
}

extension ContainerRecord.Engine {
    /// The word of `container.type`.
    fileprivate var word: StaticString {
        switch self {
        case .podman: "podman"
        case .docker: "docker"
        case .containerd: "containerd"
        case .crio: "cri-o"
        case .unknown: "oci"
        }
    }
}

extension ValueArena {
    /// The word for what has no container; null for a process of which nothing says where it runs.
    fileprivate mutating func host(_ process: ProcessRecord) -> FieldValue {
        process.isOnHost ? string("host") : .null
    }

    /// Adds a mount as text.
    fileprivate mutating func append(_ mount: ContainerRecord.Mount) {
        append(mount.source)
        append(UInt8(ascii: ":"))
        append(mount.destination)
        append(UInt8(ascii: ":"))
        append(mount.mode)
        append(mount.isWritable ? ":true:" : ":false:")
        append(mount.propagation)
    }

    /// A text value of one label; null when there is no such.
    mutating func label(_ argument: FieldArgument, of labels: [ContainerRecord.Label]) -> FieldValue {
        let key: [UInt8]
        switch argument {
        case .none: return .null
        case .index(let number): key = Array(String(number).utf8)
        case .key(let text): key = text
        }
        guard let label = labels.first(where: { $0.key == key }) else { return .null }
        return string(label.value)
    }

    /// A text value of all labels, those of the engine itself left out.
    mutating func labels(_ labels: [ContainerRecord.Label]) -> FieldValue {
        let start = mark
        for label in labels {
            if label.key.starts(with: annotationPrefix) || label.key.starts(with: kubernetesPrefix) { continue }
            if label.value.count > labelLimit { continue }
            if mark > start { append(", ") }
            append(label.key)
            append(UInt8(ascii: ":"))
            append(label.value)
        }
        return string(from: start)
    }
}

private let annotationPrefix = Array("annotation.".utf8)
private let kubernetesPrefix = Array("io.kubernetes.".utf8)
/// Longer label values are left out, as by Falco's default.
private let labelLimit = 100
