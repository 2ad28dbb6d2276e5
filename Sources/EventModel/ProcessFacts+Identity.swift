extension ProcessFacts {
    /// Ids of the process in its own pid namespace, which it and its container know it by.
    public struct NamespaceIDs: Sendable, Hashable {
        /// The namespace, by the inode of `/proc/PID/ns/pid`; 0 when unknown.
        public var namespace: UInt64 = 0
        /// Process (thread group) id.
        public var pid: Int32 = 0
        /// Thread id.
        public var tid: Int32 = 0
        /// The parent's id; 0 when it is outside the namespace.
        public var parentPID: Int32 = 0
        /// The id of the process group.
        public var group: Int32 = 0
        /// The id of the session.
        public var session: Int32 = 0

        /// No ids.
        public init() {}
    }

    /// The file that the process executes, by what does not change with its name.
    public struct ExecutableFile: Sendable, Hashable {
        /// The layer of a container's file system (overlayfs) that holds the file.
        public enum Layer: UInt8, Sendable, Hashable {
            /// The source did not tell.
            case unknown
            /// The file system has no layers.
            case none
            /// Written since the container began.
            case upper
            /// Part of the image.
            case lower
        }

        /// Inode number.
        public var inode: UInt64 = 0
        /// Major number of the device.
        public var deviceMajor: UInt32 = 0
        /// Minor number of the device.
        public var deviceMinor: UInt32 = 0
        /// Last change of the inode, nanoseconds since the epoch.
        public var changeTime: UInt64 = 0
        /// Last change of the content, nanoseconds since the epoch.
        public var modificationTime: UInt64 = 0
        /// `st_mode`, 0 when unknown.
        public var mode: UInt32 = 0
        /// Owner.
        public var uid: UInt32 = .max
        /// Group.
        public var gid: UInt32 = .max
        /// The layer that holds it.
        public var layer: Layer = .unknown
        /// Whether the file is in memory only (memfd_create(2)).
        public var isInMemory = false
        /// Whether no name leads to it any more.
        public var isDeleted = false

        /// Nothing is known.
        public init() {}
    }
}
