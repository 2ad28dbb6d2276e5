public import EventModel
import Glibc
import KernelInterface
public import NodeState

/// Finds processes by looking at /proc: all there are where nothing else tells of them, else what no event told.
///
/// A process that begins and ends between two looks is not seen. What an event could not tell is not made up: an exec
/// found here has the time at which it was found, an end has no exit status.
public final class ProcfsSource: EventSource {
    /// What the scan is for.
    public enum Role: Sendable {
        /// Nothing else tells of processes: everything found is told.
        case only
        /// Another source tells of processes: the scan tells what that one missed.
        case safetyNet
    }

    /// Bounds and choices.
    public struct Options: Sendable {
        /// What the scan is for.
        public var role: Role
        /// The time between two looks.
        public var intervalNanoseconds: UInt64
        /// How long an event of another source may take to arrive before the scan tells of the process itself.
        public var graceNanoseconds: UInt64
        /// The most processes that are kept.
        public var processLimit = 131_072

        /// The usual bounds of a role: a look each second as the only source, each ten seconds as a safety net.
        public init(role: Role) {
            self.role = role
            intervalNanoseconds = role == .only ? 1_000_000_000 : 10_000_000_000
            graceNanoseconds = role == .only ? 0 : 200_000_000
        }
    }

    /// What the source counted beside the common counters.
    public struct Details: Sendable, Equatable {
        /// Looks at /proc.
        public var scans: UInt64 = 0
        /// Processes that ended while they were read.
        public var vanished: UInt64 = 0
        /// Processes found that an event had told of meanwhile.
        public var alreadyTold: UInt64 = 0
        /// Processes not looked at because there were more than the limit.
        public var overLimit: UInt64 = 0
    }

    /// Which source it is.
    public let kind = SourceKind.procfs
    /// Nothing to wait on: the source looks at each tick.
    public let descriptor: Int32? = nil
    /// The event types that the source tells of.
    public let provides: EventTypeSet
    /// What the source took and dropped so far.
    public private(set) var counters = SourceCounters()
    /// The further counters.
    public private(set) var details = Details()

    private struct Candidate {
        var finding: ProcessScan.Finding
        var dueNanoseconds: UInt64
    }

    private let options: Options
    private let files: any NodeFiles
    private let known: (any KnownProcesses)?
    private let execLedger: ExecLedger?
    private var scan: ProcessScan
    private var candidates: [Candidate] = []
    private var nextScan: UInt64 = 0
    private var lastScan: UInt64 = 0
    private static let soonestNanoseconds: UInt64 = 1_000_000_000
    private var isFirstScan = true
    private var isStopped = false
    private var isBlind = false
    private var pids: [Int32] = []
    private var text: [UInt8] = []
    private var path = PathBuffer()
    private var event = RawEvent()
    private let types = ConnectorEventTypes()

    /// A scan. `known` is asked before a process is told: at the first look always, afterwards as a safety net.
    /// `execLedger` is where the other source notes its exec events; without one, a safety net tells of new processes
    /// but not of new programs in processes seen before.
    public init(
        options: Options, known: (any KnownProcesses)?, execLedger: ExecLedger? = nil,
        files: any NodeFiles = HostFiles()
    ) {
        self.options = options
        self.known = known
        self.execLedger = execLedger
        self.files = files
        provides = types.provided(by: options.role == .only ? [.fork, .exec, .exit] : [.fork, .exec])
        let usesRandomAddresses =
            !files.read(PathBuffer("/proc/sys/kernel/randomize_va_space"), upTo: 16, into: &text)
            || text.first != UInt8(ascii: "0")
        scan = ProcessScan(comparesCommand: !usesRandomAddresses, limit: options.processLimit)
        pids.reserveCapacity(1024)
    }

    /// That there is no /proc to look at.
    public var outage: String? { isBlind ? "/proc can't be read" : nil }

    /// Does nothing: the source looks at each tick. False after `stop`.
    public func drain(into sink: any EventSink) -> Bool { !isStopped }

    /// Has a tick look at /proc soon: another source lost events. A look a second is enough: in a flood it only costs time.
    public func requestScan() { nextScan = min(nextScan, lastScan &+ Self.soonestNanoseconds) }

    /// Looks at /proc when it is time, and tells what no other source told meanwhile.
    public func tick(nowNanoseconds: UInt64, into sink: any EventSink) {
        guard !isStopped else { return }
        confirmCandidates(nowNanoseconds, into: sink)
        guard nowNanoseconds >= nextScan else { return }
        nextScan = nowNanoseconds &+ options.intervalNanoseconds
        lastScan = nowNanoseconds
        guard look() else {
            if !isBlind {
                sink.report(SourceNotice(kind: .blind, source: kind, message: "/proc can't be read"))
            }
            isBlind = true
            return
        }
        if isBlind { sink.report(SourceNotice(kind: .recovered, source: kind, message: "/proc can be read again")) }
        isBlind = false
        for finding in scan.findings { take(finding, nowNanoseconds, into: sink) }
        execLedger?.turn()
        isFirstScan = false
    }

    /// Looks no more. Safe to call twice.
    public func stop() { isStopped = true }

    private func look() -> Bool {
        path.reset()
        path.append("/proc")
        guard files.listNumbers(path, limit: .max, into: &pids) else { return false }
        details.scans &+= 1
        scan.begin()
        for pid in pids {
            path.reset()
            path.append("/proc/")
            path.append(decimal: pid)
            path.append("/stat")
            guard files.read(path, upTo: 4096, into: &text), !text.isEmpty else {
                details.vanished &+= 1
                continue
            }
            counters.records &+= 1
            guard let image = ProcessImage(text) else {
                counters.malformed &+= 1
                continue
            }
            scan.take(pid: pid, image)
        }
        scan.finish()
        details.overLimit = scan.overLimit
        return true
    }

    private func take(_ finding: ProcessScan.Finding, _ now: UInt64, into sink: any EventSink) {
        guard isWanted(finding) else { return }
        if options.graceNanoseconds == 0 {
            tell(finding, into: sink)
        } else {
            candidates.append(Candidate(finding: finding, dueNanoseconds: now &+ options.graceNanoseconds))
        }
    }

    private func confirmCandidates(_ now: UInt64, into sink: any EventSink) {
        guard let first = candidates.first, now >= first.dueNanoseconds else { return }
        for candidate in candidates {
            guard isWanted(candidate.finding) else {
                details.alreadyTold &+= 1
                continue
            }
            guard isStillThere(candidate.finding) else {
                details.vanished &+= 1
                continue
            }
            tell(candidate.finding, into: sink)
        }
        candidates.removeAll(keepingCapacity: true)
    }

    /// Whether nobody told of it. The only source asks at the first look alone: afterwards node state may know a
    /// process just because a child of it was told.
    private func isWanted(_ finding: ProcessScan.Finding) -> Bool {
        switch finding.change {
        // As a safety net, node state finds ended processes itself.
        case .exited: return options.role == .only
        case .executed, .forked:
            if finding.isNew {
                guard options.role == .safetyNet || isFirstScan else { return true }
                return !(known?.isKnown(pid: finding.pid, startTicks: finding.startTicks) ?? false)
            }
            guard options.role == .safetyNet else { return true }
            guard let execLedger else { return false }
            return !execLedger.contains(finding.pid)
        }
    }

    private func isStillThere(_ finding: ProcessScan.Finding) -> Bool {
        path.reset()
        path.append("/proc/")
        path.append(decimal: finding.pid)
        path.append("/stat")
        guard files.read(path, upTo: 4096, into: &text), let image = ProcessImage(text) else { return false }
        return image.startTicks == finding.startTicks && !image.isZombie
    }

    private func tell(_ finding: ProcessScan.Finding, into sink: any EventSink) {
        event.reset()
        event.source = kind
        event.timeNanoseconds = KernelClock.wall()
        event.process.pid = finding.pid
        event.process.tid = finding.pid
        event.process.startTicks = finding.startTicks
        let type: EventType?
        switch finding.change {
        case .executed:
            type = types.execve
            event.hasResult = true
        case .forked(let parent):
            type = types.clone
            event.process.pid = parent
            event.process.tid = parent
            // The start time above is the child's.
            event.process.startTicks = 0
            event.childPID = finding.pid
            event.result = Int64(finding.pid)
            event.hasResult = true
        case .exited:
            type = types.exit
        }
        guard let type else { return }
        event.type = type
        counters.events &+= 1
        sink.receive(&event)
    }

    /// Whether this process has the capability for /proc's contents of all processes. The first process alone is no
    /// proof: a security module may hide it even from one that has.
    public static var mayTraceAll: Bool {
        guard let capabilities = try? CapabilitySet.effective() else { return false }
        return capabilities.contains(.sysPtrace)
            && DescriptorFacts.namespaceInode("user") == DescriptorFacts.initialUserNamespace
    }

    /// Whether /proc shows all processes here.
    public static func probe(
        files: any NodeFiles = HostFiles(), maySeeAll: Bool = mayTraceAll
    ) -> SourceAvailability {
        var text: [UInt8] = []
        guard files.read(PathBuffer("/proc/1/stat"), upTo: 4096, into: &text), let first = ProcessImage(text) else {
            return SourceAvailability(
                kind: .procfs, isAvailable: false, reason: "/proc/1/stat can't be read",
                fix: "mount /proc, without hidepid for this user"
            )
        }
        if DescriptorFacts.namespaceInode("pid") != DescriptorFacts.initialPIDNamespace {
            return SourceAvailability(
                kind: .procfs, isAvailable: true, reason: "sees the processes of its own pid namespace alone",
                fix: "run in the host's pid namespace (hostPID: true, --pid=host)"
            )
        }
        // Without permission the kernel shows 0 (proc/array.c): then an exec in a process seen before is not noticed.
        if first.startStack == 0, !first.isKernelThread, !maySeeAll {
            return SourceAvailability(
                kind: .procfs, isAvailable: true,
                reason: "may not look into other users' processes: execs and program paths are missing",
                fix: "needs CAP_SYS_PTRACE", isRestricted: true
            )
        }
        return SourceAvailability(kind: .procfs, isAvailable: true)
    }
}
