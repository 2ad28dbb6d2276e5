/// The open file descriptors that events told of: open addressing by process and number over a pool of records.
///
/// Only the calls that rules ask for reach it, so an entry may be out of date; where /proc can still be read it decides.
final class DescriptorTable {
    private var records: [DescriptorRecord] = []
    private var free: [Int32] = []
    private var slots: [Int32]
    private var mask: Int
    private var hand = 0
    let context: StateContext
    let reader: DescriptorReader

    init(context: StateContext, reader: DescriptorReader) {
        self.context = context
        self.reader = reader
        slots = Array(repeating: -1, count: 1024)
        mask = 1023
    }

    /// The record of a process's descriptor.
    func find(_ number: Int32, of process: ProcessRecord) -> DescriptorRecord? {
        var position = home(process.serial, number)
        while slots[position] >= 0 {
            let record = records[Int(slots[position])]
            if record.number == number && record.processSerial == process.serial { return record }
            position = (position + 1) & mask
        }
        return nil
    }

    /// An emptied record for a process's descriptor: the number was given out anew.
    func insert(_ number: Int32, of process: ProcessRecord) -> DescriptorRecord {
        if let old = find(number, of: process) {
            old.reset()
            return old
        }
        if free.isEmpty && records.count >= context.options.descriptorLimit { evict() }
        let record: DescriptorRecord
        if let slot = free.popLast() {
            record = records[Int(slot)]
        } else {
            record = DescriptorRecord(reader: reader)
            record.slot = Int32(truncatingIfNeeded: records.count)
            records.append(record)
        }
        record.reset()
        record.number = number
        record.processSerial = process.serial
        record.process = process
        record.previous = -1
        record.next = process.firstDescriptor
        if record.next >= 0 { records[Int(record.next)].previous = record.slot }
        process.firstDescriptor = record.slot
        if (count + 1) * 2 > slots.count { grow() } else { place(record) }
        context.counters.descriptors = UInt64(count)
        return record
    }

    /// Gives a forked process the descriptors of its parent, the latest ones where there are many.
    func copyAll(of parent: ProcessRecord, to child: ProcessRecord) {
        var slot = parent.firstDescriptor
        var rest = Self.mostCopied
        while slot >= 0, rest > 0 {
            let original = records[Int(slot)]
            slot = original.next
            if original.isClosing { continue }
            rest -= 1
            let copy = insert(original.number, of: child)
            // The insertion may have taken the original's place in a full table.
            if original.processSerial == parent.serial { copy.inherit(original) }
            if slot >= 0, records[Int(slot)].processSerial != parent.serial { return }
        }
    }

    private static let mostCopied = 32

    /// Forgets a descriptor.
    func remove(_ record: DescriptorRecord) {
        guard record.processSerial != 0 else { return }
        unplace(record)
        if record.next >= 0 { records[Int(record.next)].previous = record.previous }
        if record.previous >= 0 {
            records[Int(record.previous)].next = record.next
        } else if let process = record.process, process.serial == record.processSerial {
            process.firstDescriptor = record.next
        }
        record.processSerial = 0
        record.process = nil
        free.append(record.slot)
        context.counters.descriptors = UInt64(count)
    }

    /// Forgets the descriptors that an exec closes, of those that an event before this time told of.
    func removeClosedOnExec(of process: ProcessRecord, madeBefore time: UInt64 = .max) {
        var slot = process.firstDescriptor
        while slot >= 0 {
            let record = records[Int(slot)]
            slot = record.next
            if record.isClosedOnExec, record.isClosing || record.madeNanoseconds < time { remove(record) }
        }
    }

    /// Notes which descriptors an exec closes.
    func markClosedOnExec(of process: ProcessRecord) {
        var slot = process.firstDescriptor
        while slot >= 0 {
            let record = records[Int(slot)]
            slot = record.next
            record.isClosing = record.isClosedOnExec
        }
    }

    /// Forgets all descriptors of a process.
    func removeAll(of process: ProcessRecord) {
        while process.firstDescriptor >= 0 {
            let first = process.firstDescriptor
            remove(records[Int(first)])
            // A list that does not get shorter would loop for ever.
            if process.firstDescriptor == first { process.firstDescriptor = -1 }
        }
    }

    /// Gives up the free records behind the last one in use.
    func dropTail() {
        let end = (records.lastIndex { $0.processSerial != 0 } ?? -1) + 1
        free.removeAll { $0 >= end }
        records.removeSubrange(end...)
        hand = 0
    }

    /// The numbers that the table has of a process.
    func appendNumbers(of process: ProcessRecord, into numbers: inout [Int32]) {
        var slot = process.firstDescriptor
        while slot >= 0 {
            numbers.append(records[Int(slot)].number)
            slot = records[Int(slot)].next
        }
    }

    private var count: Int { records.count - free.count }

    private func home(_ serial: UInt64, _ number: Int32) -> Int {
        let key = serial &* 0x9e37_79b9_7f4a_7c15 ^ UInt64(UInt32(bitPattern: number)) &* 0xc2b2_ae3d_27d4_eb4f
        return Int(truncatingIfNeeded: key >> 32) & mask
    }

    private func place(_ record: DescriptorRecord) {
        var position = home(record.processSerial, record.number)
        while slots[position] >= 0 { position = (position + 1) & mask }
        slots[position] = record.slot
    }

    private func unplace(_ record: DescriptorRecord) {
        var hole = home(record.processSerial, record.number)
        while slots[hole] != record.slot {
            guard slots[hole] >= 0 else { return }
            hole = (hole + 1) & mask
        }
        var next = (hole + 1) & mask
        while slots[next] >= 0 {
            let other = records[Int(slots[next])]
            if (next - home(other.processSerial, other.number)) & mask >= (next - hole) & mask {
                slots[hole] = slots[next]
                hole = next
            }
            next = (next + 1) & mask
        }
        slots[hole] = -1
    }

    private func grow() {
        mask = slots.count * 2 - 1
        slots = Array(repeating: -1, count: mask + 1)
        for record in records where record.processSerial != 0 { place(record) }
    }

    /// Makes room: of ended processes and of copies first, since a copy's original may still be there. What a process that lives
    /// made itself has the longest life.
    private func evict() {
        var fallback: DescriptorRecord?
        for probe in 0..<records.count {
            hand = hand + 1 < records.count ? hand + 1 : 0
            let record = records[hand]
            guard record.processSerial != 0 else { continue }
            if let process = record.process, process.hasExited,
                context.now > process.exitTimeNanoseconds &+ Self.lateness
            {
                return removeAll(of: process)
            }
            if fallback == nil || record.isInherited && fallback?.isInherited == false { fallback = record }
            if probe >= Self.mostProbes { break }
        }
        guard let fallback else { return }
        context.counters.descriptorsEvicted += 1
        remove(fallback)
    }

    /// How long after its end an event of a process may come.
    private static let lateness: UInt64 = 2_000_000_000
    private static let mostProbes = 64
}
