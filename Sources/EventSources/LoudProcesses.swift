import EventModel

/// Who makes the most events, in bounded memory: who to name when events get lost. A process, else who starts processes that make
/// a few each, else a user.
struct LoudProcesses {
    /// Somebody, and the share of all events in percent.
    enum Loud: Sendable, Equatable {
        case process(Int32, percent: Int)
        /// The processes that this one starts.
        case children(of: Int32, percent: Int)
        case user(UInt32, percent: Int)
    }

    private var processes = FrequentNumbers()
    private var parents = FrequentNumbers()
    private var users = FrequentNumbers()

    /// Counts an event of a process. Allocates nothing.
    mutating func count(_ pid: Int32, parent: Int32?, user: UInt32?) {
        processes.count(UInt32(bitPattern: pid))
        if let parent, parent > 1 { parents.count(UInt32(bitPattern: parent)) }
        if let user { users.count(user) }
    }

    /// The loudest since the last call, three at most; those that make a tenth at least.
    ///
    /// Who starts processes is named where that explains more: one process that makes a tenth must not hide those that make the rest
    /// by many short-lived ones. But by a tenth more, since whoever started a loud process makes as much.
    mutating func take() -> [Loud] {
        defer { restart() }
        let total = processes.total
        let byProcess = processes.most(of: total)
        let byParent = parents.most(of: total)
        if sum(byParent) >= sum(byProcess) + FrequentNumbers.leastPercent {
            return byParent.map { .children(of: Int32(bitPattern: $0.number), percent: $0.percent) }
        }
        guard byProcess.isEmpty else {
            return byProcess.map { .process(Int32(bitPattern: $0.number), percent: $0.percent) }
        }
        return users.most(of: total).map { .user($0.number, percent: $0.percent) }
    }

    private func sum(_ most: [(number: UInt32, percent: Int)]) -> Int { most.reduce(0) { $0 + $1.percent } }

    /// Counts an event. Allocates nothing.
    mutating func count(_ event: borrowing RawEvent) {
        let known = event.process.known
        count(
            event.process.pid, parent: known.contains(.parent) ? event.process.parentPID : nil,
            user: known.contains(.userIDs) ? event.process.uid : nil)
    }

    /// Who made most of the events since the last call, as the end of a sentence; empty when nobody stands out.
    mutating func sentence() -> String {
        let found = take()
        guard !found.isEmpty else { return "" }
        let names = found.map { loud in
            switch loud {
            case .process(let pid, let percent): "\(ProcessFile.identity(of: pid)) \(percent) %"
            case .children(let pid, let percent): "processes that \(ProcessFile.identity(of: pid)) starts \(percent) %"
            case .user(let uid, let percent): "processes of uid \(uid) \(percent) %"
            }
        }.joined(separator: ", ")
        return "; most events came from \(names)"
    }

    /// Forgets what was counted: the time that is looked at begins anew.
    mutating func restart() {
        processes.restart()
        parents.restart()
        users.restart()
    }
}

/// Which numbers come most often.
///
/// The Space-Saving sketch (Metwally et al., 2005): a number that is more than 1/64 of all is in it, and its count is too high by
/// at most the smallest count that was taken over.
private struct FrequentNumbers {
    private struct Slot {
        var number: UInt32 = 0
        var count: UInt32 = 0
    }

    /// Who makes less than that does not stand out.
    static let leastPercent = 10
    private static let capacity = 64
    private var slots = [Slot](repeating: Slot(), count: capacity)
    private(set) var total: UInt64 = 0
    private var last = 0

    mutating func count(_ number: UInt32) {
        total &+= 1
        // The same one comes in rows.
        if slots[last].number == number {
            slots[last].count &+= 1
            return
        }
        var smallest = 0
        for index in slots.indices {
            if slots[index].number == number {
                slots[index].count &+= 1
                last = index
                return
            }
            if slots[index].count < slots[smallest].count { smallest = index }
        }
        slots[smallest].number = number
        slots[smallest].count &+= 1
        last = smallest
    }

    /// Those that are a tenth of `total` at least, most frequent first, three at most.
    func most(of total: UInt64) -> [(number: UInt32, percent: Int)] {
        guard total > 0 else { return [] }
        return slots.sorted { $0.count > $1.count }.prefix(3)
            .map { (number: $0.number, percent: Int(UInt64($0.count) &* 100 / total)) }
            .filter { $0.percent >= Self.leastPercent }
    }

    mutating func restart() {
        for index in slots.indices { slots[index] = Slot() }
        total = 0
    }
}
