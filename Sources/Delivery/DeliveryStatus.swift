import Spool

/// How the delivery over the network goes.
struct DeliveryStatus: Sendable {
    /// One output.
    struct Output: Sendable, Equatable {
        var name: String
        /// Alerts delivered and refused for good since the output is known to the spool.
        var delivered: UInt64
        var rejected: UInt64
        /// Alerts that wait for it.
        var queued: UInt64
        /// The same in this run.
        var deliveredNow: UInt64
        var rejectedNow: UInt64
        /// Whether its receiver takes nothing at present.
        var isFailing: Bool
    }

    /// Alerts that wait for an output.
    var alerts: UInt64 = 0
    /// Bytes in the spool.
    var bytes: UInt64 = 0
    /// How long the oldest alert waits, in seconds; 0 when none does.
    var oldestAgeSeconds: Double = 0
    /// Alerts that no output will get, in this run.
    var lost: [(reason: SpoolReport.LossReason, count: UInt64)] = []
    /// Why nothing is delivered at all; nil when something can be.
    var trouble: String?
    var outputs: [Output] = []
}
