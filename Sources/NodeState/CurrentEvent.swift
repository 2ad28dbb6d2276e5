public import EventModel

/// The event at hand with what the node's state adds to it; fields are read from here.
public struct CurrentEvent {
    /// The source's facts.
    public internal(set) var event = RawEvent()
    /// Running number of the event, from 1.
    public internal(set) var number: UInt64 = 0
    /// Time of the first event, 0 before it.
    public internal(set) var firstTimeNanoseconds: UInt64 = 0
    /// Time of the event before, 0 for the first one.
    public internal(set) var previousTimeNanoseconds: UInt64 = 0
    /// The process that made the event; nil when nothing is known of it.
    public internal(set) var process: ProcessRecord?
    /// Whether the event creates, uses or destroys a file descriptor.
    public internal(set) var isDescriptorEvent = false
    /// The descriptor's number when `isDescriptorEvent`; -1 for a call that failed to make one.
    public internal(set) var descriptorNumber: Int64 = -1
    /// The descriptor's record; nil for failed calls.
    public internal(set) var descriptor: DescriptorRecord?
    /// Whether this event changed the name of the descriptor.
    public internal(set) var isNameChanged = false

    /// No event yet.
    public init() {}

    /// The container of the event's process; nil on the host.
    public var container: ContainerRecord? { process?.container }
    /// Thread id of the event; the process's id when the source does not tell.
    public var threadID: Int32 { event.process.tid != 0 ? event.process.tid : event.process.pid }
}

/// What applying an event showed.
public struct AppliedEvent: Sendable, Equatable {
    /// Another source told of the same exec, fork or exit before: for rules this is not a new event.
    public var isDuplicate = false
    /// The process was not known before this event.
    public var isNewProcess = false

    /// Nothing special.
    public init() {}
}
