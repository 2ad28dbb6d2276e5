public import EventModel

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
    /// A close takes effect behind its event, so that the event's fields still see what was closed.
    var closing: DescriptorRecord?
    /// How far the wall clock was set back since the start, nanoseconds. The state's own time never goes back, and never stands
    /// still either: what is due in a second would be due in a day after a clock was set back by one.
    private var setBack: UInt64 = 0
    /// Events and ticks need not come in the order of their times.
    private static let disorder: UInt64 = 5_000_000_000
    /// The directories that events named.
    var directories = DirectoryNames()
    /// The files that rules name, and the name by which they know the one that the event opens under another.
    var namedFiles = NamedFiles()
    var otherName: [UInt8] = []
    /// The program that stands in for the process's own while the event is at hand.
    var shown = ShownProgram()
    /// How many unknown parents are being looked up inside one another.
    var ancestryDepth = 0
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
        namedFiles.set(options.namedFiles, context)
        processReader.table = processes
        processReader.containers = containers
        processes.willRelease = { [unowned descriptors] process in descriptors.removeAll(of: process) }
    }

    /// Bounds and places.
    public var options: NodeStateOptions { context.options }

    /// Changes what is read of each process while it is surely there, and which files rules name: the rules have changed.
    public func want(_ details: ProcessDetails, files: [String]) {
        context.options.wanted = details
        context.options.namedFiles = files
        namedFiles.set(files, context)
    }

    /// Makes the event's descriptor have the name by which rules know its file, where it was opened under another one: rules are to
    /// see the event under each. False where there is no other name, or it is shown already.
    public func showOtherName() -> Bool {
        guard current.otherName == .known, let descriptor = current.descriptor else { return false }
        current.otherName = .shown
        swap(&descriptor.storedName, &otherName)
        return true
    }

    /// Gives the descriptor back the name that was asked for.
    public func endOtherName() {
        guard current.otherName == .shown, let descriptor = current.descriptor else { return }
        current.otherName = .none
        swap(&descriptor.storedName, &otherName)
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
        context.round &+= 1
        current.number &+= 1
        current.process = nil
        current.isDescriptorEvent = false
        current.descriptorNumber = -1
        current.descriptor = nil
        current.isNameChanged = false
        current.otherName = .none
        var applied = AppliedEvent()
        guard let process = eventProcess(&applied) else { return applied }
        current.process = process
        takeFacts(into: process)
        let effect = EventEffect.table[Int(current.event.type.index)]
        if effect != .exec || current.event.hasResult && current.event.result < 0 { showProgram(of: process) }
        learnDirectories()
        applyEffect(effect, to: process, &applied)
        if let container = process.container {
            containers.refresh(container, process)
        } else if RuntimeCommand.isRuntime(command: process.storedCommand), process.known.contains(.cgroup) {
            // A runtime's child enters the container's control group some time before its first program runs.
            processReader.refreshCgroup(process)
        }
        return applied
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
        containers.checkEnds(budget: 8)
        namedFiles.look(budget: 32, context)
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
