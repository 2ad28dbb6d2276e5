import BPFRuntime
import CBPFRecords
import EventModel
import KernelInterface

/// The programs of a run before, which the service manager kept while Shrike was started anew.
final class KeptPrograms: BPFRemains {
    private let session: KeptSession

    /// Finds them; nil where there are none, or an upgrade has changed what their records mean.
    init?(_ stored: StoredDescriptors) {
        guard let session = KeptSession(stored, prefix: Self.prefix) else { return nil }
        self.session = session
    }

    /// What the names of stored descriptors begin with. In it is all that who reads on must share with who has loaded the programs;
    /// how large their ring is, it says itself: settings may be others by now.
    static let prefix: String = {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        // FNV-1a (Fowler, Noll, Vo): it has to tell versions apart, not to resist anybody.
        func add(_ bytes: some Sequence<UInt8>) {
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        let sizes = [
            Int(SHRIKE_RECORD_VERSION), MemoryLayout<shrike_record>.size,
            MemoryLayout<shrike_control>.size, MemoryLayout<shrike_counters>.size,
            MemoryLayout<shrike_call_set>.size,
        ]
        for size in sizes { add("\(size) ".utf8) }
        // Records have types by number.
        for type in EventType.all { add("\(type.name) ".utf8) }
        return "shrike-ebpf-\(String(hash, radix: 16))-"
    }()

    func drain(limit: Int, _ body: (Span<UInt8>) -> Void) -> Int { session.drain(limit: limit, body) }

    var waiting: Int { session.waiting }
    var missing: BPFMissing { BPFMissing(session.missing) }
    func detach() { session.detach() }
    func callSets(_ body: (UInt64, Int32, GroupUse) -> Void) {
        session.callSets { group, member, use in body(group, member, use) }
    }
}

extension LoadedPrograms {
    var storable: [StorableDescriptors] {
        session.storable.map { StorableDescriptors(name: KeptPrograms.prefix + $0.name, numbers: $0.descriptors) }
    }

    func note(told: BPFMissing) {
        session.note(told: shrike_missing(held: told.held, lost_full: told.lostFull, lost_busy: told.lostBusy))
    }
}

extension BPFMissing {
    init(_ missing: shrike_missing) {
        self.init(held: missing.held, lostFull: missing.lost_full, lostBusy: missing.lost_busy)
    }
}
