/// What two profiles of a workload have apart, and how they become one.
public struct ProfileDifference: Sendable, Equatable {
    /// Known in the first only, in the order of documents.
    public var onlyFirst: [Behaviour] = []
    /// Known in the second only.
    public var onlySecond: [Behaviour] = []

    /// The difference of two profiles; what is quarantined counts as unknown.
    public init(_ first: Profile, _ second: Profile) {
        func known(_ profile: Profile) -> [Behaviour] { profile.behaviours.filter { $0.quarantine == nil } }
        let (left, right) = (known(first), known(second))
        let inFirst = Set(left.map(Name.init)), inSecond = Set(right.map(Name.init))
        onlyFirst = left.filter { !inSecond.contains(Name($0)) }
        onlySecond = right.filter { !inFirst.contains(Name($0)) }
    }

    /// Whether both know the same.
    public var isEmpty: Bool { onlyFirst.isEmpty && onlySecond.isEmpty }

    private struct Name: Hashable {
        let kind: BehaviourKind
        let text: String
        init(_ behaviour: Behaviour) { (kind, text) = (behaviour.kind, behaviour.text) }
    }
}

extension Profile {
    /// Puts a behaviour in as it is, over one of the same name.
    mutating func put(_ behaviour: Behaviour) {
        let bytes = Array(behaviour.text.utf8)
        let key = BehaviourTable.key(behaviour.kind, bytes, bytes.indices)
        if let index = table.find(key) {
            table.update(index) {
                $0.counts = behaviour.counts
                $0.isQuarantined = behaviour.quarantine != nil
            }
        } else {
            table.insert(
                behaviour.kind, key: key, text: bytes[...], counts: behaviour.counts,
                isQuarantined: behaviour.quarantine != nil, run: runs)
        }
        reasons[key] = behaviour.quarantine
    }

    /// Takes in what another node, or another time, has learned of the same workload. What one of both has quarantined and the
    /// other not stays known. What a document would have no room for is left out, and counted.
    public mutating func merge(_ other: Profile) {
        recount()
        for behaviour in other.behaviours {
            let bytes = Array(behaviour.text.utf8)
            let key = BehaviourTable.key(behaviour.kind, bytes, bytes.indices)
            guard let index = table.find(key) else {
                let size = ProfileDocument.bytes(of: bytes[...], reason: behaviour.quarantine)
                if fits(size) {
                    put(behaviour)
                    documentBytes += size
                } else if behaviour.quarantine == nil {
                    let kind = Int(behaviour.kind.rawValue)
                    tallies[kind].leftOut = tallies[kind].leftOut.addingClamped(1)
                } else {
                    quarantineLeftOut = quarantineLeftOut.addingClamped(1)
                }
                continue
            }
            table.update(index) {
                $0.counts.add(behaviour.counts)
                $0.isQuarantined = $0.isQuarantined && behaviour.quarantine != nil
            }
            if !table.entries[index].isQuarantined { reasons[key] = nil }
        }
        for kind in tallies.indices {
            let mass = other.tallies[kind].mass
            tallies[kind].mass.windows = tallies[kind].mass.windows.addingClamped(mass.windows)
            // Each was quiet for its own last windows, against less than both know now.
            tallies[kind].mass.quietWindows = min(tallies[kind].mass.quietWindows, mass.quietWindows)
            tallies[kind].leftOut = tallies[kind].leftOut.addingClamped(other.tallies[kind].leftOut)
        }
        firstSeen =
            firstSeen == 0 ? other.firstSeen : other.firstSeen == 0 ? firstSeen : min(firstSeen, other.firstSeen)
        lastSeen = max(lastSeen, other.lastSeen)
        runs = runs.addingClamped(other.runs)
        windows = windows.addingClamped(other.windows)
        days = max(days, other.days)
        hours |= other.hours
        if image.isEmpty { image = other.image }
        quarantineLeftOut = quarantineLeftOut.addingClamped(other.quarantineLeftOut)
        let most = UInt16(clamping: max(runs, 1))
        for index in table.entries.indices where table.entries[index].counts.runs > most {
            table.update(index) { $0.counts.runs = most }
        }
        recount()
        isChanged = true
    }

    /// Makes quarantined behaviours known; gives how many. `isApproved` says which.
    @discardableResult
    public mutating func approve(where isApproved: (Behaviour) -> Bool) -> Int {
        let chosen = behaviours.filter { $0.quarantine != nil && isApproved($0) }
        for var behaviour in chosen {
            behaviour.quarantine = nil
            put(behaviour)
        }
        recount()
        isChanged = isChanged || !chosen.isEmpty
        return chosen.count
    }

    /// Forgets behaviours; gives how many. `isGone` says which.
    @discardableResult
    public mutating func forget(where isGone: (Behaviour) -> Bool) -> Int {
        var count = 0
        table.removeAll { entry, text in
            let behaviour = Behaviour(
                kind: entry.kind, text: String(decoding: text, as: UTF8.self), counts: entry.counts,
                quarantine: entry.isQuarantined ? reasons[entry.key] ?? Self.newReason : nil)
            guard isGone(behaviour) else { return false }
            reasons[entry.key] = nil
            count += 1
            return true
        }
        recount()
        isChanged = isChanged || count > 0
        return count
    }

    /// Goes on with another image of the workload: what was known stays known, and how much is unseen is estimated anew.
    public mutating func change(image new: String, at now: UInt32) {
        let new = Self.plain(new, longest: Self.longestImage)
        guard new != image, !new.isEmpty else { return }
        if !image.isEmpty {
            predecessorImage = image
            imageSince = now
            for kind in tallies.indices { tallies[kind].mass.quietWindows = 0 }
        }
        image = new
        isChanged = true
    }
}
