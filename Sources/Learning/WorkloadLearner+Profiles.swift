public import Profiles

/// Profiles that come and go: what others change, what finds no room, what comes back.
extension WorkloadLearner {
    /// Goes on with a profile that somebody else has changed, in the place of what is known. One that isn't here stays where it is until
    /// its workload is seen.
    public func replace(_ profile: Profile) {
        givenUp.removeAll { $0.identity == profile.identity }
        guard let position = positions[profile.identity] else {
            stored.insert(profile.identity)
            return
        }
        settle(profile.identity)
        put(profile, at: Int(position))
    }

    /// Begins anew with a workload.
    public func forget(_ identity: WorkloadIdentity) {
        givenUp.removeAll { $0.identity == identity }
        settle(identity)
        guard let position = positions[identity] else { return }
        slots[Int(position)] = Profile(identity: identity)
        groups = groups.filter { $0.value.workload != position }
        endEvent()
    }

    /// The workloads that have come back since the last call and whose kept profiles are wanted: each is to be answered with `resume` or
    /// `begin`.
    public func takeWanted() -> [WorkloadIdentity] {
        defer { wanted = [] }
        return wanted
    }

    /// Goes on with a profile that was kept: what was learned since its workload came back is held against it.
    ///
    /// - Returns: what would have been told meanwhile. It is left out, so that it is told when it comes again.
    public func resume(_ profile: Profile) -> [Behaviour] {
        guard awaited.contains(profile.identity), let position = positions[profile.identity] else { return [] }
        settle(profile.identity)
        var profile = profile
        let untold = profile.goOn(from: slots[Int(position)], kinds, settings.profiles)
        let starts = groups.values.filter { $0.workload == position }.map(\.runStart)
        let isNewRun = starts.contains { $0 > profile.lastSeen }
        counters.untold &+= UInt64(untold.count)
        put(profile, at: Int(position))
        if isNewRun { setRun(slots[Int(position)].beginRun(), at: position) }
        return untold
    }

    /// Counts profiles that were removed from disk.
    public func noteRemoved(_ count: Int) { counters.profilesRemoved &+= UInt64(clamping: count) }

    /// Goes on without one: none was kept, or it can't be used.
    public func begin(_ identity: WorkloadIdentity) { settle(identity) }

    /// The profiles that have changed since the last call, but for frozen ones: those are whose that froze them. Among them are those
    /// that were given up for others.
    public func takeChanged() -> [Profile] {
        var changed = takeGivenUp()
        for index in slots.indices where slots[index].isChanged && !slots[index].isFrozen {
            guard !vacant.contains(index), !awaited.contains(slots[index].identity) else { continue }
            slots[index].noteKept()
            changed.append(slots[index])
        }
        return changed
    }

    /// The profiles that were given up since the last call and have changed.
    public func takeGivenUp() -> [Profile] {
        defer { givenUp = [] }
        return givenUp
    }

    /// How many workloads have a profile, by state.
    public var states: [ProfileState: Int] {
        profiles.reduce(into: [:]) { $0[$1.state(settings.profiles), default: 0] += 1 }
    }

    /// How many behaviours wait for approval.
    public var waitingCount: Int { slots.reduce(0) { $0 + $1.quarantinedCount } }

    /// What is known takes, bytes.
    public var memory: Int { slots.reduce(0) { $0 + $1.memory } }

    /// The workloads whose quarantines have no room, as texts.
    public var fullQuarantines: [String] { profiles.filter { $0.quarantineLeftOut > 0 }.map(\.identity.text) }

    // MARK: Room

    /// Gives up profiles, those first that were not seen for longest, as long as all take more than they may. To be called now and then.
    public func fit() {
        var used = memory
        guard used > settings.memoryBytes else { return }
        // Not with each behaviour that comes.
        while used > settings.memoryBytes / 8 * 7, let oldest = oldest({ _ in true }) {
            used -= slots[oldest].memory
            giveUp(oldest)
        }
    }

    func position(of identity: WorkloadIdentity, _ now: UInt32) -> Int32? {
        if let position = positions[identity] { return position }
        // Programs come and go by the hundred where people work; services and containers must find room.
        let isFull =
            slots.count - vacant.count >= settings.workloads
            || identity.isProgram && programCount >= max(settings.workloads / 2, 1)
        guard identity.fileName != nil, WorkloadIdentity(text: identity.text) == identity,
            !isFull || makeRoom(now, isForProgram: identity.isProgram)
        else {
            counters.workloadsLeftOut &+= 1
            return nil
        }
        var profile = Profile(identity: identity)
        if let index = givenUp.firstIndex(where: { $0.identity == identity }) {
            profile = givenUp.remove(at: index)
            stored.remove(identity)
        } else if stored.contains(identity) {
            awaited.insert(identity)
            wanted.append(identity)
        }
        let position = vacant.popLast() ?? slots.count
        if position < slots.count { slots[position] = profile } else { slots.append(profile) }
        programCount += identity.isProgram ? 1 : 0
        positions[identity] = Int32(truncatingIfNeeded: position)
        return Int32(truncatingIfNeeded: position)
    }

    /// Gives up the workload that was not seen for the longest time; false when all were seen lately. A program takes the place of a
    /// program only.
    private func makeRoom(_ now: UInt32, isForProgram: Bool) -> Bool {
        let isLongAgo = { (profile: Profile) in
            now > profile.lastSeen && now - profile.lastSeen > Self.forgettingSeconds
        }
        guard now >= nextRoom, let oldest = oldest({ isLongAgo($0) && (!isForProgram || $0.identity.isProgram) }) else {
            nextRoom = now &+ 10
            return false
        }
        giveUp(oldest)
        return true
    }

    /// The position of the workload that was not seen for longest; a frozen one only when all are.
    private func oldest(_ isMeant: (Profile) -> Bool) -> Int? {
        slots.indices.filter { index in
            index != Int(positionInHand) && !vacant.contains(index) && !awaited.contains(slots[index].identity)
                && isMeant(slots[index])
        }
        .min { left, right in
            let (first, second) = (slots[left], slots[right])
            return (first.isFrozen ? 1 : 0, first.lastSeen) < (second.isFrozen ? 1 : 0, second.lastSeen)
        }
    }

    private func giveUp(_ position: Int) {
        counters.workloadsGivenUp &+= 1
        let profile = slots[position]
        if profile.isChanged, !profile.isFrozen { givenUp.append(profile) }
        stored.insert(profile.identity)
        positions[profile.identity] = nil
        programCount -= profile.identity.isProgram ? 1 : 0
        slots[position] = Profile(identity: profile.identity)
        vacant.append(position)
        groups = groups.filter { $0.value.workload != Int32(truncatingIfNeeded: position) }
        endEvent()
    }

    /// Puts a profile in the place of another of the same workload, whose run goes on.
    private func put(_ profile: Profile, at position: Int) {
        slots[position] = profile
        if profile.runs == 0 {
            groups = groups.filter { Int($0.value.workload) != position }
        } else {
            setRun(profile.runs, at: Int32(truncatingIfNeeded: position))
        }
        endEvent()
    }

    private func setRun(_ run: UInt32, at position: Int32) {
        for (key, place) in groups where place.workload == position { groups[key]?.run = run }
        places = WorkloadPlaces()
    }

    /// A workload is awaited no more: what there is is all.
    private func settle(_ identity: WorkloadIdentity) {
        awaited.remove(identity)
        stored.remove(identity)
        wanted.removeAll { $0 == identity }
    }
}
