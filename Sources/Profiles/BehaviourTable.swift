/// The behaviours of a profile: open addressing over keyed hashes, texts in one array. Looking up allocates nothing.
///
/// A behaviour is known by 64 bits of SipHash whose key nobody outside the process knows (Swift's `Hasher`), so two that are
/// taken for one can't be made on purpose.
struct BehaviourTable: Sendable {
    /// A behaviour as it is kept.
    struct Entry: Sendable {
        var key: UInt64
        var textStart: UInt32
        var textCount: UInt16
        var kind: BehaviourKind
        var isQuarantined: Bool
        var counts: BehaviourCounts
        /// The number of the last run that it was counted for.
        var lastRun: UInt32
        /// Who brought it in; nobody where others do it, too.
        var introducer = BehaviourSource()
        /// Whether it came without an event, so that the next event of it is to be told.
        var isUntold = false
    }

    private(set) var entries: [Entry] = []
    private(set) var texts: [UInt8] = []
    /// Positions in `entries` plus one; 0: free. A power of two in size.
    private var slots: [UInt32] = []

    /// The key of a behaviour, whose text is a part of an array.
    static func key(_ kind: BehaviourKind, _ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(kind.rawValue)
        // The pointer is used within the closure only, and `range` is rebased, which checks nothing in release builds: so it is
        // clamped to the array first.
        bytes.withUnsafeBytes { memory in
            hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: memory[range.clamped(to: 0..<memory.count)]))
        }
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    /// The position of a key in `entries`; nil when there is none.
    func find(_ key: UInt64) -> Int? {
        guard !slots.isEmpty else { return nil }
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: key) & mask
        while slots[slot] != 0 {
            let index = Int(slots[slot]) - 1
            if entries[index].key == key { return index }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// Adds a behaviour that isn't there; gives its position.
    @discardableResult
    mutating func insert(
        _ kind: BehaviourKind, key: UInt64, text: ArraySlice<UInt8>, counts: BehaviourCounts, isQuarantined: Bool,
        run: UInt32, by introducer: BehaviourSource = BehaviourSource(), isUntold: Bool = false
    ) -> Int {
        let start = texts.count
        texts.append(contentsOf: text.prefix(Int(UInt16.max)))
        entries.append(
            Entry(
                key: key, textStart: UInt32(truncatingIfNeeded: start),
                textCount: UInt16(truncatingIfNeeded: texts.count - start), kind: kind, isQuarantined: isQuarantined,
                counts: counts, lastRun: run, introducer: introducer, isUntold: isUntold))
        if entries.count * 4 > slots.count * 3 {
            rehash()
        } else {
            place(entries.count - 1)
        }
        return entries.count - 1
    }

    /// Changes what is counted of a behaviour.
    mutating func update(_ index: Int, _ change: (inout Entry) -> Void) { change(&entries[index]) }

    /// Removes the behaviours for which `isGone` holds.
    mutating func removeAll(where isGone: (Entry, ArraySlice<UInt8>) -> Bool) {
        var kept = BehaviourTable()
        for entry in entries where !isGone(entry, text(of: entry)) {
            kept.insert(
                entry.kind, key: entry.key, text: text(of: entry), counts: entry.counts,
                isQuarantined: entry.isQuarantined, run: entry.lastRun, by: entry.introducer,
                isUntold: entry.isUntold)
        }
        self = kept
    }

    /// The text of a behaviour.
    func text(of entry: Entry) -> ArraySlice<UInt8> {
        texts[Int(entry.textStart)..<Int(entry.textStart) + Int(entry.textCount)]
    }

    /// What is allocated, bytes.
    var memory: Int {
        entries.capacity * MemoryLayout<Entry>.stride + texts.capacity + slots.capacity * MemoryLayout<UInt32>.stride
    }

    private mutating func rehash() {
        slots = Array(repeating: 0, count: max(16, slots.count * 2))
        for index in entries.indices { place(index) }
    }

    private mutating func place(_ index: Int) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: entries[index].key) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = UInt32(truncatingIfNeeded: index + 1)
    }
}
