/// A path that a system call named, as the source told it.
public struct PathFact: Sendable {
    /// What the path is to the call (audit PATH records' `nametype`).
    public enum Role: UInt8, Sendable { case normal, parent, create, delete, unknown }
    /// The path as passed; absent when the kernel had no name.
    public var name: ByteRange = .absent
    /// What it is to the call.
    public var role: Role = .normal
    /// Inode number, 0 when unknown.
    public var inode: UInt64 = 0
    /// Device as major and minor number.
    public var deviceMajor: UInt32 = 0
    /// Minor number of the device.
    public var deviceMinor: UInt32 = 0
    /// `st_mode`, 0 when unknown.
    public var mode: UInt32 = 0
    /// Owner.
    public var uid: UInt32 = 0
    /// The absolute path of the directory that a relative name started from; absent when the source did not look.
    public var directory: ByteRange = .absent
    /// What the kernel found under the name.
    public var object = Object()

    /// An empty fact.
    public init() {}
}

extension PathFact {
    /// The file that a call really used, whatever it was asked for by.
    public struct Object: Sendable {
        /// What is special about a file.
        public struct Traits: OptionSet, Sendable {
            /// One bit for each.
            public let rawValue: UInt8
            /// From the bits.
            public init(rawValue: UInt8) { self.rawValue = rawValue }
            /// It has no name any more, or never had one (O_TMPFILE).
            public static let deleted = Traits(rawValue: 1)
            /// It is in memory only (memfd_create(2)); the path is the name that it was given.
            public static let inMemory = Traits(rawValue: 2)
            /// The mount is in no mount namespace, or not in the process' own: the path starts at that mount's root.
            public static let detached = Traits(rawValue: 4)
            /// Only the end of the path is told.
            public static let cut = Traits(rawValue: 8)
            /// A pipe, a socket, a namespace: it has no place in a file system, and the path is none.
            public static let placeless = Traits(rawValue: 16)
        }

        /// The absolute path without links, in the process' mount namespace; absent when the source did not look.
        public var path: ByteRange = .absent
        /// How many bytes of `path` are the process' own root directory (chroot(2)); 0 where that is the namespace's.
        public var rootLength: UInt32 = 0
        /// What is special about it.
        public var traits: Traits = []
        /// The layer of a container's file system that holds it.
        public var layer: ProcessFacts.ExecutableFile.Layer = .unknown

        /// Nothing is told.
        public init() {}
    }
}
