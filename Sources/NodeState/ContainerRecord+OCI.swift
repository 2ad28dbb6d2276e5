import EventModel
import JSONTree

/// Facts from an OCI bundle's `config.json` (OCI runtime specification, config.md and config-linux.md) with the
/// annotations of containerd's CRI plugin, of CRI-O and of Podman.
extension ContainerRecord {
    /// Takes the facts of a bundle. `bundle` is its directory.
    func takeBundle(_ root: JSONValue, bundle: [UInt8]) {
        bundlePath = bundle
        hasMetadata = true
        if let path = root["root"]?["path"]?.string { rootPath = Self.absolute(path, bundle) }
        mounts = (root["mounts"]?.elements ?? []).map(Self.mount)
        takeUser(root["process"]?["user"])
        takeNamespaces(root["linux"]?["namespaces"])
        isPrivileged = Self.isPrivileged(root)
        let annotations = root["annotations"]?.members ?? []
        for (key, value) in annotations {
            guard let text = value.string else { continue }
            take(annotation: key, text)
        }
    }

    private func take(annotation key: [UInt8], _ value: [UInt8]) {
        if key.begins(with: "io.kubernetes.cri-o.") {
            takeCRIO(key.dropFirst(20), value)
        } else if key.begins(with: "io.kubernetes.cri.") {
            takeCRI(key.dropFirst(18), value)
        } else if key.matches("io.kubernetes.pod.name") {
            podName = value
        } else if key.matches("io.kubernetes.pod.namespace") {
            podNamespace = value
        } else if key.matches("io.kubernetes.pod.uid") {
            podUID = value
        } else if key.matches("io.kubernetes.container.name"), name.isEmpty {
            name = value
        } else if key.matches("io.container.manager"), value.matches("libpod") {
            engine = .podman
        } else if key.matches("org.opencontainers.image.ref.name"), image.isEmpty {
            takeImage(value[...])
        } else if key.begins(with: "nerdctl/") {
            takeNerdctl(key.dropFirst(8), value)
        }
    }

    /// containerd, internal/cri/annotations.
    private func takeCRI(_ key: ArraySlice<UInt8>, _ value: [UInt8]) {
        engine = .containerd
        if key.matches("container-name") {
            name = value
        } else if key.matches("container-type") {
            isSandbox = value.matches("sandbox")
        } else if key.matches("image-name") {
            takeImage(value[...])
        } else if key.matches("sandbox-id") {
            podSandboxID = value
        } else if key.matches("sandbox-name") {
            podName = value
        } else if key.matches("sandbox-namespace") {
            podNamespace = value
        } else if key.matches("sandbox-uid") {
            podUID = value
        }
    }

    /// CRI-O, pkg/annotations.
    private func takeCRIO(_ key: ArraySlice<UInt8>, _ value: [UInt8]) {
        engine = .crio
        if key.matches("ContainerType") {
            isSandbox = value.matches("sandbox")
        } else if key.matches("Metadata") {
            guard let metadata = try? JSONDocument(value).root, let text = metadata["name"]?.string else { return }
            name = text
        } else if key.matches("ImageName") || key.matches("Image") && image.isEmpty {
            takeImage(value[...])
        } else if key.matches("ImageRef") {
            let reference = ImageReference(value[...])
            imageID = reference.id.isEmpty ? (reference.repository.isEmpty ? value : imageID) : reference.id
            if !reference.digest.isEmpty { imageDigest = reference.digest }
        } else if key.matches("SandboxID") {
            podSandboxID = value
        } else if key.matches("KubeName"), podName.isEmpty {
            podName = value
        } else if key.matches("Namespace") {
            podNamespace = value
        } else if key.matches("Labels") {
            takeLabels(value)
        } else if key.matches("PrivilegedRuntime") {
            if value.matches("true") { isPrivileged = true }
        } else if key.matches("IP.0") {
            address = value
        } else if key.matches("CNIResult") {
            networkResult = value
        } else if key.matches("HostNetwork") {
            if value.matches("true") { usesHostNetwork = true }
        } else if key.matches("MountPoint") {
            rootPath = value
        }
    }

    private func takeNerdctl(_ key: ArraySlice<UInt8>, _ value: [UInt8]) {
        if key.matches("name") {
            name = value
        } else if key.matches("image-ref") {
            takeImage(value[...])
        }
    }

    /// Labels as a JSON object in a text.
    private func takeLabels(_ text: [UInt8]) {
        guard let document = try? JSONDocument(text) else { return }
        labels = Self.labels(document.root)
        for label in labels {
            if label.key.matches("io.kubernetes.pod.uid") { podUID = label.value }
            if label.key.matches("io.kubernetes.pod.name") { podName = label.value }
            if label.key.matches("io.kubernetes.pod.namespace") { podNamespace = label.value }
        }
        if isSandbox { podLabels = labels }
    }

    /// Takes the image's name apart.
    func takeImage(_ text: ArraySlice<UInt8>) {
        let reference = ImageReference(text)
        if !reference.id.isEmpty {
            imageID = reference.id
            if image.isEmpty { image = Array(text) }
            return
        }
        imageRepository = reference.repository
        imageTag = reference.tag
        if !reference.digest.isEmpty { imageDigest = reference.digest }
        image = reference.repository
        if !reference.tag.isEmpty {
            image.append(UInt8(ascii: ":"))
            image.append(contentsOf: reference.tag)
        }
    }

    static func labels(_ object: JSONValue?) -> [Label] {
        (object?.members ?? []).compactMap { member in
            member.value.string.map { Label(key: member.name, value: $0) }
        }
    }

    private func takeUser(_ value: JSONValue?) {
        user = value?["username"]?.string ?? []
        guard user.isEmpty, let uid = value?["uid"]?.integer, let id = UInt32(exactly: uid) else { return }
        user.append(decimal: UInt64(id))
    }

    /// A namespace that is not listed is the host's; one with a path is another container's (the pod sandbox's).
    private func takeNamespaces(_ list: JSONValue?) {
        (usesHostPID, usesHostNetwork, usesHostIPC) = (true, true, true)
        hasOwnPIDs = false
        for namespace in list?.elements ?? [] {
            guard let type = namespace["type"]?.string else { continue }
            if type.matches("pid") {
                usesHostPID = false
                hasOwnPIDs = namespace["path"]?.string?.isEmpty ?? true
            }
            if type.matches("network") { usesHostNetwork = false }
            if type.matches("ipc") { usesHostIPC = false }
        }
    }

    /// Engines write no such flag into the bundle; what they do for `privileged` is: every capability, nothing masked,
    /// all devices allowed.
    private static func isPrivileged(_ root: JSONValue) -> Bool {
        let bounding = root["process"]?["capabilities"]?["bounding"]?.elements ?? []
        let powers: [StaticString] = ["CAP_SYS_ADMIN", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_MAC_ADMIN"]
        let texts = bounding.map(\.rawText)
        for power in powers where !texts.contains(where: { $0.matches(power) }) { return false }
        guard root["linux"]?["maskedPaths"]?.elements.isEmpty ?? true else { return false }
        let devices = root["linux"]?["resources"]?["devices"]?.elements ?? []
        return devices.isEmpty
            || devices.contains { device in
                device["allow"]?.bool == true && device["major"]?.integer ?? -1 < 0
                    && device["minor"]?.integer ?? -1 < 0
                    && (device["type"]?.string ?? [UInt8(ascii: "a")]).matches("a")
            }
    }

    private static func mount(_ value: JSONValue) -> Mount {
        var mount = Mount()
        mount.source = value["source"]?.string ?? []
        mount.destination = value["destination"]?.string ?? []
        for option in value["options"]?.elements ?? [] {
            let text = option.rawText
            if text.matches("ro") { mount.isWritable = false }
            let propagations: [StaticString] = [
                "private", "rprivate", "shared", "rshared", "slave", "rslave", "unbindable", "runbindable",
            ]
            if propagations.contains(where: { text.matches($0) }) { mount.propagation = Array(text) }
            if !mount.mode.isEmpty { mount.mode.append(UInt8(ascii: ",")) }
            mount.mode.append(contentsOf: text)
        }
        return mount
    }

    private static func absolute(_ path: [UInt8], _ base: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        PathNormalization.append(path[...], base: base[...], into: &result)
        return result
    }
}
