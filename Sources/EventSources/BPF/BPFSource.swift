import BPFFilter
import BPFRecords
public import EventModel
import Glibc
import KernelInterface
import NodeState

/// Events of eBPF programs in the kernel, which look up in tables of what rules need whether an event may match, and tell of those
/// alone, with the file, address and program that were really used.
///
/// Audit is neither needed nor touched. Nothing is pinned: when this process ends, however it does, the programs are gone. Where the
/// service manager keeps their descriptors over a restart, they go on to gather until the next start has its own.
public final class BPFSource: EventSource {
    /// Bounds and places.
    public struct Options: Sendable {
        /// Where the host's root directory is mounted for us; empty on the host itself.
        public var hostRoot = ""
        /// How often it is looked whether somebody altered programs or maps.
        public var checkIntervalNanoseconds: UInt64 = 5_000_000_000
        /// The room of its tables.
        public var limits = BPFLimits()

        /// The usual ones.
        public init() {}
    }

    /// Which source it is.
    public let kind = SourceKind.ebpf
    /// What the source tells of: every call, and the ends of processes.
    public let provides = BPFSource.typesProvided
    let connection: any BPFConnection
    var filter: InstalledFilter
    private var tamperCheck: TamperCheck
    private let earlierRun: EarlierRun?
    var hasEnded: Bool { isStopped || isFinished }
    private var decoder = BPFRecordDecoder()
    private var event = RawEvent()
    var losses = BPFLosses()
    var callSets = BPFCallSets()
    /// What a run before noted of groups' calls, until it is told.
    var callSetsBefore: (any BPFRemains)?
    private var knowsShortcomings = false
    private var loud = LoudProcesses()
    private var loudSince: UInt64 = 0
    private let execLedger: ExecLedger?
    private var watchedCanary = SourceCanary()
    private var fileCanary = SourceCanary()
    private var canaryDescriptor: FileDescriptor?
    private var isFinished = false
    private var isStopped = false
    private var unread: UInt64 = 0
    /// Whether this run began with what one before had left.
    public var continuesEarlierRun: Bool { earlierRun != nil }
    private var isStored = false
    /// Up to where the ring is read at the end, when the programs go on.
    private var lastPosition: UInt64 = 0
    private var sinceSample = 0

    /// Records that one call of `drain` takes at most.
    private static let recordsPerDrain = 8192
    private static let batch = 256
    /// After so many records in one go it is worth waiting for more: waking costs who is woken, and who wakes.
    private static let flood = 64
    private static let gatherings = 4
    private static let gatherMicroseconds: UInt32 = 500
    private static let busyNanoseconds: UInt64 = 1_000_000
    private var laidDownAt: UInt64 = 0
    private static let loudNanoseconds: UInt64 = 10_000_000_000
    /// One in so many events tells which process is in which control group.
    private static let sampling = 64

    /// What the programs' tables can look up, and which changes of a process make them count all as possible for it again: exec,
    /// task_rename, cgroup_attach_task, and the calls that change ids, capabilities and namespaces.
    public static var filterAbility: FilterAbility {
        FilterAbility(
            limits: .ofKernelTables, noticed: [.program, .command, .credentials, .capabilities, .container])
    }

    static let canaryCall = EventType(name: CanaryProcess.syscall)
    /// The calls that a canary's open may be.
    static let opens = EventTypeSet(["open", "openat"].compactMap(EventType.init(name:)))
    /// What never returns is not seen when it returns.
    private static let neverReturning = EventTypeSet(["exit", "exit_group"].compactMap(EventType.init(name:)))
    static let typesProvided = EventTypeSet(
        EventType.all.filter { ($0.isSyscall || $0.name == "procexit") && !neverReturning.contains($0) })

    init(
        _ needs: SourceNeeds, connection: any BPFConnection, remains: (any BPFRemains)? = nil,
        options: Options = Options(),
        files node: any NodeFiles = HostFiles(), execLedger: ExecLedger? = nil
    ) throws(SourceFailure) {
        self.connection = connection
        self.execLedger = execLedger
        filter = InstalledFilter(hostRoot: options.hostRoot, limits: options.limits, files: node)
        tamperCheck = TamperCheck(intervalNanoseconds: options.checkIntervalNanoseconds)
        try filter.install(needs, connection)
        earlierRun = remains.map(EarlierRun.init)
        measureClock()
        if notesCalls { callSetsBefore = remains }
        canaryDescriptor = ["/etc/passwd", "/etc/os-release"].lazy.map {
            open(options.hostRoot + $0, O_RDONLY | O_CLOEXEC)
        }
        .first { $0 >= 0 }.map { FileDescriptor(owning: $0) }
    }

    deinit { stop() }

    /// The ring's descriptor to wait for; nil once stopped.
    public var descriptor: Int32? { isStopped ? nil : connection.descriptor }
    /// Why events do not come, or not all, until somebody mends it.
    public var outage: String? { tamperCheck.outage ?? filter.failure ?? watchedCanary.outage ?? fileCanary.outage }
    /// What waits in the ring.
    public var queue: ReceiveQueue? {
        guard !isStopped else { return nil }
        let (waiting, capacity) = connection.queue
        return ReceiveQueue(bytes: UInt64(clamping: waiting), limitBytes: UInt64(clamping: capacity))
    }

    /// Records and events taken, and what was lost where.
    public var counters: SourceCounters {
        var counters = SourceCounters()
        counters.records = decoder.counters.records
        counters.events = decoder.counters.events
        counters.malformed = decoder.counters.malformed &+ decoder.counters.foreign
        counters.incomplete = decoder.counters.incomplete
        var counts = connection.counts
        if let earlierRun { counts.add(earlierRun.losses) }
        counters.lostInKernel = counts.missing
        counters.kernelLosses = counts.losses
        counters.unread = unread
        return counters
    }

    // MARK: Events

    /// Takes the waiting records, bounded per call.
    public func drain(into sink: any EventSink) -> Bool {
        guard !isStopped else { return false }
        earlierRun?.read { take($0, isOfEarlierRun: true, into: sink) }
        var taken = 0
        var takenBefore = 0
        var gathered = 0
        var isAsleep = false
        // To be woken costs the program that makes the event more than the event: who is woken soon again waits a little by itself.
        let isBusy = KernelClock.monotonic() &- laidDownAt < Self.busyNanoseconds
        while taken < Self.recordsPerDrain {
            let count = connection.drain(limit: Self.batch) { take($0, into: sink) }
            taken += count
            if count > 0 {
                isAsleep = false
            } else if isAsleep || isFinished {
                break
            } else if taken >= Self.flood || isBusy && taken > takenBefore, gathered < Self.gatherings {
                gathered += 1
                takenBefore = taken
                usleep(Self.gatherMicroseconds)
            } else {
                // Looked at once more afterwards: what came in between wakes nobody.
                connection.willSleep()
                isAsleep = true
                laidDownAt = KernelClock.monotonic()
            }
        }
        // Full: there is more, and the descriptor is readable.
        return true
    }

    private func take(_ record: Span<UInt8>, isOfEarlierRun: Bool = false, into sink: any EventSink) {
        guard decoder.decode(record, into: &event) == .event, !isCanary() else { return }
        guard isOfEarlierRun == (event.bootNanoseconds < earlierRun?.end ?? 0) else { return }
        let pid = event.process.pid
        loud.count(event)
        sinceSample += 1
        if sinceSample >= Self.sampling {
            sinceSample = 0
            for index in decoder.controlGroups.indices { losses.note(pid, in: decoder.controlGroups[index]) }
        }
        if event.type == Self.execve || event.type == Self.execveat, event.result == 0 { execLedger?.note(pid) }
        sink.receive(&event)
    }

    private static let execve = EventType(name: "execve")
    private static let execveat = EventType(name: "execveat")

    /// Whether the event is the canary's; notes that it has come.
    private func isCanary() -> Bool {
        guard event.process.pid == watchedCanary.pid, watchedCanary.made(event.process) else { return false }
        let now = KernelClock.monotonic()
        if event.type == Self.canaryCall {
            watchedCanary.seen(now: now)
        } else if Self.opens.contains(event.type), event.paths.contains(where: { $0.object.path.isPresent }) {
            fileCanary.seen(now: now)
        }
        return true
    }

    // MARK: Time

    /// Takes what nobody woke us for, tells of losses and of what was altered, and looks named files up again.
    public func tick(nowNanoseconds: UInt64, into sink: any EventSink) {
        guard !isStopped else { return }
        measureClock()
        _ = drain(into: sink)
        earlierRun?.conclude(into: sink)
        tellShortcomings(sink)
        tellLosses(nowNanoseconds, sink)
        if isStored { connection.note(told: losses.toldMissing) }
        guard !isFinished else { return }
        connection.removeRetired()
        filter.look(connection, into: sink)
        lookAtCallSets(nowNanoseconds, sink)
        tamperCheck.look(connection, now: nowNanoseconds, into: sink)
    }

    /// The programs' clock goes on while the node sleeps, and is not set with the wall clock.
    private func measureClock() { decoder.epochOffset = KernelClock.wall() &- KernelClock.boot() }

    /// Says once what this kernel keeps from the programs.
    private func tellShortcomings(_ sink: any EventSink) {
        guard !knowsShortcomings else { return }
        knowsShortcomings = true
        for text in connection.shortcomings {
            sink.report(SourceNotice(kind: .blind, source: kind, message: "ebpf: \(text)"))
        }
    }

    /// What rules ask for that the tables have no room for.
    public var filterGaps: FilterGaps? { filter.gaps }
    /// Who sent more than its share.
    public var heldBack: [HeldBack] { losses.heldBack }

    private func tellLosses(_ now: UInt64, _ sink: any EventSink) {
        let notices = losses.notices(
            connection.counts, now: now, identity: ProcessFile.identity,
            path: ProcessFile.controlGroup, groups: connection.groups)
        for var notice in notices {
            notice.message += loudest
            sink.report(notice)
        }
        if now &- loudSince > Self.loudNanoseconds {
            loudSince = now
            loud.restart()
        }
    }

    /// Who made most of the events lately, as the end of a sentence; empty when nobody stands out.
    private var loudest: String { loud.sentence() }

    // MARK: Needs

    /// Follows other rules. Programs stay attached: tables are written beside those in use, then calls are led to them.
    public func apply(_ request: SourceRequest, into sink: any EventSink) throws(SourceFailure) {
        guard case .needs(let needs) = request, !isStopped, !isFinished else { return }
        try filter.install(needs, connection)
    }

    // MARK: Canary

    /// What became of canaries.
    public var canary: SourceCanary? { isStopped ? nil : watchedCanary }
    /// A file on the file system that most rules are about.
    public var canaryFile: Int32? { isStopped ? nil : canaryDescriptor?.rawValue }

    /// Waits for the canary's system call, and for its open.
    public func canaryRan(_ process: CanaryProcess) {
        guard !isStopped else { return }
        let missing = connection.counts.missing
        watchedCanary.started(process, losses: missing)
        if canaryDescriptor != nil, process.openedFile { fileCanary.started(process, losses: missing) }
    }

    /// Tells when the canary's system call or its open was not told.
    public func concludeCanary(into sink: any EventSink) {
        // Not what was told of so far: in a flood that is told every few seconds only.
        let missing = connection.counts.missing
        watchedCanary.conclude(kind, "made a system call", losses: missing, into: sink)
        fileCanary.conclude(kind, "opened a file", losses: missing, into: sink)
    }

    // MARK: End

    /// Takes the programs out of the kernel; what is in the ring still comes.
    public func finish() {
        guard !isFinished else { return }
        isFinished = true
        noteCallsUnderWay()
        // What comes from now on is for the next start, if there is one.
        if isStored { lastPosition = connection.positions.written } else { connection.detach() }
    }

    /// Programs and ring, which the next start can read on from.
    public var storable: [StorableDescriptors] { isStopped || isFinished ? [] : connection.storable }
    /// The end leaves the programs in the kernel: they go with the manager's descriptors.
    public func noteStored() { isStored = true }

    /// Whether the ring is empty, or read as far as it had been written when the end began.
    public var isDrained: Bool {
        guard !isStopped else { return true }
        return isStored ? connection.positions.read >= lastPosition : connection.queue.waiting == 0
    }

    /// Tells of what was lost since the last tick.
    public func conclude(into sink: any EventSink) {
        guard !isStopped else { return }
        tellLosses(.max, sink)
        if isStored { connection.note(told: losses.toldMissing) }
    }

    /// Reads nothing more, and counts what was not read.
    public func endReading() {
        guard !isStopped else { return }
        finish()
        isStopped = true
        guard !isStored else { return }
        var rest = Self.recordsPerDrain * 16
        while rest > 0 {
            let count = connection.drain(limit: Self.batch) { _ in }
            guard count > 0 else { break }
            unread &+= UInt64(count)
            rest -= count
        }
    }

    /// Leaves nothing in the kernel.
    public func stop() { endReading() }
}
