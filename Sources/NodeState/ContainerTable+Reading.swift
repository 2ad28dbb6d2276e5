import JSONTree

/// Where engines keep what they know of a container, and how it is read.
extension ContainerTable {
    /// Reads what the engine wrote about a container; a process in it leads to bundles in unusual places.
    func read(_ container: ContainerRecord, of process: ProcessRecord?) {
        container.attempts += 1
        // A runtime's own word of its bundle holds until the engine's files are read too.
        let wasPrepared = container.isPrepared
        container.isPrepared = false
        let wait = UInt64(20_000_000) << UInt64(min(container.attempts, 12))
        container.nextAttemptNanoseconds = context.now &+ wait
        let isRead: Bool
        switch container.engine {
        case .containerd where wasPrepared: isRead = true
        case .docker: isRead = readDocker(container) || readContainerd(container)
        case .podman, .crio: isRead = readStorage(container) || readContainerd(container)
        case .containerd, .unknown:
            isRead = readContainerd(container) || readStorage(container) || readDocker(container)
        }
        guard isRead || wasPrepared || process.map({ readThroughAncestors(container, $0) }) ?? false else {
            context.counters.containerMetadataMisses += 1
            return
        }
        guard !container.isSandbox, let sandbox = sandbox(of: container), sandbox !== container else {
            return
        }
        takePod(sandbox, into: container)
    }

    /// What a container shares with its pod's sandbox.
    private func takePod(_ sandbox: ContainerRecord, into container: ContainerRecord) {
        guard sandbox.hasMetadata else { return }
        container.podLabels = sandbox.podLabels
        if container.address.isEmpty { container.address = sandbox.address }
        if container.networkResult.isEmpty { container.networkResult = sandbox.networkResult }
        if container.podUID.isEmpty { container.podUID = sandbox.podUID }
        if container.podName.isEmpty { container.podName = sandbox.podName }
        if container.podNamespace.isEmpty { container.podNamespace = sandbox.podNamespace }
        // The container joins the sandbox's network by path, whether that is the host's or not.
        if sandbox.usesHostNetwork { container.usesHostNetwork = true }
    }

    // MARK: Places

    private func readContainerd(_ container: ContainerRecord) -> Bool {
        let roots = context.options.containerdRoots.map { Array($0.utf8) } + foundRoots
        for root in roots {
            for namespace in ["k8s.io", "moby", "default"] as [StaticString] {
                var bundle = root
                bundle.append(UInt8(ascii: "/"))
                bundle.append(namespace)
                if readBundle(container, Self.join(bundle, container.fullID)) {
                    finishContainerd(container, isDocker: namespace.description == "moby")
                    return true
                }
            }
        }
        for root in roots {
            context.setPath(host: "")
            context.path.append(root)
            for namespace in context.files.listNames(context.path, limit: 64) ?? [] {
                if readBundle(container, Self.join(Self.join(root, namespace), container.fullID)) {
                    finishContainerd(container, isDocker: false)
                    return true
                }
            }
        }
        return false
    }

    private func finishContainerd(_ container: ContainerRecord, isDocker: Bool) {
        if container.engine == .unknown { container.engine = isDocker ? .docker : .containerd }
    }

    private func readStorage(_ container: ContainerRecord) -> Bool {
        for root in context.options.containersStorageRoots {
            let directory = Self.join(Array(root.utf8), container.fullID)
            guard readBundle(container, Self.join(directory, Array("userdata".utf8))) else { continue }
            if container.engine == .unknown { container.engine = .podman }
            if container.engine == .podman { readStorageLists(container) }
            return true
        }
        return false
    }

    private func readStorageLists(_ container: ContainerRecord) {
        for root in context.options.containersStorageRoots {
            for file in ["containers.json", "volatile-containers.json"] as [StaticString] {
                if let list = readJSON(in: Array(root.utf8), file) { container.takeStorage(list) }
            }
        }
    }

    private func readDocker(_ container: ContainerRecord) -> Bool {
        for root in context.options.dockerRoots {
            let directory = Self.join(Array(root.utf8), container.fullID)
            guard let config = readJSON(in: directory, "config.v2.json") else { continue }
            // The bundle that Docker's containerd holds knows the root file system; Docker's file knows the names.
            let moby = ContainerRecord(fullID: container.fullID, engine: .docker)
            if readContainerd(moby) {
                container.rootPath = moby.rootPath
                container.isPrivileged = moby.isPrivileged
            }
            container.takeDocker(config, host: readJSON(in: directory, "hostconfig.json"), path: directory)
            return true
        }
        return false
    }

    /// Follows the process's ancestors to the shim, monitor or runtime that holds the bundle elsewhere.
    private func readThroughAncestors(_ container: ContainerRecord, _ process: ProcessRecord) -> Bool {
        var ancestor: ProcessRecord? = process
        for _ in 0..<32 {
            guard let candidate = ancestor else { return false }
            let role = trust.role(of: candidate)
            let command = role == .none || role == .unknown ? RuntimeCommand([]) : RuntimeCommand(candidate.arguments)
            if !command.bundle.isEmpty, command.id.isEmpty || command.id == container.fullID {
                var bundle: [UInt8] = []
                PathNormalization.append(command.bundle[...], base: candidate.currentDirectory[...], into: &bundle)
                if readBundle(container, bundle) { return learned(container, bundle) }
            }
            if !command.namespace.isEmpty, role == .shim {
                // A shim stands in the bundle of the first container that it was started for: the sandbox's.
                var home = candidate.currentDirectory
                while home.last == UInt8(ascii: "/") { home.removeLast() }
                let parent = home.prefix(upTo: home.lastIndex(of: UInt8(ascii: "/")) ?? 0)
                let bundle = Self.join(Array(parent), container.fullID)
                if readBundle(container, bundle) { return learned(container, bundle) }
            }
            ancestor = processes.linkedParent(of: candidate)
        }
        return false
    }

    private func learned(_ container: ContainerRecord, _ bundle: [UInt8]) -> Bool {
        learnRoot(of: bundle, id: container.fullID)
        if container.engine == .unknown { container.engine = .containerd }
        return true
    }

    /// Remembers `ROOT` of a bundle `ROOT/NAMESPACE/ID`.
    func learnRoot(of bundle: [UInt8], id: [UInt8]) {
        let parts = bundle.split(separator: UInt8(ascii: "/"))
        guard parts.count > 2, let last = parts.last, last.elementsEqual(id) else { return }
        var root: [UInt8] = []
        for part in parts.dropLast(2) {
            root.append(UInt8(ascii: "/"))
            root.append(contentsOf: part)
        }
        guard foundRoots.count < 16, !foundRoots.contains(root),
            !context.options.containerdRoots.contains(where: { $0.utf8.elementsEqual(root) })
        else { return }
        foundRoots.append(root)
    }

    private func readBundle(_ container: ContainerRecord, _ bundle: [UInt8]) -> Bool {
        guard let root = readJSON(in: bundle, "config.json") else { return false }
        container.takeBundle(root, bundle: bundle)
        return true
    }

    /// A JSON file in a directory that only root can have written; nil otherwise.
    func readJSON(in directory: [UInt8], _ name: StaticString) -> JSONValue? {
        var path = directory
        path.append(UInt8(ascii: "/"))
        path.append(name)
        let limit = context.options.bundleFileLimit
        guard context.files.readOfRoot(path, below: context.root, upTo: limit, into: &context.content) else {
            return nil
        }
        guard let document = try? JSONDocument(context.content) else {
            context.counters.malformedContainerFiles += 1
            return nil
        }
        return document.root
    }

    private static func join(_ directory: [UInt8], _ name: [UInt8]) -> [UInt8] {
        var path = directory
        path.append(UInt8(ascii: "/"))
        path.append(contentsOf: name)
        return path
    }
}
