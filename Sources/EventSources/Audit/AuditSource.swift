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
        /// How to receive: nil chooses the owner where nobody is.
        public var mode: Mode?
        /// Every open with the right access is audited where rules ask for files in containers: sees the files of
        /// containers whose root directories are not known, at a cost.
        public var auditsUnfilteredOpens = false
        /// Further processes whose calls are not audited, beside this one.
        public var excludedProcesses: [Int32] = []
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
    public internal(set) var canConfigure = true
    /// Why no events come, where that is so for good or until somebody mends it.
    public internal(set) var outage: String? {
        get { failure ?? watchedCanary.outage }
        set { failure = newValue }
    }
    /// The event types that the loaded kernel rules let through.
    public internal(set) var provides = EventTypeSet()

    let options: Options
    let control: any AuditControl
    let connection: any AuditConnection
    var planner: AuditRulePlanner
    var request: AuditPlanRequest
    var plan = AuditRulePlan()
    var keeper: AuditRuleKeeper
    var settings = AuditSettings()
    var status = AuditStatus()
    /// What is to be said at the next occasion.
    var notices: [SourceNotice] = []
    var monitor = AuditMonitor()
    var mounts = MountWatch()

    private var intake = AuditIntake()
    private var watchedCanary = SourceCanary()
    private var failure: String?
    private(set) var overruns: UInt64 = 0
    var lostInKernel: UInt64 = 0
    /// Events that a copy lacks, by their serials.
    var missed: UInt64 { intake.missed }
    private(set) var isStopped = false

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
        request.containerRoots = containerRoots
        request.canaryParent = getpid()
        try self.init(
            request: request, options: options,
            planner: AuditRulePlanner(files: HostWatchedFiles(hostRoot: options.hostRoot), options: .host),
            control: NetlinkAuditControl(),
            connection: NetlinkAuditConnection(receiveBufferBytes: options.receiveBufferBytes)
        )
    }

    init(
        request: AuditPlanRequest, options: Options, planner: AuditRulePlanner, control: any AuditControl,
        connection: any AuditConnection
    ) throws(AuditFailure) {
        self.options = options
        self.control = control
        self.connection = connection
        var plannerOptions = planner.options
        plannerOptions.key = Array(options.key.utf8)
        plannerOptions.hostRoot = options.hostRoot
        self.planner = AuditRulePlanner(syscalls: planner.syscalls, files: planner.files, options: plannerOptions)
        self.request = request
        self.request.excludedProcesses = [getpid()] + options.excludedProcesses
        self.request.auditsUnfilteredOpens = options.auditsUnfilteredOpens
        keeper = AuditRuleKeeper(control: control, key: plannerOptions.key)
        mode = .multicast
        // From here on `deinit` takes back what was done before an error.
        try start()
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
        return counters
    }

    /// The kernel's queue of records at the last status; nil where the status may not be read.
    public var backlog: KernelBacklog? {
        guard canReadStatus else { return nil }
        return KernelBacklog(records: UInt64(status.backlog), limit: UInt64(status.backlogLimit))
    }

    /// The loaded rules, as auditctl would be given them.
    public var ruleDescriptions: [String] { keeper.planned.map(\.description) }

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
                    outage = "\(error)"
                    stop()
                    return false
                }
                // The owner's records wait in the kernel, which counts those that it gives up; a copy's are gone.
                overruns &+= 1
                intake.overrun()
                monitor.checkSoon()
                continue
            }
            intake.takeBatch(receivedAt: now)
            deliver(into: sink)
        }
        return true
    }

    private func deliver(into sink: any EventSink) {
        intake.deliver(into: sink, canary: &watchedCanary)
        while let record = intake.nextControlRecord() { monitor.note(record) }
    }

    /// Somebody asks whether we are alive, in order to own audit; the kernel refuses that as long as we read.
    private func noteRequesters() {
        for pid in intake.takeRequesters() where pid != getpid() {
            note(
                .tampered,
                "\(AuditDiagnosis.describe(owner: pid)) tried to take the audit records over; Shrike still receives them"
            )
            monitor.checkSoon()
        }
    }

    // MARK: Canary

    /// Seen where its rule can be loaded.
    public var canary: SourceCanary? { waitsForCanaries ? watchedCanary : nil }

    private var waitsForCanaries: Bool { !isStopped && canConfigure && request.canaryParent != nil }
    private var losses: UInt64 { lostInKernel &+ overruns &+ missed }

    /// Waits for the canary's system call.
    public func canaryRan(_ process: CanaryProcess) {
        if waitsForCanaries { watchedCanary.started(process, losses: losses) }
    }

    /// Tells when the canary's system call was not told.
    public func concludeCanary(into sink: any EventSink) {
        watchedCanary.conclude(kind, "made a system call", losses: losses, into: sink)
    }

    // MARK: Time

    /// Ends events that wait for records too long, and checks rules, settings and loss counters when they are due.
    public func tick(nowNanoseconds: UInt64, into sink: any EventSink) {
        guard !isStopped else { return }
        intake.expire(nowNanoseconds: nowNanoseconds)
        deliver(into: sink)
        noteRequesters()
        check(nowNanoseconds)
        for notice in notices { sink.report(notice) }
        notices.removeAll(keepingCapacity: true)
    }

    // MARK: Needs

    /// Changes what rules need; the rules that stay are loaded all the time.
    public func reload(needs: EventNeeds, fieldNames: Set<String>? = nil) {
        request.needs = needs
        request.fieldNames = fieldNames ?? AuditPlanRequest.anyFields
        replan()
    }

    /// Watches the files of a container, by its root directory as the host names it: best called before its first
    /// program runs.
    public func addContainerRoot(_ path: String) {
        guard !request.containerRoots.contains(path) else { return }
        request.containerRoots.append(path)
        replan()
    }

    /// Watches the files of a container no more.
    public func removeContainerRoot(_ path: String) {
        request.containerRoots.removeAll { $0 == path }
        replan()
    }

    // MARK: End

    /// Takes its rules back, puts the kernel's audit settings back as they were, and lets go of the socket.
    public func stop() {
        guard !isStopped else { return }
        isStopped = true
        if canConfigure {
            keeper.removeAll()
            if let status = try? control.status() { try? control.apply(settings.restoration(from: status)) }
        }
        if mode == .owner { connection.release() } else { connection.leaveMulticast() }
        // The kernel may be in the middle of sending: read until nothing comes, so that it does not wait for us.
        for _ in 0..<1024 {
            guard let isMore = try? connection.receive(into: &intake.batch), isMore else { break }
        }
    }
}
