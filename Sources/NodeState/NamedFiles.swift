/// The files that rules name exactly, by what they are: an open of one under another name (a symbolic or hard link, a bind mount, a
/// path through /proc) has the same inode number in its record.
public struct NamedFiles {
    /// What tells one file from another.
    public struct Identity: Hashable, Sendable {
        /// Device number of its file system (`st_dev`).
        public var device: UInt64
        /// Inode number.
        public var inode: UInt64

        /// From the parts.
        public init(device: UInt64, inode: UInt64) { (self.device, self.inode) = (device, inode) }
    }

    /// The usual bound.
    public static let limit = 4096
    /// More are not looked up: each takes memory in the kernel, and its turn among the others.
    public let capacity: Int

    /// How many names were beyond the limit: those files are known by these names alone.
    public private(set) var leftOut = 0
    private var paths: [[UInt8]] = []
    private var identities: [Identity?] = []
    /// Rules may have several names for one file.
    private var indices: [Identity: [Int]] = [:]
    private var hand = 0
    private var path = PathBuffer()
    private let root: [UInt8]

    /// None yet; `root` is the directory that absolute paths start from.
    public init(root: [UInt8], capacity: Int = limit) { (self.root, self.capacity) = (root, capacity) }

    /// Whether there is none.
    public var isEmpty: Bool { paths.isEmpty }

    /// Takes other names, each of which is to be looked up then; of too many, none beyond the limit.
    public mutating func set(_ names: some Sequence<[UInt8]>) {
        let sorted = Set(names).sorted { $0.lexicographicallyPrecedes($1) }
        paths = Array(sorted.prefix(capacity))
        leftOut = sorted.count - paths.count
        identities = Array(repeating: nil, count: paths.count)
        indices.removeAll()
        hand = 0
    }

    /// Takes other names. What is new among them, or was not there, is looked up; of the others what was found stays, and they have
    /// their turn.
    mutating func change(to names: some Sequence<[UInt8]>, _ files: any NodeFiles) {
        let known = Dictionary(zip(paths, identities)) { first, _ in first }
        set(names)
        guard !files.isEmpty else { return }
        for index in paths.indices {
            let found = known[paths[index]] ?? nil
            move(index, from: nil, to: found ?? identity(at: index, files))
        }
    }

    /// A name by which rules know a file; nil when they don't.
    func name(of file: Identity) -> [UInt8]? { indices[file]?.first.map { paths[$0] } }

    /// Calls with each name by which rules know a file.
    public func forEachName(of file: Identity, _ body: ([UInt8]) -> Void) {
        guard let known = indices[file] else { return }
        for index in known { body(paths[index]) }
    }

    /// Looks up again by which names rules know a file. What replaces a file leaves its number to the next one that is made, which is
    /// none of theirs. A name that leads nowhere is believed still: its file may have been moved.
    mutating func confirm(_ file: Identity, _ files: any NodeFiles) {
        for index in indices[file] ?? [] {
            guard let found = identity(at: index, files), found != file else { continue }
            move(index, from: file, to: found)
        }
    }

    /// Looks some of the names up again.
    public mutating func look(budget: Int = .max, _ files: any NodeFiles) {
        look(budget: budget, files) { (_, _, _) throws(Never) in }
    }

    /// Looks some of the names up again: what is written anew is another file. Calls with each name that leads elsewhere now; when that
    /// throws, the name counts as not looked up.
    public mutating func look<Failure: Error>(
        budget: Int = .max, _ files: any NodeFiles,
        changed: ([UInt8], _ from: Identity?, _ to: Identity?) throws(Failure) -> Void
    ) throws(Failure) {
        guard !files.isEmpty else { return }
        for _ in 0..<min(budget, paths.count) {
            hand = hand + 1 < paths.count ? hand + 1 : 0
            let found = identity(at: hand, files)
            let old = identities[hand]
            guard found != old else { continue }
            try changed(paths[hand], old, found)
            move(hand, from: old, to: found)
        }
    }

    private mutating func identity(at index: Int, _ files: any NodeFiles) -> Identity? {
        path.reset()
        path.append(root)
        path.append(paths[index])
        let status = path.isTorn ? nil : files.statusUnlessProgram(path)
        return status.map { Identity(device: $0.device, inode: $0.inode) }
    }

    private mutating func move(_ index: Int, from old: Identity?, to new: Identity?) {
        if let old {
            indices[old]?.removeAll { $0 == index }
            if indices[old]?.isEmpty == true { indices[old] = nil }
        }
        identities[index] = new
        if let new { indices[new, default: []].append(index) }
    }
}
