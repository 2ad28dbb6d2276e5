public import EventModel

/// What the kernel does not repeat in each event: processes, file descriptors, accounts, containers. One thread uses it.
///
///     state.apply(&event)          // takes the event, updates the tables
///     state.current.process        // fields are read from here until the next apply
public final class NodeState {
    /// The event at hand.
    public private(set) var current = CurrentEvent()
    /// Bounds and places.
    public let options: NodeStateOptions
    let files: any NodeFiles

    /// A state over these files. `NoFiles` gives one that never looks at this machine (replay of another's log).
    public init(options: NodeStateOptions = NodeStateOptions(), files: any NodeFiles) {
        self.options = options
        self.files = files
    }

    /// What was taken, missed and given up.
    public var counters: StateCounters { StateCounters() }

    /// Scans /proc: every process, its ancestry and container. Returns how many processes it found.
    public func loadAll(nowNanoseconds: UInt64) -> Int { 0 }

    /// Takes an event: swaps it with the current one (the caller gets the memory of an older event to fill again),
    /// updates the tables, and makes `current` describe it.
    public func apply(_ event: inout RawEvent) -> AppliedEvent { AppliedEvent() }

    /// Does what is due: forgets exited processes, checks some that made no event for long. Call about every 100 ms
    /// with the time of the wall clock (live) or of the last event (replay).
    public func tick(nowNanoseconds: UInt64) {}

    /// Whether the table has this very process (same start time): a /proc poll need not report it.
    public func isKnown(pid: Int32, startTicks: UInt64) -> Bool { false }
    /// The process with this id in the initial pid namespace, living or lately ended.
    public func process(pid: Int32) -> ProcessRecord? { nil }
    /// The current parent, re-parenting considered; nil for the first process and when unknown.
    public func parent(of process: ProcessRecord) -> ProcessRecord? { nil }
    /// The id of the current parent, 0 when none.
    public func parentID(of process: ProcessRecord) -> Int32 { 0 }
    /// The n-th ancestor (0: the process itself); nil when the chain is shorter. Loops end the chain.
    public func ancestor(_ generation: Int, of process: ProcessRecord) -> ProcessRecord? { nil }
    /// The leader of the process's session: the process of that id, or the oldest ancestor that carries the same one.
    public func sessionLeader(of process: ProcessRecord) -> ProcessRecord? { nil }
    /// The leader of the process group by its id in the process's namespace.
    public func virtualGroupLeader(of process: ProcessRecord) -> ProcessRecord? { nil }
    /// The leader of the process group by its id in the initial namespace.
    public func groupLeader(of process: ProcessRecord) -> ProcessRecord? { nil }
    /// The event's thread id in its own pid namespace, -1 when unknown.
    public var currentVirtualThreadID: Int32 { -1 }

    /// The record of an open descriptor of a process, from the table or /proc; nil when it is not open.
    public func descriptor(_ number: Int32, of process: ProcessRecord) -> DescriptorRecord? { nil }
    /// Adds `fd.name` of a record: the path, or the connection text, or nothing.
    public func appendName(of descriptor: DescriptorRecord, into text: inout [UInt8]) {}
    /// The numbers of all open descriptors of a process.
    public func descriptorNumbers(of process: ProcessRecord, into numbers: inout [Int32]) {}

    /// The index into `current.event.paths` of the n-th path that the call names (parents of created files skipped).
    public func pathIndex(argument: Int) -> Int? { nil }
    /// Adds the absolute, normalised form of a path as the event's process sees it. `directory` is the descriptor that a
    /// relative path starts from, nil for the current directory. Unknown bases give the prefix `<UNKNOWN>`.
    public func appendAbsolutePath(_ path: ArraySlice<UInt8>, directory: Int32?, into text: inout [UInt8]) {}

    /// The account of a user id as the process sees it: of the container's own files, or the host's.
    public func user(_ uid: UInt32, of process: ProcessRecord?) -> UserAccount? { nil }
    /// The group of a group id as the process sees it.
    public func group(_ gid: UInt32, of process: ProcessRecord?) -> GroupAccount? { nil }

    /// Whether an address is one of this machine's own.
    public func isLocalAddress(_ endpoint: SocketEndpoint) -> Bool { false }
    /// The pod's sandbox container of a container; nil outside a pod or when never seen.
    public func sandbox(of container: ContainerRecord) -> ContainerRecord? { nil }
    /// Hands over the containers that became known since the last call.
    public func takeNewContainers() -> [NewContainer] { [] }
}
