import JSONTree

/// Facts from Docker's `config.v2.json` and `hostconfig.json` (moby, daemon/container), and from the configuration that
/// Podman and CRI-O keep beside a container.
extension ContainerRecord {
    /// Takes the facts of Docker's two files; the second may be missing.
    func takeDocker(_ config: JSONValue, host: JSONValue?, path: [UInt8]) {
        engine = .docker
        bundlePath = path
        hasMetadata = true
        if let text = config["Name"]?.string { name = Array(text.drop { $0 == UInt8(ascii: "/") }) }
        if let text = config["Config"]?["Image"]?.string { takeImage(text[...]) }
        if let text = config["Image"]?.string { imageID = ImageReference(text[...]).id }
        user = config["Config"]?["User"]?.string ?? []
        labels = Self.labels(config["Config"]?["Labels"])
        for label in labels { takeKubernetes(label) }
        mounts = (config["MountPoints"]?.members ?? []).map { Self.dockerMount($0.value) }
        for (_, network) in config["NetworkSettings"]?["Networks"]?.members ?? [] where address.isEmpty {
            address = network["IPAddress"]?.string ?? []
        }
        guard let host else { return }
        isPrivileged = host["Privileged"]?.bool ?? false
        usesHostPID = host["PidMode"]?.rawText.matches("host") ?? false
        usesHostNetwork = host["NetworkMode"]?.rawText.matches("host") ?? false
        usesHostIPC = host["IpcMode"]?.rawText.matches("host") ?? false
    }

    /// cri-dockerd's labels.
    private func takeKubernetes(_ label: Label) {
        if label.key.matches("io.kubernetes.pod.name") {
            podName = label.value
        } else if label.key.matches("io.kubernetes.pod.namespace") {
            podNamespace = label.value
        } else if label.key.matches("io.kubernetes.pod.uid") {
            podUID = label.value
        } else if label.key.matches("io.kubernetes.sandbox.id") {
            podSandboxID = label.value
        } else if label.key.matches("io.kubernetes.docker.type") {
            isSandbox = label.value.matches("podsandbox")
        }
    }

    private static func dockerMount(_ value: JSONValue) -> Mount {
        var mount = Mount()
        mount.source = value["Source"]?.string ?? []
        mount.destination = value["Destination"]?.string ?? []
        mount.mode = value["Mode"]?.string ?? value["Relabel"]?.string ?? []
        mount.isWritable = value["RW"]?.bool ?? true
        mount.propagation = value["Propagation"]?.string ?? []
        return mount
    }

    /// Takes what containers-storage's `containers.json` says of this container: its names, and in the embedded
    /// metadata the image's name and id. `list` is the file's array.
    func takeStorage(_ list: JSONValue) {
        for value in list.elements {
            guard let id = value["id"]?.rawText, id.elementsEqual(fullID) else { continue }
            if name.isEmpty, let text = value["names"]?.elements.first?.string { name = text }
            if imageID.isEmpty, let text = value["image"]?.string { imageID = text }
            guard let text = value["metadata"]?.string, let metadata = try? JSONDocument(text).root else { return }
            if imageRepository.isEmpty, let text = metadata["image-name"]?.string { takeImage(text[...]) }
            if name.isEmpty, let text = metadata["name"]?.string { name = text }
            return
        }
    }
}
