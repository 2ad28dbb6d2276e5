/// How many behaviours become one that stands for them all.
extension Profile {
    /// Puts the wider behaviour in the place of many that a new one is like.
    mutating func widen(_ kind: BehaviourKind, around text: ArraySlice<UInt8>, _ settings: ProfileSettings) {
        switch kind {
        case .read, .write:
            let name = WiderBehaviour.directoryEnd(of: text)
            let directory = text[..<max(name - 1, text.startIndex)]
            let depth = directory.count { $0 == UInt8(ascii: "/") }
            guard depth > 0, depth <= WiderBehaviour.deepest,
                !settings.neverWidened.contains(where: { directory.isBelow($0) })
            else { return }
            let ending = WiderBehaviour.ending(of: text)
            let alike = count(kind, in: text[..<name], ending)
            if alike > settings.namesInDirectory {
                replace(kind, by: Array(text[..<name]) + WiderBehaviour.any + ending)
            } else if alike == 1 {
                widenAbove(kind, directory, ending, settings)
            }
        case .connect:
            let wider = Self.wider(kind, text)
            guard let first = wider.first, let last = wider.last else { return }
            if count(kind, within: first) > settings.addressesInNet {
                replace(kind, by: first)
            } else if count(kind, within: last) > settings.addressesInNet * 2 {
                // Nets at a port, and single addresses in many nets.
                replace(kind, by: last)
            }
        default: return
        }
    }

    /// Where a directory itself has a name that was made up (`/srv/app/jobs/k3j2x9/in.csv`): puts all of an ending below the nearest
    /// directory in the place of those in the many directories that it has, however deep in them. Called when a directory has its first
    /// of that ending.
    private mutating func widenAbove(
        _ kind: BehaviourKind, _ directory: ArraySlice<UInt8>, _ ending: ArraySlice<UInt8>, _ settings: ProfileSettings
    ) {
        // Where packages are, nobody makes names up.
        let names = settings.generalisation
        let isPackages = names.keptNumbers.contains { directory.isBelow($0) }
        guard !isPackages || names.temporary.contains(where: { directory.isBelow($0) }) else { return }
        var below = directory
        while let slash = below.lastIndex(of: UInt8(ascii: "/")), slash > below.startIndex {
            let above = below[..<slash]
            let isTemporary = names.temporary.contains { above.isBelow($0) }
            let isKept = settings.neverWidened.contains { above.isBelow($0) || $0[...].isBelow(Array(above)) }
            guard !isKept, isTemporary || above.count(where: { $0 == UInt8(ascii: "/") }) >= 2 else { return }
            if directories(kind, in: below[...slash], ending) > settings.namesInDirectory {
                return replace(kind, by: Array(below[...slash]) + WiderBehaviour.any + ending)
            }
            below = above
        }
    }

    /// In how many directories of a directory, at any depth, a name is known that has an ending.
    private func directories(_ kind: BehaviourKind, in directory: ArraySlice<UInt8>, _ ending: ArraySlice<UInt8>) -> Int
    {
        var found: Set<ArraySlice<UInt8>> = []
        for entry in table.entries where entry.kind == kind && !entry.isQuarantined {
            let text = table.text(of: entry)
            guard text.count > directory.count, text.starts(with: directory) else { continue }
            let rest = text.dropFirst(directory.count)
            guard let end = rest.firstIndex(of: UInt8(ascii: "/")),
                WiderBehaviour.ending(of: text).elementsEqual(ending)
            else { continue }
            found.insert(rest[..<end])
        }
        return found.count
    }

    /// Puts wider behaviours in the place of others when a kind is full: the directory with the most below it. Looks for one once a
    /// window, since that takes a while.
    mutating func makeRoom(_ kind: BehaviourKind, at now: UInt32, _ settings: ProfileSettings) {
        let window = now / settings.windowSeconds
        guard kind == .read || kind == .write, tallies[Int(kind.rawValue)].roomWindow != window else { return }
        tallies[Int(kind.rawValue)].roomWindow = window
        // By key: which entry it was first seen at, how long the text is, how many there are.
        var found: [UInt64: (entry: Int, length: Int, count: Int)] = [:]
        var scratch: [UInt8] = []
        for index in table.entries.indices {
            let entry = table.entries[index]
            guard entry.kind == kind, !entry.isQuarantined else { continue }
            WiderBehaviour.each(kind, table.text(of: entry), &scratch) { wider in
                let key = BehaviourTable.key(kind, wider, wider.indices)
                found[key, default: (index, wider.count, 0)].count += 1
                return true
            }
        }
        // The longest of those that hold the most, so that no more is given up than must be.
        let candidates = found.values.filter { $0.count > settings.namesInDirectory }
            .sorted { ($0.count, $0.length) > ($1.count, $1.length) }
        for candidate in candidates {
            var best: [UInt8]?
            WiderBehaviour.each(kind, table.text(of: table.entries[candidate.entry]), &scratch) { wider in
                if wider.count == candidate.length { best = wider }
                return best == nil
            }
            guard let best else { continue }
            let directory = best[..<max(WiderBehaviour.directoryEnd(of: best[...]) - 1, 0)]
            let isKept = settings.neverWidened.contains {
                directory.isBelow($0) || $0[...].isBelow(Array(directory))
            }
            if !isKept, directory.count(where: { $0 == UInt8(ascii: "/") }) >= 2 { return replace(kind, by: best) }
        }
    }

    /// How many names of a directory itself are known that have an ending.
    private func count(_ kind: BehaviourKind, in directory: ArraySlice<UInt8>, _ ending: ArraySlice<UInt8>) -> Int {
        table.entries.count { entry in
            guard entry.kind == kind, !entry.isQuarantined else { return false }
            let text = table.text(of: entry)
            guard text.count > directory.count, text.starts(with: directory) else { return false }
            return WiderBehaviour.directoryEnd(of: text) - text.startIndex == directory.count
                && WiderBehaviour.ending(of: text).elementsEqual(ending)
        }
    }

    /// How many addresses are known in a net, or at a port.
    private func count(_ kind: BehaviourKind, within wider: [UInt8]) -> Int {
        var scratch: [UInt8] = []
        return table.entries.count { entry in
            guard entry.kind == kind, !entry.isQuarantined else { return false }
            var isWithin = false
            WiderBehaviour.each(kind, table.text(of: entry), &scratch) { text in
                isWithin = text == wider
                return !isWithin
            }
            return isWithin
        }
    }

    private mutating func replace(_ kind: BehaviourKind, by wider: [UInt8]) {
        var merged: BehaviourCounts?
        var introducer = BehaviourSource()
        var scratch: [UInt8] = []
        let key = BehaviourTable.key(kind, wider, wider.indices)
        table.removeAll { entry, text in
            guard entry.kind == kind, !entry.isQuarantined else { return false }
            var isWithin = entry.key == key
            if !isWithin {
                WiderBehaviour.each(kind, text, &scratch) { candidate in
                    isWithin = candidate == wider
                    return !isWithin
                }
            }
            guard isWithin else { return false }
            // Windows and runs are shared, so they are not added up.
            if var counts = merged {
                counts.count = counts.count.addingClamped(entry.counts.count)
                counts.firstSeen = min(counts.firstSeen, entry.counts.firstSeen)
                counts.lastSeen = max(counts.lastSeen, entry.counts.lastSeen)
                counts.windows = max(counts.windows, entry.counts.windows)
                counts.runs = max(counts.runs, entry.counts.runs)
                counts.phases.formUnion(entry.counts.phases)
                merged = counts
                introducer = introducer.joined(with: entry.introducer)
            } else {
                merged = entry.counts
                introducer = entry.introducer
            }
            return true
        }
        if let merged {
            table.insert(
                kind, key: key, text: wider[...], counts: merged, isQuarantined: false, run: runs, by: introducer)
        }
        recount()
    }

    private static func wider(_ kind: BehaviourKind, _ text: ArraySlice<UInt8>) -> [[UInt8]] {
        var scratch: [UInt8] = []
        var all: [[UInt8]] = []
        WiderBehaviour.each(kind, text, &scratch) { wider in
            all.append(wider)
            return true
        }
        return all
    }
}
