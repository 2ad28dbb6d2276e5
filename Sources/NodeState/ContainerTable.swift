import JSONTree

/// The containers of the node by full id, with what their bundles say.
final class ContainerTable {
    let context: StateContext
    unowned(unsafe) let processes: ProcessTable
    private var recordByHash: [UInt64: ContainerRecord] = [:]
    private var fresh: [NewContainer] = []
    private var useClock: UInt64 = 0
    /// Roots of containerd bundles found through shims that keep theirs elsewhere.
    private var foundRoots: [[UInt8]] = []

    init(context: StateContext, processes: ProcessTable) {
        self.context = context
        self.processes = processes
    }

    /// Gives a process the container that its control groups name.
    func assign(_ process: ProcessRecord) {
        guard let match = CgroupPath.container(in: process.storedCgroups) else {
            process.container = nil
            return
        }
        let id = process.storedCgroups[match.id]
        if let container = process.container, container.fullID.elementsEqual(id) {
            refresh(container, process)
            return
        }
        process.container = record(id, engine: match.engine, of: process)
    }

    /// Tries again to read what was not there yet: runtimes write the bundle before the first process, but a source may
    /// be quicker than the file's path is known.
    func refresh(_ container: ContainerRecord, _ process: ProcessRecord) {
        guard !container.hasMetadata, container.attempts < Self.mostAttempts,
            context.now >= container.nextAttemptNanoseconds
        else { return }
        read(container, of: process)
    }

    /// The record of a pod's sandbox container.
    func sandbox(of container: ContainerRecord, process: ProcessRecord?) -> ContainerRecord? {
        if container.isSandbox { return container }
        guard !container.podSandboxID.isEmpty else { return nil }
        return record(container.podSandboxID[...], engine: container.engine, of: process)
    }

    /// Hands over the new containers since the last call.
    func takeFresh() -> [NewContainer] {
        guard !fresh.isEmpty else { return [] }
        defer { fresh = [] }
        return fresh
    }

    /// Reports a container's root file system.
    func report(_ container: NewContainer) {
        guard fresh.count < Self.mostFresh else {
            context.counters.containerNoticesDropped += 1
            return
        }
        fresh.append(container)
    }

    /// Looks at a runtime that is about to create a container: its bundle tells the root before any process is in it.
    func noteRuntime(_ process: ProcessRecord) {
        let command = RuntimeCommand(process.arguments)
        if command.entersContainer {
            process.enteredContainerID = command.id
            process.isEnteredByExec = !command.createsContainer
        }
        guard command.createsContainer else { return }
        var bundle: [UInt8] = []
        // Without the option the current directory is the bundle.
        PathNormalization.append(command.bundle[...], base: process.currentDirectory[...], into: &bundle)
        guard bundle.first == UInt8(ascii: "/"), let root = readJSON(in: bundle, ["config.json"]) else { return }
        let scratch = ContainerRecord(fullID: command.id, engine: .unknown)
        scratch.takeBundle(root, bundle: bundle)
        learnRoot(of: bundle, id: command.id)
        report(NewContainer(fullID: command.id, rootPath: scratch.rootPath, pid: process.pid))
    }

    /// Gives a process the container that a runtime entered with it, for a process that was gone before its control
    /// groups could be read.
    func assignEntered(_ process: ProcessRecord) {
        process.container = record(process.enteredContainerID[...], engine: .unknown, of: process)
        // Known for its children, which inherit it.
        process.known.insert(.cgroup)
        process.failed.remove(.cgroup)
    }

    private static let mostAttempts: UInt8 = 12
    private static let mostFresh = 256

    private func record(
        _ id: ArraySlice<UInt8>, engine: ContainerRecord.Engine, of process: ProcessRecord?
    ) -> ContainerRecord {
        useClock += 1
        let hash = Self.hash(id)
        if let known = recordByHash[hash], known.fullID.elementsEqual(id) {
            known.lastUsed = useClock
            if let process { refresh(known, process) }
            return known
        }
        if recordByHash.count >= context.options.containerLimit { evict() }
        let container = ContainerRecord(fullID: Array(id), engine: engine)
        container.firstSeenNanoseconds = context.now
        container.lastUsed = useClock
        recordByHash[hash] = container
        context.counters.containers = UInt64(recordByHash.count)
        read(container, of: process)
        if let process {
            report(NewContainer(fullID: container.fullID, rootPath: container.rootPath, pid: process.pid))
        }
        return container
    }

    private func evict() {
        guard let oldest = recordByHash.min(by: { $0.value.lastUsed < $1.value.lastUsed }) else { return }
        recordByHash[oldest.key] = nil
        context.counters.containersEvicted += 1
    }

    /// FNV-1a, 64 bit. Ids are compared in full where it matters.
    static func hash(_ bytes: some Collection<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash
    }

    private func read(_ container: ContainerRecord, of process: ProcessRecord?) {
        container.attempts += 1
        let wait = UInt64(20_000_000) << UInt64(min(container.attempts, 12))
        container.nextAttemptNanoseconds = context.now &+ wait
        let isRead: Bool
        switch container.engine {
        case .docker: isRead = readDocker(container) || readContainerd(container)
        case .podman, .crio: isRead = readStorage(container) || readContainerd(container)
        case .containerd, .unknown:
            isRead = readContainerd(container) || readStorage(container) || readDocker(container)
        }
        guard isRead || process.map({ readThroughAncestors(container, $0) }) ?? false else {
            context.counters.containerMetadataMisses += 1
            return
        }
        guard !container.isSandbox, let sandbox = sandbox(of: container, process: nil), sandbox !== container else {
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
                if let list = readJSON(in: Array(root.utf8), [file]) { container.takeStorage(list) }
            }
        }
    }

    private func readDocker(_ container: ContainerRecord) -> Bool {
        for root in context.options.dockerRoots {
            let directory = Self.join(Array(root.utf8), container.fullID)
            guard let config = readJSON(in: directory, ["config.v2.json"]) else { continue }
            // The bundle that Docker's containerd holds knows the root file system; Docker's file knows the names.
            let moby = ContainerRecord(fullID: container.fullID, engine: .docker)
            if readContainerd(moby) {
                container.rootPath = moby.rootPath
                container.isPrivileged = moby.isPrivileged
            }
            container.takeDocker(config, host: readJSON(in: directory, ["hostconfig.json"]), path: directory)
            return true
        }
        return false
    }

    /// Follows the process's ancestors to the shim, monitor or runtime that holds the bundle elsewhere.
    private func readThroughAncestors(_ container: ContainerRecord, _ process: ProcessRecord) -> Bool {
        var ancestor: ProcessRecord? = process
        for _ in 0..<32 {
            guard let candidate = ancestor else { return false }
            let command = RuntimeCommand(candidate.arguments)
            if !command.bundle.isEmpty, command.id.isEmpty || command.id == container.fullID {
                var bundle: [UInt8] = []
                PathNormalization.append(command.bundle[...], base: candidate.currentDirectory[...], into: &bundle)
                if readBundle(container, bundle) { return learned(container, bundle) }
            }
            if !command.namespace.isEmpty, candidate.command.begins(with: "containerd-shim") {
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
    private func learnRoot(of bundle: [UInt8], id: [UInt8]) {
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
        guard let root = readJSON(in: bundle, ["config.json"]) else { return false }
        container.takeBundle(root, bundle: bundle)
        return true
    }

    private func readJSON(in directory: [UInt8], _ components: [StaticString]) -> JSONValue? {
        context.setPath(host: "")
        context.path.append(directory)
        let limit = context.options.bundleFileLimit
        guard
            context.files.readBeneath(root: context.path, components: components, upTo: limit, into: &context.content)
                != nil
        else { return nil }
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
