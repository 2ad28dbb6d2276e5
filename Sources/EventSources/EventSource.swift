public import AuditRecords
public import EventModel
public import KernelInterface

/// A place that events come from. All members are called on the one event thread.
///
/// The event thread waits until `descriptor` is readable, then calls `drain`; about every 100 ms it calls `tick`.
public protocol EventSource: AnyObject {
    /// Which source it is.
    var kind: SourceKind { get }
    /// The descriptor to wait for (readable, level-triggered); nil for a source that only ticks.
    var descriptor: Int32? { get }
    /// The event types that the source delivers, given what it was asked for.
    var provides: EventTypeSet { get }
    /// What the source took and dropped so far.
    var counters: SourceCounters { get }
    /// Why the source tells nothing any more, as part of a sentence; nil while it works.
    var outage: String? { get }
    /// What the kernel had not handed over yet when it was last asked; nil for a source that can't know.
    var backlog: KernelBacklog? { get }

    /// What puts the kernel back as it was before, for whoever outlives this process; nil where nothing was changed.
    var restoration: AuditRestoration? { get }
    /// What waits in its descriptor; nil where that can't be known.
    var queue: ReceiveQueue? { get }
    /// What rules ask for that its filter in the kernel has no room for; nil for a source without such bounds.
    var filterGaps: FilterGaps? { get }
    /// Of which control groups the kernel held events back, and how many.
    var heldBack: [HeldBack] { get }
    /// How quickly containers' files were watched; nil for a source that watches none.
    var containerArming: ContainerArming? { get }
    /// What became of canaries here; nil for a source that can't see them.
    var canary: SourceCanary? { get }
    /// What a canary is to open for the source to see it; nil: nothing.
    var canaryFile: Int32? { get }

    /// Reads and delivers what is there (bounded: returns after a batch, to be called again while readable).
    /// Returns false when the source has ended (end of a replayed file).
    func drain(into sink: any EventSink) -> Bool
    /// Does what is due: time-outs, polls, loss counters. `nowNanoseconds` is CLOCK_MONOTONIC.
    func tick(nowNanoseconds: UInt64, into sink: any EventSink)
    /// What the kernel counts of control groups for it, to be handed over by `drainCallSets`: the same from its beginning to its end.
    /// What is missing here nobody counts: that it was never handed over says nothing.
    var countedKinds: GroupUse.Kinds { get }
    /// Hands over which system calls control groups have made and which capabilities they have used for the first time, for who
    /// learns what is normal: the id of a group (its inode number, or `1 << 63 | mount namespace << 32 | pid namespace` where control
    /// groups don't tell processes apart), a process in it that did some of it lately and may be gone, and what it is. Groups that were
    /// made within another are counted together with it. Costs next to nothing when nothing is new.
    func drainCallSets(_ body: (_ group: UInt64, _ member: Int32, _ use: GroupUse) -> Void)
    /// Notes calls that have begun and not returned, before what is known of a workload is written down; they come with the next
    /// `drainCallSets`.
    func noteCallsUnderWay()
    /// Does what it is asked for, as far as that concerns it. Throws, with nothing changed, when that can't be done. What is read
    /// of its queue on the way is delivered.
    func apply(_ request: SourceRequest, into sink: any EventSink) throws(SourceFailure)
    /// Whether what `apply` asked for holds in the kernel by now.
    var isSettled: Bool { get }
    /// A canary has run: its event is waited for until `concludeCanary`.
    func canaryRan(_ process: CanaryProcess)
    /// The last canary's time is over: tells when it was not seen, or is again.
    func concludeCanary(into sink: any EventSink)
    /// What another process can go on with, once this one has handed over; nil: nothing.
    var handoverDescriptor: Int32? { get }
    /// Up to which of the kernel's lost records they were told of, for who goes on; nil: not known.
    var handoverLost: UInt32? { get }
    /// Ends as `finish` does, but leaves the kernel as it is to another process, which goes on where this one stops reading. False
    /// where that can't be done, and nothing is changed then.
    func handOver() -> Bool
    /// What the service manager may keep while this program is started anew, so that the kernel goes on to gather; empty: nothing.
    var storable: [StorableDescriptors] { get }
    /// The manager keeps that: from now on the end leaves it as it is, to be read on from by the next start.
    func noteStored()
    /// Whether it began with what a run before had stored, so that nothing in between is missing.
    var continuesEarlierRun: Bool { get }
    /// Asks the kernel for no more: what it has queued by now still comes with `drain`. Safe to call twice.
    func finish()
    /// After `finish`: whether all that was queued then has been read, as far as the kernel can say.
    var isDrained: Bool { get }
    /// Delivers what still waited for its last part: nothing more is read.
    func conclude(into sink: any EventSink)
    /// Reads nothing more, and counts what was queued and not read. Waits for nothing. Safe to call twice.
    func endReading()
    /// Restores what the source changed in the kernel and releases it; waits for that, a few seconds at most. Safe to call twice.
    func stop()
    /// After `stop`: whether the kernel is as it was before.
    var isRestored: Bool { get }
}

extension EventSource {
    /// A source that can't fail by itself.
    public var outage: String? { nil }
    /// Most sources have no queue but their descriptor's.
    public var backlog: KernelBacklog? { nil }
    /// A source that leaves nothing behind.
    public var restoration: AuditRestoration? { nil }
    /// A source without a queue of its own.
    public var queue: ReceiveQueue? { nil }
    /// A source whose filter has no such bounds.
    public var filterGaps: FilterGaps? { nil }
    /// A source of which nothing is held back by group.
    public var heldBack: [HeldBack] { [] }
    /// A source that doesn't note what groups call.
    public var countedKinds: GroupUse.Kinds { [] }
    /// A source that doesn't note what groups call.
    public func drainCallSets(_ body: (_ group: UInt64, _ member: Int32, _ use: GroupUse) -> Void) {}
    /// A source that doesn't note what groups call.
    public func noteCallsUnderWay() {}
    /// Nothing that can be asked for concerns it.
    public func apply(_ request: SourceRequest, into sink: any EventSink) throws(SourceFailure) {}
    /// What it is asked for holds at once.
    public var isSettled: Bool { true }
    /// A source that watches no files.
    public var containerArming: ContainerArming? { nil }
    /// A source that sees no canaries.
    public var canary: SourceCanary? { nil }
    /// Nothing.
    public var canaryFile: Int32? { nil }
    /// Nobody waits for it.
    public func canaryRan(_ process: CanaryProcess) {}
    /// Nothing was waited for.
    public func concludeCanary(into sink: any EventSink) {}
    /// Nobody can go on with it.
    public var handoverDescriptor: Int32? { nil }
    /// Nobody can go on with it.
    public var handoverLost: UInt32? { nil }
    /// It has nothing that another could go on with.
    public func handOver() -> Bool { false }
    /// Nothing outlives it.
    public var storable: [StorableDescriptors] { [] }
    /// Nothing outlives it.
    public func noteStored() {}
    /// It begins with what happens now.
    public var continuesEarlierRun: Bool { false }
    /// The kernel does nothing for it that it would not do anyway.
    public func finish() {}
    /// Whether its descriptor has nothing to read.
    public var isDrained: Bool { descriptor.map { !DescriptorFacts.isReadable($0) } ?? true }
    /// `stop` does it.
    public func endReading() {}
    /// What `stop` does can't take long.
    public var isRestored: Bool { true }
    /// It keeps nothing.
    public func conclude(into sink: any EventSink) {}
}

/// Descriptors that a source can be continued from, by the name that the next start finds them by.
public struct StorableDescriptors: Sendable, Equatable {
    /// The name: ASCII, no colon, at most 255 bytes (sd_pid_notify_with_fds(3)).
    public var name: String
    /// Their numbers; they stay the source's.
    public var numbers: [Int32]

    /// Descriptors of that name.
    public init(name: String, numbers: [Int32]) { (self.name, self.numbers) = (name, numbers) }
}

/// Takes what sources deliver. Called on the event thread.
public protocol EventSink: AnyObject {
    /// Takes one event; the event's memory is the source's and is reused after the call.
    func receive(_ event: inout RawEvent)
    /// Takes something that the user should know: loss, tampering, recovery.
    func report(_ notice: SourceNotice)
    /// Takes word of a call that a seccomp filter refused or told of.
    func receive(_ record: SeccompRecord)
}

extension EventSink {
    /// Who only wants events passes them over.
    public func receive(_ record: SeccompRecord) {}
}

/// Something about a source that the user should know; becomes an internal alert.
public struct SourceNotice: Sendable {
    /// What happened.
    public enum Kind: String, Sendable {
        /// Events were lost; `count` says how many, at least.
        case lost
        /// Somebody changed what the source had set up in the kernel.
        case tampered
        /// The source can't see what it was asked for any more.
        case blind
        /// It works again.
        case recovered
        /// A plain remark for the log, no alert.
        case remark
    }
    /// What happened.
    public var kind: Kind
    /// Which source.
    public var source: SourceKind
    /// A sentence for the user: what happened and what it means.
    public var message: String
    /// How many events were lost, where that is known.
    public var count: UInt64

    /// A notice.
    public init(kind: Kind, source: SourceKind, message: String, count: UInt64 = 0) {
        self.kind = kind
        self.source = source
        self.message = message
        self.count = count
    }
}

/// Records that wait in the kernel before they get into a source's socket.
public struct KernelBacklog: Sendable, Equatable {
    /// How many wait.
    public var records: UInt64
    /// How many may wait before the kernel begins to lose them; 0: any number.
    public var limit: UInt64

    /// A backlog from its parts.
    public init(records: UInt64, limit: UInt64) { (self.records, self.limit) = (records, limit) }
}

/// What a source took and dropped since it started.
public struct SourceCounters: Sendable, Equatable {
    /// Records, messages or lines read.
    public var records: UInt64 = 0
    /// Events delivered.
    public var events: UInt64 = 0
    /// Records that could not be decoded.
    public var malformed: UInt64 = 0
    /// Events given up incomplete (time-out, bound).
    public var incomplete: UInt64 = 0
    /// Events that the kernel says it lost.
    public var lostInKernel: UInt64 = 0
    /// Why it lost them, where that is known; together they are `lostInKernel`.
    public var kernelLosses: KernelLosses?
    /// Events, or records in the kernel's queue, that were not read before the source was stopped.
    public var unread: UInt64 = 0
    /// Times that the socket's buffer overflowed (ENOBUFS, queue overflow).
    public var overruns: UInt64 = 0

    /// All zero.
    public init() {}
}
