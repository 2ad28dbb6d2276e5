public import KernelInterface

/// A file system in which nothing exists: for replaying the log of another machine or another time.
public final class NoFiles: NodeFiles {
    /// Nothing.
    public init() {}
    /// Nothing is ever there.
    public var isEmpty: Bool { true }
    /// Reads nothing.
    public func read(_ path: PathBuffer, upTo limit: Int, into buffer: inout [UInt8]) -> Bool { false }
    /// Reads nothing.
    public func readOfRoot(_ path: [UInt8], below root: [UInt8], upTo limit: Int, into buffer: inout [UInt8]) -> Bool {
        false
    }
    /// Knows of nothing.
    public func isOfRoot(_ path: [UInt8], below root: [UInt8]) -> Bool { false }
    /// Knows of nothing.
    public func statusOfRootAlone(_ path: [UInt8], below root: [UInt8]) -> FileStatus? { nil }
    /// Reads nothing.
    public func readBeneath(
        root: PathBuffer, components: [StaticString], upTo limit: Int, into buffer: inout [UInt8]
    ) -> FileStatus? { nil }
    /// Reads nothing.
    public func readLink(_ path: PathBuffer, into buffer: inout [UInt8]) -> Bool { false }
    /// Finds nothing.
    public func status(_ path: PathBuffer) -> FileStatus? { nil }
    /// Finds nothing.
    public func status(of path: ArraySlice<UInt8>, beneath directory: [UInt8]) -> FileStatus? { nil }
    /// Lists nothing.
    public func listNumbers(_ path: PathBuffer, limit: Int, into numbers: inout [Int32]) -> Bool { false }
    /// Lists nothing.
    public func listNames(_ path: PathBuffer, limit: Int) -> [[UInt8]]? { nil }
    /// Knows of none.
    public func socket(_ number: Int32, of pid: Int32) -> ForeignSocket? { nil }
}
