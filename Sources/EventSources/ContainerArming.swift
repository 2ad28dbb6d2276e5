/// How quickly containers' files were watched.
public struct ContainerArming: Sendable, Equatable {
    /// Containers that are watched now.
    public var watched = 0
    /// How many were armed so far.
    public var armed: UInt64 = 0
    /// Containers whose places could not be looked at in time, or are not to be seen from here.
    public var unreachable: UInt64 = 0
    /// Containers whose files came to be watched only after their first program had begun.
    public var late: UInt64 = 0
    /// For how long the program of one of them had run by then at most, nanoseconds: what it did until then is not seen.
    public var longestGapNanoseconds: UInt64 = 0
    /// From hearing of a container to its rules being in place, nanoseconds: the last one's and the longest.
    public var lastNanoseconds: UInt64 = 0
    /// The longest of them.
    public var longestNanoseconds: UInt64 = 0

    /// None yet.
    public init() {}
}
