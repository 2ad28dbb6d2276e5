/// The names that rules use for paths that the kernel shows by another name: `/bin/` where it is a link to `/usr/bin/`.
struct PathAliases: Sendable, Equatable {
    /// One of them.
    struct Alias: Sendable, Hashable {
        /// What the kernel shows; with `isPrefix` the beginning of it.
        var real: [UInt8]
        /// What the rule says.
        var named: [UInt8]
        var isPrefix: Bool
    }
    /// More links than this among the rules' paths is no sane node.
    private static let limit = 1024
    private var aliases: [Alias] = []

    /// Those of several root directories: the same one twice is one.
    init(_ all: some Sequence<Alias> = []) {
        var known: Set<Alias> = []
        for alias in all where aliases.count < Self.limit && known.insert(alias).inserted { aliases.append(alias) }
    }

    /// The names by which rules may know a path; calls `isWanted` with each until it says true.
    func firstName(of path: ArraySlice<UInt8>, where isWanted: (ArraySlice<UInt8>) -> Bool) -> [UInt8]? {
        for alias in aliases {
            guard alias.isPrefix ? path.starts(with: alias.real) : path.elementsEqual(alias.real) else { continue }
            let name = alias.named + path.dropFirst(alias.real.count)
            if isWanted(name[...]) { return name }
        }
        return nil
    }
}
