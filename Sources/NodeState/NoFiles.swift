/// A file system in which nothing exists: for replaying the log of another machine or another time.
public final class NoFiles: NodeFiles {
    /// Nothing.
    public init() {}
    /// Reads nothing.
    public func read(_ path: PathBuffer, upTo limit: Int, into buffer: inout [UInt8]) -> Bool { false }
    /// Reads nothing.
    public func readBeneath(
        root: PathBuffer, components: [StaticString], upTo limit: Int, into buffer: inout [UInt8]
    ) -> FileStatus? { nil }
    /// Reads nothing.
    public func readLink(_ path: PathBuffer, into buffer: inout [UInt8]) -> Bool { false }
    /// Finds nothing.
    public func status(_ path: PathBuffer) -> FileStatus? { nil }
    /// Lists nothing.
    public func listNumbers(_ path: PathBuffer, into numbers: inout [Int32]) -> Bool { false }
    /// Lists nothing.
    public func listNames(_ path: PathBuffer, limit: Int) -> [[UInt8]]? { nil }
}
