import Glibc
import KernelInterface

/// What the parts of a node's state share: files, bounds, counters, clock constants, scratch memory. One thread.
final class StateContext {
    let files: any NodeFiles
    var options: NodeStateOptions
    var counters = StateCounters()
    /// Counts events: what is in hand while one is applied must not be given away.
    var round: UInt64 = 1
    /// The time of the youngest event, nanoseconds since the epoch.
    var now: UInt64 = 0
    /// What the event at hand says of its time.
    var eventNanoseconds: UInt64 = 0
    /// When the machine booted, nanoseconds since the epoch.
    let bootTimeNanoseconds: UInt64
    /// The unit of start times below /proc (USER_HZ).
    let nanosecondsPerTick: UInt64
    let pageKilobytes: UInt64
    /// Whether there is anything to read.
    let hasFiles: Bool
    /// Whether events tell of system calls. Without them a process changes more than is told (`ProcessDetails.changedByCalls`).
    var seesCalls = false
    /// The second for which `looks` counts the questions that fields asked.
    private var second: UInt64 = 0
    private var looks = 0
    /// The directory that the host's absolute paths start from.
    let root: [UInt8]
    /// Descriptors of one process that are listed at most: a process decides how many it has.
    static let listedDescriptors = 4096
    /// Scratch for one path and one file's content.
    var path = PathBuffer()
    var content: [UInt8] = []

    init(files: any NodeFiles, options: NodeStateOptions) {
        self.files = files
        self.options = options
        bootTimeNanoseconds = options.bootTimeNanoseconds ?? KernelClock.wall() &- KernelClock.boot()
        let ticks = UInt64(clamping: sysconf(Int32(_SC_CLK_TCK)))
        nanosecondsPerTick = 1_000_000_000 / max(ticks, 1)
        pageKilobytes = UInt64(clamping: sysconf(Int32(_SC_PAGESIZE))) / 1024
        root = Array(options.hostRoot.utf8)
        hasFiles = !files.isEmpty
        content.reserveCapacity(16384)
    }

    /// Points `path` at the host's file.
    func setPath(host name: StaticString) {
        path.reset()
        path.append(options.hostRoot.utf8)
        path.append(name)
    }

    /// Points `path` at /proc/PID/NAME.
    func setPath(process pid: Int32, _ name: StaticString) {
        setPath(host: "/proc/")
        path.append(decimal: pid)
        path.append("/")
        path.append(name)
    }

    /// Whether a field may make the kernel be asked once more in this second.
    func mayLook() -> Bool {
        guard hasFiles else { return false }
        if now / 1_000_000_000 != second { (second, looks) = (now / 1_000_000_000, 0) }
        guard looks < options.looksPerSecond else {
            counters.looksRefused += 1
            return false
        }
        looks += 1
        return true
    }

    /// Reads /proc/PID/NAME into `content`.
    func readProcess(_ pid: Int32, _ name: StaticString, upTo limit: Int) -> Bool {
        guard hasFiles else {
            counters.processReadFailures += 1
            return false
        }
        setPath(process: pid, name)
        guard files.read(path, upTo: limit, into: &content) else {
            counters.processReadFailures += 1
            return false
        }
        return true
    }

    /// Reads the link /proc/PID/NAME into `content`.
    func readProcessLink(_ pid: Int32, _ name: StaticString) -> Bool {
        guard hasFiles else {
            counters.processReadFailures += 1
            return false
        }
        setPath(process: pid, name)
        guard files.readLink(path, into: &content) else {
            counters.processReadFailures += 1
            return false
        }
        return true
    }

    /// A start time of /proc/PID/stat as nanoseconds since the epoch.
    func startTime(ticks: UInt64) -> UInt64 {
        bootTimeNanoseconds &+ ticks.multipliedReportingOverflow(by: nanosecondsPerTick).partialValue
    }
}
