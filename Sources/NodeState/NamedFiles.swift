/// The files that rules name exactly, by what they are: an open of one under another name (a symbolic or hard link, a bind mount, a
/// path through /proc) has the same inode number in its record.
struct NamedFiles {
    private struct Key: Hashable {
        var device: UInt64
        var inode: UInt64
    }

    private var paths: [[UInt8]] = []
    private var keys: [Key?] = []
    private var indexByKey: [Key: Int] = [:]
    private var hand = 0

    /// Whether there is none.
    var isEmpty: Bool { paths.isEmpty }

    /// Takes other files; of too many, none beyond the bound.
    mutating func set(_ names: [String], _ context: StateContext) {
        paths = names.sorted().prefix(Self.limit).map { Array($0.utf8) }
        keys = Array(repeating: nil, count: paths.count)
        indexByKey.removeAll()
        hand = 0
        look(budget: paths.count, context)
    }

    /// The name by which rules know a file; nil when they don't.
    func find(device: UInt64, inode: UInt64) -> [UInt8]? {
        indexByKey[Key(device: device, inode: inode)].map { paths[$0] }
    }

    /// Looks some of the files up again: one that is written anew is another file.
    mutating func look(budget: Int, _ context: StateContext) {
        guard context.hasFiles else { return }
        for _ in 0..<min(budget, paths.count) {
            hand = hand + 1 < paths.count ? hand + 1 : 0
            context.setPath(host: "")
            context.path.append(paths[hand])
            let key = context.files.status(context.path).map { Key(device: $0.device, inode: $0.inode) }
            guard key != keys[hand] else { continue }
            if let old = keys[hand], indexByKey[old] == hand { indexByKey[old] = nil }
            keys[hand] = key
            if let key { indexByKey[key] = hand }
        }
    }

    private static let limit = 1024
}
