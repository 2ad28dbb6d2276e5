import AuditRecords
import EventModel
import Glibc
import KernelInterface
import Synchronization

@testable import EventSources

/// A file system made of names, for the planner.
struct ScriptedFiles: WatchedFiles {
    /// Directories, without a slash at the end; "" is the root.
    var directories: Set<String> = [""]
    var files: Set<String> = []
    /// Symbolic links and the absolute paths that they hold.
    var links: [String: String] = [:]

    init(directories: [String] = [], files: [String] = [], links: [String: String] = [:]) {
        for path in directories + files + Array(links.keys) {
            var parts = path.split(separator: "/")
            if !directories.contains(path) { parts.removeLast() }
            while !parts.isEmpty {
                self.directories.insert("/" + parts.joined(separator: "/"))
                parts.removeLast()
            }
        }
        self.files = Set(files)
        self.links = links
    }

    func find(_ path: String, root: String) -> FoundPath {
        var rest = path.split(separator: "/").map(String.init)[...]
        var here = root
        var jumps = 0
        while let name = rest.popFirst() {
            let next = here + "/" + name
            if let target = links[next], jumps < 16 {
                jumps += 1
                rest = (target.split(separator: "/").map(String.init) + rest)[...]
                here = root
            } else if directories.contains(next) {
                here = next
            } else if files.contains(next), rest.isEmpty {
                return .file(next)
            } else {
                return .missing(below: here.isEmpty ? "/" : here, names: [name] + rest)
            }
        }
        return .directory(here.isEmpty ? "/" : here)
    }

    func names(in directory: String, root: String, beginningWith prefix: String) -> [String] {
        let start = root + (directory == "/" ? "" : directory) + "/"
        return directories.union(files).union(links.keys)
            .filter { $0.hasPrefix(start + prefix) && !$0.dropFirst(start.count).contains("/") }
            .map { String($0.dropFirst(start.count)) }.sorted()
    }

    func exists(_ path: String) -> Bool { files.contains(path) || directories.contains(path) }
    func isWritableByAll(_ directory: String) -> Bool { directory == "/tmp" }

    func linkTargets(below directory: String, root: String) -> [FoundPath]? {
        links.keys.filter { $0.hasPrefix(directory + "/") }.sorted()
            .map { find(String($0.dropFirst(root.count)), root: root) }
            .filter {
                switch $0 {
                case .file(let path), .directory(let path): !path.hasPrefix(directory + "/") && path != directory
                case .missing: false
                }
            }
    }
}

/// An audit subsystem made of variables.
final class ScriptedAudit: AuditControl, AuditConnection {
    var state = AuditStatus()
    var loaded: [AuditRule] = []
    /// How much waits, each time that it is asked; then what the state says.
    var backlogs: [UInt32] = []
    /// Errors by what is asked for: `status`, `apply`, `rules`, `add`, `remove`, `claim`, `join`.
    var errors: [String: Int32] = [:]
    var applied: [AuditStatusChange] = []
    var queued: [[[UInt8]]] = []
    /// What the kernel queues once it was seen that nothing is queued.
    var queuedLater: [[[UInt8]]] = []
    /// Asks for a record behind all others.
    var markEnd: (() -> Void)?
    var datagrams: [[[UInt8]]] = []
    var receiveErrors: [Int32] = []
    var isJoined = false
    var isReleased = false
    var sender: UInt32 = 0
    var log: [String] = []
    /// Places and the directories whose rules hold there too.
    var included: [ContainerPlan.Mark] = []

    private func check(_ what: String) throws(AuditFailure) {
        log.append(what)
        if let number = errors[what] { throw AuditFailure(reason: what, errorNumber: number) }
        if state.enabled == .immutable, ["apply", "add", "remove"].contains(what) {
            throw AuditFailure(reason: "immutable", errorNumber: EPERM)
        }
    }

    func status() throws(AuditFailure) -> AuditStatus {
        try check("status")
        if !backlogs.isEmpty { state.backlog = backlogs.removeFirst() }
        return state
    }
    func apply(_ change: AuditStatusChange) throws(AuditFailure) {
        if change.isEmpty { return }
        try check("apply")
        applied.append(change)
        log.append(
            contentsOf: state.backlog > (change.backlogLimit ?? state.backlogLimit)
                && (change.backlogWaitTime ?? state.backlogWaitTime) > 0 ? ["asleep"] : [])
        if let isEnabled = change.isEnabled { state.enabled = isEnabled ? .on : .off }
        if let limit = change.backlogLimit { state.backlogLimit = limit }
        if let time = change.backlogWaitTime { state.backlogWaitTime = time }
        if let limit = change.rateLimit { state.rateLimit = limit }
        if let failure = change.failure { state.failure = failure }
    }
    func rules() throws(AuditFailure) -> [AuditRule] {
        try check("rules")
        return loaded
    }
    func add(_ rule: AuditRule, first: Bool) throws(AuditFailure) {
        try check("add")
        guard !loaded.contains(rule) else { throw AuditFailure(reason: "exists", errorNumber: EEXIST) }
        if first { loaded.insert(rule, at: 0) } else { loaded.append(rule) }
    }
    func remove(_ rule: AuditRule) throws(AuditFailure) {
        try check("remove")
        guard loaded.contains(rule) else { throw AuditFailure(reason: "none", errorNumber: ENOENT) }
        loaded.removeAll { $0 == rule }
    }
    func includeMount(at path: [UInt8]) throws(AuditFailure) {}
    func include(_ place: [UInt8], in directory: [UInt8]) throws(AuditFailure) {
        try check("include")
        included.append(
            .init(directory: String(decoding: directory, as: UTF8.self), place: String(decoding: place, as: UTF8.self)))
    }

    var descriptor: Int32 { -1 }
    func claim() throws(AuditFailure) {
        try check("claim")
        state.pid = getpid()
    }
    func release() {
        isReleased = true
        state.pid = 0
    }
    func joinMulticast() throws(AuditFailure) {
        try check("join")
        isJoined = true
    }
    func leaveMulticast() { isJoined = false }
    func receive(into batch: inout NetlinkBatch) throws(KernelError) -> Bool {
        if !receiveErrors.isEmpty {
            throw KernelError(call: "recvmmsg", object: "script", errno: receiveErrors.removeFirst())
        }
        guard !datagrams.isEmpty else { return false }
        batch.replace(with: datagrams.removeFirst(), sender: sender)
        return true
    }

    /// A record as the kernel sends it: header, then the text.
    static func record(_ type: UInt16, _ text: String) -> [UInt8] {
        var message = AuditMessage.request(.init(rawValue: type), Array(text.utf8), sequence: 0)
        // The kernel's length leaves out the header.
        message.replaceSubrange(0..<4, with: withUnsafeBytes(of: UInt32(text.utf8.count)) { Array($0) })
        return message
    }

    /// A source over this script.
    func source(
        _ needs: EventNeeds = EventNeeds(), fieldNames: Set<String> = [], options: AuditSource.Options = .init(),
        files: any WatchedFiles = ScriptedFiles(), isTakeover: Bool = false
    ) throws(AuditFailure) -> AuditSource {
        var request = AuditPlanRequest()
        request.needs = needs
        request.fieldNames = fieldNames
        request.excludedProcesses = [getpid()]
        request.templateDirectory = "/tmp/shrike-audit-templates"
        let worker = AuditControlWorker(
            request: request, options: options, planner: AuditRulePlanner(files: files), control: .success(self),
            watches: false)
        return try AuditSource(
            request: request, options: options, lane: InlineAuditControl(worker), connection: self,
            isTakeover: isTakeover, queuedNow: { self.sendQueued() }, markEnd: markEnd)
    }

    /// What the kernel has queued and sends one by one; gives how many there were.
    private func sendQueued() -> UInt32 {
        guard !queued.isEmpty else {
            defer { (queued, queuedLater) = (queuedLater, []) }
            return 0
        }
        defer { datagrams.append(queued.removeFirst()) }
        return UInt32(queued.count)
    }
}

/// Audit's control without a thread: what is asked for is done at once.
final class InlineAuditControl: AuditControlLane {
    private final class Collected: Sendable {
        private let list = Mutex<[AuditControlReply]>([])
        func put(_ reply: AuditControlReply) { list.withLock { $0.append(reply) } }
        func take() -> [AuditControlReply] {
            list.withLock { list in
                defer { list = [] }
                return list
            }
        }
    }

    let worker: AuditControlWorker
    /// Whether too much waits.
    var isFull = false
    private let collected = Collected()
    private var replies: ControlReplies<AuditControlReply> { ControlReplies { [collected] in collected.put($0) } }

    init(_ worker: AuditControlWorker) { self.worker = worker }

    func send(_ request: AuditControlRequest) -> Bool {
        if isFull { return false }
        worker.take([request], replies)
        return true
    }
    func takeReplies() -> [AuditControlReply] { collected.take() }
    func reply(withinMilliseconds limit: Int32) -> [AuditControlReply] { collected.take() }
    var busySince: UInt64? { nil }
    func tick(nowNanoseconds: UInt64) { worker.tick(nowNanoseconds: nowNanoseconds, replies) }
    func stop(withinMilliseconds limit: Int32) -> Bool {
        worker.end(replies)
        return true
    }
}

extension ScriptedAudit {
    /// Nanoseconds.
    static let second: UInt64 = 1_000_000_000

    /// A whole event: `id` is run.
    static let execve = [
        record(
            1300,
            """
            audit(1700000000.000:7): arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=0 ppid=1 \
            pid=99 auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=1 comm="id" \
            exe="/usr/bin/id" key="shrike"
            """
        ),
        record(1309, #"audit(1700000000.000:7): argc=1 a0="id""#),
        record(1320, "audit(1700000000.000:7): "),
    ]
}

extension AuditSource {
    /// Lets seconds go by.
    func tick(_ sink: RecordingSink, seconds: ClosedRange<UInt64>) {
        for second in seconds { tick(nowNanoseconds: second * ScriptedAudit.second, into: sink) }
    }
}
