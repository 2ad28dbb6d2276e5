/// Directories by what they are, learnt from the events that name them: a later call may name one by a descriptor alone, and its
/// record then has the inode number only.
struct DirectoryNames {
    private struct Key: Hashable {
        var major: UInt32
        var minor: UInt32
        var inode: UInt64
    }

    private var names: [Key: [UInt8]] = [:]
    private var order: [Key] = []
    private var hand = 0

    /// The directory's path; nil when no event named it.
    func find(major: UInt32, minor: UInt32, inode: UInt64) -> [UInt8]? {
        inode == 0 ? nil : names[Key(major: major, minor: minor, inode: inode)]
    }

    /// Learns or corrects a directory's path; of too many the one learnt first is forgotten.
    mutating func learn(_ path: ArraySlice<UInt8>, major: UInt32, minor: UInt32, inode: UInt64) {
        guard inode != 0, path.first == UInt8(ascii: "/") else { return }
        let key = Key(major: major, minor: minor, inode: inode)
        if let known = names[key] {
            if !known.elementsEqual(path) { names[key] = Array(path) }
            return
        }
        if order.count < Self.limit {
            order.append(key)
        } else {
            names[order[hand]] = nil
            order[hand] = key
            hand = hand + 1 < Self.limit ? hand + 1 : 0
        }
        names[key] = Array(path)
    }

    /// Forgets one that was removed: its number may be another's soon.
    mutating func forget(major: UInt32, minor: UInt32, inode: UInt64) {
        names[Key(major: major, minor: minor, inode: inode)] = nil
    }

    private static let limit = 4096
}
