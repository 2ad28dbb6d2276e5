import AuditRecords
public import EventModel
import Glibc
import KernelInterface

/// Events of the kernel's audit subsystem, live.
///
/// Where nobody receives the records, this process does (the owner: nothing is lost without being counted); beside
/// auditd it listens to a copy (multicast: loss shows only as a full buffer). It loads the audit rules that the needs
/// imply, under a key of its own, and puts back what others change of that. Foreign rules are left alone, but for those that
/// would blind it. `stop` restores everything.
public final class AuditSource: EventSource {
    /// Batches for each call of `drain`.
    private static let batchesPerDrain = 8

    /// The audit subsystem.
    public let kind = SourceKind.audit
    /// How records come now.
    public internal(set) var mode: Mode
    /// Whether rules and settings can be changed: not in immutable mode, and not without CAP_AUDIT_CONTROL.
    public var canConfigure: Bool { state.canConfigure }
    /// Why events do not come, or not all, until somebody mends it.
    public var outage: String? {
        failure ?? state.outage ?? watchedCanary.outage ?? fileCanary.outage ?? upkeep.outage ?? state.lookOutage
            ?? state.hiding.first
    }
    /// The event types that the loaded kernel rules let through.
    public var provides: EventTypeSet { state.provides }
    /// How quickly containers' files were watched.
    public var containerArming: ContainerArming? { hidden.added(to: state.containers) }
    /// Rules of ours that the kernel holds.
    public var ruleCount: Int { state.ruleCount }

    let options: Options
    let connection: any AuditConnection
    var state = AuditControlState()
    /// How many changes of needs the control thread was asked for.
    var needsAsked: UInt64 = 0
    /// What is to be said at the next occasion.
    var notices: [SourceNotice] = []

    let lane: any AuditControlLane
    var intake = AuditIntake()
    private var watchedCanary = SourceCanary()
    private var fileCanary = SourceCanary()
    var failure: String?
    var overruns: UInt64 = 0
    var lostInKernel: UInt64 = 0
    /// What of that is to be told.
    var kernelLosses = AuditLosses()
    private var reportedOverruns: UInt64 = 0
    private var reportedMissed: UInt64 = 0
    private var reportedVanished: UInt64 = 0
    var hidden = UnwatchedContainers(.audit)
    var upkeep = ControlUpkeep(.audit, of: "audit rules")
    private var loudSince: UInt64 = 0
    var isStopped = false
    /// Whether another Shrike goes on with the socket and the rules.
    var isHandedOver = false
    /// When no more was asked for, CLOCK_MONOTONIC and nanoseconds since the epoch; nil before.
    var finished: (monotonic: UInt64, wall: UInt64)?
    /// Whether the kernel is as it was before.
    public internal(set) var isRestored = false
    /// Records that waited when the source was stopped.
    var unread: UInt64 = 0
    /// The kernel's queue of records now; nil where it can't be asked.
    let queuedNow: () -> UInt32?
    /// Makes the kernel write a record about audit itself; nil where there is none.
    let markEnd: (() -> Void)?
    /// When that was done, CLOCK_MONOTONIC, and how many such records had come.
    var marked: (monotonic: UInt64, configChanges: UInt64)?
    private var canaryDescriptor: FileDescriptor?
    private let canaryParent: Int32?

    /// Loss is laid at the door of who made most events in such a time.
    private static let loudNanoseconds: UInt64 = 10_000_000_000

    /// Connects, loads the rules that the needs imply, and switches audit on.
    ///
    /// `fieldNames` are the names, without arguments, of the fields that rules read; nil when they are not known (then
    /// everything that fields may show is followed). `containerRoots` are root directories of containers as the host
    /// names them.
    public convenience init(
        needs: EventNeeds, fieldNames: Set<String>? = nil, containerRoots: [String] = [], options: Options = Options(),
        takeover: AuditTakeover? = nil
    ) throws(AuditFailure) {
        var options = options
        options.lostBefore = takeover?.lost
        var request = AuditPlanRequest()
        request.needs = needs
        request.fieldNames = fieldNames ?? AuditPlanRequest.anyFields
        request.excludedProcesses = options.hidesOwnCalls ? [getpid()] : []
        request.canaryParent = getpid()
        request.templateDirectory = TemplateDirectories.standard(key: options.key).path
        // On the file system that most rules are about, and everybody reads it.
        request.canaryFile = ["/etc/passwd", "/etc/os-release"].map { options.hostRoot + $0 }
            .first { access($0, R_OK) == 0 }
        let connection: any AuditConnection
        if let takeover {
            connection = takeover.connection
        } else {
            connection = try NetlinkAuditConnection(receiveBufferBytes: options.receiveBufferBytes)
        }
        try self.init(
            request: request, options: options, lane: AuditControlThread(options: options, request: request),
            connection: connection,
            isTakeover: takeover != nil,
            queuedNow: { try? NetlinkAuditControl().status().backlog },
            markEnd: {
                guard let control = try? NetlinkAuditControl(), let status = try? control.status() else { return }
                // To what it is.
                try? control.apply(AuditStatusChange(rateLimit: status.rateLimit))
            }
        )
        for root in containerRoots { addContainerRoot(root) }
    }

    init(
        request: AuditPlanRequest, options: Options, lane: any AuditControlLane, connection: any AuditConnection,
        isTakeover: Bool = false, queuedNow: @escaping () -> UInt32? = { nil },
        markEnd: (() -> Void)? = nil
    ) throws(AuditFailure) {
        self.queuedNow = queuedNow
        self.markEnd = markEnd
        self.options = options
        self.lane = lane
        self.connection = connection
        canaryParent = request.canaryParent
        mode = .multicast
        // From here on `deinit` takes back what was done before an error.
        try start(isTakeover: isTakeover)
        guard state.watchesCanaryFile, let file = request.canaryFile else { return }
        let opened = open(file, O_RDONLY | O_CLOEXEC)
        if opened >= 0 { canaryDescriptor = FileDescriptor(owning: opened) }
    }

    deinit { stop() }

    /// The netlink socket to wait for; nil once stopped.
    public var descriptor: Int32? { isStopped ? nil : connection.descriptor }

    /// Records and events taken, and what was lost where.
    public var counters: SourceCounters {
        var counters = SourceCounters()
        counters.records = intake.counters.records
        counters.events = intake.counters.events
        counters.malformed = intake.counters.malformed &+ intake.forged
        counters.incomplete = intake.counters.incomplete &+ intake.counters.evicted
        counters.lostInKernel = lostInKernel
        counters.overruns = overruns
        counters.unread = unread
        return counters
    }

    /// The kernel's queue of records at the last status; nil where the status may not be read.
    public var backlog: KernelBacklog? {
        guard state.canReadStatus else { return nil }
        return KernelBacklog(records: UInt64(state.status.backlog), limit: UInt64(state.status.backlogLimit))
    }

    func note(_ kind: SourceNotice.Kind, _ message: String, count: UInt64 = 0) {
        notices.append(SourceNotice(kind: kind, source: self.kind, message: message, count: count))
    }

    // MARK: Records

    /// Takes the waiting records, bounded per call, and delivers the events that are complete.
    public func drain(into sink: any EventSink) -> Bool {
        guard !isStopped else { return false }
        let now = KernelClock.monotonic()
        for _ in 0..<Self.batchesPerDrain {
            // What is left is another's.
            if isHandedOver, !intake.isInEvent { break }
            do throws(KernelError) {
                guard try connection.receive(into: &intake.batch) else { break }
            } catch {
                guard error.errno == ENOBUFS else {
                    sink.report(SourceNotice(kind: .blind, source: kind, message: "audit: \(error)"))
                    failure = "\(error)"
                    endReading()
                    return false
                }
                // The owner's records wait in the kernel, which counts those that it gives up; a copy's are gone.
                overruns &+= 1
                intake.overrun()
                lane.send(.lookSoon)
                continue
            }
            let isLast = !intake.batch.isFull
            intake.takeBatch(receivedAt: now)
            deliver(into: sink)
            // What came meanwhile makes the descriptor readable again.
            if isLast { break }
        }
        return true
    }

    func deliver(into sink: any EventSink) {
        intake.deliver(into: sink, canary: &watchedCanary, file: &fileCanary)
        while let record = intake.nextControlRecord() { lane.send(.record(record)) }
        while let record = intake.nextSeccompRecord() { sink.receive(record) }
    }

    /// Somebody asks whether we are alive, in order to own audit; the kernel refuses that as long as we read.
    private func noteRequesters() {
        for pid in intake.takeRequesters() where pid != getpid() {
            note(
                .tampered,
                "\(AuditDiagnosis.describe(owner: pid)) tried to take the audit records over; Shrike still receives them"
            )
            lane.send(.lookSoon)
        }
    }

    /// Who made most of the events lately, as the end of a sentence; empty when nobody stands out.
    var loudest: String { intake.loud.sentence() }

    /// Loss that the kernel doesn't count.
    func reportMissed() {
        guard mode == .multicast else { return reportVanished() }
        let full = overruns &- reportedOverruns
        // The record behind an overrun tells how many are missing.
        let lost = intake.missed &- reportedMissed
        guard lost > 0 || full > 0 else { return }
        lostInKernel &+= lost
        let number = lost > 0 ? "\(lost)" : "an unknown number of"
        note(
            .lost,
            "\(number) audit events lost: the socket's buffer was full \(full) times (copies are not kept)" + loudest,
            count: max(lost, 1)
        )
        reportedMissed = intake.missed
        reportedOverruns = overruns
    }

    private func reportVanished() {
        let lost = intake.vanished &- reportedVanished
        // The next one reads what the kernel sends again.
        guard lost > 0, !isHandedOver else { return }
        reportedVanished = intake.vanished
        lostInKernel &+= lost
        note(
            .lost,
            "\(lost) audit events lost: Shrike could not read, and the kernel gave them up without counting them"
                + loudest,
            count: lost)
    }

    // MARK: Canary

    /// Seen where its rule can be loaded.
    public var canary: SourceCanary? { waitsForCanaries ? watchedCanary : nil }
    /// A file on the file system that most rules are about: opening it proves that rules about files work.
    public var canaryFile: Int32? { waitsForCanaries ? canaryDescriptor?.rawValue : nil }

    private var waitsForCanaries: Bool { !isStopped && canConfigure && canaryParent != nil }
    private var losses: UInt64 { lostInKernel &+ overruns &+ intake.missed }

    /// Waits for the canary's system call, and for its open.
    public func canaryRan(_ process: CanaryProcess) {
        guard waitsForCanaries else { return }
        watchedCanary.started(process, losses: losses)
        if canaryDescriptor != nil, process.openedFile { fileCanary.started(process, losses: losses) }
    }

    /// Tells when the canary's system call or its open was not told.
    public func concludeCanary(into sink: any EventSink) {
        let isExplained = !state.hiding.isEmpty
        watchedCanary.conclude(kind, "made a system call", losses: losses, isExplained: isExplained, into: sink)
        fileCanary.conclude(kind, "opened a file", losses: losses, isExplained: isExplained, into: sink)
        if watchedCanary.isBlind || fileCanary.isBlind { lane.send(.lookSoon) }
    }

    // MARK: Time

    /// Ends events that wait for records too long, and checks rules, settings and loss counters when they are due.
    public func tick(nowNanoseconds: UInt64, into sink: any EventSink) {
        guard !isStopped else { return }
        intake.expire(nowNanoseconds: nowNanoseconds)
        deliver(into: sink)
        noteRequesters()
        reportMissed()
        if finished == nil { lane.tick(nowNanoseconds: nowNanoseconds) }
        followControl(nowNanoseconds)
        reportLost(nowNanoseconds: nowNanoseconds)
        // Who floods now, not who did in the last hour.
        if nowNanoseconds &- loudSince > Self.loudNanoseconds {
            loudSince = nowNanoseconds
            intake.loud.restart()
        }
        for notice in notices { sink.report(notice) }
        notices.removeAll(keepingCapacity: true)
    }
}
