/// A user of an account file.
public struct UserAccount: Sendable, Equatable {
    /// The numeric id.
    public var uid: UInt32
    /// The login or group name.
    public var name: [UInt8]
    /// The home directory.
    public var home: [UInt8]
    /// The login shell.
    public var shell: [UInt8]
}

/// A group of an account file.
public struct GroupAccount: Sendable, Equatable {
    /// The numeric id.
    public var gid: UInt32
    /// The login or group name.
    public var name: [UInt8]
}
