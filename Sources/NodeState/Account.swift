/// A user of an account file.
public struct UserAccount: Sendable, Equatable {
    public var uid: UInt32
    public var name: [UInt8]
    public var home: [UInt8]
    public var shell: [UInt8]
}

/// A group of an account file.
public struct GroupAccount: Sendable, Equatable {
    public var gid: UInt32
    public var name: [UInt8]
}
