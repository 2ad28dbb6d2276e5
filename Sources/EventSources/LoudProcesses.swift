/// Which processes make the most events, in bounded memory: who to name when events get lost.
///
/// The Space-Saving sketch (Metwally et al., 2005): a process that makes more than 1/64 of the events is in it, and its count is
/// too high by at most the smallest count that was taken over. Counting allocates nothing.
struct LoudProcesses {
    private struct Slot {
        var pid: Int32 = 0
        var count: UInt32 = 0
    }

    private static let capacity = 64
    private var slots = [Slot](repeating: Slot(), count: capacity)
    private var total: UInt64 = 0
    private var last = 0

    /// Counts an event of a process.
    mutating func count(_ pid: Int32) {
        total &+= 1
        // Events of one process come in rows.
        if slots[last].pid == pid {
            slots[last].count &+= 1
            return
        }
        var smallest = 0
        for index in slots.indices {
            if slots[index].pid == pid {
                slots[index].count &+= 1
                last = index
                return
            }
            if slots[index].count < slots[smallest].count { smallest = index }
        }
        slots[smallest].pid = pid
        slots[smallest].count &+= 1
        last = smallest
    }

    /// The loudest since the last call, each with its share of all events in percent; those that make a tenth at least.
    mutating func take(atMost limit: Int = 3) -> [(pid: Int32, percent: Int)] {
        defer {
            for index in slots.indices { slots[index] = Slot() }
            total = 0
        }
        guard total > 0 else { return [] }
        return slots.sorted { $0.count > $1.count }.prefix(limit)
            .map { (pid: $0.pid, percent: Int(UInt64($0.count) &* 100 / total)) }
            .filter { $0.percent >= 10 }
    }

    /// Forgets what was counted: the time that is looked at begins anew.
    mutating func restart() { _ = take() }
}
