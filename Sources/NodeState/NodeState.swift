public import EventModel
import KernelInterface

/// What the kernel does not repeat in each event: processes, file descriptors, accounts, containers. One thread uses it.
///
///     state.apply(&event)          // takes the event, updates the tables
///     state.current.process        // fields are read from here until the next apply
public final class NodeState {
    /// The event at hand.
    public internal(set) var current = CurrentEvent()

    let context: StateContext
    let processReader: ProcessReader
    let processes: ProcessTable
    let descriptorReader: DescriptorReader
    let descriptors: DescriptorTable
    let containers: ContainerTable
    let accounts: AccountTables
    let localAddresses: LocalAddresses
    let packages: PackageWatch
    let origins: ExecutableOrigins
    /// A close takes effect behind its event, so that the event's fields still see what was closed.
    var closing: DescriptorRecord?
    /// How far the wall clock was set back since the start, nanoseconds. The state's own time never goes back, and never stands
    /// still either: what is due in a second would be due in a day after a clock was set back by one.
    private var setBack: UInt64 = 0
    /// Events and ticks need not come in the order of their times.
    private static let disorder: UInt64 = 5_000_000_000
    /// The directories that events named.
    var directories = DirectoryNames()
    /// The files that rules name, and the names by which they may know the one that the event opens besides its descriptor's.
    var namedFiles: NamedFiles
    var namedDirectories: NamedFiles
    var otherNames = OtherNames()
    /// The program that stands in for the process's own while the event is at hand.
    var shown = ShownProgram()
    /// The same of its forebears.
    var shownForebears: [ShownProgram] = []
    /// Whether the event at hand told which control group its process is in, so that /proc need not be asked.
    var isControlGroupTold = false
    /// How many unknown parents are being looked up inside one another.
    var ancestryDepth = 0
    /// Records whose memory was let go since the heap was trimmed.
    private var givenBack = 0
    /// Memory for one path.
    var scratch: [UInt8] = []

    /// A state over these files. `NoFiles` gives one that never looks at this machine (replay of another's log).
    public init(options: NodeStateOptions = NodeStateOptions(), files: any NodeFiles) {
        context = StateContext(files: files, options: options)
        processReader = ProcessReader(context: context)
        processes = ProcessTable(context: context, reader: processReader)
        descriptorReader = DescriptorReader(context: context)
        descriptors = DescriptorTable(context: context, reader: descriptorReader)
        containers = ContainerTable(context: context, processes: processes)
        accounts = AccountTables(context: context)
        localAddresses = LocalAddresses(context: context)
        let layers = OverlayLayers(context: context)
        processReader.layers = layers
        descriptorReader.layers = layers
        packages = PackageWatch(context: context)
        origins = ExecutableOrigins(context: context, packages: packages, layers: layers)
        processReader.origins = origins
        namedFiles = NamedFiles(root: context.root, capacity: options.namedFileLimit)
        namedDirectories = NamedFiles(root: context.root)
        processReader.table = processes
        processReader.containers = containers
        processes.willRelease = { [unowned descriptors] process in descriptors.removeAll(of: process) }
        lookUpNames()
    }

    /// Bounds and places.
    public var options: NodeStateOptions { context.options }

    /// Changes what is read of each process while it is surely there, and which files and directories rules name: the rules have
    /// changed.
    public func want(_ details: ProcessDetails, files: [String], directories: [String] = []) {
        context.options.wanted = details
        context.options.namedFiles = files
        context.options.namedDirectories = directories
        lookUpNames()
    }

    private func lookUpNames() {
        namedFiles.change(to: options.namedFiles.lazy.map { Array($0.utf8) }, context.files)
        namedDirectories.change(to: options.namedDirectories.lazy.map { Array($0.utf8) }, context.files)
        context.counters.namedFilesLeftOut = max(
            context.counters.namedFilesLeftOut, UInt64(namedFiles.leftOut + namedDirectories.leftOut))
    }

    /// Makes the event's descriptor have the next name by which rules may know its file: rules are to see the event under each.
    /// False where there is none left.
    public func showOtherName() -> Bool {
        guard let descriptor = current.descriptor else { return false }
        return otherNames.show(in: &descriptor.storedName)
    }

    /// Gives the descriptor its own name back.
    public func endOtherName() {
        guard let descriptor = current.descriptor else { return }
        otherNames.restore(&descriptor.storedName)
    }

    /// Keeps half as many processes as now from now on, but 1024 at least; what is forgotten is read again when it is needed.
    /// Not while an event is at hand.
    public func shrink() {
        context.options.processLimit = min(context.options.processLimit, max(1024, processes.count / 2))
        processes.shrink(to: context.options.processLimit)
    }

    /// What was taken, missed and given up.
    public var counters: StateCounters {
        var counters = context.counters
        counters.processes = UInt64(processes.count)
        return counters
    }

    /// Takes an event: swaps it with the current one (the caller gets the memory of an older event to fill again),
    /// updates the tables, and makes `current` describe it.
    public func apply(_ event: inout RawEvent) -> AppliedEvent {
        endShownProgram()
        if let closed = closing {
            descriptors.remove(closed)
            closing = nil
        }
        current.previousTimeNanoseconds = current.number == 0 ? 0 : current.event.timeNanoseconds
        swap(&event, &current.event)
        if current.number == 0 { current.firstTimeNanoseconds = current.event.timeNanoseconds }
        context.now = max(context.now, current.event.timeNanoseconds &+ setBack)
        context.eventNanoseconds = current.event.timeNanoseconds
        context.round &+= 1
        current.number &+= 1
        current.process = nil
        current.isDescriptorEvent = false
        current.descriptorNumber = -1
        current.descriptor = nil
        current.isNameChanged = false
        otherNames.removeAll()
        var applied = AppliedEvent()
        guard let process = eventProcess(&applied) else { return applied }
        current.process = process
        noteUntoldChanges(of: process)
        takeFacts(into: process)
        settleOverdueExec(of: process)
        let effect = EventEffect.table[Int(current.event.type.index)]
        if effect != .exec || current.event.hasResult && current.event.result < 0 { showProgram(of: process) }
        showForebears(of: process)
        learnDirectories()
        applyEffect(effect, to: process, &applied)
        if let container = process.container {
            containers.refresh(container, process)
        } else if !isControlGroupTold {
            noteInit(process)
            // A runtime's child enters the container's control group some time before its first program runs.
            if RuntimeCommand.isRuntime(command: process.storedCommand), process.known.contains(.cgroup) {
                lookForControlGroup(of: process)
            }
            inheritLateContainer(process)
        }
        return applied
    }

    /// Its program's start has it looked at anyway. Until then a look a millisecond is enough, whatever number of events bear a name
    /// that everybody can take.
    private func lookForControlGroup(of process: ProcessRecord) {
        guard context.now &- process.controlGroupLookNanoseconds >= 1_000_000 else { return }
        process.controlGroupLookNanoseconds = context.now
        processReader.refreshCgroup(of: process)
    }

    /// Does what is due: forgets exited processes, checks some that made no event for long. Call about every 100 ms
    /// with the time of the wall clock (live) or of the last event (replay).
    public func tick(nowNanoseconds: UInt64) {
        if nowNanoseconds &+ setBack &+ Self.disorder < context.now { setBack = context.now &- nowNanoseconds }
        context.now = max(context.now, nowNanoseconds &+ setBack)
        // The event at hand is over: what it refers to may be given away now.
        endShownProgram()
        context.round &+= 1
        current.process = nil
        current.descriptor = nil
        processes.prune()
        processes.checkSilent(budget: 16)
        giveBack()
        containers.checkEnds(budget: 8)
        containers.forgetEnded()
        namedFiles.look(budget: 32, context.files)
        namedDirectories.look(budget: 32, context.files)
        packages.tick()
    }

    /// Begins to read the packages' files, where rules ask where executables come from; on another thread, without waiting.
    public func beginPackages() { packages.tick() }

    /// Waits for the packages' files, so long at most: at the start, when sources queue events already.
    public func awaitPackages(milliseconds: Int) { packages.awaitTable(milliseconds: milliseconds) }

    /// How many files of packages are known; nil before they were read.
    public var packageFileCount: Int? { packages.table?.count }

    /// Changes whenever the packages' files have become known or others: values of `executableOrigin` may change with it.
    public var packageGeneration: UInt32 { packages.generation }

    /// After a busy time: lets go of the memory for as many processes as then were.
    private func giveBack() {
        let count = processes.giveBack(budget: 64)
        givenBack += count
        guard count == 0, givenBack >= 512 else { return }
        givenBack = 0
        processes.dropTail()
        descriptors.dropTail()
        KernelInterface.ProcessMemory.trim()
    }

    /// The account of a user id as the process sees it: of the container's own files, or the host's.
    public func user(_ uid: UInt32, of process: ProcessRecord?) -> UserAccount? { accounts.user(uid, of: process) }
    /// The group of a group id as the process sees it.
    public func group(_ gid: UInt32, of process: ProcessRecord?) -> GroupAccount? { accounts.group(gid, of: process) }

    /// Whether an address is one of this machine's own.
    public func isLocalAddress(_ endpoint: SocketEndpoint) -> Bool { localAddresses.contains(endpoint) }
    /// The pod's sandbox container of a container (itself, if it is one); nil outside a pod.
    public func sandbox(of container: ContainerRecord) -> ContainerRecord? { containers.sandbox(of: container) }
    /// Hands over which containers began and ended since the last call.
    public func takeContainerChanges() -> [ContainerChange] { containers.takeChanges() }
}
