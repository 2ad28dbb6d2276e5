/// What the node's state took, missed and gave up since it started. Every bound has a counter here.
public struct StateCounters: Sendable, Equatable {
    /// Processes in the table now, exited ones that are still kept included.
    public var processes: UInt64 = 0
    /// Exited processes in the table now.
    public var exitedProcesses: UInt64 = 0
    /// Processes added since the start.
    public var processesAdded: UInt64 = 0
    /// Exited processes forgotten after their time.
    public var processesPruned: UInt64 = 0
    /// Processes forgotten before their time because the table was full.
    public var processesEvicted: UInt64 = 0
    /// Events of processes that were neither in the table nor in /proc; their facts come from the event alone.
    public var processMisses: UInt64 = 0
    /// Failed reads below /proc/PID (mostly: the process had ended).
    public var processReadFailures: UInt64 = 0
    /// Times that a process id was found to belong to another process than the table said (reused id).
    public var identityMismatches: UInt64 = 0
    /// Files below /proc/PID that could not be parsed.
    public var malformedProcessFiles: UInt64 = 0
    /// File descriptors in the table now.
    public var descriptors: UInt64 = 0
    /// File descriptors forgotten because the table was full.
    public var descriptorsEvicted: UInt64 = 0
    /// Questions to the kernel that were left out because too many had been asked in the second: fields are missing for it.
    public var looksRefused: UInt64 = 0
    /// Sockets of which the kernel told nothing: closed meanwhile, or the answer took too long.
    public var socketMisses: UInt64 = 0
    /// Containers in the table now.
    public var containers: UInt64 = 0
    /// Containers forgotten because the table was full.
    public var containersEvicted: UInt64 = 0
    /// Containers whose bundle or engine file was not found or not readable, counted per attempt.
    public var containerMetadataMisses: UInt64 = 0
    /// Bundle or engine files that are not the JSON that was expected.
    public var malformedContainerFiles: UInt64 = 0
    /// Containers of which a runtime's bundle could not be read, or not be believed.
    public var containersHidden: UInt64 = 0
    /// Beginnings of containers that nobody collected in time (`NodeState.takeContainerChanges`).
    public var containerNoticesDropped: UInt64 = 0
    /// Account files (passwd, group) that could not be read, or are too large.
    public var accountFileFailures: UInt64 = 0
    /// Lines of account files that are no account.
    public var malformedAccountLines: UInt64 = 0
    /// Files that rules name and that are not looked up, since there are too many names: no other name of them is seen through.
    /// The most that there were at once.
    public var namedFilesLeftOut: UInt64 = 0
    /// Files of packages, or whole lists, that are not known as of now: too many, too large, unreadable, or not root's.
    public var packageFilesLeftOut: UInt64 = 0
    /// Account tables of containers forgotten because too many were held.
    public var accountTablesEvicted: UInt64 = 0

    /// All zero.
    public init() {}
}
