/// A container began or ended, as far as the node's state knows: what is watched for its sake comes and goes with it.
public enum ContainerChange: Sendable, Equatable {
    /// It began, or more became known of one that had: then the later word replaces the one before.
    case started(StartedContainer)
    /// The first program of one that was `started` began, at this time at the latest (nanoseconds since the epoch). Comes where the
    /// beginning was seen.
    case began(fullID: [UInt8], atNanoseconds: UInt64)
    /// Its control group is gone, or its bundle where that is not to be seen. Comes once for each that was `started`.
    case ended(fullID: [UInt8])
    /// A runtime creates it, and its bundle can't be read: neither where its files are is known, nor its names.
    case hidden(HiddenContainer)
}

/// A container of which nothing can be read.
public struct HiddenContainer: Sendable, Equatable {
    /// Why.
    public enum Reason: Sendable, Equatable {
        /// The runtime has another mount namespace than the node: what it calls by a name is something else here.
        case otherMounts
        /// There is no such file, it is not valid, or somebody else than root can have written it.
        case notBelieved
    }
    /// Its id.
    public var fullID: [UInt8]
    /// The bundle's directory, as the runtime names it.
    public var bundle: [UInt8]
    /// Why nothing can be read.
    public var reason: Reason

    /// A container from its parts.
    public init(fullID: [UInt8], bundle: [UInt8], reason: Reason) {
        (self.fullID, self.bundle, self.reason) = (fullID, bundle, reason)
    }
}

/// A container that runs, or is about to.
public struct StartedContainer: Sendable, Equatable {
    /// The full id.
    public var fullID: [UInt8]
    /// The root file system's path on the host; empty when unknown.
    public var rootPath: [UInt8]
    /// The control group's path in its hierarchy; empty before the container's first process was seen.
    public var cgroupPath: [UInt8]
    /// The control group's id (inode number) in the version 2 hierarchy; 0 when unknown.
    public var cgroupID: UInt64
    /// A process in the container, or the runtime that creates it.
    public var pid: Int32

    /// A container of which only the id is known.
    public init(fullID: [UInt8], rootPath: [UInt8] = [], cgroupPath: [UInt8] = [], cgroupID: UInt64 = 0, pid: Int32 = 0)
    {
        self.fullID = fullID
        self.rootPath = rootPath
        self.cgroupPath = cgroupPath
        self.cgroupID = cgroupID
        self.pid = pid
    }
}
