/// Compares a look at /proc with the one before: which processes are new, run another program, or are gone. Pure.
struct ProcessScan: Sendable {
    enum Change: Equatable, Sendable {
        /// A new process that runs a program of its own.
        case executed
        /// A new process that still runs its parent's program.
        case forked(parent: Int32)
        /// It is gone.
        case exited
    }

    /// One difference.
    struct Finding: Equatable, Sendable {
        var pid: Int32
        var startTicks: UInt64
        var change: Change
        /// Whether the process was not there before (as opposed to a new program in a process seen before).
        var isNew: Bool
    }

    private struct Seen: Sendable {
        var image: ProcessImage
        var generation: UInt64
    }

    /// Whether addresses tell programs apart (randomize_va_space is not 0).
    let comparesCommand: Bool
    /// The most processes that are kept.
    let limit: Int
    private var seen: [Int32: Seen] = [:]
    private var generation: UInt64 = 0
    private(set) var findings: [Finding] = []
    /// Processes not looked at because there were more than the limit.
    private(set) var overLimit: UInt64 = 0

    init(comparesCommand: Bool, limit: Int) {
        self.comparesCommand = comparesCommand
        self.limit = limit
    }

    /// How many processes the last look found.
    var count: Int { seen.count }

    /// Begins a look; its findings replace those of the look before.
    mutating func begin() {
        generation &+= 1
        findings.removeAll(keepingCapacity: true)
    }

    /// Takes a process that is there.
    mutating func take(pid: Int32, _ image: ProcessImage) {
        guard let before = seen[pid] else {
            guard seen.count < limit else {
                overLimit &+= 1
                return
            }
            seen[pid] = Seen(image: image, generation: generation)
            found(pid, image)
            return
        }
        seen[pid] = Seen(image: image, generation: generation)
        if before.image.startTicks != image.startTicks {
            // The id went to another process.
            exited(pid, before.image)
            found(pid, image)
        } else if hasProgram(image), !image.isSameProgram(as: before.image, comparesCommand: comparesCommand) {
            findings.append(Finding(pid: pid, startTicks: image.startTicks, change: .executed, isNew: false))
        } else if image.isZombie {
            // A zombie has no addresses; what it ran last stays what it ran.
            seen[pid]?.image = before.image
        }
    }

    /// Ends the look: what was not seen again is gone. Findings come in the order in which the processes began.
    mutating func finish() {
        for (pid, process) in seen where process.generation != generation {
            exited(pid, process.image)
            seen[pid] = nil
        }
        // Whether a new process forked shows only now that its parent was seen.
        for index in findings.indices where findings[index].isNew && findings[index].change == .executed {
            guard let image = seen[findings[index].pid]?.image, let parent = seen[image.parentPID]?.image,
                image.isSameProgram(as: parent, comparesCommand: comparesCommand)
            else { continue }
            findings[index].change = .forked(parent: image.parentPID)
        }
        findings.sort { ($0.startTicks, $0.pid) < ($1.startTicks, $1.pid) }
    }

    /// Whether this process is still there as of the last look.
    func isPresent(pid: Int32, startTicks: UInt64) -> Bool { seen[pid]?.image.startTicks == startTicks }

    private func hasProgram(_ image: ProcessImage) -> Bool { !image.isKernelThread && !image.isZombie }

    private mutating func found(_ pid: Int32, _ image: ProcessImage) {
        guard hasProgram(image) else { return }
        findings.append(Finding(pid: pid, startTicks: image.startTicks, change: .executed, isNew: true))
    }

    private mutating func exited(_ pid: Int32, _ image: ProcessImage) {
        guard !image.isKernelThread else { return }
        findings.append(Finding(pid: pid, startTicks: image.startTicks, change: .exited, isNew: false))
    }
}
