/// What an output has done.
public struct OutputProgress: Sendable, Equatable {
    /// The output's name.
    public var output: String
    /// The last alert that needs no delivery to it any more.
    public var position: Int64
    /// Alerts delivered.
    public var delivered: Int64
    /// Alerts that the receiver refused for good.
    public var rejected: Int64
    /// Alerts behind its position, at most: those that its filter leaves out are among them until it comes to them.
    public var queued: Int64

    /// A progress from its parts.
    public init(output: String, position: Int64, delivered: Int64, rejected: Int64, queued: Int64 = 0) {
        self.output = output
        self.position = position
        self.delivered = delivered
        self.rejected = rejected
        self.queued = queued
    }
}

/// What is in a spool.
public struct SpoolStatus: Sendable, Equatable {
    /// Alerts that an output still waits for.
    public var alerts: Int64 = 0
    /// Bytes of all alerts in the file.
    public var bytes: Int64 = 0
    /// The time of the oldest alert that an output waits for, nanoseconds since the epoch; nil when none does.
    public var oldestNanoseconds: UInt64?
    /// What the outputs have done, sorted by name.
    public var outputs: [OutputProgress] = []

    /// Nothing.
    public init() {}
}
