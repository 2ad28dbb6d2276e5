/// The processes of the node, by process id: open addressing over a pool of records. A record stays while a child's
/// record refers to it and for a time after its process has ended, then its memory goes to the next process.
final class ProcessTable {
    private(set) var records: [ProcessRecord] = []
    private var free: [Int32] = []
    /// How many of the free, from the first on, have no memory beside their own: those that were not needed for longest.
    private var leanCount = 0
    private var index = ProcessIndex()
    private var nextSerial: UInt64 = 1
    /// Exited processes in the order of their end, as slot and serial; those before `exitedHead` are done with.
    private var exited: [(slot: Int32, serial: UInt64)] = []
    private var exitedHead = 0
    /// The ends of the queue in which all records wait to be forgotten, by slot; -1 when empty.
    private var oldest: Int32 = -1
    private var newest: Int32 = -1
    /// Where the check of silent processes goes on.
    private var checkHand = 0

    let context: StateContext
    let reader: ProcessReader
    /// Called before a record is reused.
    var willRelease: ((ProcessRecord) -> Void)?

    init(context: StateContext, reader: ProcessReader) {
        self.context = context
        self.reader = reader
        records.reserveCapacity(1024)
    }

    /// Records in use.
    var count: Int { records.count - free.count }

    /// The record that a process id leads to.
    subscript(pid: Int32) -> ProcessRecord? {
        index.find(pid).map { records[Int($0)] }
    }

    /// A fresh record for a process id; a record that had the id before is taken off the index and counts as ended.
    func insert(_ pid: Int32) -> ProcessRecord {
        if let old = self[pid] { retire(old) }
        if free.isEmpty && records.count >= context.options.processLimit { evict() }
        let record: ProcessRecord
        if let slot = free.popLast() {
            record = records[Int(slot)]
            leanCount = min(leanCount, free.count)
        } else {
            record = ProcessRecord(slot: Int32(truncatingIfNeeded: records.count), reader: reader)
            records.append(record)
        }
        record.reset(pid: pid, serial: nextSerial)
        record.touched = context.round
        record.lastEventNanoseconds = context.now
        nextSerial &+= 1
        index.insert(pid, slot: record.slot)
        record.isIndexed = true
        enqueue(record)
        context.counters.processesAdded += 1
        return record
    }

    /// Notes that a process has ended.
    func markExited(_ record: ProcessRecord) {
        guard !record.hasExited else { return }
        record.hasExited = true
        record.exitTimeNanoseconds = context.now
        context.counters.exitedProcesses += 1
        exited.append((record.slot, record.serial))
    }

    /// Takes a record off the index because its process id is another process's now.
    func retire(_ record: ProcessRecord) {
        markExited(record)
        record.isGone = true
        unindex(record)
    }

    /// Makes a record the child of another.
    func link(_ child: ProcessRecord, to parent: ProcessRecord?) {
        let old = linkedParent(of: child)
        guard let parent, parent !== child else {
            (child.parentSlot, child.parentSerial) = (-1, 0)
            if let old, dropChild(of: old) { prune(old) }
            return
        }
        child.parentPID = parent.pid
        child.noteMaker(parent)
        guard old !== parent else { return }
        parent.childCount += 1
        (child.parentSlot, child.parentSerial) = (parent.slot, parent.serial)
        if let old, dropChild(of: old) { prune(old) }
    }

    /// The parent's record as it was linked, ended or not; nil when it is no longer kept.
    func linkedParent(of child: ProcessRecord) -> ProcessRecord? {
        record(child.parentSlot, child.parentSerial)
    }

    /// The record in a slot, if it still is the one of that serial.
    private func record(_ slot: Int32, _ serial: UInt64) -> ProcessRecord? {
        guard slot >= 0, slot < records.count else { return nil }
        let record = records[Int(slot)]
        return record.serial == serial ? record : nil
    }

    /// Forgets exited processes whose time is over and to which no child refers.
    func prune() {
        while exitedHead < exited.count {
            let (slot, serial) = exited[exitedHead]
            if let record = record(slot, serial), record.hasExited {
                guard isOver(record) else { break }
                // With children, the last child's end releases it (`dropChild`).
                if record.childCount == 0 {
                    context.counters.processesPruned += 1
                    release(record)
                }
            }
            exitedHead += 1
        }
        if exitedHead > 1024 && exitedHead * 2 > exited.count {
            exited.removeSubrange(..<exitedHead)
            exitedHead = 0
        }
    }

    /// Looks whether some processes that made no event for long still exist; at most `budget` looks into /proc.
    func checkSilent(budget: Int) {
        var looks = 0
        var visited = 0
        while looks < budget, visited < min(records.count, budget &* 8) {
            checkHand = checkHand + 1 < records.count ? checkHand + 1 : 0
            visited += 1
            let record = records[checkHand]
            guard record.serial != 0, !record.hasExited,
                context.now &- max(record.lastEventNanoseconds, record.verifiedNanoseconds) > Self.silence,
                context.now > record.verifiedNanoseconds
            else { continue }
            looks += 1
            if reader.isStillSame(record) { record.verifiedNanoseconds = context.now } else { markExited(record) }
        }
    }

    /// Puts a record's memory back into the pool, and those of its parents that were kept for their children alone: one after
    /// another, however long the chain is.
    func release(_ record: ProcessRecord) {
        var next = releaseOne(record)
        while let parent = next {
            context.counters.processesPruned += 1
            next = releaseOne(parent)
        }
    }

    private func prune(_ record: ProcessRecord) {
        context.counters.processesPruned += 1
        release(record)
    }

    /// Gives the parent that nobody needs any more.
    private func releaseOne(_ record: ProcessRecord) -> ProcessRecord? {
        willRelease?(record)
        unindex(record)
        dequeue(record)
        if record.hasExited { context.counters.exitedProcesses -= 1 }
        let parent = linkedParent(of: record)
        record.serial = 0
        record.container = nil
        record.tree = ProcessTree()
        record.hasExited = false
        (record.parentSlot, record.parentSerial) = (-1, 0)
        free.append(record.slot)
        return parent.flatMap { dropChild(of: $0) ? $0 : nil }
    }

    private func unindex(_ record: ProcessRecord) {
        guard record.isIndexed else { return }
        record.isIndexed = false
        index.remove(record.pid)
    }

    /// How long a process makes no event before the table looks whether it is still there.
    private static let silence: UInt64 = 10_000_000_000

    private func isOver(_ record: ProcessRecord) -> Bool {
        context.now > record.exitTimeNanoseconds
            && context.now &- record.exitTimeNanoseconds > context.options.exitedGraceNanoseconds
    }

    /// Gives whether it was the last child that kept its parent.
    private func dropChild(of parent: ProcessRecord) -> Bool {
        parent.childCount -= parent.childCount > 0 ? 1 : 0
        return parent.childCount == 0 && parent.hasExited && isOver(parent)
    }

    /// Makes room: the process that ended first, else one that made no event for long. What is in hand stays, even if
    /// the table then grows beyond its bound for a moment.
    private func evict() {
        while exitedHead < exited.count {
            let (slot, serial) = exited[exitedHead]
            if let record = record(slot, serial), record.hasExited {
                if record.touched == context.round { break }
                exitedHead += 1
                context.counters.processesEvicted += 1
                release(record)
                return
            }
            exitedHead += 1
        }
        guard let victim = victim() else { return }
        context.counters.processesEvicted += 1
        release(victim)
    }

    /// The process that made no event for longest, leaves before those that children refer to. Who made one since it was
    /// queued goes to the queue's end, so an event pays for at most one such step.
    private func victim() -> ProcessRecord? {
        var fallback: ProcessRecord?
        for _ in 0..<min(Self.mostLooks, count) {
            guard oldest >= 0 else { break }
            let record = records[Int(oldest)]
            let isInHand = record.touched == context.round
            if !isInHand, record.childCount == 0, record.lastEventNanoseconds <= record.queuedNanoseconds {
                return record
            }
            if !isInHand, fallback == nil || (fallback?.childCount ?? 0) > 0 && record.childCount == 0 {
                fallback = record
            }
            dequeue(record)
            enqueue(record)
        }
        return fallback
    }

    /// Of so many at the queue's head one is forgotten.
    private static let mostLooks = 64

    private func enqueue(_ record: ProcessRecord) {
        record.queuedNanoseconds = record.lastEventNanoseconds
        (record.older, record.newer) = (newest, -1)
        if newest >= 0 { records[Int(newest)].newer = record.slot } else { oldest = record.slot }
        newest = record.slot
    }

    private func dequeue(_ record: ProcessRecord) {
        if record.older >= 0 { records[Int(record.older)].newer = record.newer } else { oldest = record.newer }
        if record.newer >= 0 { records[Int(record.newer)].older = record.older } else { newest = record.older }
    }

    /// Forgets processes until at most `limit` are kept, and gives the memory of all that are forgotten back.
    func shrink(to limit: Int) {
        var before = count + 1
        while count > limit, count < before {
            before = count
            evict()
        }
        while leanCount < free.count { makeLean() }
    }

    /// Gives back what free records hold beyond those that the next processes will want, at most `budget` of them. Gives how many
    /// did.
    func giveBack(budget: Int) -> Int {
        let before = leanCount
        while leanCount < free.count - Self.spare, leanCount - before < budget { makeLean() }
        return leanCount - before
    }

    /// Gives up the free records behind the last one in use.
    func dropTail() {
        let end = (records.lastIndex { $0.serial != 0 } ?? -1) + 1
        leanCount = free.prefix(leanCount).count { $0 < end }
        free.removeAll { $0 >= end }
        records.removeSubrange(end...)
    }

    private func makeLean() {
        let slot = free[leanCount]
        records[Int(slot)] = ProcessRecord(slot: slot, reader: reader)
        leanCount += 1
    }

    /// So many free records keep their memory.
    private static let spare = 512
}
