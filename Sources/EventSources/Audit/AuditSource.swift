import AuditRecords
public import EventModel
import Glibc
import KernelInterface

/// Events of the kernel's audit subsystem, live.
///
/// Where nobody receives the records, this process does (the owner: nothing is lost without being counted); beside
/// auditd it listens to a copy (multicast: loss shows only as a full buffer). It loads the audit rules that the needs
/// imply, under a key of its own, and puts back what others change of that. Foreign rules are never touched. `stop`
/// restores everything.
public final class AuditSource: EventSource {
    /// Choices and bounds.
    public struct Options: Sendable {
        /// The key of our rules; rules with another are foreign.
        public var key = "shrike"
        /// The socket's buffer: a record takes about 2 KB of it.
        public var receiveBufferBytes: Int32 = 32 << 20
        /// Records that may wait in the kernel while we own audit.
        public var backlogLimit: UInt32 = 16384
        /// Where the host's root directory is mounted for us; empty on the host itself.
        public var hostRoot = ""
        /// What a run before changed and did not put back, being killed.
        public var inherited: AuditRestoration?
        /// Keys of another Shrike's rules, which hide its own calls and nothing else.
        public var friendKeys: [String] = []
        /// Whether the kernel makes no events of this process's calls. One beside another would hide something from that.
        public var hidesOwnCalls = true
        /// How to receive: nil chooses the owner where nobody is.
        public var mode: Mode?
        /// How long a process that makes records may wait for room, in the kernel's ticks (a tenth of a second at 250 a
        /// second), once records were lost: that slows who floods to what can be read, instead of losing what others do.
        /// 0: never. Without loss nobody waits.
        public var overloadWaitTicks: UInt32 = 25
        /// How often the state (owner, loss, settings) is looked at.
        public var statusIntervalNanoseconds: UInt64 = 5_000_000_000
        /// How often the rules are.
        public var rulesIntervalNanoseconds: UInt64 = 15_000_000_000
        /// How often files that were missing, and links, are looked at anew.
        public var planIntervalNanoseconds: UInt64 = 60_000_000_000

        /// The usual choices.
        public init() {}
    }

    /// How records come.
    public enum Mode: Sendable, Equatable { case owner, multicast }

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
        failure ?? state.outage ?? watchedCanary.outage ?? fileCanary.outage ?? controlOutage ?? state.hiding.first
    }
    /// The event types that the loaded kernel rules let through.
    public var provides: EventTypeSet { state.provides }
    /// How quickly containers' files were watched.
    public var containerArming: ContainerArming? { state.containers }
    /// Rules of ours that the kernel holds.
    public var ruleCount: Int { state.ruleCount }

    let options: Options
    let connection: any AuditConnection
    var state = AuditControlState()
    /// How many changes of needs the control thread was asked for.
    private var needsAsked: UInt64 = 0
    /// What is to be said at the next occasion.
    var notices: [SourceNotice] = []

    private let lane: any AuditControlLane
    private var intake = AuditIntake()
    private var watchedCanary = SourceCanary()
    private var fileCanary = SourceCanary()
    private var failure: String?
    private(set) var overruns: UInt64 = 0
    private var lostInKernel: UInt64 = 0
    private var reportedOverruns: UInt64 = 0
    private var reportedMissed: UInt64 = 0
    private var isControlHung = false
    private var isOverrun = false
    private var loudSince: UInt64 = 0
    private var isStopped = false
    /// When no more was asked for, CLOCK_MONOTONIC and nanoseconds since the epoch; nil before.
    private var finished: (monotonic: UInt64, wall: UInt64)?
    /// Whether the kernel is as it was before.
    public private(set) var isRestored = false
    /// Records that waited when the source was stopped.
    private var unread: UInt64 = 0
    /// The kernel's queue of records now; nil where it can't be asked.
    private let queuedNow: () -> UInt32?
    private var canaryDescriptor: FileDescriptor?
    private let canaryParent: Int32?

    /// The control thread is told to hang after so long at one thing.
    private static let controlPatienceNanoseconds: UInt64 = 15_000_000_000
    /// Loss is laid at the door of who made most events in such a time.
    private static let loudNanoseconds: UInt64 = 10_000_000_000
    /// The kernel needs some 15 ms to take a rule back.
    private static let stopMilliseconds: Int32 = 2500
    /// Planning looks at many files.
    private static let beginMilliseconds: UInt64 = 60_000

    /// Connects, loads the rules that the needs imply, and switches audit on.
    ///
    /// `fieldNames` are the names, without arguments, of the fields that rules read; nil when they are not known (then
    /// everything that fields may show is followed). `containerRoots` are root directories of containers as the host
    /// names them.
    public convenience init(
        needs: EventNeeds, fieldNames: Set<String>? = nil, containerRoots: [String] = [], options: Options = Options()
    ) throws(AuditFailure) {
        var request = AuditPlanRequest()
        request.needs = needs
        request.fieldNames = fieldNames ?? AuditPlanRequest.anyFields
        request.excludedProcesses = options.hidesOwnCalls ? [getpid()] : []
        request.canaryParent = getpid()
        request.templateDirectory = "/run/shrike/audit-\(options.key)"
        // On the file system that most rules are about, and everybody reads it.
        request.canaryFile = ["/etc/passwd", "/etc/os-release"].map { options.hostRoot + $0 }
            .first { access($0, R_OK) == 0 }
        try self.init(
            request: request, options: options, lane: AuditControlThread(options: options, request: request),
            connection: NetlinkAuditConnection(receiveBufferBytes: options.receiveBufferBytes),
            queuedNow: { try? NetlinkAuditControl().status().backlog }
        )
        for root in containerRoots { addContainerRoot(root) }
    }

    init(
        request: AuditPlanRequest, options: Options, lane: any AuditControlLane, connection: any AuditConnection,
        queuedNow: @escaping () -> UInt32? = { nil }
    ) throws(AuditFailure) {
        self.queuedNow = queuedNow
        self.options = options
        self.lane = lane
        self.connection = connection
        canaryParent = request.canaryParent
        mode = .multicast
        // From here on `deinit` takes back what was done before an error.
        try start()
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

    // MARK: Control

    /// Finds out what is possible here and sets it up.
    private func start() throws(AuditFailure) {
        try ask(.status)
        if !state.canConfigure, state.status.enabled != .immutable {
            note(.blind, "audit's settings can't be changed; only events that rules of others let through are seen")
        }
        try connect()
        try ask(.begin(isOwner: mode == .owner))
        noteCircumstances()
    }

    private func connect() throws(AuditFailure) {
        let owner = state.status.pid
        let isOwned = owner != 0 && owner != getpid()
        if options.mode == .multicast || (options.mode == nil && (isOwned || !state.canReadStatus)) {
            try connection.joinMulticast()
            mode = .multicast
            return
        }
        do throws(AuditFailure) {
            try connection.claim()
            mode = .owner
        } catch {
            guard error.errorNumber == EEXIST, options.mode == nil else {
                guard error.errorNumber == EEXIST else { throw error }
                throw AuditFailure(
                    reason: "\(AuditDiagnosis.describe(owner: owner)) receives the audit records",
                    fix: error.fix, errorNumber: EEXIST
                )
            }
            // Somebody was quicker.
            try connection.joinMulticast()
            mode = .multicast
        }
    }

    /// Asks for something without which there is no start, and waits for it.
    private func ask(_ request: AuditControlRequest) throws(AuditFailure) {
        guard lane.send(request) else { throw AuditFailure(reason: "audit's control thread takes no requests") }
        let end = EpochOffset.now(CLOCK_MONOTONIC) &+ Self.beginMilliseconds &* 1_000_000
        var isAnswered = false
        var error: AuditFailure?
        while !isAnswered {
            guard EpochOffset.now(CLOCK_MONOTONIC) < end else {
                throw AuditFailure(
                    reason: "audit's rules could not be planned in time",
                    fix: "a file system that rules name does not answer", errorNumber: ETIMEDOUT)
            }
            for reply in lane.reply(withinMilliseconds: 1000) {
                if case .answered(let failure) = reply { (isAnswered, error) = (true, failure) } else { take(reply) }
            }
        }
        if let error { throw error }
    }

    private func take(_ reply: AuditControlReply) {
        switch reply {
        case .answered: break
        case .state(let new): state = new
        case .notice(let notice): notices.append(notice)
        case .lost(let count):
            lostInKernel &+= count
            note(
                .lost,
                "\(count) audit records lost in the kernel: backlog \(state.status.backlog) of "
                    + "\(state.status.backlogLimit), rate limit \(state.status.rateLimit), buffer overruns \(overruns)"
                    + loudest, count: count)
        case .ownerLost(let taker): claimAgain(from: taker)
        }
    }

    private func claimAgain(from taker: Int32) {
        guard mode == .owner else { return }
        do throws(AuditFailure) {
            try connection.claim()
            note(
                .tampered,
                taker == 0
                    ? "the kernel sent its audit records nowhere for a while (Shrike did not read in time, or was signed "
                        + "off); Shrike receives them again"
                    : "\(AuditDiagnosis.describe(owner: taker)) had taken the audit records; Shrike receives them again"
            )
        } catch {
            do throws(AuditFailure) {
                try connection.joinMulticast()
                mode = .multicast
                lane.send(.owner(false))
                note(
                    .tampered,
                    "\(AuditDiagnosis.describe(owner: taker)) has taken the audit records; Shrike reads a copy from now on"
                )
            } catch {
                failure = "\(AuditDiagnosis.describe(owner: taker)) has taken the audit records"
                note(.blind, "\(AuditDiagnosis.describe(owner: taker)) has taken the audit records: \(error)")
            }
        }
    }

    /// Why rules are not kept up; nil while the control thread does what it is asked for.
    private var controlOutage: String? {
        isControlHung ? "the thread that keeps the audit rules waits for something that does not answer" : nil
    }

    private func watchControl(_ now: UInt64) {
        let isHung = lane.busySince.map { now > $0 &+ Self.controlPatienceNanoseconds } ?? false
        guard isHung != isControlHung else { return }
        isControlHung = isHung
        note(
            isHung ? .blind : .recovered,
            isHung
                ? "audit rules are not kept up: their thread waits for something that does not answer; what is loaded still "
                    + "holds" : "audit rules are kept up again")
    }

    func note(_ kind: SourceNotice.Kind, _ message: String, count: UInt64 = 0) {
        notices.append(SourceNotice(kind: kind, source: self.kind, message: message, count: count))
    }

    // MARK: Records

    /// Takes the waiting records, bounded per call, and delivers the events that are complete.
    public func drain(into sink: any EventSink) -> Bool {
        guard !isStopped else { return false }
        let now = EpochOffset.now(CLOCK_MONOTONIC)
        for _ in 0..<Self.batchesPerDrain {
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
            intake.takeBatch(receivedAt: now)
            deliver(into: sink)
        }
        return true
    }

    private func deliver(into sink: any EventSink) {
        intake.deliver(into: sink, canary: &watchedCanary, file: &fileCanary)
        while let record = intake.nextControlRecord() { lane.send(.record(record)) }
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
    private var loudest: String {
        let found = intake.loud.take()
        guard !found.isEmpty else { return "" }
        let names = found.map { "\(ProcessFile.identity(of: $0.pid)) \($0.percent) %" }.joined(separator: ", ")
        return "; most events came from \(names)"
    }

    /// Loss that only the reader of a copy knows.
    private func reportMissed() {
        guard mode == .multicast else { return }
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
        for reply in lane.takeReplies() { take(reply) }
        watchControl(nowNanoseconds)
        // Who floods now, not who did in the last hour.
        if nowNanoseconds &- loudSince > Self.loudNanoseconds {
            loudSince = nowNanoseconds
            intake.loud.restart()
        }
        for notice in notices { sink.report(notice) }
        notices.removeAll(keepingCapacity: true)
    }

    // MARK: Needs

    /// Changes what rules need; the rules that stay are loaded all the time. Returns at once: the control thread does it.
    public func reload(needs: EventNeeds, fieldNames: Set<String>? = nil) {
        if demand(.needs(needs, fieldNames: fieldNames ?? AuditPlanRequest.anyFields)) { needsAsked &+= 1 }
    }

    /// Whether the kernel's rules are those for the needs that were asked for last.
    public var isSettled: Bool { isStopped || finished != nil || state.needsInPlace >= needsAsked }

    /// Watches the files of a container, by its root directory as the host names it: best called before its first
    /// program runs. Each call is taken back by one of `removeContainerRoot`.
    public func addContainerRoot(_ path: String) {
        demand(.started(root: path, at: EpochOffset.now(CLOCK_MONOTONIC)))
    }

    /// Watches the files of a container no more.
    public func removeContainerRoot(_ path: String) { demand(.ended(root: path)) }

    /// Asks for what must not be forgotten; says so, once, when too much waits.
    @discardableResult
    private func demand(_ request: AuditControlRequest) -> Bool {
        guard !isStopped, finished == nil else { return false }
        if lane.send(request) { return true }
        guard !isOverrun else { return false }
        isOverrun = true
        note(.blind, "more changes of containers than the audit rules can follow: files of some are not watched")
        return false
    }

    // MARK: End

    /// Lets the control thread put the settings back and take the rules back, without waiting for it. What the kernel has queued
    /// still comes, since this process stays the one that it is sent to.
    public func finish() {
        guard !isStopped, finished == nil else { return }
        finished = (KernelClock.monotonic(), KernelClock.wall())
        _ = lane.stop(withinMilliseconds: 0)
        if mode == .multicast { connection.leaveMulticast() }
    }

    /// Whether nothing waits in the kernel or in the socket, or what comes now is of events after `finish`: with rules of others
    /// there is no end of them.
    public var isDrained: Bool {
        if let finished, intake.lastEventTime > finished.wall { return true }
        guard !DescriptorFacts.isReadable(connection.descriptor) else { return false }
        return mode == .multicast || (queuedNow() ?? 0) == 0
    }

    /// Delivers the events that lack their last record, and what is still to be said.
    public func conclude(into sink: any EventSink) {
        intake.expire(nowNanoseconds: .max)
        deliver(into: sink)
        for reply in lane.takeReplies() { take(reply) }
        for notice in notices { sink.report(notice) }
        notices.removeAll()
    }

    /// Lets go of the socket, and counts what was not read. The rules and settings are being put back by the control thread.
    public func endReading() {
        guard !isStopped else { return }
        if finished == nil { finished = (KernelClock.monotonic(), KernelClock.wall()) }
        isStopped = true
        _ = lane.stop(withinMilliseconds: 0)
        if mode == .owner { unread &+= UInt64(queuedNow() ?? 0) }
        if mode == .owner { connection.release() } else { connection.leaveMulticast() }
        // The kernel may be in the middle of sending: read until nothing comes, so that it does not wait for us.
        for _ in 0..<1024 {
            guard let isMore = try? connection.receive(into: &intake.batch), isMore else { break }
            intake.takeBatch(receivedAt: KernelClock.monotonic())
            unread &+= intake.discardEvents()
        }
    }

    /// Takes its rules back, puts the kernel's audit settings back as they were, and lets go of the socket. Waits for that for two
    /// and a half seconds from `finish` on at most; what is not done by then is left to whoever outlives this process.
    public func stop() {
        endReading()
        guard !isRestored else { return }
        let passed = finished.map { (KernelClock.monotonic() &- $0.monotonic) / 1_000_000 } ?? 0
        isRestored = lane.stop(withinMilliseconds: max(0, Self.stopMilliseconds - Int32(clamping: passed)))
    }
}
