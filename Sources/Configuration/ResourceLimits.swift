/// What the sensor may use of the machine.
public struct ResourceLimits: Sendable, Equatable {
    /// Time on processors, percent of one of them; nil: no bound.
    public var processorPercent: Int?
    /// Resident memory in MiB; nil: no bound.
    public var memoryMebibytes: Int?

    /// No bounds.
    public init() {}
}
