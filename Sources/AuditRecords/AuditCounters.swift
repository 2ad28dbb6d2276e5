/// What an `AuditDecoder` took and gave up since it was made.
public struct AuditCounters: Sendable, Equatable {
    /// Records pushed, of any kind.
    public var records: UInt64 = 0
    /// Events handed out.
    public var events: UInt64 = 0
    /// Records that are not of the form that audit writes, or lack what every record of their type has.
    public var malformed: UInt64 = 0
    /// Records of types that say nothing about an event (messages of user space, anomalies, integrity).
    public var ignored: UInt64 = 0
    /// Events given up with records missing: those with a SYSCALL record are handed out all the same.
    public var incomplete: UInt64 = 0
    /// Events of an ABI whose system calls no table names (`arch=` of another machine): they are `syscall`.
    public var foreign: UInt64 = 0
    /// Records that came after their event was handed out.
    public var late: UInt64 = 0
    /// Records that came twice.
    public var duplicates: UInt64 = 0
    /// Events ended before their time because too many were under way, or dropped because nobody took them.
    public var evicted: UInt64 = 0

    /// All zero.
    public init() {}
}
