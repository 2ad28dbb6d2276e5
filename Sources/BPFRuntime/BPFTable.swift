import CBPF
import Glibc

/// A BPF hash map or trie that only user space writes. It needs a system call for each change, and no capability.
///
/// A sum over all entries is kept, so that what somebody else changed is found (`check`).
public struct BPFTable<Key: BitwiseCopyable, Value: BitwiseCopyable>: ~Copyable {
    let descriptor: Int32
    let name: String
    /// How many entries there are.
    public private(set) var count = 0
    private var sum: UInt64 = 0
    private var pass = Pass()

    /// A walk over all entries, in pieces. Changes meanwhile are made to it, too: who lets entries be changed all the time (a file that
    /// rules name, written anew again and again) must not keep it from its end.
    private struct Pass {
        var last: Key?
        var sum: UInt64 = 0
        /// Entries that were looked at, by the hash of their keys.
        var seen: Set<UInt64> = []
        /// Those that were added behind its back, whose turn may be over: key and entry by their hashes.
        var added: [UInt64: UInt64] = [:]
        /// Keys that were looked at again: the kernel begins anew where the last one is gone.
        var repeated = 0
    }

    init(descriptor: Int32, name: String) { (self.descriptor, self.name) = (descriptor, name) }

    /// Adds or replaces an entry. Throws when the table is full, or was frozen by somebody.
    public mutating func set(_ key: Key, _ value: Value) throws(BPFError) {
        var (key, value) = (key, value)
        // A trie's look-up finds a shorter prefix, too: only this says whether the very key is there.
        if bpf_map_update_elem(descriptor, &key, &value, UInt64(BPF_NOEXIST)) == 0 {
            count += 1
        } else {
            let before = errno == EEXIST ? self[key] : nil
            guard let before, bpf_map_update_elem(descriptor, &key, &value, UInt64(BPF_ANY)) == 0 else {
                throw BPFError(step: .update, object: name, errno: errno)
            }
            forget(key, before)
        }
        let entry = Self.hash(key, value)
        sum &+= entry
        pass.added[Self.hash(key, ())] = entry
    }

    /// Removes an entry; does nothing when there is none.
    public mutating func remove(_ key: Key) throws(BPFError) {
        guard let before = self[key] else { return }
        passBy(key)
        var key = key
        guard bpf_map_delete_elem(descriptor, &key) == 0 else {
            if errno == ENOENT { return }
            throw BPFError(step: .update, object: name, errno: errno)
        }
        count -= 1
        forget(key, before)
    }

    /// Lets the walk go on from the entry behind one that is about to go: from one that is gone the kernel would begin anew.
    private mutating func passBy(_ key: Key) {
        guard let last = pass.last, Self.hash(last, ()) == Self.hash(key, ()), let next = next(after: last) else {
            return
        }
        look(at: next)
        pass.last = next
    }

    /// Takes an entry out of the sum, and out of the walk.
    private mutating func forget(_ key: Key, _ value: Value) {
        let entry = Self.hash(key, value)
        sum &-= entry
        let hash = Self.hash(key, ())
        pass.added[hash] = nil
        if pass.seen.remove(hash) != nil { pass.sum &-= entry }
    }

    /// The value of a key, as the kernel has it.
    public subscript(key: Key) -> Value? {
        var key = key
        return withUnsafeTemporaryAllocation(of: Value.self, capacity: 1) { value in
            guard let address = value.baseAddress, bpf_map_lookup_elem(descriptor, &key, address) == 0 else {
                return nil
            }
            return address.pointee
        }
    }

    /// Looks at the next `limit` entries. False when a whole pass has found others than were set.
    public mutating func check(limit: Int) -> Bool {
        for _ in 0..<limit {
            guard let key = next(after: pass.last) else {
                let isAsSet = isPassAsSet
                pass = Pass()
                return isAsSet
            }
            look(at: key)
            pass.last = key
            // Somebody who adds entries all the time must not make this endless.
            if pass.seen.count > count || pass.repeated > 2 * count + limit {
                pass = Pass()
                return false
            }
        }
        return true
    }

    private mutating func look(at key: Key) {
        // An entry that is gone again is found by the count.
        guard let value = self[key] else { return }
        let hash = Self.hash(key, ())
        guard pass.seen.insert(hash).inserted else {
            pass.repeated += 1
            return
        }
        pass.sum &+= Self.hash(key, value)
        pass.added[hash] = nil
    }

    private var isPassAsSet: Bool {
        pass.added.values.reduce(pass.sum, &+) == sum && pass.seen.count + pass.added.count == count
    }

    private func next(after key: Key?) -> Key? {
        withUnsafeTemporaryAllocation(of: Key.self, capacity: 1) { next in
            guard let address = next.baseAddress else { return nil }
            let found: Int32
            if var key {
                found = bpf_map_get_next_key(descriptor, &key, address)
            } else {
                found = bpf_map_get_next_key(descriptor, nil, address)
            }
            return found == 0 ? address.pointee : nil
        }
    }

    /// FNV-1a over the bytes; only compared with itself.
    private static func hash<Other>(_ key: Key, _ value: Other) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        withUnsafeBytes(of: key) { for byte in $0 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 } }
        withUnsafeBytes(of: value) { for byte in $0 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 } }
        return hash
    }
}
