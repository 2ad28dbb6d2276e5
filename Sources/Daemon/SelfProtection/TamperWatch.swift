import Configuration
import EventModel
import Glibc
import InternalAlerts
import KernelInterface

/// Notices attempts to blind the sensor from outside: stopped and continued, traced, its files replaced. Audit rules and
/// the audit subsystem's owner are the audit source's business.
struct TamperWatch {
    /// A file that must stay the one that it is.
    private struct Guarded {
        var what: String
        var mark: FileMark
        /// Whether its content is to stay too.
        var isConstant: Bool
    }

    private var lastTick: UInt64
    private var nextLook: UInt64 = 0
    private var tracer: Int32 = 0
    private var continuer: SignalDescriptor.Signal?
    /// A time without ticks that is to be told of; a tick later, since SIGCONT may be read after the first one.
    private var gap: (nanoseconds: UInt64, end: UInt64)?
    private var files: [Guarded] = []
    private var replaced: [String] = []

    /// The event thread works a few milliseconds at a time; so long it only stands still when something holds it.
    private static let stallNanoseconds: UInt64 = 3_000_000_000
    /// Enough where SIGCONT says that it was no accident.
    private static let shortStallNanoseconds: UInt64 = 1_000_000_000
    private static let lookNanoseconds: UInt64 = 2_000_000_000

    /// A watch from now on (CLOCK_MONOTONIC) over this program and the files given: what each is, and its path.
    init(now: UInt64, files: [(what: String, path: String)]) {
        lastTick = now
        if let program = ProgramPlace.thisProgram {
            self.files.append(Guarded(what: "the program file", mark: FileMark(program), isConstant: true))
        }
        self.files += files.map { Guarded(what: $0.what, mark: FileMark($0.path), isConstant: false) }
    }

    /// A file was replaced by Shrike itself.
    mutating func accept(_ path: String) {
        for index in files.indices where files[index].mark.path == path { files[index].mark = FileMark(path) }
    }

    /// The paths at which other files, or none, were found since the last call.
    mutating func takeReplaced() -> [String] {
        if replaced.isEmpty { return [] }
        defer { replaced.removeAll() }
        return replaced
    }

    /// SIGCONT came: the process had been stopped.
    mutating func continued(by signal: SignalDescriptor.Signal) { continuer = signal }

    /// Looks at what is due and gives the alerts; call it with every tick, with CLOCK_MONOTONIC and the wall clock.
    mutating func tick(now: UInt64, wallClock: UInt64) -> [Alert] {
        var alerts: [Alert] = []
        if let gap, let alert = stall(gap.nanoseconds, until: gap.end) { alerts.append(alert) }
        gap = now &- lastTick >= Self.shortStallNanoseconds ? (now &- lastTick, wallClock) : nil
        if gap == nil { continuer = nil }
        lastTick = now
        guard now >= nextLook else { return alerts }
        nextLook = now &+ Self.lookNanoseconds
        if let alert = trace(wallClock) { alerts.append(alert) }
        for index in files.indices { if let alert = replacement(index, wallClock) { alerts.append(alert) } }
        return alerts
    }

    private func stall(_ nanoseconds: UInt64, until end: UInt64) -> Alert? {
        guard nanoseconds >= Self.stallNanoseconds || continuer != nil else { return nil }
        let (from, to) = (WatchRecord.utc(end &- nanoseconds), WatchRecord.utc(end))
        let cause =
            continuer.map { signal in
                "was stopped (SIGSTOP) and continued\(signal.sender.map { " by " + Self.name(of: $0) } ?? "")"
            } ?? "stood still (the node is overloaded or was paused, or somebody held the process)"
        return InternalAlert.make(
            .stoodStill,
            "Shrike \(cause) from \(from) to \(to); what the kernel did not keep meanwhile is told of as lost",
            [
                ("from", .string(Array(from.utf8))), ("to", .string(Array(to.utf8))),
                ("seconds", .unsigned(nanoseconds / 1_000_000_000)),
            ], end)
    }

    private mutating func trace(_ wallClock: UInt64) -> Alert? {
        let found = Self.tracer
        defer { tracer = found }
        guard found != 0, found != tracer else { return nil }
        return InternalAlert.make(
            .traced,
            "\(Self.name(of: (found, nil))) traces Shrike (ptrace) and can change what it does",
            [("pid", .unsigned(UInt64(found)))], wallClock)
    }

    private mutating func replacement(_ index: Int, _ wallClock: UInt64) -> Alert? {
        let file = files[index]
        let now = FileMark(file.mark.path)
        guard file.isConstant ? now != file.mark : !now.isSameFile(as: file.mark) else { return nil }
        files[index].mark = now
        if !now.isSameFile(as: file.mark) { replaced.append(file.mark.path) }
        // Gone before, and not back: told already.
        guard file.mark.exists || now.exists else { return nil }
        let what = !now.exists ? "was removed" : now.isSameFile(as: file.mark) ? "was changed" : "was replaced"
        return InternalAlert.make(
            .fileReplaced, priority: file.isConstant ? .warning : .critical,
            "\(file.what) \(file.mark.path) \(what) while Shrike runs"
                + (file.isConstant ? "; the one that runs stays until a restart" : ""),
            [("file", .string(Array(file.mark.path.utf8)))], wallClock)
    }

    // MARK: What /proc says

    /// The process that traces this one; 0 for none.
    private static var tracer: Int32 {
        guard case .success(let bytes) = SystemConfigurationFiles().read("/proc/self/status") else { return 0 }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        let line = lines.first { $0.hasPrefix("TracerPid:") }
        return line.flatMap { Int32($0.dropFirst("TracerPid:".count).filter(\.isNumber)) } ?? 0
    }

    /// `process 12 (gdb), user 1000`.
    static func name(of sender: (pid: Int32, uid: UInt32?)) -> String {
        var text = "process \(sender.pid)"
        if case .success(let bytes) = SystemConfigurationFiles().read("/proc/\(sender.pid)/comm") {
            text += " (\(String(decoding: bytes.filter { $0 >= 0x20 }, as: UTF8.self)))"
        }
        return sender.uid.map { "\(text), user \($0)" } ?? text
    }

    private static func name(of sender: (pid: Int32, uid: UInt32)) -> String {
        name(of: (sender.pid, sender.uid as UInt32?))
    }
}
