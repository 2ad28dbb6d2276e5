import CBPF
import CBPFRecords

/// Where the programs find the set of a control group (`shrike_set_place`): the groups that have one, or were refused one.
///
/// Places are freed all at once when more than half are taken: groups that still make calls take theirs again.
final class SetPlaces {
    private let memory: MappedArray<shrike_set_place>
    private var isFreeing = false

    /// Maps the places.
    convenience init(descriptor: Int32, count: Int) throws(BPFError) {
        self.init(memory: try MappedArray(descriptor: descriptor, count: count, name: "shrike_set_places"))
    }

    /// Places in memory.
    init(memory: consuming MappedArray<shrike_set_place>) { self.memory = memory }

    /// Makes room if that is needed; to be called with each look at the sets.
    func look(_ control: UnsafeMutablePointer<shrike_control>) {
        guard !isFreeing else { return free(control) }
        guard control.pointee.places_taken > UInt64(memory.entries.count / 2) else { return }
        for index in memory.entries.indices where memory.entries[index].group > UInt64(SHRIKE_SET_LEAVING) {
            _ = shrike_bpf_exchange(groupAddress(index), UInt64(SHRIKE_SET_LEAVING))
        }
        isFreeing = true
    }

    /// Calls `body` for each group that calls were not noted of, as there was no set: the key, and how many since it has its place. A
    /// key can come more than once.
    func withoutSet(_ body: (UInt64, UInt64) -> Void) {
        for place in memory.entries where place.group > UInt64(SHRIKE_SET_LEAVING) && place.without > 0 {
            body(place.key, UInt64(place.without))
        }
    }

    /// A program that found a place in time may still be writing there: then the place stays until the next look.
    private func free(_ control: UnsafeMutablePointer<shrike_control>) {
        isFreeing = false
        var freed: UInt64 = 0
        for index in memory.entries.indices where memory.entries[index].group == UInt64(SHRIKE_SET_LEAVING) {
            guard shrike_bpf_load(writersAddress(index)) == 0 else {
                isFreeing = true
                continue
            }
            (memory.entries[index].key, memory.entries[index].set) = (0, 0)
            (memory.entries[index].epoch, memory.entries[index].without) = (0, 0)
            shrike_bpf_store_long(groupAddress(index), 0)
            freed += 1
        }
        let taken = MemoryLayout<shrike_control>.offset(of: \.places_taken) ?? 0
        shrike_bpf_subtract((UnsafeMutableRawPointer(control) + taken).assumingMemoryBound(to: UInt64.self), freed)
    }

    private func address(_ index: Int, _ offset: Int?) -> UnsafeMutableRawPointer {
        // Indices are those of entries, so there is a base address.
        UnsafeMutableRawPointer(memory.entries.baseAddress.unsafelyUnwrapped + index) + (offset ?? 0)
    }
    private func groupAddress(_ index: Int) -> UnsafeMutablePointer<UInt64> {
        address(index, MemoryLayout<shrike_set_place>.offset(of: \.group)).assumingMemoryBound(to: UInt64.self)
    }
    private func writersAddress(_ index: Int) -> UnsafeMutablePointer<UInt32> {
        address(index, MemoryLayout<shrike_set_place>.offset(of: \.writers)).assumingMemoryBound(to: UInt32.self)
    }
}
