import KernelInterface

/// One place in the file system that is marked, or will be when it exists.
struct WatchPoint: Sendable {
    enum Kind: Sendable, Hashable {
        /// One file that a rule names.
        case file
        /// A directory's direct children: where a named file does not exist (yet).
        case children
        /// A directory and everything below it whose path can begin with `prefix`.
        case tree(prefix: [UInt8])
    }

    /// What is marked.
    struct Identity: Sendable, Equatable {
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
    }

    /// The number of the root directory.
    var root: Int
    /// The path as the rule says it, or one below.
    var path: [UInt8]
    var kind: Kind
    /// Whether a rule names it, as opposed to a directory found below: those go when they vanish.
    var isNamed: Bool
    /// Nil when nothing is marked.
    var marked: Identity?

    var text: String { String(decoding: path, as: UTF8.self) }
}
