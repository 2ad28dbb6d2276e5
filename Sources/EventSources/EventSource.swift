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
    /// Does what it is asked for, as far as that concerns it. Throws, with nothing changed, when that can't be done. What is read
    /// of its queue on the way is delivered.
    func apply(_ request: SourceRequest, into sink: any EventSink) throws(SourceFailure)
    /// Whether what `apply` asked for holds in the kernel by now.
    var isSettled: Bool { get }
    /// A canary has run: its event is waited for until `concludeCanary`.
    func canaryRan(_ process: CanaryProcess)
    /// The last canary's time is over: tells when it was not seen, or is again.
    func concludeCanary(into sink: any EventSink)
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

/// Takes what sources deliver. Called on the event thread.
public protocol EventSink: AnyObject {
    /// Takes one event; the event's memory is the source's and is reused after the call.
    func receive(_ event: inout RawEvent)
    /// Takes something that the user should know: loss, tampering, recovery.
    func report(_ notice: SourceNotice)
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
    /// Events, or records in the kernel's queue, that were not read before the source was stopped.
    public var unread: UInt64 = 0
    /// Times that the socket's buffer overflowed (ENOBUFS, queue overflow).
    public var overruns: UInt64 = 0

    /// All zero.
    public init() {}
}
