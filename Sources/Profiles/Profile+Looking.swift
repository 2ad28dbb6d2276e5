/// What an event has that its workload never did before.
public struct Novelty: Sendable, Equatable {
    /// Kinds with something new that is to be told.
    public var kinds: BehaviourKinds = []
    /// How surprising the event is, bits; only what is told, and what is known but rare.
    public var bits: Double = 0
    /// Whether something isn't known, told or not: then `Profile.learn` has something to do.
    public var hasUnknown = false

    /// Nothing new.
    public init() {}
}

extension Profile {
    /// Holds an event's behaviours against what is known, and counts what is.
    ///
    /// - Parameter isJudged: whether the event's process raised an alert: nothing is counted then.
    public mutating func look(
        _ behaviours: inout EventBehaviours, at moment: ProfileMoment, isJudged: Bool, _ settings: ProfileSettings
    ) -> Novelty {
        var novelty = Novelty()
        for position in behaviours.items.indices {
            let item = behaviours.items[position]
            guard let index = find(item.kind, key: item.key, behaviours.text, item.text, &behaviours.scratch) else {
                let isTold = tells(item.kind, at: moment, settings)
                // What the quarantine had no room for is not known by that.
                if isTold, isToldLeftOut(item.key, at: moment.now, settings) { continue }
                novelty.hasUnknown = true
                behaviours.items[position].isUnknown = true
                if isTold { tell(position, &behaviours, &novelty) }
                continue
            }
            let entry = table.entries[index]
            if entry.isQuarantined {
                let period = max(settings.repeatSeconds, 1)
                let isDue = entry.isUntold || entry.counts.lastSeen / period != moment.now / period
                let isTold = tells(item.kind, at: moment, settings)
                if isDue, isTold {
                    table.update(index) { $0.isUntold = false }
                    tell(position, &behaviours, &novelty)
                } else if !isJudged, !isTold, reasons[entry.key] != Self.newReason {
                    behaviours.items[position].isShared = true
                    novelty.hasUnknown = true
                }
                _ = touch(index, moment, settings)
            } else if !isJudged {
                let bits = touch(index, moment, settings)
                if bits > 0, isSettled(item.kind, settings) { novelty.bits += bits }
            }
        }
        return novelty
    }

    private func tell(_ position: Int, _ behaviours: inout EventBehaviours, _ novelty: inout Novelty) {
        behaviours.items[position].isTold = true
        novelty.kinds.insert(BehaviourKinds(behaviours.items[position].kind))
        novelty.bits += surpriseOfNew(behaviours.items[position].kind)
    }

    /// Takes in what `look` found unknown: into quarantine when the event raised an alert, was told, or is of a judged process.
    ///
    /// - Parameter reason: the rule that the event or its process raised an alert of; nil: none.
    public mutating func learn(
        _ behaviours: EventBehaviours, at moment: ProfileMoment, reason: String?, _ settings: ProfileSettings
    ) {
        for item in behaviours.items where item.isUnknown && table.find(item.key) == nil {
            let reason = reason ?? (item.isTold ? Self.newReason : nil)
            add(item.kind, key: item.key, text: behaviours.text[item.text], moment, reason: reason, settings)
        }
        if reason == nil, behaviours.items.contains(where: \.isShared) { release(behaviours.items.filter(\.isShared)) }
    }

    /// Takes in what the kernel counted, which comes without an event. What is new and would be told is left for the first event of it
    /// to be told with, whichever of both comes first.
    ///
    /// - Parameter reason: the rule that the process was judged by; nil: it wasn't.
    public mutating func take(
        counted behaviours: inout EventBehaviours, at moment: ProfileMoment, reason: String?,
        _ settings: ProfileSettings
    ) {
        var shared: [EventBehaviours.Item] = []
        for item in behaviours.items {
            let isTold = tells(item.kind, at: moment, settings)
            guard let index = find(item.kind, key: item.key, behaviours.text, item.text, &behaviours.scratch) else {
                add(
                    item.kind, key: item.key, text: behaviours.text[item.text], moment,
                    reason: reason ?? (isTold ? Self.newReason : nil), isUntold: isTold, settings)
                continue
            }
            let entry = table.entries[index]
            guard reason == nil else { continue }
            if !entry.isQuarantined {
                _ = touch(index, moment, settings)
            } else if !isTold, reasons[entry.key] != Self.newReason {
                shared.append(item)
            }
        }
        if !shared.isEmpty { release(shared) }
    }

    /// Makes known what a judged process was the first to do, and what others do, too, without an alert: a library that all read.
    private mutating func release(_ items: [EventBehaviours.Item]) {
        for item in items {
            guard let index = table.find(item.key), table.entries[index].isQuarantined else { continue }
            table.update(index) {
                $0.isQuarantined = false
                $0.introducer = BehaviourSource()
            }
            reasons[item.key] = nil
            tallies[Int(item.kind.rawValue)].mass.quietWindows = 0
        }
        recount()
        isChanged = true
    }

    /// Goes on after a time without this profile, in which another one was begun for the same workload: what that learned of kinds that
    /// aren't settled here becomes known.
    ///
    /// - Returns: what would have been told: it is left out, so that it is told when it comes again.
    public mutating func goOn(
        from other: Profile, _ kinds: BehaviourKinds, _ settings: ProfileSettings
    ) -> [Behaviour] {
        var untold: [Behaviour] = []
        var scratch: [UInt8] = []
        begin(at: other.lastSeen, kinds, settings)
        change(image: other.image, at: other.firstSeen)
        for behaviour in other.behaviours {
            let bytes = Array(behaviour.text.utf8)
            let key = BehaviourTable.key(behaviour.kind, bytes, bytes.indices)
            let moment = ProfileMoment(now: behaviour.counts.lastSeen, run: runs, runStart: 0)
            if let index = find(behaviour.kind, key: key, bytes, bytes.indices, &scratch) {
                if !table.entries[index].isQuarantined, behaviour.quarantine == nil {
                    _ = touch(index, moment, settings)
                }
            } else if isSettled(behaviour.kind, settings) {
                untold.append(behaviour)
            } else {
                add(behaviour.kind, key: key, text: bytes[...], moment, reason: behaviour.quarantine, settings)
            }
        }
        return untold
    }

    /// What is known of a kind, the most frequent first.
    ///
    /// - Parameter limit: how many at most.
    public func expected(_ kind: BehaviourKind, limit: Int) -> [String] {
        table.entries.filter { $0.kind == kind && !$0.isQuarantined }
            .sorted { ($0.counts.windows, $0.counts.count) > ($1.counts.windows, $1.counts.count) }
            .prefix(limit).map { String(decoding: table.text(of: $0), as: UTF8.self) }
    }
}
