/// Where a program's file comes from, by what the file is: nothing that a program can give itself, such as a name, plays a part.
public enum ExecutableOrigin: UInt8, Sendable, CaseIterable {
    /// A file of an installed package of the host, not changed since it was unpacked.
    case package
    /// In a container, a file of the image.
    case image
    /// In a container, a file that was written since it began, or that lies in a volume.
    case container
    /// On the host, no package's file, but in a place that only root can write.
    case local
    /// On the host, the path of a package's file, but changed after the package was unpacked.
    case replaced
    /// On the host, where somebody else than root may have put it.
    case writable
    /// In memory only, or a file without a name.
    case memory

    /// As rules call it.
    public var name: StaticString {
        switch self {
        case .package: "package"
        case .image: "image"
        case .container: "container"
        case .local: "local"
        case .replaced: "replaced"
        case .writable: "writable"
        case .memory: "memory"
        }
    }
}

/// What was found out of where an executable comes from; it goes with the program from process to process.
struct OriginMark: Sendable, Equatable {
    enum State: UInt8, Sendable {
        /// Nobody asked yet.
        case unasked
        /// Nothing tells; to be asked again later.
        case unknown
        /// It stays what it is.
        case settled
        /// In a place of root's on the host: what the packages' lists say of it holds until they change.
        case listed
    }

    var state = State.unasked
    var origin: ExecutableOrigin?
    /// What the packages' table knows the path by.
    var path: PackagePath = PackagePath()
    /// Last change of the inode when the program began, nanoseconds since the epoch.
    var changeTimeNanoseconds: UInt64 = 0
    /// The table that was asked last.
    var generation: UInt32 = 0
    /// Before then it is not asked again.
    var retryNanoseconds: UInt64 = 0
    /// Whether nothing has told yet.
    var isOpen: Bool { state == .unasked || state == .unknown }
}
