public import EventModel

/// Turns audit records, as netlink or a log file gives them, into events.
///
/// Push a record, then take events with `next(into:)` until it is false. Records of different events may come mixed
/// and those of one event in any order. An event is over with its EOE record, or with PROCTITLE, the last that the
/// kernel writes before it (log files have no EOE); if records that others announced are missing then, it waits for
/// them until its time is up.
///
/// No bytes make it trap, and its memory is bounded whatever comes. Once warm it allocates nothing per record.
public struct AuditDecoder: ~Copyable {
    /// Bounds on what is under way.
    public struct Limits: Sendable {
        /// Events at a time.
        public var events = 512
        /// Bytes of their texts.
        public var bytes = 16 << 20
        /// How long an event may take, in nanoseconds: as its own node's records tell the time, and by the clock of the
        /// caller. auditd waits 2 s as well (auditd.conf, `end_of_event_timeout`).
        public var timeoutNanoseconds: UInt64 = 2_000_000_000

        /// The usual bounds.
        public init() {}
    }

    /// What the decoder took and gave up so far.
    public private(set) var counters = AuditCounters()
    /// The ABI of the first event that `counters.foreign` counts.
    public private(set) var foreignArchitecture: RawEvent.Architecture?

    private let table: SyscallTable
    private let source: SourceKind
    private let limits: Limits
    private let names = RecordTypeNames.shared

    private var assemblies: [EventAssembly] = []
    /// By slot: the hash of the event under way, 0 when the slot is free or its event waits to be taken.
    private var hashes: [UInt64] = []
    private var freeSlots: [Int] = []
    /// Slots whose events wait to be taken, from `readyHead` on.
    private var readySlots: [Int] = []
    private var readyHead = 0
    private var lastSlot = 0
    private var underWay = 0
    private var heldBytes = 0
    private var controls: [AuditControlRecord] = []
    private var filtered: [SeccompRecord] = []

    /// Hashes of events that are over, each in the place that its low bits name.
    private var finished: [UInt64] = Array(repeating: 0, count: 1024)
    private var clocks: [NodeClock] = []

    /// The time on one node, as its records tell it.
    private struct NodeClock {
        var node: UInt64
        var time: UInt64
    }
    private static let maximumClocks = 256

    /// A decoder that knows system calls by this table and marks its events with this source.
    public init(syscalls: SyscallTable, source: SourceKind = .audit, limits: Limits = Limits()) {
        table = syscalls
        self.source = source
        self.limits = limits
    }

    /// How many events are under way.
    public var eventsUnderWay: Int { underWay }

    // MARK: Records in

    /// Takes a record as netlink delivers it: `type` is `nlmsg_type`, `text` the payload `audit(…): …`. `receivedAt` is
    /// the caller's clock in nanoseconds, the one `expire` is called with.
    public mutating func push(type: UInt16, text: Span<UInt8>, receivedAt: UInt64 = 0) {
        counters.records &+= 1
        take(RecordType(rawValue: type), text, from: 0, node: 0..<0, receivedAt, isOrdered: true)
    }

    /// Takes a line of a log file: raw or enriched, with or without line end and `node=`, behind whatever a relay put in
    /// front of it. Says what the line is when it holds no record.
    @discardableResult
    public mutating func pushLine(_ line: Span<UInt8>, receivedAt: UInt64 = 0) -> UnreadableLine? {
        guard var prefix = LinePrefix.first(in: line, names) else {
            guard let kind = UnreadableLine(line, names) else { return nil }
            countMalformed()
            return kind
        }
        while true {
            counters.records &+= 1
            let malformed = counters.malformed
            let next = prefix.next(in: line, names)
            take(
                prefix.type, line.extracting(0..<(next?.start ?? line.count)), from: prefix.end, node: prefix.node,
                receivedAt
            )
            guard let next else { return counters.malformed > malformed ? UnreadableLine(line, names) : nil }
            prefix = next
        }
    }

    /// Counts a record that never reached the decoder because it is no record at all, such as an endless line.
    public mutating func countMalformed() {
        counters.records &+= 1
        counters.malformed &+= 1
    }

    private mutating func take(
        _ type: RecordType, _ text: Span<UInt8>, from start: Int, node: Range<Int>, _ receivedAt: UInt64,
        isOrdered: Bool = false
    ) {
        let handling = type.handling
        if handling == .ignored {
            counters.ignored &+= 1
            return
        }
        var offset = start
        guard var id = EventID(text, &offset) else {
            counters.malformed &+= 1
            return
        }
        if handling == .daemon {
            add(AuditControlRecord(type, id, text, from: offset))
            return
        }
        if handling == .seccomp {
            takeSeccomp(SeccompRecord(id, text, from: offset))
            return
        }
        id.node = AuditDecoder.hash(text, node)
        let hash = id.hash
        let slot: Int
        if let known = find(id, hash) {
            slot = known
        } else if finished[Int(truncatingIfNeeded: hash & 1023)] == hash {
            // PROCTITLE has ended the event already; the EOE behind it is no surprise.
            if handling != .end { counters.late &+= 1 }
            return
        } else if handling == .end {
            // Of an event that nothing else was seen of.
            counters.ignored &+= 1
            return
        } else {
            slot = begin(id, hash, text, node, receivedAt)
        }
        lastSlot = slot
        let before = assemblies[slot].byteCount
        assemblies[slot].isOrdered = isOrdered
        switch assemblies[slot].take(type, text, from: offset, table) {
        case .taken: break
        case .duplicate: counters.duplicates &+= 1
        case .malformed: counters.malformed &+= 1
        }
        assemblies[slot].lastRecord = counters.records
        heldBytes &+= assemblies[slot].byteCount &- before
        clocks[assemblies[slot].clock].time = id.time
        if assemblies[slot].isDone { finish(slot) }
        if counters.records & 63 == 0, underWay > 0 { expireByEventTime() }
        while heldBytes > limits.bytes, evict() {}
    }

    // MARK: Events out

    /// Gives the next event; false when none is complete. The event's memory and the decoder's are exchanged, so pass
    /// the same variable again.
    public mutating func next(into event: inout RawEvent) -> Bool {
        while readyHead < readySlots.count {
            let slot = readySlots[readyHead]
            if assemblies[slot].isPair {
                assemblies[slot].deliverRingOperation(into: &event)
                counters.events &+= 1
                return true
            }
            readyHead &+= 1
            if readyHead == readySlots.count {
                readySlots.removeAll(keepingCapacity: true)
                readyHead = 0
            }
            let isDeliverable = assemblies[slot].isDeliverable
            if isDeliverable {
                heldBytes &-= assemblies[slot].byteCount
                assemblies[slot].deliver(into: &event)
                assemblies[slot].reset()
            } else {
                clear(slot)
            }
            freeSlots.append(slot)
            if isDeliverable {
                counters.events &+= 1
                return true
            }
        }
        return false
    }

    /// Gives the next record about audit itself; nil when there is none.
    public mutating func nextControlRecord() -> AuditControlRecord? {
        controls.isEmpty ? nil : controls.removeFirst()
    }

    /// Gives the next call that a seccomp filter told of; nil when there is none.
    public mutating func nextSeccompRecord() -> SeccompRecord? { filtered.isEmpty ? nil : filtered.removeFirst() }

    /// Gives up events whose first record came too long ago by the caller's clock.
    public mutating func expire(nowNanoseconds: UInt64) {
        finishOldest { [timeout = limits.timeoutNanoseconds] assembly in
            nowNanoseconds > assembly.receivedAt && nowNanoseconds &- assembly.receivedAt > timeout
        }
    }

    /// Gives up every event under way: there is nothing more to come.
    public mutating func finish() {
        finishOldest { _ in true }
    }

    // MARK: Slots

    private func find(_ id: EventID, _ hash: UInt64) -> Int? {
        if lastSlot < hashes.count, hashes[lastSlot] == hash, assemblies[lastSlot].id == id { return lastSlot }
        if underWay == 0 { return nil }
        for slot in hashes.indices where hashes[slot] == hash && assemblies[slot].id == id { return slot }
        return nil
    }

    private mutating func begin(
        _ id: EventID, _ hash: UInt64, _ text: Span<UInt8>, _ node: Range<Int>, _ receivedAt: UInt64
    ) -> Int {
        let slot = freeSlot()
        hashes[slot] = hash
        underWay &+= 1
        assemblies[slot].id = id
        assemblies[slot].receivedAt = receivedAt
        assemblies[slot].firstRecord = counters.records
        assemblies[slot].clock = clock(id.node)
        if !node.isEmpty {
            assemblies[slot].bytes.append(contentsOf: text, node)
            assemblies[slot].event.node = ByteRange(0..<node.count)
            heldBytes &+= node.count
        }
        return slot
    }

    private mutating func freeSlot() -> Int {
        if underWay >= limits.events { _ = evict() }
        if let slot = freeSlots.popLast() { return slot }
        // As many again may wait to be taken.
        if assemblies.count < 2 * max(limits.events, 1) {
            assemblies.append(EventAssembly())
            hashes.append(0)
            return assemblies.count &- 1
        }
        // Nobody takes them, so the oldest goes.
        let slot = readySlots[readyHead]
        readyHead &+= 1
        counters.evicted &+= 1
        clear(slot)
        return slot
    }

    private mutating func clear(_ slot: Int) {
        heldBytes &-= assemblies[slot].byteCount
        assemblies[slot].reset()
    }

    /// Ends the event that is longest under way to make room; false when none is under way.
    private mutating func evict() -> Bool {
        guard let slot = oldest(where: { _ in true }) else { return false }
        if !assemblies[slot].isWhole, !assemblies[slot].seen.contains(.control) { counters.evicted &+= 1 }
        finish(slot)
        return true
    }

    private mutating func finish(_ slot: Int) {
        let hash = hashes[slot]
        finished[Int(truncatingIfNeeded: hash & 1023)] = hash
        hashes[slot] = 0
        underWay &-= 1
        let before = assemblies[slot].byteCount
        if assemblies[slot].seen.contains(.control) { takeControls(slot) }
        if !assemblies[slot].isWhole, !assemblies[slot].seen.contains(.control) { counters.incomplete &+= 1 }
        if assemblies[slot].isArchitectureUnknown {
            counters.foreign &+= 1
            if foreignArchitecture == nil { foreignArchitecture = assemblies[slot].event.architecture }
        }
        assemblies[slot].complete(table, source)
        heldBytes &+= assemblies[slot].byteCount &- before
        readySlots.append(slot)
    }

    private mutating func takeControls(_ slot: Int) {
        for var control in assemblies[slot].controls {
            control.pid = assemblies[slot].event.process.pid
            add(control)
        }
    }

    /// Those that nobody takes are few: a program that loops over a refused call must not fill the memory.
    private mutating func takeSeccomp(_ record: SeccompRecord?) {
        guard let record else {
            counters.malformed &+= 1
            return
        }
        if filtered.count < limits.events { filtered.append(record) } else { counters.evicted &+= 1 }
    }

    private mutating func add(_ control: AuditControlRecord) {
        // Loading some hundred rules makes a record for each, and all of them end with one call of `expire`.
        if controls.count < 8 * limits.events { controls.append(control) } else { counters.evicted &+= 1 }
    }

    // MARK: Time

    /// The clock of a node; nodes beyond the bound share the first.
    private mutating func clock(_ node: UInt64) -> Int {
        for index in clocks.indices where clocks[index].node == node { return index }
        guard clocks.count < Self.maximumClocks else { return 0 }
        clocks.append(NodeClock(node: node, time: 0))
        return clocks.count &- 1
    }

    /// Gives up events that their node's clock has left behind. The time may also have been set back, so the distance
    /// counts, and a record that is itself late must not end what just began, so only events that lie still do.
    private mutating func expireByEventTime() {
        let records = counters.records
        let timeout = limits.timeoutNanoseconds
        for slot in hashes.indices where hashes[slot] != 0 {
            let now = clocks[assemblies[slot].clock].time
            let then = assemblies[slot].id.time
            let distance = now > then ? now &- then : then &- now
            if distance > timeout, records &- assemblies[slot].lastRecord >= 64 {
                finishOldest { [clocks] assembly in
                    let now = clocks[assembly.clock].time
                    let then = assembly.id.time
                    return (now > then ? now &- then : then &- now) > timeout && records &- assembly.lastRecord >= 64
                }
                return
            }
        }
    }

    /// Ends the events that a test picks, in the order in which they began.
    private mutating func finishOldest(where test: (EventAssembly) -> Bool) {
        while let slot = oldest(where: test) { finish(slot) }
    }

    private func oldest(where test: (EventAssembly) -> Bool) -> Int? {
        var found: Int?
        for slot in hashes.indices where hashes[slot] != 0 && test(assemblies[slot]) {
            if let best = found, assemblies[best].firstRecord <= assemblies[slot].firstRecord { continue }
            found = slot
        }
        return found
    }

    /// FNV-1a, 64 bits; 0 for no name.
    private static func hash(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
        if range.isEmpty { return 0 }
        var value: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in range { value = (value ^ UInt64(text[index])) &* 0x0000_0100_0000_01b3 }
        return value
    }
}
