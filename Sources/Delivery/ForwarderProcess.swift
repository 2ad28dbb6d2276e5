import ForwarderProtocol
import Glibc
import KernelInterface

/// The forwarder as the sensor sees it: starts it, wakes it, takes its reports, starts it again when it dies.
final class ForwarderProcess {
    /// Its process id; nil while it doesn't run.
    private(set) var pid: Int32?

    /// Whether the last one ended because the spool's file is damaged.
    private(set) var hasMetDamage = false

    private var plan: ForwarderPlan
    private let launcher: LauncherProcess
    private var wakes: FileDescriptor?
    private var reportPipe: FileDescriptor?
    private var line: [UInt8] = []
    private var chunk = [UInt8](repeating: 0, count: 4096)
    private var reports: [ForwarderReport] = []
    private var startedAt: UInt64 = 0
    private var nextStart: UInt64 = 0
    private var quickDeaths: UInt64 = 0
    private var lastEnd = ""
    /// When one that is to make room for another is ended at the latest; nil when none is.
    private var endBy: UInt64?

    private static let firstRestartNanoseconds: UInt64 = 200_000_000
    private static let longestRestartNanoseconds: UInt64 = 30_000_000_000
    /// A process that ran so long had begun well: the next start does not wait.
    private static let goodRunNanoseconds: UInt64 = 60_000_000_000
    /// More than the forwarder itself takes to finish.
    private static let stopMilliseconds = 2500
    /// So many ends in a row are no accident.
    private static let manyDeaths: UInt64 = 3

    /// A process for a plan; it is started by the first `tick`, its launcher now. `program` is this program.
    init(_ plan: ForwarderPlan, program: String = "/proc/self/exe") throws(KernelError) {
        launcher = try LauncherProcess(program: program)
        self.plan = plan
        self.plan.parent = launcher.pid
        signal(SIGPIPE, SIG_IGN)
    }

    /// Whether no forwarder can be started any more.
    var hasLostLauncher: Bool { launcher.hasEnded }

    /// Tells it that alerts were committed. A full pipe has told it already.
    func wake() {
        guard let descriptor = wakes?.rawValue else { return }
        var byte: UInt8 = 1
        _ = write(descriptor, &byte, 1)
    }

    /// Reaps it when it has died, starts it when it is time, reads what it reported.
    func tick(now: UInt64) {
        readReports()
        if pid != nil {
            guard let status = launcher.takeEnded() else { return lookAfter(now) }
            ended(status, now)
        }
        guard now >= nextStart, !launcher.hasEnded, !plan.outputs.isEmpty else { return }
        do throws(KernelError) {
            try start()
            startedAt = now
        } catch {
            remark("can't start the forwarder: \(error)")
            delayRestart(now)
        }
    }

    /// What the one that runs needs besides.
    private func lookAfter(_ now: UInt64) {
        // With its launcher the forwarder ends too.
        if launcher.hasEnded { return pid = nil }
        if let endBy, now >= endBy { restart(now: now) }
        if now &- startedAt >= Self.goodRunNanoseconds { quickDeaths = 0 }
    }

    /// Why nothing is delivered for longer: it ends again and again; nil when all is well.
    var trouble: String? {
        quickDeaths >= Self.manyDeaths ? "the forwarder ended \(quickDeaths) times in a row, \(lastEnd)" : nil
    }

    /// Goes on with another plan, or with the same and what its files hold now. Waits for nothing: the one that runs delivers
    /// what it can at once and ends, and the next one is started then. For a plan without outputs there is none.
    func change(_ plan: ForwarderPlan, now: UInt64) {
        self.plan = plan
        self.plan.parent = launcher.pid
        (quickDeaths, nextStart) = (0, now)
        guard pid != nil else { return }
        // The end of this pipe tells it.
        wakes = nil
        endBy = now &+ UInt64(Self.stopMilliseconds) &* 1_000_000
    }

    /// Ends it at once; a tick starts another when it has ended. Waits for nothing: a process whose disk is gone may never end.
    func restart(now: UInt64) {
        guard pid != nil else { return }
        launcher.kill()
        endBy = now &+ UInt64(Self.stopMilliseconds) &* 1_000_000
    }

    /// Lets it deliver what it can at once, and ends it.
    func stop() {
        // The end of this pipe tells it.
        wakes = nil
        guard pid != nil else { return }
        if !waitForEnd(milliseconds: Self.stopMilliseconds) {
            launcher.kill()
            waitForEnd(milliseconds: Self.stopMilliseconds)
        }
        readReports()
    }

    /// Waits for the forwarder's end; gives whether it came.
    @discardableResult
    private func waitForEnd(milliseconds: Int) -> Bool {
        var waited = 0
        while launcher.takeEnded() == nil, !launcher.hasEnded {
            if waited >= milliseconds { return false }
            usleep(5_000)
            waited += 5
        }
        pid = nil
        return true
    }

    /// What it reported since the last call.
    func takeReports() -> [ForwarderReport] {
        if reports.isEmpty { return [] }
        defer { reports.removeAll() }
        return reports
    }

    private func ended(_ status: Int32, _ now: UInt64) {
        readReports()
        pid = nil
        if endBy != nil {
            (endBy, nextStart) = (nil, now)
            return
        }
        let signal = status & 0x7f
        hasMetDamage = signal == 0 && status >> 8 & 0xff == ForwarderPlan.damageStatus
        let how = signal == 0 ? "with status \(status >> 8 & 0xff)" : "by signal \(signal)"
        if now &- startedAt >= Self.goodRunNanoseconds { quickDeaths = 0 }
        lastEnd = how
        remark("the forwarder ended \(how); it is started again")
        delayRestart(now)
    }

    private func delayRestart(_ now: UInt64) {
        let delay = min(Self.firstRestartNanoseconds << min(quickDeaths, 16), Self.longestRestartNanoseconds)
        quickDeaths += 1
        nextStart = now &+ delay
    }

    private func remark(_ text: String) {
        reports.append(ForwarderReport(kind: .remark, output: "", count: 0, text: text))
    }

    /// At most one buffer a tick: whatever it writes, it can't keep the sensor busy.
    private func readReports() {
        guard let descriptor = reportPipe?.rawValue else { return }
        let count = read(descriptor, &chunk, chunk.count)
        guard count > 0 else { return }
        for byte in chunk[..<count] {
            if byte == UInt8(ascii: "\n") {
                if let report = ForwarderReport(line: line) { reports.append(report) }
                line.removeAll(keepingCapacity: true)
            } else if line.count < ForwarderReport.longestLine {
                line.append(byte)
            }
        }
    }

    // MARK: Starting

    private func start() throws(KernelError) {
        let planFile = try ChildProcess.file(holding: plan.encoded(), name: "shrike-plan")
        let wakePipe = try ChildProcess.Pipe()
        let reportEnds = try ChildProcess.Pipe()
        // The child's ends it makes non-blocking itself; a child that stands still must not block the event thread.
        guard fcntl(wakePipe.writing.rawValue, F_SETFL, O_NONBLOCK) == 0,
            fcntl(reportEnds.reading.rawValue, F_SETFL, O_NONBLOCK) == 0
        else { throw KernelError(call: "fcntl", object: "pipe", errno: errno) }
        pid = try launcher.start(
            descriptors: [planFile.rawValue, wakePipe.reading.rawValue, reportEnds.writing.rawValue])
        hasMetDamage = false
        line.removeAll(keepingCapacity: true)
        wakes = wakePipe.takeWriting()
        reportPipe = reportEnds.takeReading()
    }
}
