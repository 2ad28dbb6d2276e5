/// What a decoder took and could not take.
public struct BPFRecordCounters: Sendable, Equatable {
    /// Records that were looked at.
    public var records: UInt64 = 0
    /// Events made of them.
    public var events: UInt64 = 0
    /// Records that contradict their layout.
    public var malformed: UInt64 = 0
    /// Records of programs of another version.
    public var foreign: UInt64 = 0
    /// Events of which a part was missing, since it did not fit into a record or could not be read.
    public var incomplete: UInt64 = 0

    /// Nothing yet.
    public init() {}
}
