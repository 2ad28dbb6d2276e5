/// A process as the node's state knows it. Records are taken from a pool and reused: hold one only while the event at
/// hand is read; across events hold `pid` and `startTicks`, or `serial`.
///
/// Attributes that cost a system call are read at first access (while the process lives, checked by its start time)
/// and kept; when the process is gone they are those of its nearest known ancestor, or empty.
public final class ProcessRecord {
    /// Process (thread group) id in the initial pid namespace.
    public internal(set) var pid: Int32 = 0
    /// Tells one use of the record from another; never 0 in use.
    public internal(set) var serial: UInt64 = 0
    /// Field 22 of /proc/PID/stat, 0 when not read yet.
    public internal(set) var startTicks: UInt64 = 0
    /// Start of the process (fork, not exec), nanoseconds since the epoch; 0 when unknown.
    public internal(set) var startTimeNanoseconds: UInt64 = 0
    /// Whether the process has ended.
    public internal(set) var hasExited = false
    /// When it ended, by the event's time.
    public internal(set) var exitTimeNanoseconds: UInt64 = 0
    /// When it last made an event, by the event's time.
    public internal(set) var lastEventNanoseconds: UInt64 = 0
    /// Whether arguments were cut to the bound.
    public internal(set) var areArgumentsTruncated = false
    /// The container; nil on the host.
    public internal(set) var container: ContainerRecord? {
        didSet { if container !== oldValue { judgeLayerAnew() } }
    }
    /// Whether its control groups name a container, but somebody else than root may have made them: then it is in none, and not
    /// known to be on the host either.
    public internal(set) var isContainerUnproven = false

    // Stored; the public accessors read what is missing.
    var known: ProcessDetails = []
    var failed: ProcessDetails = []
    /// What was known and may have changed since: it counts where the process is gone.
    var outdated: ProcessDetails = []
    var storedCommand: [UInt8] = []
    var storedArgumentZero: [UInt8] = []
    var storedArguments: [UInt8] = []
    var storedEnvironment: [UInt8] = []
    var storedCurrentDirectory: [UInt8] = []
    var storedExecutablePath: [UInt8] = []
    var storedCgroups: [UInt8] = []
    /// The kernel's number of the control group that `storedCgroups` is of, 0 when unknown; and one that an event told and that it is not
    /// known to be of.
    var controlGroupID: UInt64 = 0
    var otherControlGroupID: UInt64 = 0
    /// When a child of a runtime was looked at last, whether it had entered its container's control group.
    var controlGroupLookNanoseconds: UInt64 = 0
    var storedIDs = ProcessIDs()
    var storedCredentials = ProcessCredentials()
    var storedCapabilities = ProcessCapabilities()
    var storedLoginUID: UInt32 = .max
    var storedExecutable = ExecutableFile()
    var storedDescriptorLimit: Int64 = -1
    var storedNamespaceStart: UInt64 = 0
    var isInChildNamespace = false

    /// The tree that it belongs to, as far as it was found.
    var tree = ProcessTree()
    /// What `NodeState.judge` gave it, or the process that it descends from; 0: nothing. Nothing takes it away: neither an exec nor
    /// another parent.
    public internal(set) var judgement: UInt32 = 0
    /// The processes that it descends from, by serial, as its fork had them: who made it first; 0: not known.
    var forebears = InlineArray<8, UInt64>(repeating: 0)
    /// The serial of the process that made it; 0 when unknown. Another parent, which it gets when that one ends, is none.
    public var maker: UInt64 { forebears[0] }

    // The table's own.
    let slot: Int32
    var parentPID: Int32 = 0
    var parentSlot: Int32 = -1
    var parentSerial: UInt64 = 0
    var childCount: UInt32 = 0
    /// Whether /proc was asked for the parent in vain.
    var isParentSought = false
    /// The table's round in which the record was last in hand: not to be given away in it.
    var touched: UInt64 = 0
    /// Whether the process id leads to this record; not when a newer process has taken it.
    var isIndexed = false
    /// Whether /proc has no such process any more: no use in asking again.
    var isGone = false
    var hasExecuted = false
    /// The program before the last exec, for events that are older.
    var previousProgram = ProgramImage()
    /// The time from which on the program is known to be the process's: of its exec, or of the reading of /proc.
    var programNanoseconds: UInt64 = 0
    /// What its program is to containers.
    var runtimeRole = RuntimeRole.unknown
    /// The id of the container that a runtime among the process's forebears is about to enter with it (`runc exec ID`);
    /// empty when there is none.
    var enteredContainerID: [UInt8] = []
    /// Whether that runtime's command is `exec`: it runs no hooks, so all that it starts but itself is in the container.
    var isEnteredByExec = false
    /// Whether an event of it bore the name that runtimes have in the container before its first program.
    var wasCalledInit = false
    /// Which sources told of the fork and of the exit, one bit per source.
    var forkSources: UInt8 = 0
    var exitSources: UInt8 = 0
    var lastExec = ExecMark()
    /// When an exec was whose descriptors are still to be closed; 0 when there is none.
    var unsettledExecNanoseconds: UInt64 = 0
    /// Whether an exec before that one has closed its own.
    var hasClosedOnExec = false
    var firstDescriptor: Int32 = -1
    var verifiedNanoseconds: UInt64 = 0
    /// Neighbours in the table's queue, by slot, and the last event when it was put there.
    var older: Int32 = -1
    var newer: Int32 = -1
    var queuedNanoseconds: UInt64 = 0

    let reader: ProcessReader

    init(slot: Int32, reader: ProcessReader) {
        self.slot = slot
        self.reader = reader
    }
}

/// Group, session and namespace ids of a process.
public struct ProcessIDs: Sendable, Equatable {
    /// Process id in the process's own pid namespace, -1 when unknown.
    public var virtualPID: Int32 = -1
    /// Session id in the process's own pid namespace.
    public var sessionID: Int32 = 0
    /// Process group id in the process's own pid namespace.
    public var virtualGroupID: Int32 = 0
    /// Process group id in the initial pid namespace.
    public var groupID: Int32 = 0
    /// Controlling terminal as a device number, 0 when none.
    public var terminal: UInt32 = 0

    /// Nothing known.
    public init() {}
}

/// User and group ids of a process.
public struct ProcessCredentials: Sendable, Equatable {
    /// Real user id.
    public var uid: UInt32 = 0
    /// Effective user id.
    public var effectiveUID: UInt32 = 0
    /// Real group id.
    public var gid: UInt32 = 0
    /// Effective group id.
    public var effectiveGID: UInt32 = 0

    /// Root.
    public init() {}
}

/// Capability sets of a process, one bit per capability.
public struct ProcessCapabilities: Sendable, Equatable {
    /// The permitted set.
    public var permitted: UInt64 = 0
    /// The effective set.
    public var effective: UInt64 = 0
    /// The inheritable set.
    public var inheritable: UInt64 = 0

    /// None.
    public init() {}
}

/// The file that a process executes.
public struct ExecutableFile: Sendable, Equatable {
    /// Which layer of an overlay file system it lies in.
    public enum Layer: UInt8, Sendable { case none, upper, lower }
    /// Inode number, 0 when unknown.
    public var inode: UInt64 = 0
    /// Device number of its file system.
    public var device: UInt64 = 0
    /// Last change of the inode, nanoseconds since the epoch.
    public var changeTimeNanoseconds: UInt64 = 0
    /// Last change of the content, nanoseconds since the epoch.
    public var modificationTimeNanoseconds: UInt64 = 0
    /// Whether the process's owner may write it.
    public var isWritable = false
    /// Whether who executes it becomes its owner (S_ISUID, inode(7)).
    public var isSetUserID = false
    /// Whether no name leads to it any more.
    public var isDeleted = false
    /// Its overlayfs layer.
    public var layer: Layer = .none
    /// What was found out of where it comes from.
    var mark = OriginMark()
    /// Whether the exec's own event told of it, not /proc later.
    var isTold = false
    /// Whether the event told of the layer, too: it was not judged by path and container.
    var isLayerTold = false

    /// Nothing known.
    public init() {}

    /// Takes another's, without its layer and its origin, which are found by other ways.
    mutating func replaceFile(with other: ExecutableFile) {
        let own = self
        self = other
        (layer, isLayerTold, mark) = (own.layer, own.isLayerTold, own.mark)
    }
}

/// Memory and page faults of a process at the moment of reading.
public struct ProcessMemory: Sendable, Equatable {
    /// Virtual memory.
    public var virtualKilobytes: UInt64 = 0
    /// Resident memory.
    public var residentKilobytes: UInt64 = 0
    /// Swapped memory.
    public var swapKilobytes: UInt64 = 0
    /// Page faults that read from disk.
    public var majorFaults: UInt64 = 0
    /// Page faults that did not.
    public var minorFaults: UInt64 = 0

    /// All zero.
    public init() {}
}

/// Which exec a record's program comes from, to know it again when a second source tells of it.
struct ExecMark {
    var timeNanoseconds: UInt64 = 0
    /// The sources that told of it.
    var sources: UInt8 = 0
}
