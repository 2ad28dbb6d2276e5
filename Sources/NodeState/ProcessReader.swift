/// Reads processes' attributes from /proc into their records, and makes sure that they are that process's: a process id
/// can be another's by the time it is read, a start time together with it can't.
final class ProcessReader {
    let context: StateContext
    /// Finds what a record inherits when its process is gone.
    // Unsafe: `NodeState` makes and owns both, so neither outlives the other; a record is read while its state lives.
    unowned(unsafe) var table: ProcessTable?
    /// Told when a record's control groups became known.
    var containers: ContainerTable?
    /// Finds the overlay layer of executables.
    var layers: OverlayLayers?
    /// Control groups by the numbers that events tell.
    var controlGroups = ControlGroupTexts()
    /// Judges where executables come from.
    var origins: ExecutableOrigins?
    private var identityContent: [UInt8] = []
    /// Control groups that are read again.
    private var cgroupText: [UInt8] = []
    /// Whether the process that `isStillSame` looked at last has begun to end.
    var isExiting = false

    init(context: StateContext) {
        self.context = context
        identityContent.reserveCapacity(1024)
    }

    /// Reads details, those that are not known yet; afterwards the record counts as knowing them, whatever came of it.
    func load(_ details: ProcessDetails, into process: ProcessRecord) {
        if details.contains(.executableLayer), !process.known.contains(.executableLayer) { readLayer(of: process) }
        let before = process.known
        let missing = details.subtracting(before)
        guard !missing.isEmpty else { return }
        // Not known still, so that it is asked for again.
        if !process.isGone, missing.isDisjoint(with: .ofIdentity), context.hasFiles, !context.mayLook() { return }
        let unread = readEach(missing, into: process)
        // Asked after the reading: the same start time then means that what was read was this process's.
        let isSame = !process.isGone && isStillSame(process)
        settle(missing, unread: unread, before: before, isSame: isSame, process)
    }

    /// Reads the control groups again, since a process may have been moved, and what else of the details is missing: one look
    /// tells for all of it whether it is still the same process. Where control groups can't be read, what was known stays.
    /// Gives whether they could.
    @discardableResult
    func refreshCgroup(of process: ProcessRecord, and details: ProcessDetails = []) -> Bool {
        guard process.known.contains(.cgroup), !process.failed.contains(.cgroup) else {
            process.known.remove(.cgroup)
            process.failed.remove(.cgroup)
            load(details.union(.cgroup), into: process)
            return process.known.contains(.cgroup) && !process.failed.contains(.cgroup)
        }
        if details.contains(.executableLayer), !process.known.contains(.executableLayer) { readLayer(of: process) }
        let before = process.known
        let missing = details.subtracting(before)
        let isRead = !process.isGone && readCgroupText(of: process)
        // Every process has control groups: this one is gone, and nothing else need be tried.
        if !isRead, !process.isGone { _ = isStillSame(process) }
        let unread = readEach(missing, into: process)
        let isSame = !process.isGone && isStillSame(process)
        if !missing.isEmpty { settle(missing, unread: unread, before: before, isSame: isSame, process) }
        guard isRead, isSame, !isCgroupLost(cgroupText) else { return false }
        if !process.storedCgroups.elementsEqual(cgroupText) {
            process.storedCgroups.replace(with: cgroupText)
            (process.controlGroupID, process.otherControlGroupID) = (0, 0)
            containers?.assign(process)
        }
        return true
    }

    /// Reads a process that /proc was not asked about before: what of the details is not known, and at last what tells whose they
    /// are. Nil, and nothing known, when /proc has no such process, or one that began after `latest`. Once the parent is linked,
    /// `conclude` does the rest.
    func begin(_ process: ProcessRecord, _ details: ProcessDetails, noLaterThan latest: UInt64) -> Beginning? {
        let before = process.known
        var missing = details.subtracting(Self.ofBeginning).subtracting(before)
        // What a process that ends loses first. Every process has this file: without it there is none.
        let first: ProcessDetails = missing.intersection(.cgroup)
        missing.subtract(first)
        var unread = readEach(first, into: process)
        if unread.isEmpty || context.readProcess(process.pid, "stat", upTo: 4096) {
            unread.formUnion(readEach(missing, into: process))
        }
        guard let stat = readStat(of: process), startsNoLater(stat, latest) else {
            process.known.forEach { forget($0, of: process) }
            process.known = []
            return nil
        }
        process.startTicks = stat.startTicks
        process.startTimeNanoseconds = context.startTime(ticks: stat.startTicks)
        take(stat, of: context.content, into: process)
        isExiting = stat.isExiting
        if !first.isEmpty, unread.isDisjoint(with: first), isCgroupLost(process.storedCgroups) {
            forget(.cgroup, of: process)
            unread.insert(.cgroup)
        }
        return Beginning(parentPID: stat.parentPID, missing: missing.union(first), unread: unread)
    }

    /// What `begin` found.
    struct Beginning {
        var parentPID: Int32
        fileprivate var missing: ProcessDetails
        fileprivate var unread: ProcessDetails
    }

    /// Does what needs the parent: inherits what could not be read, and finds the container.
    func conclude(_ beginning: Beginning, _ details: ProcessDetails, _ process: ProcessRecord) {
        keep(beginning.missing, unread: beginning.unread, process)
        if details.contains(.executableLayer) { readLayer(of: process) }
        if context.options.wanted.contains(.executableOrigin) { _ = origins?.origin(of: process) }
    }

    /// What `stat` tells, and what needs the parent.
    private static let ofBeginning: ProcessDetails = [.stat, .command, .terminal, .executableLayer, .namespaceStart]

    private func startsNoLater(_ stat: ProcStat, _ latest: UInt64) -> Bool {
        // Start times are cut to ticks, and the two clocks may differ a little.
        guard context.startTime(ticks: stat.startTicks) <= latest &+ 50_000_000 else {
            context.counters.identityMismatches += 1
            return false
        }
        return true
    }

    /// Reads what is missing; gives what could not be read.
    private func readEach(_ missing: ProcessDetails, into process: ProcessRecord) -> ProcessDetails {
        var unread: ProcessDetails = []
        missing.forEach { detail in
            // One file may tell several.
            guard !process.known.contains(detail) else { return }
            if !process.isGone && read(detail, into: process) {
                process.known.insert(detail)
            } else {
                unread.insert(detail)
            }
        }
        return unread
    }

    /// Keeps what was read if it is the process's, and inherits the rest.
    private func settle(
        _ missing: ProcessDetails, unread: ProcessDetails, before: ProcessDetails, isSame: Bool,
        _ process: ProcessRecord
    ) {
        var unread = unread
        if !isSame {
            let others = process.known.subtracting(before)
            others.forEach { forget($0, of: process) }
            process.outdated.subtract(others)
            process.known = before
            unread = missing
        } else if missing.subtracting(unread).contains(.cgroup), isCgroupLost(process.storedCgroups) {
            forget(.cgroup, of: process)
            unread.insert(.cgroup)
        }
        keep(missing, unread: unread, process)
    }

    private func keep(_ missing: ProcessDetails, unread: ProcessDetails, _ process: ProcessRecord) {
        process.known.formUnion(missing)
        // What it was when it was last looked at says more than what its parent is.
        let lost = unread.subtracting(process.outdated)
        process.outdated.subtract(missing)
        process.failed.formUnion(lost)
        lost.forEach { inherit($0, into: process) }
        if missing.subtracting(unread).contains(.cgroup) { containers?.assign(process) }
    }

    /// Whether /proc still has this process under its id. Learns the start time where it was not known.
    func isStillSame(_ process: ProcessRecord) -> Bool {
        guard context.hasFiles else {
            process.isGone = true
            return false
        }
        context.setPath(process: process.pid, "stat")
        guard context.files.read(context.path, upTo: 4096, into: &identityContent), let stat = ProcStat(identityContent)
        else {
            process.isGone = true
            return false
        }
        isExiting = stat.isExiting
        if process.startTicks == stat.startTicks { return true }
        let start = context.startTime(ticks: stat.startTicks)
        // The fork's own time is finer than /proc's; a process that started clearly later is another one.
        let isPlausible =
            process.startTicks == 0
            && (process.startTimeNanoseconds == 0 || start < process.startTimeNanoseconds &+ Self.startTolerance)
        guard isPlausible else {
            context.counters.identityMismatches += 1
            process.isGone = true
            return false
        }
        process.startTicks = stat.startTicks
        if process.startTimeNanoseconds == 0 { process.startTimeNanoseconds = start }
        return true
    }

    /// How much later than its fork event /proc may say that a process started: clock steps and rounding.
    private static let startTolerance: UInt64 = 1_000_000_000

    /// Whether control groups, read just before `isStillSame`, say nothing: in a version 1 hierarchy the kernel shows
    /// every process that ends as a member of the root group (proc_cgroup_show, kernel/cgroup/cgroup.c).
    private func isCgroupLost(_ content: [UInt8]) -> Bool {
        isExiting && CgroupPath.container(in: content) == nil
    }

    private func readCgroupText(of process: ProcessRecord) -> Bool {
        context.setPath(process: process.pid, "cgroup")
        guard context.hasFiles, context.files.read(context.path, upTo: 16384, into: &cgroupText) else {
            context.counters.processReadFailures += 1
            return false
        }
        return true
    }
}
