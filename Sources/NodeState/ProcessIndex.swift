/// Slots by process id: open addressing. A value, so that an operation is one access to whoever owns it.
struct ProcessIndex {
    private var keys: [Int32] = Array(repeating: 0, count: 1024)
    private var slots: [Int32] = Array(repeating: -1, count: 1024)
    private var mask = 1023
    private var count = 0

    /// The slot of a process id; nil when there is none.
    func find(_ pid: Int32) -> Int32? {
        var position = home(pid)
        while keys[position] != 0 {
            if keys[position] == pid { return slots[position] }
            position = (position + 1) & mask
        }
        return nil
    }

    /// Adds a process id that is not there; 0 is none.
    mutating func insert(_ pid: Int32, slot: Int32) {
        if (count + 1) * 2 > keys.count { grow() }
        place(pid, slot)
        count += 1
    }

    /// Takes a process id off.
    mutating func remove(_ pid: Int32) {
        var hole = home(pid)
        while keys[hole] != pid {
            guard keys[hole] != 0 else { return }
            hole = (hole + 1) & mask
        }
        count -= 1
        // Backward-shift deletion: what follows moves up unless it is at or before its home.
        var next = (hole + 1) & mask
        while keys[next] != 0 {
            if (next - home(keys[next])) & mask >= (next - hole) & mask {
                keys[hole] = keys[next]
                slots[hole] = slots[next]
                hole = next
            }
            next = (next + 1) & mask
        }
        keys[hole] = 0
        slots[hole] = -1
    }

    private func home(_ pid: Int32) -> Int {
        // Fibonacci hashing: consecutive ids spread, the low bits of the product's high half are well mixed.
        Int(truncatingIfNeeded: (UInt64(UInt32(bitPattern: pid)) &* 0x9e37_79b9_7f4a_7c15) >> 32) & mask
    }

    private mutating func place(_ pid: Int32, _ slot: Int32) {
        var position = home(pid)
        while keys[position] != 0 { position = (position + 1) & mask }
        keys[position] = pid
        slots[position] = slot
    }

    private mutating func grow() {
        let (oldKeys, oldSlots) = (keys, slots)
        mask = keys.count * 2 - 1
        keys = Array(repeating: 0, count: mask + 1)
        slots = Array(repeating: -1, count: mask + 1)
        for index in oldKeys.indices where oldKeys[index] != 0 { place(oldKeys[index], oldSlots[index]) }
    }
}
