import Glibc

/// When in a profile's life something is seen.
public struct ProfileMoment: Sendable {
    /// Seconds since the epoch.
    public var now: UInt32
    /// The number of the run, as `Profile.beginRun` gave it.
    public var run: UInt32
    /// When that began, seconds since the epoch.
    public var runStart: UInt32
    /// Who does it.
    public var source: BehaviourSource

    /// A moment from its parts.
    public init(now: UInt32, run: UInt32, runStart: UInt32, source: BehaviourSource = BehaviourSource()) {
        self.now = now
        self.run = run
        self.runStart = runStart
        self.source = source
    }

    func phase(_ settings: ProfileSettings) -> BehaviourPhases {
        now &- runStart < settings.startSeconds || now < runStart ? .start : .steady
    }
}

extension Profile {
    /// Notes that a container, service or process of the workload began; gives the run's number.
    public mutating func beginRun() -> UInt32 {
        runs = runs.addingClamped(1)
        isChanged = true
        return runs
    }

    /// Notes that a run ended: what was seen in its last seconds belongs to a shutdown.
    public mutating func endRun(at now: UInt32) {
        for index in table.entries.indices where now &- table.entries[index].counts.lastSeen <= Self.shutdownSeconds {
            table.update(index) { $0.counts.phases.insert(.shutdown) }
        }
        isChanged = true
    }

    /// What is seen so shortly before the end belongs to it.
    private static let shutdownSeconds: UInt32 = 10

    /// Notes that the workload was seen. Once an event, before the event's behaviours.
    ///
    /// - Parameter kinds: those that are looked at: what nobody looks at can't be known to be complete.
    @inline(__always)
    public mutating func begin(at now: UInt32, _ kinds: BehaviourKinds, _ settings: ProfileSettings) {
        if now / settings.windowSeconds != lastSeen / settings.windowSeconds || windows == 0 {
            beginWindow(at: now, kinds)
        }
        if now > lastSeen { lastSeen = now }
    }

    @inline(never)
    private mutating func beginWindow(at now: UInt32, _ kinds: BehaviourKinds) {
        // A clock that was set back ends nothing.
        guard now > lastSeen || windows == 0 else { return }
        windows = windows.addingClamped(1)
        for index in tallies.indices where kinds.rawValue >> UInt16(index) & 1 == 1 {
            tallies[index].mass.windows = tallies[index].mass.windows.addingClamped(1)
            tallies[index].mass.quietWindows = tallies[index].mass.quietWindows.addingClamped(1)
        }
        if firstSeen == 0 { firstSeen = now }
        if lastSeen == 0 || now / 86_400 != lastSeen / 86_400 { days = days.addingClamped(1) }
        if lastSeen != 0, now / 3600 != lastSeen / 3600 { hours |= 1 << (lastSeen / 3600 % 24) }
        isChanged = true
    }

    /// The position of a behaviour, or of a wider one that includes it, whose text is a part of an array; nil when it is not known.
    ///
    /// - Parameter scratch: memory for wider texts.
    func find(_ kind: BehaviourKind, key: UInt64, _ bytes: [UInt8], _ range: Range<Int>, _ scratch: inout [UInt8])
        -> Int?
    {
        if let index = table.find(key) { return index }
        guard tallies[Int(kind.rawValue)].hasWider else { return nil }
        var found: Int?
        WiderBehaviour.each(kind, bytes[range], &scratch) { wider in
            found = table.find(BehaviourTable.key(kind, wider, wider.indices))
            return found == nil
        }
        return found
    }

    /// Counts a known behaviour; gives how surprising it is: bits, 0 when the window has seen it already.
    @inline(__always)
    mutating func touch(_ index: Int, _ moment: ProfileMoment, _ settings: ProfileSettings) -> Double {
        let last = table.entries[index].counts.lastSeen
        let window = moment.now / settings.windowSeconds
        // A clock that was set back begins no window, here as in the profile.
        if window <= last / settings.windowSeconds || window < lastSeen / settings.windowSeconds {
            table.update(index) { entry in
                entry.counts.count = entry.counts.count.addingClamped(1)
                if moment.now > entry.counts.lastSeen { entry.counts.lastSeen = moment.now }
            }
            return 0
        }
        return touchFirst(index, moment, settings)
    }

    @inline(never)
    private mutating func touchFirst(_ index: Int, _ moment: ProfileMoment, _ settings: ProfileSettings) -> Double {
        let entry = table.entries[index]
        let kind = Int(entry.kind.rawValue)
        // This window counts for both. What a start does comes once a run, however many windows are between two of them.
        let isOfStart = entry.counts.phases.contains(.start) && moment.phase(settings) == .start
        let seen = Double(isOfStart ? UInt32(entry.counts.runs) : entry.counts.windows) + 1
        let all = Double(isOfStart ? UInt32(runs) : tallies[kind].mass.windows)
        let bits = log2(max(all, seen) / seen)
        if !entry.isQuarantined, entry.counts.windows < windows {
            tallies[kind].mass.observations = tallies[kind].mass.observations.addingClamped(1)
            if entry.counts.windows == 1, tallies[kind].mass.singletons > 0 { tallies[kind].mass.singletons -= 1 }
        }
        let (windows, runs) = (windows, runs)
        table.update(index) { $0.note(moment, settings, windows: windows, runs: runs) }
        isChanged = true
        return bits
    }

    /// How surprising something new of a kind is, bits.
    func surpriseOfNew(_ kind: BehaviourKind) -> Double {
        let mass = tallies[Int(kind.rawValue)].mass
        return log2(Double(mass.windows) + 1)
    }

    /// Whether something new of a kind is to be told now.
    func tells(_ kind: BehaviourKind, at moment: ProfileMoment, _ settings: ProfileSettings) -> Bool {
        if isFrozen { return true }
        guard isSettled(kind, settings) else { return false }
        if settings.wholeDay, hours >> (moment.now / 3600 % 24) & 1 == 0 { return false }
        return moment.phase(settings) != .start || runs >= settings.startRuns
    }

    /// How many behaviours wait for approval.
    public var quarantinedCount: Int { reasons.count }

    /// Counts by kind what the table has.
    mutating func recount() {
        for kind in tallies.indices {
            tallies[kind].known = 0
            tallies[kind].mass.singletons = 0
            tallies[kind].mass.observations = 0
            tallies[kind].hasWider = false
        }
        documentBytes = table.entries.reduce(0) { sum, entry in
            sum + ProfileDocument.bytes(of: table.text(of: entry), reason: reasons[entry.key])
        }
        for entry in table.entries where !entry.isQuarantined {
            let kind = Int(entry.kind.rawValue)
            tallies[kind].known += 1
            tallies[kind].mass.observations = tallies[kind].mass.observations.addingClamped(
                UInt64(entry.counts.windows))
            if entry.counts.windows == 1 { tallies[kind].mass.singletons += 1 }
            if WiderBehaviour.isWider(entry.kind, table.text(of: entry)) { tallies[kind].hasWider = true }
        }
    }
}

extension BehaviourTable.Entry {
    /// Counts an occurrence in another window than the last one.
    ///
    /// - Parameters:
    ///   - windows: those of the profile, at least as many as the behaviour's.
    ///   - runs: likewise.
    mutating func note(_ moment: ProfileMoment, _ settings: ProfileSettings, windows: UInt32, runs: UInt32) {
        if introducer.process != 0 { introducer = introducer.joined(with: moment.source) }
        counts.count = counts.count.addingClamped(1)
        if moment.now > counts.lastSeen { counts.lastSeen = moment.now }
        if counts.windows < windows { counts.windows += 1 }
        counts.phases.insert(moment.phase(settings))
        guard moment.run > lastRun else { return }
        lastRun = moment.run
        if UInt32(counts.runs) < runs { counts.runs = counts.runs.addingClamped(1) }
    }
}
