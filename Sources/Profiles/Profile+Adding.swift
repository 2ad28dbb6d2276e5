/// What comes in: known from now on, or quarantined; and what finds no room.
extension Profile {
    /// Adds a behaviour that isn't there.
    ///
    /// - Parameters:
    ///   - reason: why it is quarantined; nil: it is known from now on.
    ///   - isUntold: whether it came without an event.
    /// - Returns: whether there was room.
    @discardableResult
    mutating func add(
        _ kind: BehaviourKind, key: UInt64, text: ArraySlice<UInt8>, _ moment: ProfileMoment, reason: String?,
        isUntold: Bool = false, _ settings: ProfileSettings
    ) -> Bool {
        let reason = reason.map(Self.kept)
        let bytes = ProfileDocument.bytes(of: text, reason: reason)
        if reason == nil {
            // The window that brings something new is not a quiet one.
            tallies[Int(kind.rawValue)].mass.quietWindows = 0
            if !hasRoom(for: kind, bytes, settings) { makeRoom(kind, at: moment.now, settings) }
            guard hasRoom(for: kind, bytes, settings), Self.isPrintable(text) else {
                tallies[Int(kind.rawValue)].leftOut = tallies[Int(kind.rawValue)].leftOut.addingClamped(1)
                isChanged = true
                return false
            }
        } else {
            guard quarantinedCount < settings.behavioursPerKind, fits(bytes), Self.isPrintable(text) else {
                leaveOut(key, at: moment.now)
                return false
            }
        }
        let counts = BehaviourCounts(
            count: 1, firstSeen: moment.now, lastSeen: moment.now, windows: 1, runs: 1, phases: moment.phase(settings))
        table.insert(
            kind, key: key, text: text, counts: counts, isQuarantined: reason != nil, run: moment.run,
            by: moment.source, isUntold: isUntold)
        lastIntroducer = max(lastIntroducer, moment.source.process)
        documentBytes += bytes
        isChanged = true
        if let reason {
            reasons[key] = reason
            return true
        }
        let index = Int(kind.rawValue)
        tallies[index].known += 1
        tallies[index].mass.observations = tallies[index].mass.observations.addingClamped(1)
        tallies[index].mass.singletons = tallies[index].mass.singletons.addingClamped(1)
        widen(kind, around: text, settings)
        return true
    }

    /// Quarantines what a process brought in, and what the processes that it made brought in, unless others have done it since: it was
    /// judged afterwards. Gives how many.
    @discardableResult
    public mutating func takeBack(from process: UInt64, reason: String, _ settings: ProfileSettings) -> Int {
        guard process != 0, process <= lastIntroducer else { return 0 }
        var count = 0
        var hasGone = false
        for index in table.entries.indices {
            let entry = table.entries[index]
            guard !entry.isQuarantined, entry.introducer.isOf(process) else { continue }
            count += 1
            if quarantinedCount < settings.behavioursPerKind {
                table.update(index) { $0.isQuarantined = true }
                reasons[entry.key] = Self.kept(reason)
            } else {
                // It is not known any more all the same.
                leaveOut(entry.key, at: entry.counts.lastSeen)
                hasGone = true
            }
        }
        guard count > 0 else { return 0 }
        if hasGone {
            let quarantined = reasons
            table.removeAll { entry, _ in quarantined[entry.key] == nil && entry.introducer.isOf(process) }
        }
        recount()
        isChanged = true
        return count
    }

    /// Whether a behaviour that the quarantine had no room for was told already in this period.
    func isToldLeftOut(_ key: UInt64, at now: UInt32, _ settings: ProfileSettings) -> Bool {
        guard let last = toldLeftOut[key] else { return false }
        return last / max(settings.repeatSeconds, 1) == now / max(settings.repeatSeconds, 1)
    }

    private mutating func leaveOut(_ key: UInt64, at now: UInt32) {
        if toldLeftOut.count >= Self.toldLimit, toldLeftOut[key] == nil { toldLeftOut.removeAll(keepingCapacity: true) }
        if toldLeftOut.updateValue(now, forKey: key) == nil {
            quarantineLeftOut = quarantineLeftOut.addingClamped(1)
            isChanged = true
        }
    }

    /// Of so many that found no room it is known when they were told; of more, they are told sooner again.
    private static let toldLimit = 1024

    private func hasRoom(for kind: BehaviourKind, _ bytes: Int, _ settings: ProfileSettings) -> Bool {
        Int(tallies[Int(kind.rawValue)].known) < settings.behavioursPerKind && fits(bytes)
    }

    /// Whether a document has room for one behaviour more.
    func fits(_ bytes: Int) -> Bool {
        table.entries.count < ProfileDocument.mostBehaviours && documentBytes + bytes <= ProfileDocument.mostBytes
    }

    /// Whether documents may have a text as it is; what makes texts sees to it.
    private static func isPrintable(_ text: ArraySlice<UInt8>) -> Bool {
        !text.isEmpty && text.count <= EventBehaviours.longestText && text.allSatisfy { $0 >= 0x20 && $0 < 0x7f }
    }

    /// A rule's name as documents may have it.
    static func kept(_ reason: String) -> String {
        reason.isEmpty ? newReason : plain(reason, longest: longestReason)
    }

    /// Bytes of a reason.
    static let longestReason = 256
}
