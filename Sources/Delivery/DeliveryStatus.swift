public import Spool

/// How the delivery over the network goes.
public struct DeliveryStatus: Sendable {
    /// One output.
    public struct Output: Sendable, Equatable {
        /// Its name.
        public var name: String
        /// Alerts delivered since the output is known to the spool.
        public var delivered: UInt64
        /// Alerts refused for good in that time.
        public var rejected: UInt64
        /// Alerts that wait for it.
        public var queued: UInt64
        /// Alerts delivered in this run.
        public var deliveredNow: UInt64
        /// Alerts refused in this run.
        public var rejectedNow: UInt64
        /// Whether its receiver takes nothing at present.
        public var isFailing: Bool

        /// An output from its parts.
        public init(
            name: String, delivered: UInt64, rejected: UInt64, queued: UInt64, deliveredNow: UInt64,
            rejectedNow: UInt64, isFailing: Bool
        ) {
            self.name = name
            self.delivered = delivered
            self.rejected = rejected
            self.queued = queued
            self.deliveredNow = deliveredNow
            self.rejectedNow = rejectedNow
            self.isFailing = isFailing
        }
    }

    /// Alerts that wait for an output.
    public var alerts: UInt64 = 0
    /// Bytes in the spool.
    public var bytes: UInt64 = 0
    /// How long the oldest alert waits, in seconds; 0 when none does.
    public var oldestAgeSeconds: Double = 0
    /// Alerts that no output will get, in this run.
    public var lost: [(reason: SpoolReport.LossReason, count: UInt64)] = []
    /// Why nothing is delivered at all; nil when something can be.
    public var trouble: String?
    /// The outputs.
    public var outputs: [Output] = []

    /// Nothing waits.
    public init() {}
}
