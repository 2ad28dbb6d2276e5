public import EventModel
import Glibc
public import KernelInterface
public import NodeState

/// Opens of the files that rules name, told by fanotify as `openat` events.
///
/// Sees opens that succeeded. Not told are failed opens, which of the open calls it was, and flags other than those
/// that the descriptor still has. Where the process has closed the file before anybody could look at the descriptor,
/// the access mode comes from how it was closed and the descriptor is `unknownDescriptor`.
public final class FanotifySource: EventSource {
    /// Bounds and choices.
    public struct Options: Sendable {
        /// The most files and directories that are marked one by one; beyond, whole file systems are.
        public var directoryLimit = 16384
        /// Where the host's root directory is mounted for us; empty on the host itself.
        public var hostRoot = ""

        /// The usual bounds.
        public init() {}
    }

    /// What the source dropped, as it should.
    struct Details: Sendable, Equatable {
        /// Opens of files that no rule names or by a way of access that none does.
        var unwanted: UInt64 = 0
        /// Opens by this process itself.
        var own: UInt64 = 0
    }

    /// The result of an open that succeeded and whose descriptor nobody could look at in time.
    public static let unknownDescriptor = Int64(Int32.max)

    /// Reads of up to 256 records for each call of `drain`.
    private static let readsPerDrain = 8

    /// Which source it is.
    public let kind = SourceKind.fanotify
    /// The event types that the source tells of.
    public let provides: EventTypeSet
    /// What the source took and dropped so far.
    public private(set) var counters = SourceCounters()
    /// The further counters.
    private(set) var details = Details()
    /// What is marked.
    var coverage: FanotifyCoverage { control.state.coverage }

    let options: Options
    /// What rules need wherever the file is.
    var needs: OpenNeeds
    let lane: FanotifyControlThread
    var hidden = UnwatchedContainers(.fanotify)
    var control = FanotifyControlView()
    private var group: FanotifyGroup
    private let marker: FanotifyMarker
    private var tracker = OpenTracker()
    private var search: OpenDescriptorSearch
    /// What tells of processes, for `drain`.
    private var processes: (any EventSource)?
    private let ownPID = getpid()
    private let openat = EventType(name: "openat")
    private var event = RawEvent()
    private var ready: [ObservedOpen] = []
    private var pathBuffer = [UInt8](repeating: 0, count: 4096)
    private var overrunsAtLastReport: UInt64 = 0
    private(set) var isStopped = false
    private var watchedCanary = SourceCanary()
    /// A file without a name that canaries open; nil where it can't be marked.
    private var canaryTarget: FileDescriptor?

    /// Marks what the needs name, in the host's root directory.
    public init(
        needs: EventNeeds, options: Options = Options(), files: any NodeFiles = HostFiles()
    ) throws(KernelError) {
        self.options = options
        provides = EventTypeSet([openat].compactMap(\.self))
        search = OpenDescriptorSearch(files: files)
        self.needs = OpenNeeds(needs)
        let made = try FanotifyGroup()
        marker = try made.marker()
        lane = try FanotifyControlThread(
            host: OpenNeeds(needs, scope: .host), container: OpenNeeds(needs, scope: .container), options: options,
            marker: marker)
        group = made
        if let target = try? ChildProcess.file(holding: [], name: "shrike-canary") {
            let isMarked: Void? = try? group.mark(target.rawValue, .inode, [.open])
            canaryTarget = isMarked == nil ? nil : consume target
        }
        try begin()
    }

    deinit { lane.stop(withinMilliseconds: 0) }

    /// Has a source that tells of processes deliver what it has before each batch of opens: a process that has just been
    /// forked and has put another program in its place is not to be taken for its parent's.
    public func follow(_ source: any EventSource) { processes = source }

    /// The descriptor to wait on; nil after `stop`.
    public var descriptor: Int32? { isStopped ? nil : group.rawValue }

    /// The file for canaries, where it could be marked.
    public var canaryFile: Int32? { isStopped ? nil : canaryTarget?.rawValue }
    /// Seen where there is a file for them.
    public var canary: SourceCanary? { canaryFile == nil ? nil : watchedCanary }
    /// That a canary's open was not told, or that marks are not kept up.
    public var outage: String? { watchedCanary.outage ?? control.outage }

    /// Waits for the canary's open.
    public func canaryRan(_ process: CanaryProcess) {
        if process.openedFile, canaryFile != nil { watchedCanary.started(process, losses: counters.overruns) }
    }

    /// Tells when the canary's open was not told.
    public func concludeCanary(into sink: any EventSink) {
        watchedCanary.conclude(kind, "opened a file", losses: counters.overruns, into: sink)
    }

    /// Reads and delivers a bounded batch; false after `stop`.
    public func drain(into sink: any EventSink) -> Bool {
        guard !isStopped else { return false }
        for _ in 0..<Self.readsPerDrain {
            let count: Int
            do { count = try group.read() } catch {
                // The kernel could not open the file of one record for us, and took the record off the queue.
                counters.incomplete &+= 1
                continue
            }
            if count == 0 { break }
            // After the read: names of files are told before their marks are made, and what happened before an open of this batch has
            // been told by now.
            takeReplies()
            _ = processes?.drain(into: sink)
            take(count, into: sink)
        }
        reportOverruns(to: sink)
        return true
    }

    private func take(_ count: Int, into sink: any EventSink) {
        var offset = 0
        while offset < count {
            guard let record = FanotifyRecord.next(group.buffer.span.extracting(0..<count), at: &offset) else {
                // The rest of the batch has no lengths to go by.
                counters.malformed &+= 1
                return
            }
            counters.records &+= 1
            take(record, into: sink)
        }
    }

    /// Takes one record; its descriptor is closed afterwards.
    func take(_ record: FanotifyRecord, into sink: any EventSink) {
        if record.events.contains(.queueOverflow) { counters.overruns &+= 1 }
        // An overflow has no file (FAN_NOFD, -1).
        guard record.descriptor >= 0 else { return }
        let file = FileDescriptor(owning: record.descriptor)
        guard record.pid != ownPID else {
            details.own &+= 1
            return
        }
        // Its id may be another's by now; nobody else opens its file.
        guard !watchedCanary.isAwaited || record.pid != watchedCanary.pid || !isCanaryTarget(file.rawValue) else {
            watchedCanary.seen(now: KernelClock.monotonic())
            return
        }
        // Not of a process outside our pid namespace.
        guard record.pid > 0 else { return }
        guard var open = observe(file.rawValue, by: record.pid) else {
            details.unwanted &+= 1
            return
        }
        var isFound = false
        if OpenTracker.needsDescriptor(record.events),
            let found = search.find(pid: record.pid, device: open.device, inode: open.inode)
        {
            open.descriptor = found.descriptor
            open.flags = found.flags
            isFound = true
        }
        tracker.take(open, record.events, isFound: isFound, now: KernelClock.monotonic(), into: &ready)
        deliver(to: sink)
    }

    private func isCanaryTarget(_ descriptor: Int32) -> Bool {
        guard let target = canaryFile.flatMap(DescriptorFacts.status(of:)),
            let opened = DescriptorFacts.status(of: descriptor)
        else { return false }
        return target.device == opened.device && target.inode == opened.inode
    }

    /// Finds out which file it is; nil when no rule wants it.
    private func observe(_ descriptor: Int32, by pid: Int32) -> ObservedOpen? {
        guard let count = DescriptorFacts.path(of: descriptor, into: &pathBuffer) else { return nil }
        var path = pathBuffer[..<count]
        var wanted = needs.access(to: path)
        let status = DescriptorFacts.status(of: descriptor)
        if wanted.isEmpty, status?.links == 0, path.ends(with: Self.deletedMark) {
            path = path.dropLast(Self.deletedMark.count)
            wanted = needs.access(to: path)
        }
        var name = path
        if wanted.isEmpty {
            guard let alias = control.state.aliases.firstName(of: path, where: { !needs.access(to: $0).isEmpty }) else {
                return nil
            }
            name = alias[...]
            wanted = needs.access(to: name)
        }
        guard let status else { return nil }
        var open = ObservedOpen(
            pid: pid, path: Array(name), device: status.device, inode: status.inode, wanted: wanted,
            timeNanoseconds: KernelClock.wall()
        )
        open.mode = status.mode
        open.uid = status.uid
        return open
    }

    /// What the kernel adds to the path of a file without a name (d_path).
    private static let deletedMark = Array(" (deleted)".utf8)

    private func deliver(to sink: any EventSink) {
        for open in ready {
            guard !open.access.isDisjoint(with: open.wanted) else {
                details.unwanted &+= 1
                continue
            }
            guard let openat else { continue }
            event.reset()
            event.type = openat
            event.source = kind
            event.timeNanoseconds = open.timeNanoseconds
            event.process.pid = open.pid
            event.process.tid = open.pid
            // openat(AT_FDCWD, path, flags): the path is absolute, so the directory does not matter.
            event.registers[0] = UInt64(bitPattern: Int64(AT_FDCWD))
            event.registers[2] = UInt64(UInt32(bitPattern: open.flags))
            event.registerCount = 3
            event.hasResult = true
            event.result = open.descriptor.map(Int64.init) ?? Self.unknownDescriptor
            var fact = PathFact()
            fact.name = event.store(open.path)
            fact.inode = open.inode
            fact.deviceMajor = DeviceNumber.major(open.device)
            fact.deviceMinor = DeviceNumber.minor(open.device)
            fact.mode = open.mode
            fact.uid = open.uid
            event.append(path: fact)
            counters.events &+= 1
            sink.receive(&event)
        }
        ready.removeAll(keepingCapacity: true)
    }

    private func reportOverruns(to sink: any EventSink) {
        let overruns = counters.overruns &- overrunsAtLastReport
        guard overruns > 0 else { return }
        overrunsAtLastReport = counters.overruns
        // The kernel does not count what it drops: at least one for each overflow.
        counters.lostInKernel &+= overruns
        let message =
            "fanotify: the kernel's queue overflowed, an unknown number of file opens was lost "
            + "(fs.fanotify.max_queued_events is its length)"
        sink.report(SourceNotice(kind: .lost, source: kind, message: message, count: overruns))
    }

    /// Takes what the control thread has to tell, and tells opens that waited long enough.
    public func tick(nowNanoseconds: UInt64, into sink: any EventSink) {
        guard !isStopped else { return }
        followControl(nowNanoseconds, into: sink)
        tracker.expire(now: nowNanoseconds, into: &ready)
        deliver(to: sink)
    }

    /// Takes its marks back: what waits in the queue can still be read.
    public func finish() {
        lane.stop(withinMilliseconds: 0)
        marker.end()
        group.removeAllMarks()
    }

    /// Tells the opens that wait for what may follow.
    public func conclude(into sink: any EventSink) {
        tracker.expire(now: .max, into: &ready)
        deliver(to: sink)
    }

    /// Removes all marks. Safe to call twice.
    public func stop() {
        guard !isStopped else { return }
        finish()
        isStopped = true
        processes = nil
    }

    /// Whether fanotify works here.
    public static func probe() -> SourceAvailability {
        do {
            let group = try FanotifyGroup()
            let root = try MarkTarget(path: Array("/".utf8))
            try group.mark(root.rawValue, .inode, [.open, .closeWrite, .closeNoWrite])
        } catch {
            var bare = error
            bare.hint = nil
            return SourceAvailability(
                kind: .fanotify, isAvailable: false, reason: bare.description, fix: error.hint ?? ""
            )
        }
        if DescriptorFacts.namespaceInode("pid") != DescriptorFacts.initialPIDNamespace {
            return SourceAvailability(
                kind: .fanotify, isAvailable: true, reason: "can't tell which process outside its pid namespace it was",
                fix: "run in the host's pid namespace (hostPID: true, --pid=host)"
            )
        }
        return SourceAvailability(kind: .fanotify, isAvailable: true)
    }
}

extension ArraySlice<UInt8> {
    fileprivate func ends(with other: [UInt8]) -> Bool { suffix(other.count).elementsEqual(other) }
}
