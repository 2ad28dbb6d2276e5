import CBPF
import CBPFRecords
import KernelInterface

/// What control groups have called, as the kernel notes it, and what of that was handed over.
///
/// A group's set is found by its key (`shrike_call_set.group`). Sets are mapped memory: to see that nothing is new takes a word for each
/// 64 of them. When more than half are in use, those whose groups make no calls are given up; a group that comes back has everything of
/// it told again.
///
/// Nothing is taken out of a set that a program may write to: one that is given up stays whole until none of the programs that found
/// it in time is still adding something (`shrike_call_set.writers`), and those that come later look for another.
final class CallSets {
    /// What became of sets.
    struct Counts: Equatable {
        /// In use now.
        var used = 0
        /// Given up so far, since others needed the room.
        var givenUp = 0
        /// Calls that were not noted, since there was no set for their group.
        var withoutSet: UInt64 = 0
    }

    let descriptor: Int32
    private let memory: MappedArray<shrike_call_set>
    /// What was handed over, set after set.
    private var told: [UInt64]
    private var toldCapabilities: [(asked: UInt64, granted: UInt64)]
    private var isKnown: [Bool]
    private var leaving: [Int] = []
    /// Looks since all sets were asked to rest; nil while they are not.
    private var restingLooks: Int?
    private(set) var counts = Counts()
    /// Changes when sets have become free: who was refused one finds it.
    private(set) var epoch: UInt32 = 0

    static let wordsOfSet = Int(SHRIKE_ABIS * SHRIKE_CALL_WORDS)
    /// Looks, some tenths of a second apart, in which a group that makes no call counts as gone.
    private static let restingLimit = 20

    /// Maps the sets and numbers them.
    convenience init(descriptor: Int32, count: Int) throws(BPFError) {
        self.init(
            descriptor: descriptor,
            memory: try MappedArray(descriptor: descriptor, count: count, name: "shrike_call_sets"))
    }

    /// Numbers sets in memory.
    init(descriptor: Int32, memory: consuming MappedArray<shrike_call_set>) {
        self.descriptor = descriptor
        let count = memory.entries.count
        self.memory = memory
        told = Array(repeating: 0, count: count * Self.wordsOfSet)
        toldCapabilities = Array(repeating: (0, 0), count: count)
        isKnown = Array(repeating: false, count: count)
        for index in 0..<count { self.memory.entries[index].index = UInt32(index) }
    }

    /// Hands over what is new: the control group of a process that added something to a set lately, that process, and what it is.
    func drain(
        _ control: UnsafeMutablePointer<shrike_control>, _ body: (UInt64, Int32, GroupUse) -> Void
    ) {
        free(body)
        let words = Self.changed(control)
        for word in 0..<(memory.entries.count + 63) / 64 {
            // Looked at before it is taken: most of the time nothing is new, and the line stays the kernel's.
            guard words[word] != 0 else { continue }
            var bits = shrike_bpf_take(words + word)
            while bits != 0 {
                let index = word * 64 + bits.trailingZeroBitCount
                bits &= bits - 1
                guard index < memory.entries.count else { break }
                let group = memory.entries[index].group
                // Somebody else has written there; or it is told when it is freed.
                guard group > UInt64(SHRIKE_SET_LEAVING) else { continue }
                tell(index, body)
            }
        }
        counts.withoutSet = control.pointee.calls_without_set
        makeRoom()
    }

    /// Hands over everything that is noted now, also of sets that were being given up.
    func all(_ body: (UInt64, Int32, GroupUse) -> Void) {
        for index in memory.entries.indices where memory.entries[index].group != 0 { tell(index, body) }
    }

    private func tell(_ index: Int, _ body: (UInt64, Int32, GroupUse) -> Void) {
        // Written beside each other: of two processes that add something at the same time either may be named.
        let (group, member) = (memory.entries[index].member_group, memory.entries[index].member)
        if !isKnown[index] {
            isKnown[index] = true
            counts.used += 1
        }
        for (abi, host) in SyscallCatalogue.ABI.host.enumerated() {
            var fresh = InlineArray<16, UInt64>(repeating: 0)
            var isAny = false
            for word in fresh.indices {
                let at = abi * fresh.count + word
                let bits = callWords(index)[at]
                fresh[word] = bits & ~told[index * Self.wordsOfSet + at]
                told[index * Self.wordsOfSet + at] = bits
                if fresh[word] != 0 { isAny = true }
            }
            if isAny { body(group, member, .calls(SyscallSet(abi: host, words: fresh))) }
        }
        let (asked, granted) = (memory.entries[index].asked, memory.entries[index].granted)
        let before = toldCapabilities[index]
        toldCapabilities[index] = (asked, granted)
        guard asked & ~before.asked != 0 || granted & ~before.granted != 0 else { return }
        body(
            group, member,
            .capabilities(
                asked: CapabilitySet(rawValue: asked & ~before.asked),
                granted: CapabilitySet(rawValue: granted & ~before.granted)))
    }

    /// Asks sets to rest when many are in use, and gives those up later that still do.
    private func makeRoom() {
        let count = memory.entries.count
        guard counts.used > count / 2 else {
            restingLooks = nil
            return
        }
        guard let looks = restingLooks else {
            for index in memory.entries.indices { memory.entries[index].resting = 1 }
            restingLooks = 0
            return
        }
        guard looks >= Self.restingLimit else {
            restingLooks = looks + 1
            return
        }
        restingLooks = nil
        for index in memory.entries.indices where isKnown[index] && memory.entries[index].resting != 0 {
            guard memory.entries[index].group > UInt64(SHRIKE_SET_LEAVING) else { continue }
            _ = shrike_bpf_exchange(groupAddress(index), UInt64(SHRIKE_SET_LEAVING))
            leaving.append(index)
        }
    }

    /// Frees the sets that were given up and that nobody is adding to any more.
    private func free(_ body: (UInt64, Int32, GroupUse) -> Void) {
        guard !leaving.isEmpty else { return }
        var staying: [Int] = []
        for index in leaving {
            guard shrike_bpf_load(writersAddress(index)) == 0 else {
                staying.append(index)
                continue
            }
            tell(index, body)
            let calls = callWords(index)
            for word in 0..<Self.wordsOfSet {
                calls[word] = 0
                told[index * Self.wordsOfSet + word] = 0
            }
            (memory.entries[index].asked, memory.entries[index].granted) = (0, 0)
            toldCapabilities[index] = (0, 0)
            isKnown[index] = false
            counts.used -= 1
            counts.givenUp += 1
            shrike_bpf_store_long(groupAddress(index), 0)
        }
        if staying.count < leaving.count { epoch &+= 1 }
        leaving = staying
    }

    // MARK: - Memory

    private func address(_ index: Int, _ offset: Int?) -> UnsafeMutableRawPointer {
        // Indices are those of `isKnown`, so there is such an entry.
        UnsafeMutableRawPointer(memory.entries.baseAddress.unsafelyUnwrapped + index) + (offset ?? 0)
    }
    private func callWords(_ index: Int) -> UnsafeMutablePointer<UInt64> {
        address(index, MemoryLayout<shrike_call_set>.offset(of: \.calls)).assumingMemoryBound(to: UInt64.self)
    }
    private func groupAddress(_ index: Int) -> UnsafeMutablePointer<UInt64> {
        address(index, MemoryLayout<shrike_call_set>.offset(of: \.group)).assumingMemoryBound(to: UInt64.self)
    }
    private func writersAddress(_ index: Int) -> UnsafeMutablePointer<UInt32> {
        address(index, MemoryLayout<shrike_call_set>.offset(of: \.writers)).assumingMemoryBound(to: UInt32.self)
    }
    private static func changed(_ control: UnsafeMutablePointer<shrike_control>) -> UnsafeMutablePointer<UInt64> {
        let offset = MemoryLayout<shrike_control>.offset(of: \.changed_sets) ?? 0
        return (UnsafeMutableRawPointer(control) + offset).assumingMemoryBound(to: UInt64.self)
    }
}
