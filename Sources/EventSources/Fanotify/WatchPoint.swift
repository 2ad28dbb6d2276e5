import KernelInterface

/// One place in the file system that is marked, or will be when it exists.
struct WatchPoint: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// One file.
        case file
        /// A directory's direct children: where a named file does not exist (yet).
        case children
        /// A directory and everything below those of its subdirectories whose names begin so.
        case tree(beginning: [UInt8])
        /// The whole file system that it is on; without `reads` only what is closed by writers.
        case filesystem(reads: Bool)
    }

    /// The root directory that it is looked up in, as the host names it; empty for the host's.
    var root: String
    /// The path there, without symbolic links.
    var path: [UInt8]
    var kind: Kind

    /// A point from its parts.
    init(root: String, path: [UInt8], kind: Kind) { (self.root, self.path, self.kind) = (root, path, kind) }

    /// The path, as the host names it.
    var text: String { root + String(decoding: path, as: UTF8.self) }

    /// Whether it is the same path as another one, or below it.
    func isAtOrBelow(_ other: WatchPoint) -> Bool {
        guard root == other.root, path.starts(with: other.path) else { return false }
        let slash = UInt8(ascii: "/")
        return path.count == other.path.count || other.path == [slash] || path[other.path.count] == slash
    }

    /// A directory directly below.
    func below(_ name: [UInt8]) -> WatchPoint {
        let slash = UInt8(ascii: "/")
        let directory = path == [slash] ? [] : path
        return WatchPoint(root: root, path: directory + [slash] + name, kind: .tree(beginning: []))
    }

    /// What is marked.
    struct Identity: Sendable, Hashable {
        var device: UInt64
        var inode: UInt64
        /// Of a directory: changes when a name in it does.
        var modificationSeconds: Int
        var modificationNanoseconds: Int

        init(_ status: FileFacts) {
            device = status.device
            inode = status.inode
            modificationSeconds = status.modificationSeconds
            modificationNanoseconds = status.modificationNanoseconds
        }

        /// One for tests.
        init(device: UInt64, inode: UInt64, modified: Int = 0) {
            (self.device, self.inode) = (device, inode)
            (modificationSeconds, modificationNanoseconds) = (modified, 0)
        }

        func isSameFile(as other: Identity) -> Bool { device == other.device && inode == other.inode }
    }
}
