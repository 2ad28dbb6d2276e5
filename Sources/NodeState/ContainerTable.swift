import JSONTree

/// The containers of the node by full id, with what their bundles say, and word of which began and ended.
///
/// A process is a container's when its control group, which only root could have made, says so. What a container is, its bundle
/// tells, which only root could have written.
final class ContainerTable {
    let context: StateContext
    let trust: RuntimeTrust
    // Unsafe: `NodeState` makes and owns both, so neither outlives the other; a record is read while its state lives.
    unowned(unsafe) let processes: ProcessTable
    private var recordByHash: [UInt64: ContainerRecord] = [:]
    private var useClock: UInt64 = 0
    /// How many of them have names that are no ids.
    private var namedCount = 0
    private var changes: [ContainerChange] = []
    /// Those that were told of and have not ended: looked at in turn.
    private var running: [ContainerRecord] = []
    private var runningHand = 0
    /// Those that have ended, in the order of their ends.
    private var ended: [(container: ContainerRecord, nanoseconds: UInt64)] = []
    /// Roots of containerd bundles found through shims that keep theirs elsewhere.
    var foundRoots: [[UInt8]] = []

    init(context: StateContext, processes: ProcessTable) {
        self.context = context
        // The node's state owns both for as long as it lives.
        self.processes = processes
        trust = RuntimeTrust(context: context, processes: processes)
    }

    // MARK: Which container a process is in

    /// Gives a process the container that its control groups name.
    func assign(_ process: ProcessRecord) {
        process.isContainerUnproven = false
        guard let match = match(process.storedCgroups) else {
            process.container = nil
            return
        }
        let id = process.storedCgroups[match.id]
        let path = process.storedCgroups[match.path]
        if let container = process.container, container.fullID.elementsEqual(id),
            container.cgroupPath.elementsEqual(path)
        {
            refresh(container, process)
            return
        }
        process.container = proven(match, process)
        process.isContainerUnproven = process.container == nil
    }

    /// The container that control groups name by its id, or by the name that a trusted runtime gave it.
    private func match(_ cgroups: [UInt8]) -> CgroupPath.Match? {
        if let match = CgroupPath.container(in: cgroups) { return match }
        guard namedCount > 0 else { return nil }
        return CgroupPath.container(in: cgroups) { find($0).map { $0.isNamed && !$0.hasEnded } ?? false }
    }

    /// The record of the container that a control group is; nil when somebody else may have made the group.
    private func proven(_ match: CgroupPath.Match, _ process: ProcessRecord) -> ContainerRecord? {
        let text = process.storedCgroups
        let path = text[match.path]
        let known = find(text[match.id])
        if let known, known.cgroupPath.elementsEqual(path), !known.hasEnded {
            use(known, process)
            return known
        }
        let isUsers = CgroupPath.isDelegatedToUser(path)
        var directory: [UInt8] = []
        var status: FileStatus?
        if !isUsers,
            let hierarchy = CgroupDirectory.hierarchy(controllers: text[match.controllers], path: path, context)
        {
            // Who may write the group above may make groups of any name in it.
            guard let above = CgroupDirectory.status(hierarchy, text[match.parent], context), above.uid == 0,
                above.mode & 0o022 == 0
            else { return nil }
            directory = hierarchy + Array(path)
            status = CgroupDirectory.status(hierarchy, path, context)
        }
        if let known, !known.hasEnded, !known.cgroupPath.isEmpty, !known.isUsers {
            // A container has one control group while it lives; another that bears its name is somebody else's.
            let isGone = !known.cgroupDirectory.isEmpty && !CgroupDirectory.exists(known.cgroupDirectory, context)
            guard isGone, !isUsers else { return nil }
        }
        let container: ContainerRecord
        if let known, !known.hasEnded, known.cgroupPath.isEmpty, !isUsers {
            container = known
        } else {
            container = insert(text[match.id], engine: match.engine)
        }
        container.isUsers = isUsers
        container.cgroupPath = Array(path)
        container.cgroupDirectory = directory
        container.cgroupID = text[match.controllers].isEmpty ? status?.inode ?? 0 : 0
        if container.engine == .unknown { container.engine = match.engine }
        use(container, process)
        announce(container, pid: process.pid)
        return container
    }

    private func use(_ container: ContainerRecord, _ process: ProcessRecord?) {
        useClock += 1
        container.lastUsed = useClock
        if let process { refresh(container, process) }
    }

    /// Tries again to read what was not there yet: runtimes write the bundle before the first process, but a source may
    /// be quicker than the file's path is known.
    func refresh(_ container: ContainerRecord, _ process: ProcessRecord) {
        guard !container.hasMetadata || container.isPrepared, !container.isUsers,
            container.attempts < Self.mostAttempts,
            context.now >= container.nextAttemptNanoseconds
        else { return }
        read(container, of: process)
        announce(container, pid: process.pid)
    }

    /// The record of a pod's sandbox container.
    func sandbox(of container: ContainerRecord) -> ContainerRecord? {
        if container.isSandbox { return container }
        guard !container.podSandboxID.isEmpty else { return nil }
        if let known = find(container.podSandboxID[...]) { return known }
        let sandbox = insert(container.podSandboxID[...], engine: container.engine)
        read(sandbox, of: nil)
        return sandbox
    }

    // MARK: Runtimes

    /// Looks at a program that may be a runtime about to create a container: its bundle tells the root before any process is
    /// in it.
    func noteRuntime(_ process: ProcessRecord) {
        guard trust.role(of: process) == .runtime else { return }
        let command = RuntimeCommand(process.arguments)
        if command.entersContainer {
            process.enteredContainerID = command.id
            process.isEnteredByExec = !command.createsContainer
        }
        guard command.createsContainer, !command.id.isEmpty else { return }
        if let known = find(command.id[...]), !known.hasEnded, !known.rootPath.isEmpty { return }
        var bundle: [UInt8] = []
        // Without the option the current directory is the bundle.
        PathNormalization.append(command.bundle[...], base: process.currentDirectory[...], into: &bundle)
        guard bundle.first == UInt8(ascii: "/") else { return }
        guard let root = readJSON(in: bundle, "config.json") else { return tellHidden(command.id, bundle, process) }
        let container = insert(command.id[...], engine: .unknown)
        container.takeBundle(root, bundle: bundle)
        container.isPrepared = true
        container.isAwaited = true
        if !CgroupPath.isID(command.id[...]), !container.isNamed {
            container.isNamed = true
            namedCount += 1
        }
        learnRoot(of: bundle, id: command.id)
        announce(container, pid: process.pid)
    }

    private func tellHidden(_ id: [UInt8], _ bundle: [UInt8], _ runtime: ProcessRecord) {
        context.counters.containersHidden += 1
        guard changes.count < Self.mostChanges else {
            context.counters.containerNoticesDropped += 1
            return
        }
        let reason: HiddenContainer.Reason = hasOtherMounts(runtime) ? .otherMounts : .notBelieved
        changes.append(.hidden(HiddenContainer(fullID: id, bundle: bundle, reason: reason)))
    }

    /// Whether a process has another mount namespace than the node's first one; false where that can't be seen any more.
    private func hasOtherMounts(_ process: ProcessRecord) -> Bool {
        guard context.readProcessLink(1, "ns/mnt") else { return false }
        let node = context.content
        return context.readProcessLink(process.pid, "ns/mnt") && context.content != node
    }

    /// Gives a process the container that a trusted runtime entered with it, for a process that was gone before its control
    /// groups could be read.
    func assignEntered(_ process: ProcessRecord) {
        process.isContainerUnproven = false
        let id = process.enteredContainerID[...]
        let container = find(id) ?? insert(id, engine: .unknown)
        use(container, process)
        process.container = container
        // Known for its children, which inherit it.
        process.known.insert(.cgroup)
        process.failed.remove(.cgroup)
    }

    // MARK: Records

    private static let mostAttempts: UInt8 = 12

    /// The record of a container by its whole id.
    func find(_ id: ArraySlice<UInt8>) -> ContainerRecord? {
        guard let known = recordByHash[Self.hash(id)], known.fullID.elementsEqual(id) else { return nil }
        return known
    }

    private func insert(_ id: ArraySlice<UInt8>, engine: ContainerRecord.Engine) -> ContainerRecord {
        let hash = Self.hash(id)
        if let old = recordByHash[hash] {
            end(old)
        } else if recordByHash.count >= context.options.containerLimit {
            evict()
        }
        useClock += 1
        let container = ContainerRecord(fullID: Array(id), engine: engine)
        container.firstSeenNanoseconds = context.now
        container.lastUsed = useClock
        recordByHash[hash] = container
        context.counters.containers = UInt64(recordByHash.count)
        return container
    }

    private func evict() {
        guard
            let oldest = recordByHash.min(by: {
                ($0.value.hasEnded ? 0 : 1, $0.value.lastUsed) < ($1.value.hasEnded ? 0 : 1, $1.value.lastUsed)
            })
        else { return }
        end(oldest.value)
        recordByHash[oldest.key] = nil
        context.counters.containersEvicted += 1
    }

    /// FNV-1a, 64 bit. Ids are compared in full where it matters.
    static func hash(_ bytes: some Collection<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash
    }

    // MARK: Beginnings and ends

    /// Hands over what began and ended since the last call.
    func takeChanges() -> [ContainerChange] {
        guard !changes.isEmpty else { return [] }
        defer { changes = [] }
        return changes
    }

    /// Tells of a container whose root is known, and again when more of it is.
    private func announce(_ container: ContainerRecord, pid: Int32) {
        guard !container.isUsers, !container.rootPath.isEmpty,
            !container.isAnnounced || container.announcedCgroup != container.cgroupPath
        else { return }
        guard changes.count < Self.mostChanges else {
            context.counters.containerNoticesDropped += 1
            return
        }
        if !container.isAnnounced { running.append(container) }
        container.isAnnounced = true
        container.announcedCgroup = container.cgroupPath
        changes.append(
            .started(
                StartedContainer(
                    fullID: container.fullID, rootPath: container.rootPath, cgroupPath: container.cgroupPath,
                    cgroupID: container.cgroupID, pid: pid)))
    }

    /// A program of a container began. The first is told of, also where no runtime was seen that created the container.
    func noteProgram(of process: ProcessRecord, isTimeCoarse: Bool) {
        guard let container = process.container, container.isAnnounced, !container.hasEnded else { return }
        let isNew = container.firstSeenNanoseconds == context.now && process.forkSources != 0
        guard container.isAwaited || isNew else { return }
        container.isAwaited = false
        guard changes.count < Self.mostChanges else {
            context.counters.containerNoticesDropped += 1
            return
        }
        let time = process.programNanoseconds &+ (isTimeCoarse ? Self.tickNanoseconds : 0)
        changes.append(.began(fullID: container.fullID, atNanoseconds: time))
    }

    /// The longest time between two ticks of the kernel's clock (CONFIG_HZ_100), which audit stamps its records with.
    private static let tickNanoseconds: UInt64 = 10_000_000

    /// Beginnings that nobody collected; their ends are bounded by them.
    private static let mostChanges = 1024

    /// Looks whether some of the containers that were told of still exist; at most `budget` looks.
    func checkEnds(budget: Int) {
        for _ in 0..<min(budget, running.count) {
            runningHand = runningHand + 1 < running.count ? runningHand + 1 : 0
            let container = running[runningHand]
            if !exists(container) {
                end(container)
                ended.append((container, context.now))
            }
        }
    }

    private func exists(_ container: ContainerRecord) -> Bool {
        if !container.cgroupDirectory.isEmpty { return CgroupDirectory.exists(container.cgroupDirectory, context) }
        // Where control groups can't be seen, and before the first process, the bundle tells.
        return context.files.isOfRoot(container.bundlePath, below: context.root)
    }

    /// Forgets containers that ended so long ago that no process of theirs is kept any more.
    func forgetEnded() {
        let count = ended.prefix {
            context.now &- min($0.nanoseconds, context.now) > 2 &* context.options.exitedGraceNanoseconds
        }.count
        guard count > 0 else { return }
        for (container, _) in ended.prefix(count) {
            let hash = Self.hash(container.fullID)
            if recordByHash[hash] === container { recordByHash[hash] = nil }
        }
        ended.removeFirst(count)
        context.counters.containers = UInt64(recordByHash.count)
    }

    private func end(_ container: ContainerRecord) {
        container.hasEnded = true
        if container.isNamed {
            container.isNamed = false
            namedCount -= 1
        }
        guard container.isAnnounced else { return }
        container.isAnnounced = false
        running.removeAll { $0 === container }
        changes.append(.ended(fullID: container.fullID))
    }
}
