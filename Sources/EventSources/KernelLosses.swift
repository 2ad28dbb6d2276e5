/// Events that did not come out of the kernel, by cause.
public struct KernelLosses: Sendable, Equatable {
    /// The ring buffer was full.
    public var ringFull: UInt64 = 0
    /// The control group had sent more than its share.
    public var heldBack: UInt64 = 0
    /// The processor's memory for records was in use.
    public var memoryInUse: UInt64 = 0
    /// A program ran on the processor already.
    public var nested: UInt64 = 0

    /// None.
    public init() {}

    /// Each cause by its name in metrics.
    public var byCause: [(cause: String, count: UInt64)] {
        [("ring_full", ringFull), ("held_back", heldBack), ("memory_in_use", memoryInUse), ("nested", nested)]
    }
}

/// What rules ask for and a kernel's filter has no room for: it lets more events pass than needed, and knows fewer names of files.
public struct FilterGaps: Sendable, Equatable {
    /// Files that rules name as a whole and that are known by those names alone, not by links to them.
    public var files = 0
    /// Names, users, ports … of rules, if they are too many; then the filter tests none of them.
    public var values = 0
    /// Ways of rules to match an event type of which some share an alternative: those of the type with the most.
    public var ways = 0

    /// None.
    public init() {}

    /// Each by its name in metrics.
    public var byKind: [(what: String, count: Int)] { [("files", files), ("values", values), ("ways", ways)] }
}

/// Events of a control group that were held back in the kernel.
public struct HeldBack: Sendable, Equatable {
    /// The control group's path or, where nobody knows it, its number; `other` for the rest of them.
    public var group: String
    /// How many.
    public var count: UInt64

    init(group: String, count: UInt64) { (self.group, self.count) = (group, count) }
}
