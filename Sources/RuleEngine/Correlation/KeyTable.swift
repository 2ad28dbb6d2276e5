/// The keys of a correlation: a hash table over a pool of records with a bound. A full table gives up a key that is over; else,
/// of the owner that has the most keys, the one that was touched least lately. So who makes many keys pushes out own ones.
struct KeyTable {
    /// A key in use.
    struct Record {
        var key: Fingerprint
        /// Next with the same bucket.
        var next: Int32 = -1
        /// Neighbours among the owner's keys, by when they were touched.
        var older: Int32 = -1
        var newer: Int32 = -1
        var owner: UInt8
        /// When the latest event of the key was, by the events' times.
        var newest: UInt64
        /// Until when the key rests after an alert; 0: it does not.
        var restsUntil: UInt64 = 0
        /// How many times or values are in use.
        var used: Int32 = 0
    }

    private struct Owner {
        var oldest: Int32 = -1
        var newest: Int32 = -1
        var count = 0
    }

    private(set) var records: [Record] = []
    /// Keys that were given up though they were not over.
    private(set) var pushedOut: UInt64 = 0
    private var buckets: [Int32] = []
    private var owners: [Owner] = []
    let limit: Int
    private let window: UInt64

    /// How many owners are told apart; several may share a place.
    static let ownerCount = 64

    init(limit: Int, window: UInt64) {
        self.limit = limit
        self.window = window
    }

    subscript(index: Int) -> Record {
        get { records[index] }
        _modify { yield &records[index] }
    }

    /// The place of a key, if it is known.
    func find(_ key: Fingerprint) -> Int? {
        guard !buckets.isEmpty else { return nil }
        var index = buckets[bucket(of: key)]
        while index >= 0 {
            if records[Int(index)].key == key { return Int(index) }
            index = records[Int(index)].next
        }
        return nil
    }

    /// Makes a place for a key that is not known. `isNew` is false where another key had it.
    mutating func insert(_ key: Fingerprint, owner: UInt8, at time: UInt64) -> (index: Int, isNew: Bool) {
        if buckets.isEmpty {
            var size = 64
            while size < limit { size *= 2 }
            buckets = Array(repeating: -1, count: size)
            owners = Array(repeating: Owner(), count: Self.ownerCount)
        }
        var record = Record(key: key, owner: owner % UInt8(Self.ownerCount), newest: time)
        let index: Int
        let isNew = records.count < limit
        if isNew {
            index = records.count
            records.append(record)
        } else {
            index = victim(at: time)
            unlink(index)
        }
        let bucket = bucket(of: key)
        record.next = buckets[bucket]
        buckets[bucket] = Int32(index)
        records[index] = record
        enqueue(index)
        return (index, isNew)
    }

    /// Notes that an event came for a key.
    mutating func touch(_ index: Int) {
        guard records[index].newer >= 0 else { return }
        dequeue(index)
        enqueue(index)
    }

    private func bucket(of key: Fingerprint) -> Int { Int(truncatingIfNeeded: key.low) & (buckets.count - 1) }

    private mutating func victim(at time: UInt64) -> Int {
        var largest = 0
        for (number, owner) in owners.enumerated() where owner.count > 0 {
            let oldest = records[Int(owner.oldest)]
            if time > oldest.newest, time - oldest.newest > window { return Int(owner.oldest) }
            if owner.count > owners[largest].count { largest = number }
        }
        pushedOut &+= 1
        return Int(owners[largest].oldest)
    }

    private mutating func unlink(_ index: Int) {
        dequeue(index)
        let bucket = bucket(of: records[index].key)
        var at = buckets[bucket]
        if at == Int32(index) {
            buckets[bucket] = records[index].next
            return
        }
        while at >= 0 {
            let next = records[Int(at)].next
            if next == Int32(index) {
                records[Int(at)].next = records[index].next
                return
            }
            at = next
        }
    }

    private mutating func enqueue(_ index: Int) {
        let owner = Int(records[index].owner)
        records[index].older = owners[owner].newest
        records[index].newer = -1
        if owners[owner].newest >= 0 {
            records[Int(owners[owner].newest)].newer = Int32(index)
        } else {
            owners[owner].oldest = Int32(index)
        }
        owners[owner].newest = Int32(index)
        owners[owner].count += 1
    }

    private mutating func dequeue(_ index: Int) {
        let record = records[index]
        let owner = Int(record.owner)
        if record.older >= 0 {
            records[Int(record.older)].newer = record.newer
        } else {
            owners[owner].oldest = record.newer
        }
        if record.newer >= 0 {
            records[Int(record.newer)].older = record.older
        } else {
            owners[owner].newest = record.older
        }
        owners[owner].count -= 1
    }
}
