import EventModel

/// An event of a correlation, as far as joining it to others goes.
struct StepEvent {
    /// Bits of the correlation's events that it is.
    var events: UInt32
    /// Tells it from all others.
    var number: UInt64
    /// When it was, nanoseconds since the epoch.
    var timeNanoseconds: UInt64
    /// The node that it is of, where events bear names of nodes.
    var node: [UInt8]?
}

/// What completed a correlation.
struct CorrelationFinding {
    var count: UInt64
    var firstNanoseconds: UInt64
    var kept = KeptValues()
}

/// What a correlation counted.
public struct CorrelationCounters: Sendable, Equatable {
    /// Events that were one of its own.
    public var events: UInt64 = 0
    /// Those whose key or value was not known, so that they were joined to nothing.
    public var unknown: UInt64 = 0
    /// Those of keys that rested after an alert.
    public var resting: UInt64 = 0
    /// Times at which a key was begun anew, because times went back further than the window.
    public var restarted: UInt64 = 0
    /// Keys that were given up for others before their time was over.
    public var keysPushedOut: UInt64 = 0
    /// Keys that are remembered.
    public var keys = 0

    /// Nothing yet.
    public init() {}
}

/// One correlation's memory and what it makes of events. `docs/rule-language.md` has what it means.
///
/// Memory grows with the keys up to a bound; then nothing is allocated any more.
struct CorrelationTable {
    /// A beginning of a sequence: the steps up to one of them.
    private struct Beginning {
        /// When its first step was; nil: there is none.
        var start: UInt64?
        /// The event of its last step: no event is two steps of one sequence.
        var event: UInt64 = 0
    }

    private(set) var plan: CorrelationPlan
    private var countersSoFar = CorrelationCounters()
    private var keys: KeyTable
    private var times: [UInt64] = []
    private var values: [Fingerprint] = []
    private var beginnings: [Beginning] = []
    private var kept: [UInt8] = []
    /// When the first event came: `first` has to know what there is before it can tell what is new.
    private var since: UInt64?
    /// The last event, and what it was counted as: under another name it is still the same.
    private var last = StepEvent(events: 0, number: .max, timeNanoseconds: 0)

    init(_ plan: CorrelationPlan) {
        self.plan = plan
        keys = KeyTable(limit: plan.keyLimit, window: plan.windowNanoseconds)
    }

    /// Keys that were given up before their time was over.
    var keysPushedOut: UInt64 { keys.pushedOut }

    /// What was counted.
    var counters: CorrelationCounters {
        var counters = countersSoFar
        counters.keysPushedOut = keys.pushedOut
        counters.keys = keys.records.count
        return counters
    }

    /// Goes on with what another table remembers, if its memory is laid out in the same way.
    mutating func takeMemory(of old: CorrelationTable) {
        guard old.plan.keptSize == plan.keptSize, old.plan.keyLimit == plan.keyLimit else { return }
        let plan = plan
        self = old
        self.plan = plan
    }

    /// Takes an event at hand; gives what it completes.
    mutating func take<Reader: FieldReader>(
        _ event: StepEvent, _ evaluator: inout Evaluator, _ reader: Reader
    ) -> CorrelationFinding? {
        var event = event
        if last.number == event.number {
            event.events &= ~last.events
            last.events |= event.events
            guard event.events != 0 else { return nil }
        } else {
            last = event
        }
        countersSoFar.events &+= 1
        guard let key = fingerprint(plan.keySlots, node: event.node, &evaluator, reader) else { return unknown() }
        var value = Fingerprint()
        if case .distinct(let slot, _) = plan.form {
            guard let found = fingerprint(of: slot, &evaluator, reader) else { return unknown() }
            value = found
        }
        if let first = since, event.timeNanoseconds &+ plan.windowNanoseconds >= first {
            since = min(first, event.timeNanoseconds)
        } else {
            since = event.timeNanoseconds
        }
        let isKnown: Bool
        let index: Int
        if let found = keys.find(key) {
            (index, isKnown) = (found, true)
            keys.touch(index)
        } else {
            let owner = owner(&evaluator, reader)
            let place = keys.insert(key, owner: owner, at: event.timeNanoseconds)
            if place.isNew { grow() }
            clear(place.index)
            (index, isKnown) = (place.index, false)
        }
        if case .first = plan.form { return first(index, isKnown: isKnown, event) }
        guard advance(index, to: event.timeNanoseconds) else { return nil }
        let finding: CorrelationFinding?
        switch plan.form {
        case .count(let least): finding = count(index, event.timeNanoseconds, atLeast: least)
        case .distinct(_, let least): finding = count(index, value, event.timeNanoseconds, atLeast: least)
        case .sequence(let steps): finding = follow(index, steps, event, &evaluator, reader)
        case .first: finding = nil
        }
        guard finding != nil else { return nil }
        clear(index)
        keys[index].restsUntil = keys[index].newest &+ plan.windowNanoseconds
        return finding
    }

    private mutating func unknown() -> CorrelationFinding? {
        countersSoFar.unknown &+= 1
        return nil
    }

    // MARK: - Time

    /// Takes a key on to an event's time; false when it rests. A time that lies further back than the window, as after a clock
    /// was set, begins the key anew; others that come late count as they are.
    private mutating func advance(_ index: Int, to time: UInt64) -> Bool {
        let window = plan.windowNanoseconds
        if keys[index].newest > time, keys[index].newest - time > window {
            countersSoFar.restarted &+= 1
            clear(index)
            keys[index].restsUntil = 0
            keys[index].newest = time
        }
        keys[index].newest = max(keys[index].newest, time)
        guard keys[index].restsUntil > keys[index].newest else {
            keys[index].restsUntil = 0
            return true
        }
        countersSoFar.resting &+= 1
        return false
    }

    /// Whether a time is within the window of a key's latest event.
    private func isCurrent(_ time: UInt64, _ index: Int) -> Bool {
        time >= keys[index].newest || keys[index].newest - time <= plan.windowNanoseconds
    }

    // MARK: - Forms

    private mutating func count(_ index: Int, _ time: UInt64, atLeast least: Int) -> CorrelationFinding? {
        let base = index * plan.depth
        var used = 0
        for place in base..<(base + Int(keys[index].used)) where isCurrent(times[place], index) {
            times[base + used] = times[place]
            used += 1
        }
        times[base + used] = time
        return counted(index, base, used + 1, atLeast: least)
    }

    private mutating func count(
        _ index: Int, _ value: Fingerprint, _ time: UInt64, atLeast least: Int
    ) -> CorrelationFinding? {
        let base = index * plan.depth
        var used = 0
        var isKnown = false
        for place in base..<(base + Int(keys[index].used)) {
            var seen = times[place]
            if values[place] == value {
                seen = max(seen, time)
                isKnown = true
            }
            guard isCurrent(seen, index) else { continue }
            (times[base + used], values[base + used]) = (seen, values[place])
            used += 1
        }
        if !isKnown {
            (times[base + used], values[base + used]) = (time, value)
            used += 1
        }
        return counted(index, base, used, atLeast: least)
    }

    private mutating func counted(_ index: Int, _ base: Int, _ used: Int, atLeast least: Int) -> CorrelationFinding? {
        keys[index].used = Int32(used)
        guard used >= least else { return nil }
        let first = times[base..<(base + used)].min() ?? keys[index].newest
        return CorrelationFinding(count: UInt64(used), firstNanoseconds: first)
    }

    /// Of all beginnings that have come as far, the one that began last can go on for longest.
    private mutating func follow<Reader: FieldReader>(
        _ index: Int, _ steps: [Int], _ event: StepEvent, _ evaluator: inout Evaluator, _ reader: Reader
    ) -> CorrelationFinding? {
        let base = index * plan.beginnings
        // From the last step on, so that one event isn't two of them.
        for step in steps.indices.reversed() where event.events >> UInt32(steps[step]) & 1 == 1 {
            var start = event.timeNanoseconds
            if step > 0 {
                let before = beginnings[base + step - 1]
                guard let begun = before.start, before.event != event.number, isCurrent(begun, index) else { continue }
                start = begun
            }
            if step == plan.beginnings {
                return CorrelationFinding(
                    count: UInt64(steps.count), firstNanoseconds: start,
                    kept: keptValues(index, step - 1, &evaluator.arena))
            }
            if let known = beginnings[base + step].start, known > start, isCurrent(known, index) { continue }
            beginnings[base + step] = Beginning(start: start, event: event.number)
            keep(index, step, &evaluator, reader)
        }
        return nil
    }

    private mutating func first(_ index: Int, isKnown: Bool, _ event: StepEvent) -> CorrelationFinding? {
        let isSeen = isKnown && isCurrent(keys[index].newest, event.timeNanoseconds)
        keys[index].newest = isSeen ? max(keys[index].newest, event.timeNanoseconds) : event.timeNanoseconds
        guard !isSeen, let since, event.timeNanoseconds - since >= plan.windowNanoseconds else { return nil }
        return CorrelationFinding(count: 1, firstNanoseconds: event.timeNanoseconds)
    }

    /// Whether two times are no further apart than the window.
    private func isCurrent(_ seen: UInt64, _ time: UInt64) -> Bool {
        (seen > time ? seen - time : time - seen) <= plan.windowNanoseconds
    }

    // MARK: - Kept values

    private func keptRange(_ index: Int, _ beginning: Int, _ step: Int) -> Range<Int> {
        let start = index * plan.keptSize + plan.keptOffset(ofStep: step, beginning: beginning)
        return start..<(start + plan.size(ofStep: step))
    }

    /// Keeps what the alert will show of the event at hand, beside what was kept of the steps before it.
    private mutating func keep<Reader: FieldReader>(
        _ index: Int, _ step: Int, _ evaluator: inout Evaluator, _ reader: Reader
    ) {
        guard plan.keptSize > 0 else { return }
        for earlier in 0..<step {
            let target = keptRange(index, step, earlier).lowerBound
            for (offset, place) in keptRange(index, step - 1, earlier).enumerated() {
                kept[target + offset] = kept[place]
            }
        }
        guard step < plan.kept.count else { return }
        KeptWriter.write(
            plan.kept[step], into: &kept, from: keptRange(index, step, step).lowerBound, &evaluator, reader)
    }

    private func keptValues(_ index: Int, _ beginning: Int, _ arena: inout ValueArena) -> KeptValues {
        var found = KeptValues()
        for step in 0...beginning {
            var reader = KeptReader(kept[keptRange(index, beginning, step)])
            found.append((step < plan.kept.count ? plan.kept[step].slots : []).map { _ in reader.next(into: &arena) })
        }
        return found
    }

    // MARK: - Keys

    private mutating func grow() {
        times.append(contentsOf: repeatElement(0, count: plan.depth))
        if case .distinct = plan.form {
            values.append(contentsOf: repeatElement(Fingerprint(), count: plan.depth))
        }
        beginnings.append(contentsOf: repeatElement(Beginning(), count: plan.beginnings))
        kept.append(contentsOf: repeatElement(0, count: plan.keptSize))
    }

    private mutating func clear(_ index: Int) {
        keys[index].used = 0
        let base = index * plan.beginnings
        for place in base..<(base + plan.beginnings) { beginnings[place].start = nil }
    }

    private func fingerprint<Reader: FieldReader>(
        _ slots: [Int32], node: [UInt8]?, _ evaluator: inout Evaluator, _ reader: Reader
    ) -> Fingerprint? {
        var builder = FingerprintBuilder()
        if let node { builder.add(node, node.indices) }
        for slot in slots {
            let value = evaluator.value(ofSlot: Int(slot), reader)
            guard builder.add(value, evaluator.arena) else { return nil }
        }
        return builder.finish()
    }

    private func fingerprint<Reader: FieldReader>(
        of slot: Int32, _ evaluator: inout Evaluator, _ reader: Reader
    ) -> Fingerprint? {
        var builder = FingerprintBuilder()
        let value = evaluator.value(ofSlot: Int(slot), reader)
        return builder.add(value, evaluator.arena) ? builder.finish() : nil
    }

    /// Whose key it is: a container's, else a login's (as root set it: an unset login uid everybody can set), else a user's. Other users of a container or of a login (sudo, ids that are
    /// mapped in a user namespace) are the same owner.
    private func owner<Reader: FieldReader>(_ evaluator: inout Evaluator, _ reader: Reader) -> UInt8 {
        var builder = FingerprintBuilder()
        for slot in plan.ownerSlots {
            let value = evaluator.value(ofSlot: Int(slot), reader)
            switch value.kind {
            case .string where evaluator.arena.slice(value).elementsEqual(Self.host): continue
            case .signed where value.signed < 0: continue
            default: if builder.add(value, evaluator.arena) { return UInt8(truncatingIfNeeded: builder.finish().low) }
            }
        }
        return UInt8(truncatingIfNeeded: builder.finish().low)
    }

    private static let host = Array("host".utf8)
}
