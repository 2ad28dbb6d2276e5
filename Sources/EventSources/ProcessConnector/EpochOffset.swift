import KernelInterface

/// What to add to CLOCK_MONOTONIC to get nanoseconds since the epoch.
///
/// Measured anew at every tick, so that an event's time follows when the wall clock is set.
struct EpochOffset: Sendable {
    private(set) var nanoseconds: UInt64 = 0

    init() { measure() }

    mutating func measure() {
        nanoseconds = KernelClock.wall() &- KernelClock.monotonic()
    }

    /// Wraps when the wall clock is before the epoch: a wrong time, no trap.
    func epoch(monotonic: UInt64) -> UInt64 { nanoseconds &+ monotonic }
}
