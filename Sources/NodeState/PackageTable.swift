import Glibc

/// A path as the packages' table knows it: a hash with a key of this run, so that nobody can choose two paths of one hash.
struct PackagePath: Sendable, Hashable, Comparable {
    let hash: UInt64

    /// Of no path.
    init() { hash = 0 }

    /// Of an absolute path. Where `/bin`, `/sbin` and `/lib` lead into `/usr`, lists name files either way: both are one here.
    init(_ path: UnsafeRawBufferPointer) {
        var bytes = path
        if bytes.count > 5, bytes.begins(with: Self.usr), Self.isMerged(UnsafeRawBufferPointer(rebasing: bytes[4...])) {
            bytes = UnsafeRawBufferPointer(rebasing: bytes[4...])
        }
        var hasher = Hasher()
        hasher.combine(bytes: bytes)
        hash = UInt64(bitPattern: Int64(hasher.finalize()))
    }

    /// Of an absolute path.
    init(_ path: [UInt8]) {
        self = path.withUnsafeBytes { PackagePath($0) }
    }

    static func < (left: PackagePath, right: PackagePath) -> Bool { left.hash < right.hash }

    private static let usr = Array("/usr".utf8)

    /// Whether a path begins with one of the directories that are in `/usr` now.
    private static func isMerged(_ path: UnsafeRawBufferPointer) -> Bool {
        merged.contains { path.begins(with: $0) }
    }

    private static let merged = ["/bin/", "/sbin/", "/lib/", "/lib32/", "/lib64/", "/libx32/"].map { Array($0.utf8) }
}

/// The files of the host's packages, as far as they may be programs or libraries: for each a hash of its path, and when it was
/// unpacked at the latest. About ten bytes a file.
public struct PackageTable: Sendable {
    private let paths: [PackagePath]
    private let lists: [UInt16]
    private let times: [UInt64]
    /// How many files are in it.
    public let count: Int
    /// What was left out because there was too much of it: files, or whole lists that could not be read.
    public let leftOut: Int
    /// Whether the host has no such lists at all.
    var isOfNoDatabase: Bool { count == 0 && leftOut == 0 }

    /// A table of files; each has the number of the list that names it.
    ///
    /// - Parameter times: for each list when it was written, nanoseconds since the epoch.
    init(_ files: [(path: PackagePath, list: UInt16)], times: [UInt64], leftOut: Int = 0) {
        let sorted = files.sorted { left, right in
            // Of a path in several lists the one that was written last counts.
            left.path != right.path ? left.path < right.path : times[Int(left.list)] > times[Int(right.list)]
        }
        var paths: [PackagePath] = []
        var lists: [UInt16] = []
        paths.reserveCapacity(sorted.count)
        lists.reserveCapacity(sorted.count)
        for file in sorted where paths.last != file.path {
            paths.append(file.path)
            lists.append(file.list)
        }
        self.paths = paths
        self.lists = lists
        self.times = times
        self.leftOut = leftOut
        count = paths.count
    }

    /// A table that stands for another one of so many files.
    init(standingFor count: Int, leftOut: Int) {
        (paths, lists, times) = ([], [], [])
        (self.count, self.leftOut) = (count, leftOut)
    }

    /// When the list that names a file was written, nanoseconds since the epoch; nil for a file of no package.
    func listTime(of path: PackagePath) -> UInt64? {
        var low = 0
        var high = paths.count
        while low < high {
            let middle = (low + high) / 2
            if paths[middle] < path { low = middle + 1 } else { high = middle }
        }
        guard low < paths.count, paths[low] == path else { return nil }
        return times[Int(lists[low])]
    }
}

extension UnsafeRawBufferPointer {
    /// Whether these are the first bytes: a hundred thousand paths are compared at a time.
    func begins(with prefix: [UInt8]) -> Bool {
        prefix.withUnsafeBytes { begins(with: $0) }
    }

    /// Whether these are the first bytes.
    func begins(with prefix: UnsafeRawBufferPointer) -> Bool {
        guard let own = baseAddress, let other = prefix.baseAddress, !prefix.isEmpty else { return prefix.isEmpty }
        return count >= prefix.count && memcmp(own, other, prefix.count) == 0
    }
}
